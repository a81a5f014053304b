/* SPDX-License-Identifier: MIT */
/*
 * What another tool measured, as data with its origin. It has no pairs, no states and no
 * guarantees: it is shown beside our results, and never ranked with them.
 */
#ifndef DAXMARK_RESULT_IMPORTED_H
#define DAXMARK_RESULT_IMPORTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define IMPORTED_MOST 10000
#define IMPORTED_NAME 200

struct imported_row {
	char name[IMPORTED_NAME]; /* as the tool calls it */
	char why[200];		  /* why it has no time; empty: it has one */
	double ns;		  /* of one iteration, or run of a command: the median */
	double least, most;	  /* of the repetitions: a range, no interval of anything */
	size_t n;		  /* repetitions */
};

struct imported {
	char format[24];   /* "gbench" */
	char tool[120];	   /* that measured, with its version where the file says it */
	char file[512];	   /* that it came from */
	char column[80];   /* what of it the times are */
	char created[40];  /* as the file says; empty: it does not */
	char machine[200]; /* the same */
	struct imported_row *rows;
	size_t n;
};

/* A row at the end, all zero; NULL when out of memory or above IMPORTED_MOST. */
struct imported_row *imported_add(struct imported *imported);
void imported_free(struct imported *imported);

/* Median and range of n times; sorts them. */
void imported_take(struct imported_row *row, double *ns, size_t n);

/* One JSON document; malloc()ed, NULL when out of memory. */
char *imported_to_json(const struct imported *imported);

/* The file is such a document, whether it is whole or not: told by its first field. */
bool imported_is(const char *path);

/* Read and check; free with imported_free() also after failure. */
bool imported_read(struct imported *imported, const char *path, struct err *e);

#endif
