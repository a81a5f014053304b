/* SPDX-License-Identifier: MIT */
/*
 * Tables, by libsmartcols: aligned columns, or one JSON document. On a terminal nothing
 * is cut: what is too wide loses the columns that matter least, which is said, and then
 * each row is folded.
 */
#ifndef DAXMARK_COMMAND_SHOW_H
#define DAXMARK_COMMAND_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct show_table;

struct show_column {
	const char *name;
	bool right;   /* numbers */
	bool boolean; /* "1" or "0"; true or false in JSON */
	bool number;  /* bare in JSON */
	/* 0: it decides, and is always there; else it may go, the highest first. */
	unsigned char spare;
};

#define SHOW_MOST_COLUMNS 16

/* NULL when out of memory. `name` is the JSON array's key; json makes it JSON. */
struct show_table *show_begin(
	const char *name, const struct show_column *columns, size_t n, bool json);

/* One row; n cells. */
bool show_row(struct show_table *table, const char *const *cells, size_t n);

/* Free without printing; NULL is nothing. */
void show_drop(struct show_table *table);

/* Print to stdout and free. */
bool show_end(struct show_table *table, struct err *e);

/* The same where all rows could be made; else free, and say that memory ran out. */
bool show_finish(struct show_table *table, bool ok, struct err *e);

/*
 * What was said in UTF-8, as the locale has it: as it is where that is UTF-8 (LC_CTYPE),
 * in ASCII elsewhere. Into text[bytes]; returns it.
 */
const char *show_text(const char *said, char *text, size_t bytes);

/* A line on stdout; on a terminal as many as it takes, broken between words, each as far in as the first. */
void show_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How wide the terminal on stdout is; 0: stdout is none. */
size_t show_width(void);

#endif
