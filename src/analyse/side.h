/* SPDX-License-Identifier: MIT */
/* One side of a comparison: runs of one kind, and what they say of a case together. */
#ifndef DAXMARK_ANALYSE_SIDE_H
#define DAXMARK_ANALYSE_SIDE_H

#include "result/result.h"

struct side {
	const struct result *runs;
	size_t n;
	const char *name;
};

/* The comparison of a setting in a run, or NULL. */
const struct result_comparison *side_find(
	const struct result *result, const struct setting *setting);

/* An arm has times in a comparison (NULL: none). */
bool side_ran(
	const struct result *result, const struct result_comparison *comparison, const char *arm);

/* Both sides of a case: how far apart they are, and the variance that decides on that. */
struct side_contrast {
	size_t n_base, n_new; /* runs that have it */
	double base, new;     /* log speed of either, means over its runs */
	double difference;    /* new over base */
	double variance;      /* of one run about its side, where both sides have enough */
	double degrees;	      /* of it; 0: too few runs */
	double error; /* of the difference, from the visits of the runs, where they are too few */
	double error_degrees;
};

/* Of an arm over an anchor, NULL: by the clock. */
struct side_contrast side_contrast(const struct side *base, const struct side *new,
	const struct setting *setting, const char *arm, const char *anchor);

/* What a side knows of a case. */
struct side_record {
	size_t runs; /* that have it in their plan */
	bool wrong;  /* one of them copied wrong data */
	bool mixed;  /* they guaranteed different things */
	enum guarantee guarantee;
};

void side_record(const struct side *side, const struct setting *setting, const char *arm,
	struct side_record *record);

#endif
