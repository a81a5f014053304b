/* SPDX-License-Identifier: MIT */
/* Tables on the terminal, by libsmartcols: aligned columns, or one JSON document. */
#ifndef DAXMARK_SHOW_H
#define DAXMARK_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct libscols_table;

struct show_column {
	const char *name;
	bool right;   /* numbers */
	bool boolean; /* "1" or "0"; true or false in JSON */
	bool number;  /* bare in JSON */
};

/* NULL when out of memory. `name` is the JSON array's key; json makes it JSON. */
struct libscols_table *show_begin(
	const char *name, const struct show_column *columns, size_t n, bool json);

/* One row; n cells. */
bool show_row(struct libscols_table *table, const char *const *cells, size_t n);

/* Free without printing. */
void show_drop(struct libscols_table *table);

/* Print to stdout and free. */
bool show_end(struct libscols_table *table, struct err *e);

#endif
