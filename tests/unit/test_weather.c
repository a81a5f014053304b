// SPDX-License-Identifier: MIT
/* Both truths of a mean: strata and successive differences, and the level of what wanders. */
#include "test.h"

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

#include "stat/line.h"
#include "stat/strata.h"
#include "stat/weather.h"

#define N 60

static void near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.9f is not within %.9f of %.9f", value, tolerance, expected);
}

/* By hand: differences 1, 2, 3, so 14 / (2 * 4 * 3); 2 * 3^2 / (3 * 4 - 4) degrees. */
static void strata_by_hand(void **state)
{
	const double x[] = {1, 2, 4, 7};
	struct stat_estimate estimate = stat_strata(x, 4);

	(void)state;
	near(estimate.mean, 3.5, 1e-12);
	near(estimate.error, sqrt(14.0 / 24), 1e-12);
	near(estimate.degrees, 2.25, 1e-12);
	near(stat_strata(x, 2).degrees, 1, 1e-12);
	near(stat_strata(x, 2).error, 0.5, 1e-12);
	assert_true(isinf(stat_strata(x, 1).error));
	assert_true(isinf(stat_interval(stat_strata(x, 1), 0.95).high));
	assert_true(isnan(stat_strata(x, 0).mean));
}

static void fill_times(gsl_rng *rng, double *at_s, size_t n, double span_s)
{
	for (size_t i = 0; i < n; i++)
		at_s[i] = span_s * ((double)i + gsl_rng_uniform(rng)) / (double)n;
}

/* What the filter says in one walk is what the whole correlation matrix says. */
static void a_model_is_its_matrix(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct weather weather;
	double at_s[N];

	(void)state;
	fill_times(rng, at_s, N, 60);
	assert_true(weather_init(&weather, at_s, N, 60));
	for (size_t m = 0; m < WEATHER_MODELS; m += 7) {
		const struct weather_model *model = &weather.models[m];
		gsl_matrix *r = gsl_matrix_alloc(N, N);
		gsl_vector *ones = gsl_vector_alloc(N), *solved = gsl_vector_alloc(N);
		double log_determinant = 0, information = 0;

		for (size_t i = 0; i < N; i++)
			for (size_t j = 0; j < N; j++)
				gsl_matrix_set(r, i, j,
					i == j ? 1
					       : model->share * exp(-fabs(at_s[i] - at_s[j]) /
									model->range_s));
		gsl_vector_set_all(ones, 1);
		gsl_linalg_cholesky_decomp1(r);
		gsl_linalg_cholesky_solve(r, ones, solved);
		for (size_t i = 0; i < N; i++) {
			log_determinant += 2 * log(gsl_matrix_get(r, i, i));
			information += gsl_vector_get(solved, i);
		}
		near(model->log_determinant, log_determinant, 1e-8);
		near(model->information, information, 1e-8 * information);
		gsl_matrix_free(r);
		gsl_vector_free(ones);
		gsl_vector_free(solved);
	}
	weather_free(&weather);
	gsl_rng_free(rng);
}

/* A level of 0, weather of one range and share of the variance, visits at those times. */
static void sample(gsl_rng *rng, double range_s, double share, const double *at_s, double *x)
{
	double weather = gsl_ran_gaussian(rng, sqrt(share));

	for (size_t i = 0; i < N; i++) {
		double keep = i == 0 ? 1 : exp(-(at_s[i] - at_s[i - 1]) / range_s);

		weather = keep * weather + gsl_ran_gaussian(rng, sqrt(share * (1 - keep * keep)));
		x[i] = weather + gsl_ran_gaussian(rng, sqrt(1 - share));
	}
}

/* How often the level is covered, and how often the weather is called slow, of 1000 runs. */
static void cover(
	gsl_rng *rng, double range_s, double share, double *covered, double *slow, double *width)
{
	enum { RUNS = 1000 };
	double at_s[N], x[N];
	struct weather weather;

	*covered = *slow = *width = 0;
	fill_times(rng, at_s, N, 60);
	assert_true(weather_init(&weather, at_s, N, 60));
	for (int r = 0; r < RUNS; r++) {
		struct outlook outlook;
		struct interval interval;

		sample(rng, range_s, share, at_s, x);
		outlook = weather_outlook(&weather, x);
		interval = stat_interval(outlook.level, 0.95);
		*covered += (interval.low <= 0 && interval.high >= 0) / (double)RUNS;
		*slow += (outlook.slow > WEATHER_DOUBT) / (double)RUNS;
		*width += (interval.high - interval.estimate) / RUNS;
	}
	weather_free(&weather);
}

static void the_level_is_covered(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double covered, slow, width;

	(void)state;
	/* No weather: Student's is 2.001 / sqrt(60), and not much more is needed. */
	cover(rng, 1, 0, &covered, &slow, &width);
	assert_true(covered > 0.93);
	assert_true(slow < 0.05);
	assert_true(width < 1.5 * 2.001 / sqrt(N));
	/* Changes often: the level is known, and no better than it can be. */
	cover(rng, 1, 0.8, &covered, &slow, &width);
	assert_true(covered > 0.93);
	assert_true(slow < 0.10);
	/* Hardly changes: mostly said. */
	cover(rng, 60, 0.95, &covered, &slow, &width);
	assert_true(slow > 0.7);
	gsl_rng_free(rng);
}

static void what_cannot_be_told(void **state)
{
	double at_s[N], x[N];
	struct weather weather;
	struct outlook outlook;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		at_s[i] = (double)i;
		x[i] = 5;
	}
	assert_true(weather_init(&weather, at_s, WEATHER_ENOUGH - 1, 20));
	assert_true(isinf(weather_outlook(&weather, x).level.error));
	weather_free(&weather);
	/* All alike: no error, and no NaN. */
	assert_true(weather_init(&weather, at_s, N, 60));
	outlook = weather_outlook(&weather, x);
	near(outlook.level.mean, 5, 0);
	near(outlook.level.error, 0, 0);
	near(outlook.slow, 0, 0);
	/* A slope is the slowest weather that there is. */
	for (size_t i = 0; i < N; i++)
		x[i] = (double)i + (i % 2 ? 0.5 : -0.5);
	assert_true(weather_outlook(&weather, x).slow > 0.9);
	weather_free(&weather);
	/* No span: no weather, and nothing said. */
	assert_true(weather_init(&weather, at_s, N, 0));
	assert_true(isinf(weather_outlook(&weather, x).level.error));
	weather_free(&weather);
}

/* Anscombe's first set (Am. Stat. 27 (1973) 17): y = 3.0001 + 0.5001 x, mean 7.5009 at 9. */
static void a_line_by_the_book(void **state)
{
	const double x[] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
	const double y[] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
	const double flat[] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
	struct stat_line line = stat_line(x, y, 11);
	struct stat_estimate at;
	double left[11], squares = 0;

	(void)state;
	near(line.slope, 0.50009, 1e-5);
	near(line.level, 7.50091, 1e-5);
	near(line.middle, 9, 1e-12);
	near(line.squares, 110, 1e-9);
	stat_line_left(&line, x, y, left);
	for (size_t i = 0; i < 11; i++)
		squares += (left[i] - line.level) * (left[i] - line.level);
	/* Residual sum of squares 13.7627. */
	near(squares, 13.7627, 1e-3);
	/* The textbook's error of the line, where visits are independent: s sqrt(1/n + d^2/S). */
	at = stat_line_at(&line, (struct stat_estimate){0, sqrt(squares / 10 / 11), 10}, 14);
	near(at.mean, 3.0001 + 0.5001 * 14, 1e-3);
	near(at.error, sqrt(13.7627 / 9) * sqrt(1.0 / 11 + 25.0 / 110), 1e-3);
	near(at.degrees, 9, 1e-12);
	near(stat_line(flat, y, 11).slope, 0, 0);
	near(stat_line_at(&line, (struct stat_estimate){0, 1, 1}, 9).degrees, 1, 0);
}

static void held_out_visits_judge_a_line(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double x[N], y[N], other[N];

	(void)state;
	for (size_t i = 0; i < N; i++) {
		x[i] = gsl_ran_gaussian(rng, 1);
		other[i] = gsl_ran_gaussian(rng, 1);
		y[i] = 3 * x[i] + gsl_ran_gaussian(rng, 1);
	}
	/* 9 of 10 parts of the variance follow x, none the other. */
	near(stat_explained(x, y, N), 0.9, 0.06);
	assert_true(stat_explained(other, y, N) < 0.1);
	/* A slope that each half has of its own explains nothing of a half that is held out. */
	for (size_t i = 0; i < N; i++) {
		x[i] = (double)(i * LINE_BLOCKS / N);
		y[i] = i * LINE_BLOCKS / N == 2 ? 10 : 0;
	}
	assert_true(stat_explained(x, y, N) < 0);
	near(stat_explained(x, y, 2 * LINE_BLOCKS - 1), 0, 0);
	gsl_rng_free(rng);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strata_by_hand),
		cmocka_unit_test(a_model_is_its_matrix),
		cmocka_unit_test(the_level_is_covered),
		cmocka_unit_test(what_cannot_be_told),
		cmocka_unit_test(a_line_by_the_book),
		cmocka_unit_test(held_out_visits_judge_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
