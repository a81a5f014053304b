/* SPDX-License-Identifier: MIT */
/*
 * The answer in words: which strategy to take at which size, for one
 * guarantee. Says no more than the summary's verdicts do.
 */
#ifndef DAXMARK_REPORT_RECOMMEND_H
#define DAXMARK_REPORT_RECOMMEND_H

#include <stddef.h>
#include <stdio.h>

#include "analyse/summary.h"

/* The comparisons [first, end) that differ in nothing but the size, sizes ascending. */
struct view {
	size_t first, end;
};

/* The view that begins at comparison `first` of a sorted result. */
struct view view_at(const struct result *result, size_t first);

/*
 * The guarantee that most copies of this result give to reads or to writes, the
 * stronger one of equals: the one that the headline about `operation` is about.
 */
enum guarantee recommend_guarantee(const struct result *result, enum operation operation);

/*
 * Call `line` for each range of sizes with one winner: "from 256 B to 64 MiB:
 * nt-avx512, 1.2 to 2.3 times as fast as memcpy+clwb ...".
 */
void recommend(const struct summary *summary, struct view view, enum guarantee guarantee,
	void (*line)(void *arg, const char *text), void *arg);

#endif
