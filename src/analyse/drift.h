/* SPDX-License-Identifier: MIT */
/*
 * One case over time: has it changed, since which run, and by how much? Runs stand for
 * themselves: what differs between them beyond that is their variance.
 */
#ifndef DAXMARK_ANALYSE_DRIFT_H
#define DAXMARK_ANALYSE_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "stat/moderate.h"
#include "stat/stat.h"

#define DRIFT_LEAST_RUNS 4   /* three to know how runs differ, and one more */
#define DRIFT_LEAST_BEFORE 3 /* a change point has so many before it */
#define DRIFT_LEAST_CLAIM 0.01

struct drift {
	bool known;		/* there were runs enough */
	bool told;		/* it changed, for sure */
	size_t at;		/* the first run after the change, from 0 */
	struct interval change; /* log of the mean after over the mean before, 95 % by itself */
};

/*
 * How runs of a series differ, for the prior of all: about its mean with n - 1 degrees of
 * freedom, since a split that was chosen to be the best makes it too small; about two levels
 * with n - 2 where these are plain (|t| above 4), since what changed everywhere would else hide
 * itself in the prior. NAN for fewer than two.
 */
double drift_variance(const double *logs, size_t n, double *degrees);

/* Where two levels explain logs[n] best: the split with the largest |t|; n below DRIFT_LEAST_RUNS: 0. */
size_t drift_split(const double *logs, size_t n);

/*
 * The change of one of `family` series that are judged together: told when |t| at its best
 * split is beyond Student's quantile at 1 - 0.05 / (family x splits) (Bonferroni over both,
 * so that in 95 % of families without a change none is told), and the change is at least
 * `least`. The variance is moderated by `prior`, which is of all series.
 */
struct drift drift_find(
	const double *logs, size_t n, size_t family, const struct stat_prior *prior, double least);

#endif
