/* SPDX-License-Identifier: MIT */
/*
 * A summary as tidy TSV: one row a case, fixed columns with units in their
 * names, NaN where there is no number. The plots and other programs read it.
 */
#ifndef DAXMARK_ANALYSE_TABLE_H
#define DAXMARK_ANALYSE_TABLE_H

#include <stdio.h>

#include "analyse/summary.h"

/*
 * Rows are ordered by setting without the size, strategy, size: a curve is
 * contiguous. No field holds a tab or a comma, so either can separate them.
 */
void table_write(FILE *out, const struct summary *summary, char separator);

/* The same of some comparisons and arms only: arms[arm of the result]. */
void table_write_some(FILE *out, const struct summary *summary, char separator,
	const size_t *comparisons, size_t n, const bool *arms);

/* True when a case of the comparisons [first, end) has a finite number in the named column. */
bool table_has(const struct summary *summary, size_t first, size_t end, const char *column);

#endif
