/* SPDX-License-Identifier: MIT */
/*
 * The mean over the span of a run, from visits at random places of equal strata of it.
 * No model of the noise: docs/methodology.md, "In this run".
 */
#ifndef DAXMARK_STAT_STRATA_H
#define DAXMARK_STAT_STRATA_H

#include <stddef.h>

#include "stat/stat.h"

/* From so many visits on the interval covers as often as it says, bursts included (make bench-coverage). */
#define STRATA_ENOUGH 20

/*
 * x[i] is what was seen at a random place of the i-th of n equal strata, in order of time.
 * The variance is that of successive differences, sum (x[i+1] - x[i])^2 / (2 n (n - 1)):
 * Wolter, Introduction to Variance Estimation (2nd ed. 2007), 8.2, estimator v2, which for
 * one place a stratum is too large rather than too small where neighbouring strata differ.
 * Its degrees of freedom are those for independent normal x, 2 (n - 1)^2 / (3 n - 4): von
 * Neumann and others, Ann. Math. Stat. 12 (1941) 153. Infinite error for n < 2.
 */
struct stat_estimate stat_strata(const double *x, size_t n);

/* Those degrees, of n visits that are still to be made; n >= 2. */
double stat_strata_degrees(size_t n);

#endif
