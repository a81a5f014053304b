// SPDX-License-Identifier: MIT
/* What made-up runs allow to be said: of this run, of another, at stated weather, and what is still contested. */
#include "test.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyse/contest.h"
#include "analyse/explain.h"
#include "analyse/standing.h"
#include "analyse/summary.h"

#define CASES 6
#define SPAN_S 60.0

static gsl_rng *rng;

/* How the logs of a run's visits come about: all deviations. */
struct world {
	size_t visits;
	double noise;	    /* of each ratio, visit by visit */
	double walk;	    /* of a step from visit to visit that stays */
	double slope;	    /* of the copy's time over the roof's weather */
	double copy_over_b; /* log of how much slower the second copy is */
};

static void add_arm(struct result *result, const char *name, enum family family, bool copies)
{
	struct result_arm *arm = &result->arms[result->n_arms++];

	snprintf(arm->name, sizeof(arm->name), "%s", name);
	arm->family = family;
	arm->operations = 1u << OP_WRITE;
	arm->copies = copies;
	arm->available = true;
}

/* Arms: memcpy, two copies of one guarantee and unlike families, and a roof. */
static void make(struct result *result, const struct world *world)
{
	struct err e;

	assert_true(result_init(result, CASES, &e));
	add_arm(result, "memcpy", FAMILY_BASELINE, true);
	add_arm(result, "a", FAMILY_FLUSH, true);
	add_arm(result, "b", FAMILY_NOCACHE, true);
	add_arm(result, "roof-nt-store", FAMILY_ROOF, false);
	for (size_t c = 0; c < CASES; c++) {
		struct result_comparison *comparison = &result->comparisons[c];
		double walked = 0;

		comparison->setting = (struct setting){.size = 64 << c, SETTING_DEFAULTS};
		comparison->n_measured = 4;
		for (size_t a = 0; a < 4; a++) {
			comparison->measured[a] = a;
			comparison->guarantee[a] =
				a == 0 ? GUARANTEE_VISIBLE : GUARANTEE_DURABLE_DATA;
			comparison->iterations[a] = 1000;
		}
		for (size_t v = 0; v < world->visits; v++) {
			struct result_visit *visit = result_add_visit(comparison);
			double weather = gsl_ran_gaussian(rng, 0.05);

			assert_non_null(visit);
			walked += gsl_ran_gaussian(rng, 1) * world->walk;
			visit->at_s =
				SPAN_S * ((double)v + gsl_rng_uniform(rng)) / (double)world->visits;
			visit->rounds = 100;
			visit->log_ns[0] = log(100);
			visit->log_ns[3] = log(50) + weather;
			visit->log_ns[1] = log(200) + walked + world->slope * weather +
					   gsl_ran_gaussian(rng, 1) * world->noise;
			visit->log_ns[2] = log(200) + world->copy_over_b +
					   gsl_ran_gaussian(rng, 1) * world->noise;
			for (size_t a = 0; a < 4; a++)
				for (size_t b = a + 1; b < 4; b++)
					visit->log_ratio[result_pair(a, b, 4)] =
						visit->log_ns[a] - visit->log_ns[b];
		}
	}
}

static bool known(const struct interval *interval)
{
	return isfinite(interval->low) && isfinite(interval->high);
}

static void a_run_whose_weather_changes_often_tells_of_another(void **state)
{
	const struct world world = {.visits = 60, .noise = 0.01, .copy_over_b = 0.2};
	struct result result;
	struct summary summary;
	struct err e;
	size_t told = 0;

	(void)state;
	make(&result, &world);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_true(summary.machine);
	assert_true(summary.slow < WEATHER_DOUBT_OF_ALL);
	assert_null(strstr(summary_scope(&summary), "alone"));
	for (size_t c = 0; c < CASES; c++) {
		const struct summary_case *row = summary_at(&summary, c, 2);

		assert_true(known(&row->vs_best));
		told += known(&row->vs_best_another);
		if (!known(&row->vs_best_another))
			continue;
		/* About the same estimate, and what lies outside this run is known no better. */
		assert_float_equal(row->vs_best.estimate, row->vs_best_another.estimate, 1e-12);
		assert_true(row->vs_best_another.high - row->vs_best_another.low >=
			    0.7 * (row->vs_best.high - row->vs_best.low));
	}
	assert_true(told >= CASES - 2);
	summary_free(&summary);
	result_free(&result);
}

static void a_run_that_is_shorter_than_its_weather_says_so(void **state)
{
	const struct world world = {.visits = 60, .noise = 0.002, .walk = 0.01};
	struct result result;
	struct summary summary;
	struct standing_pair pair;
	struct err e;

	(void)state;
	make(&result, &world);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_false(summary.machine);
	assert_true(summary.slow > WEATHER_DOUBT_OF_ALL);
	assert_non_null(strstr(summary_scope(&summary), "this run alone"));
	for (size_t i = 0; i < summary.n_cases; i++) {
		assert_false(known(&summary.cases[i].ns_another));
		assert_false(known(&summary.cases[i].vs_baseline_another));
		assert_false(known(&summary.cases[i].vs_best_another));
	}
	pair = standing_over(&summary, 0, 2, 1, 2);
	assert_true(known(&pair.run));
	assert_false(known(&pair.another));
	summary_free(&summary);
	result_free(&result);
}

static void few_visits_tell_of_this_run_alone(void **state)
{
	const struct world world = {.visits = 29, .noise = 0.01};
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make(&result, &world);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_false(summary.machine);
	assert_false(known(&summary_at(&summary, 0, 1)->vs_best_another));
	assert_non_null(strstr(summary_scope(&summary), "fewer than 30"));
	assert_true(known(&summary_at(&summary, 0, 1)->vs_baseline));
	summary_free(&summary);
	result_free(&result);
}

/* How many of the comparisons want more. */
static size_t wanting(const struct world *world, double until)
{
	struct result result;
	size_t n = 0;

	make(&result, world);
	for (size_t c = 0; c < CASES; c++)
		n += contest_wants(&result, c, until);
	result_free(&result);
	return n;
}

static void what_is_told_or_alike_is_not_contested(void **state)
{
	(void)state;
	/* Apart by 20 %, known to 0.3 %. */
	assert_int_equal(
		wanting(&(struct world){.visits = 30, .noise = 0.01, .copy_over_b = 0.2}, 0), 0);
	/* Alike, known to 0.03 %. */
	assert_int_equal(wanting(&(struct world){.visits = 30, .noise = 0.001}, 0), 0);
	/* Alike, known to 3 %. */
	assert_true(wanting(&(struct world){.visits = 30, .noise = 0.05}, 0) >= CASES - 1);
	assert_int_equal(wanting(&(struct world){.visits = 1, .noise = 0.05}, 0), CASES);
	/* A width: that of two copies of noise 0.01 is 2.2 * 0.014 / sqrt(30), near 0.6 %. */
	assert_int_equal(
		wanting(&(struct world){.visits = 30, .noise = 0.01, .copy_over_b = 0.2}, 0.05), 0);
	assert_int_equal(
		wanting(&(struct world){.visits = 30, .noise = 0.01, .copy_over_b = 0.2}, 0.002),
		CASES);
}

static void a_roof_explains_what_follows_it(void **state)
{
	const struct world world = {.visits = 60, .noise = 0.004, .slope = 0.5};
	struct explanation explanation;
	struct result result;
	struct summary summary;
	struct err e;
	double quiet, busy;

	(void)state;
	make(&result, &world);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_true(explain(&summary, 0, 2, 1, &explanation));
	assert_true(explanation.used);
	assert_true(explanation.share > 0.8);
	assert_string_equal(result.arms[explanation.reference].name, "roof-nt-store");
	/* b over a: time of a over that of b, so it follows the roof's time by 0.5. */
	quiet = log(explanation.at[WEATHER_QUIET].run.estimate);
	busy = log(explanation.at[WEATHER_BUSY].run.estimate);
	assert_float_equal((busy - quiet) / log(explanation.at[WEATHER_QUIET].roof_gbps /
						    explanation.at[WEATHER_BUSY].roof_gbps),
		0.5, 0.05);
	/* 64 bytes in 50 ns, 1.28 standard deviations of 5 % less. */
	assert_float_equal(explanation.at[WEATHER_QUIET].roof_gbps, 1.28 * exp(1.28 * 0.05), 0.04);
	assert_true(
		explanation.at[WEATHER_MEDIAN].run.high - explanation.at[WEATHER_MEDIAN].run.low <
		0.5 * (explanation.plain.high - explanation.plain.low));
	summary_free(&summary);
	result_free(&result);
}

static void what_does_not_follow_a_roof_is_left_as_it_is(void **state)
{
	const struct world world = {.visits = 60, .noise = 0.02};
	struct explanation explanation;
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make(&result, &world);
	assert_true(summary_make(&summary, &result, NULL, &e));
	for (size_t c = 0; c < CASES; c++) {
		assert_true(explain(&summary, c, 2, 1, &explanation));
		assert_false(explanation.used);
	}
	/* The same strategy, or no roof: nothing to try. */
	assert_false(explain(&summary, 0, 1, 1, &explanation));
	result.arms[3].copies = true;
	assert_false(explain(&summary, 0, 2, 1, &explanation));
	summary_free(&summary);
	result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_whose_weather_changes_often_tells_of_another),
		cmocka_unit_test(a_run_that_is_shorter_than_its_weather_says_so),
		cmocka_unit_test(few_visits_tell_of_this_run_alone),
		cmocka_unit_test(what_is_told_or_alike_is_not_contested),
		cmocka_unit_test(a_roof_explains_what_follows_it),
		cmocka_unit_test(what_does_not_follow_a_roof_is_left_as_it_is),
	};
	int failed;

	rng = gsl_rng_alloc(gsl_rng_taus2);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	gsl_rng_free(rng);
	return failed;
}
