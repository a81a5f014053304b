/* SPDX-License-Identifier: MIT */
/*
 * The answer: which strategy to take at which size, for each guarantee, what one gains
 * by it, and what is as good. Says no more than the summary's verdicts do.
 */
#ifndef DAXMARK_REPORT_RECOMMEND_H
#define DAXMARK_REPORT_RECOMMEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analyse/summary.h"
#include "base/units.h"

/* The comparisons [first, end) that differ in nothing but the size, sizes ascending. */
struct view {
	size_t first, end;
};

/* The view that begins at comparison `first` of a sorted result. */
struct view view_at(const struct result *result, size_t first);

/* The view that comparison c of a sorted result belongs to. */
struct view view_of(const struct result *result, size_t c);

#define RECOMMEND_TEXT 240

/* One range of sizes with one answer. */
struct recommendation {
	enum guarantee guarantee; /* the level: what is named gives at least this */
	size_t first, last;	  /* its comparisons */
	const char *take;	  /* the strategy; NULL: nothing can be said, and `gain` says why */
	size_t arm;		  /* its index, where there is one */
	bool only;		  /* nothing else reaches the level */
	const char *flush; /* the fastest that writes lines back; NULL: none in all of the range */
	/* Its speed over the best of another family: at the size where it gains least, and most. */
	const char *over_least, *over_most; /* NULL: there is no other family */
	double least, most;
	double low, high; /* joint 95 %: of all sizes of the range, and of the choosing */
	double another_low,
		another_high;	   /* the same in another run; NAN: not known of all of them */
	char gain[RECOMMEND_TEXT]; /* the same in words: of this run */
	char another[UNITS_SPEED_BYTES]; /* "1.90 to 2.40"; "not known"; empty: no other family */
	char alike[RECOMMEND_TEXT]; /* those that cannot be told from it anywhere in the range */
};

/*
 * Call `each` for the ranges of a view, level by level, the strongest first: the level
 * that was asked for, or else every one that some measured copy of the view reaches.
 * Sizes that have a strategy in common that nothing beats make one range. Of those that
 * are within the least claim of the best at all of them, the plainest is named.
 */
void recommend(const struct summary *summary, struct view view,
	void (*each)(void *arg, const struct recommendation *recommendation), void *arg);

/* "4 KiB", "64 B to 4 KiB". */
void recommend_sizes(const struct result *result, const struct recommendation *recommendation,
	char *text, size_t bytes);

#endif
