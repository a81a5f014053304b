// SPDX-License-Identifier: MIT
/* The estimators against answers known from elsewhere or computed the slow way. */
#include "test.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

#include "stat/stat.h"

static void near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.6f is not within %.6f of %.6f", value, tolerance, expected);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* All Walsh averages, sorted: what the counting must agree with. */
static double *walsh_averages(const double *x, size_t n)
{
	double *all = malloc(n * (n + 1) / 2 * sizeof(double));
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i; j < n; j++)
			all[m++] = (x[i] + x[j]) / 2;
	qsort(all, m, sizeof(double), by_value);
	return all;
}

static void hodges_lehmann_is_the_median_of_averages(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);

	(void)state;
	for (size_t n = 1; n <= 60; n++) {
		double x[60], *all;
		size_t m = n * (n + 1) / 2;

		for (size_t i = 0; i < n; i++) /* every third draw repeats: ties */
			x[i] = i % 3 == 2 ? x[i - 1] : gsl_ran_cauchy(rng, 1);
		all = walsh_averages(x, n);
		near(stat_hodges_lehmann(x, n),
			m % 2 ? all[m / 2] : (all[m / 2 - 1] + all[m / 2]) / 2, 1e-9);
		free(all);
	}
	gsl_rng_free(rng);
}

/*
 * Hollander and Wolfe's depression data (Hamilton scale, 9 patients, after
 * minus before): estimate -0.46, exact 96 % interval (-0.786, -0.010).
 */
static void signed_rank_of_known_data(void **state)
{
	double x[] = {-0.952, 0.147, -1.022, -0.430, -0.620, -0.590, -0.490, 0.080, -0.010};
	struct interval interval = stat_signed_rank(x, 9, 0.96);

	(void)state;
	near(interval.estimate, -0.46, 0.005);
	near(interval.low, -0.786, 0.05);
	near(interval.high, -0.010, 0.05);
}

static void signed_rank_covers_as_often_as_it_says(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double x[80];
	int covered = 0, tries = 2000;

	(void)state;
	for (int t = 0; t < tries; t++) {
		struct interval interval;

		for (size_t i = 0; i < 80; i++)
			x[i] = gsl_ran_laplace(rng, 1);
		interval = stat_signed_rank(x, 80, 0.95);
		covered += interval.low <= 0 && interval.high >= 0;
	}
	near((double)covered / tries, 0.95, 0.02); /* seeded: the same every time */
	gsl_rng_free(rng);
}

static void student_intervals(void **state)
{
	const double x[] = {1, 2, 3, 4, 5};
	struct interval interval = stat_t(x, 5, 0.95);

	(void)state;
	near(interval.estimate, 3, 1e-12);
	near(interval.high - 3, 2.776445 * sqrt(2.5) / sqrt(5), 1e-5);
	near(stat_t_quantile(0.95, 9), 2.262157, 1e-5);
	assert_true(isinf(stat_t(x, 1, 0.95).high));
	near(stat_deviation(x, 5), sqrt(2.5), 1e-12);
}

/* Dunnett (1955), table 1a, one-sided joint 95 %. */
static void dunnett_constants(void **state)
{
	(void)state;
	near(stat_dunnett(1, 10, 0.95), 1.81, 0.006);
	near(stat_dunnett(2, 10, 0.95), 2.15, 0.006);
	near(stat_dunnett(4, 10, 0.95), 2.47, 0.006);
	near(stat_dunnett(9, 10, 0.95), 2.81, 0.006);
	near(stat_dunnett(3, 20, 0.95), 2.19, 0.006);
	near(stat_dunnett(5, 60, 0.95), 2.28, 0.006);
	near(stat_dunnett(1, 5, 0.95), 2.02, 0.006);
}

/* Clopper and Pearson (1934): 0 of 10 gives (0, 0.3085), 5 of 10 (0.1871, 0.8129). */
static void proportions(void **state)
{
	(void)state;
	near(stat_proportion(0, 10, 0.95).low, 0, 1e-12);
	near(stat_proportion(0, 10, 0.95).high, 0.3085, 1e-4);
	near(stat_proportion(5, 10, 0.95).low, 0.1871, 1e-4);
	near(stat_proportion(5, 10, 0.95).high, 0.8129, 1e-4);
	near(stat_proportion(10, 10, 0.95).high, 1, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hodges_lehmann_is_the_median_of_averages),
		cmocka_unit_test(signed_rank_of_known_data),
		cmocka_unit_test(signed_rank_covers_as_often_as_it_says),
		cmocka_unit_test(student_intervals),
		cmocka_unit_test(dunnett_constants),
		cmocka_unit_test(proportions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
