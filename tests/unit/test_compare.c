// SPDX-License-Identifier: MIT
/* Comparisons of made-up runs: how often something is called different that is not, and what is found. */
#include "test.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>

#include "analyse/compare.h"
#include "analyse/drift.h"
#include "stat/moderate.h"

#define CASES 40
#define RUNS 4
#define VISITS 10

static gsl_rng *rng;

static void add_arm(struct result *result, const char *name)
{
	struct result_arm *arm = &result->arms[result->n_arms++];

	snprintf(arm->name, sizeof(arm->name), "%s", name);
	arm->family = result->n_arms == 1 ? FAMILY_BASELINE : FAMILY_FLUSH;
	arm->operations = 1u << OP_WRITE;
	arm->copies = arm->available = true;
}

/*
 * A run of 40 settings of an anchor and a copy that takes 3 times as long, the first case
 * times `planted`; runs differ by 1 %, and a run's visits by 0.3 %.
 */
static void make_run(struct result *result, double planted)
{
	struct err e;

	assert_true(result_init(result, CASES, &e));
	add_arm(result, "memcpy");
	add_arm(result, "copy");
	result->seed = gsl_rng_get(rng);
	for (size_t c = 0; c < CASES; c++) {
		struct result_comparison *comparison = &result->comparisons[c];
		double own = gsl_ran_gaussian(rng, 0.01);

		comparison->setting = (struct setting){.size = 64 + c, SETTING_DEFAULTS};
		comparison->n_measured = 2;
		comparison->measured[1] = 1;
		for (size_t v = 0; v < VISITS; v++) {
			struct result_visit *visit = result_add_visit(comparison);

			assert_non_null(visit);
			visit->at_s = 1000.0 * (double)v;
			visit->log_ns[0] = log(100);
			visit->log_ns[1] = log(300) + own + (c == 0 ? log(planted) : 0) +
					   gsl_ran_gaussian(rng, 0.003);
			visit->log_ratio[0] = visit->log_ns[0] - visit->log_ns[1];
		}
	}
}

/* Cases called different, the first one aside; *found: the first is called slower. */
static size_t compare_once(double planted, bool *found, double *width)
{
	struct result base[RUNS], new[RUNS];
	struct compare compare;
	size_t different = 0;
	struct err e;

	for (size_t r = 0; r < RUNS; r++) {
		make_run(&base[r], 1);
		make_run(&new[r], planted);
	}
	assert_true(compare_make(&compare, base, RUNS, new, RUNS, NULL, &e));
	*found = false;
	for (size_t i = 0; i < compare.n; i++) {
		const struct compare_case *row = &compare.cases[i];

		if (row->is_anchor)
			continue;
		*width += log(row->ratio.high / row->ratio.low) / 2;
		if (row->setting->size == 64)
			*found = row->verdict == COMPARE_SLOWER;
		else
			different += row->verdict != COMPARE_SAME;
	}
	compare_free(&compare);
	for (size_t r = 0; r < RUNS; r++) {
		result_free(&base[r]);
		result_free(&new[r]);
	}
	return different;
}

static void the_family_error_is_kept_and_a_change_is_found(void **state)
{
	size_t any = 0, found = 0, tries = 300;
	double width = 0;

	(void)state;
	for (size_t i = 0; i < tries; i++) {
		bool is_found;

		any += compare_once(1.05, &is_found, &width) > 0;
		found += is_found;
	}
	width /= (double)(tries * CASES);
	print_message("%zu of %zu with a false verdict, %zu found, half-width %.2f %%\n", any,
		tries, found, 100 * width);
	/* At most 5 %: its 99 % quantile in 300 tries is 24. And nine of ten are found. */
	assert_true(any <= 24);
	assert_true(found >= tries * 9 / 10);
	/* Welch alone, a case at a time, has t(6) = 2.45 times 1 % times sqrt(2 / 4): 1.73 %. */
	assert_true(width < 1.5 * 0.0173);
}

/* One run alone took four times as long at one setting, which the others did not reach. */
static void a_setting_of_one_run_does_not_move_the_anchor(void **state)
{
	struct result base[RUNS], new[RUNS];
	struct compare compare;
	struct err e;

	(void)state;
	for (size_t r = 0; r < RUNS; r++) {
		make_run(&base[r], 1);
		make_run(&new[r], 1);
		while (r > 0 && new[r].comparisons[0].n_visits > 0)
			result_drop_visit(&new[r].comparisons[0]);
	}
	for (size_t v = 0; v < VISITS; v++)
		new[0].comparisons[0].visits[v].log_ns[0] = log(400);
	assert_true(compare_make(&compare, base, RUNS, new, RUNS, NULL, &e));
	assert_true(fabs(log(compare.anchor_speed[COMPARE_WRITES].estimate)) < 1e-9);
	assert_int_equal(compare.anchor_verdict[COMPARE_WRITES], COMPARE_SAME);
	compare_free(&compare);
	for (size_t r = 0; r < RUNS; r++) {
		result_free(&base[r]);
		result_free(&new[r]);
	}
}

/*
 * One run a side, of 10 visits: nothing tells how runs differ but the prior, 2 % each. Of
 * 40 cases that hold together the interval is 3.3 to 3.6 times that, times sqrt(2).
 */
static void single_runs_rest_on_the_prior(void **state)
{
	struct result base, new;
	struct compare compare;
	struct err e;

	(void)state;
	make_run(&base, 1);
	make_run(&new, 1.3);
	assert_true(compare_make(&compare, &base, 1, &new, 1, NULL, &e));
	for (size_t i = 0; i < compare.n; i++) {
		const struct compare_case *row = &compare.cases[i];
		double half = log(row->ratio.high / row->ratio.low) / 2;

		if (row->is_anchor)
			continue;
		assert_true(row->provisional);
		assert_true(half > 3.2 * COMPARE_PRIOR_RATIO * sqrt(2));
		assert_true(half < 3.7 * COMPARE_PRIOR_RATIO * sqrt(2));
		assert_int_equal(
			row->verdict, row->setting->size == 64 ? COMPARE_SLOWER : COMPARE_SAME);
	}
	compare_free(&compare);
	result_free(&base);
	result_free(&new);
}

/* Known answers: one common variance, and two that have nothing in common. */
static void variances_moderate_one_another(void **state)
{
	enum { N = 4000 };
	static double variances[N], degrees[N];
	struct stat_prior prior;
	double all;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		degrees[i] = 4;
		variances[i] = 9 * gsl_ran_chisq(rng, 4) / 4;
	}
	prior = stat_prior(variances, degrees, N);
	assert_true(prior.degrees > 50); /* infinite but for chance */
	assert_true(fabs(stat_moderated(&prior, 1, 4, &all) - 9) < 1);
	/* Drawn from the prior itself: 6 degrees, variance 2. */
	for (size_t i = 0; i < N; i++)
		variances[i] = 2 * 6 / gsl_ran_chisq(rng, 6) * gsl_ran_chisq(rng, 4) / 4;
	prior = stat_prior(variances, degrees, N);
	assert_true(fabs(prior.degrees - 6) < 1.5);
	assert_true(fabs(prior.variance - 2) < 0.2);
	assert_true(fabs(stat_moderated(&prior, prior.variance, 4, &all) - prior.variance) < 1e-9);
	assert_true(fabs(all - 4 - prior.degrees) < 1e-9);
	prior = stat_prior(variances, degrees, 3);
	assert_true(prior.degrees == 0);
	assert_true(stat_moderated(&prior, 7, 4, &all) == 7 && all == 4);
}

/* A family of 60 series of 6 to 20 runs that differ by 1 %, one of them by `step` from a run on. */
static size_t told_of(double step, size_t from, bool everywhere, bool *planted, struct drift *its)
{
	enum { SERIES = 60, MOST = 20 };
	double logs[SERIES][MOST], variances[SERIES], degrees[SERIES];
	size_t n[SERIES], told = 0;
	struct stat_prior prior;

	for (size_t s = 0; s < SERIES; s++) {
		n[s] = s == 0 ? 12 : 6 + gsl_rng_uniform_int(rng, 15);
		for (size_t i = 0; i < n[s]; i++)
			logs[s][i] = 5 + gsl_ran_gaussian(rng, 0.01) +
				     ((s == 0 || everywhere) && i >= from ? step : 0);
		variances[s] = drift_variance(logs[s], n[s], &degrees[s]);
	}
	prior = stat_prior(variances, degrees, SERIES);
	for (size_t s = 0; s < SERIES; s++) {
		struct drift drift = drift_find(logs[s], n[s], SERIES, &prior, 0);

		assert_true(drift.known);
		told += drift.told;
		if (s == 0) {
			*planted = drift.told;
			*its = drift;
		}
	}
	return told;
}

/* 5 % of families may raise an alarm; a step of six deviations is found where it is. */
static void changes_over_time_are_told(void **state)
{
	size_t alarms = 0, found = 0, held = 0;
	const double few[] = {1, 2, 3};
	struct stat_prior none = {0, 0};

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct drift its;
		bool planted;

		alarms += told_of(0, 0, false, &planted, &its) > 0;
	}
	assert_true(alarms <= 34); /* binomial, 5 % of 400: above it once in 2,000 */
	for (int i = 0; i < 200; i++) {
		struct drift its;
		bool planted;

		told_of(-0.06, 8, false, &planted, &its);
		found += planted && its.at == 8;
		held += planted && its.change.low <= -0.06 && its.change.high >= -0.06;
	}
	assert_true(found >= 190);
	assert_true(held >= 180);
	/* What changes everywhere does not hide itself: long series of 14 runs or more have it. */
	found = 0;
	for (int i = 0; i < 20; i++) {
		struct drift its;
		bool planted;

		found += told_of(-0.4, 4, true, &planted, &its);
	}
	assert_true(found >= 20 * 57);
	assert_false(drift_find(few, 3, 1, &none, 0).known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_family_error_is_kept_and_a_change_is_found),
		cmocka_unit_test(a_setting_of_one_run_does_not_move_the_anchor),
		cmocka_unit_test(single_runs_rest_on_the_prior),
		cmocka_unit_test(variances_moderate_one_another),
		cmocka_unit_test(changes_over_time_are_told),
	};
	int failed;

	rng = gsl_rng_alloc(gsl_rng_taus2);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	gsl_rng_free(rng);
	return failed;
}
