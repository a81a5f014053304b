/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_SPARK_H
#define DAXMARK_REPORT_SPARK_H

#include <stddef.h>

/*
 * A curve as small as a word, as SVG: n values above 0 in their order, larger is higher, on a
 * logarithmic scale of its own. `mark` is the place of one that is marked; n: none. `title` is
 * what the pointer shows. malloc()ed; NULL when out of memory.
 */
char *spark_make(const double *values, size_t n, size_t mark, const char *title);

#endif
