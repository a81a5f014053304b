/* SPDX-License-Identifier: MIT */
/*
 * The estimators of docs/methodology.md. Pure functions of arrays; GSL supplies
 * the distributions. Nothing here knows what the numbers mean.
 */
#ifndef DAXMARK_STAT_STAT_H
#define DAXMARK_STAT_STAT_H

#include <stddef.h>

struct interval {
	double estimate, low, high;
};

/* Sort ascending, in place. */
void stat_sort(double *x, size_t n);

/*
 * The Hodges-Lehmann estimator: the median of all (x[i] + x[j]) / 2, i <= j
 * (Hodges and Lehmann, Ann. Math. Stat. 34 (1963) 598). Sorts x; n >= 1.
 * O(n log n): the averages are counted, not formed.
 */
double stat_hodges_lehmann(double *x, size_t n);

/*
 * Its distribution-free interval: the Walsh averages at the ranks of
 * Wilcoxon's signed-rank test (Hollander and Wolfe, Nonparametric Statistical
 * Methods, 3.3), normal approximation. Assumes independent x. Sorts x; n >= 6.
 */
struct interval stat_signed_rank(double *x, size_t n, double confidence);

/* Mean and Student's t interval; infinite for n < 2. */
struct interval stat_t(const double *x, size_t n, double confidence);

/* A mean, its standard error, and the degrees of freedom that the error is known with. */
struct stat_estimate {
	double mean, error, degrees;
};

/* Student's interval of it; infinite where the error is. */
struct interval stat_interval(struct stat_estimate estimate, double confidence);

/* Two-sided Student quantile: |T| <= it with this confidence. */
double stat_t_quantile(double confidence, double degrees);

double stat_mean(const double *x, size_t n);

/* Sample standard deviation; 0 for n < 2. */
double stat_deviation(const double *x, size_t n);

/*
 * One-sided critical value for comparing k treatments with one reference at
 * joint confidence: Dunnett, J. Am. Stat. Assoc. 50 (1955) 1096, correlation
 * 1/2, by numerical integration. Hsu's comparison with the best uses the same
 * constant with k = arms - 1. k >= 1, degrees >= 1; error below 0.002 from
 * 2 degrees on, for k = 1 always (Student).
 */
double stat_dunnett(size_t k, double degrees, double confidence);

/* exp of the interval of a logarithm. */
struct interval stat_raised(struct interval log);

/* The interval, but no end of it nearer to the estimate than `least`. */
struct interval stat_widen(struct interval interval, double least);

/* Clopper-Pearson limits of a proportion: hits of n, each side at (1 - confidence) / 2. */
struct interval stat_proportion(size_t hits, size_t n, double confidence);

#endif
