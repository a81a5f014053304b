/* SPDX-License-Identifier: MIT */
/*
 * The answer: which strategy to take at which size, for each guarantee, what one gains
 * by it, and what is as good. Says no more than the summary's verdicts do.
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
 * stronger one of equals: what plots and tables about `operation` show the fastest of.
 * None only where nothing gives more.
 */
enum guarantee recommend_guarantee(const struct result *result, enum operation operation);

#define RECOMMEND_TEXT 240

/* One range of sizes with one answer. */
struct recommendation {
	enum guarantee guarantee;
	size_t first, last; /* its comparisons */
	const char *take;   /* the strategy; NULL: nothing can be said, and `gain` says why */
	char gain[RECOMMEND_TEXT];  /* its speed over the best of another family, with intervals */
	char alike[RECOMMEND_TEXT]; /* those that cannot be told from it anywhere in the range */
};

/*
 * Call `each` for the ranges of a view, guarantee by guarantee, the strongest first;
 * sizes that have a strategy in common that nothing beats make one range. A guarantee
 * that a single strategy gives is left out where another has several.
 */
void recommend(const struct summary *summary, struct view view,
	void (*each)(void *arg, const struct recommendation *recommendation), void *arg);

/* "4 KiB", "64 B to 4 KiB". */
void recommend_sizes(const struct result *result, const struct recommendation *recommendation,
	char *text, size_t bytes);

#endif
