// SPDX-License-Identifier: MIT
/* Histograms against answers by hand, and the two loops on a clock that is moved by what they call. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/latency.h"
#include "stat/histogram.h"

/* A bucket is one number to 63, then 1/32 of what it begins with, at most; none is between two. */
static void buckets_join(void **state)
{
	(void)state;
	assert_int_equal(histogram_bucket(63), 63);
	assert_int_equal(histogram_least(63), 63);
	assert_int_equal(histogram_largest(63), 63);
	assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
	for (size_t b = 0; b + 1 < HISTOGRAM_BUCKETS; b++) {
		uint64_t least = histogram_least(b), largest = histogram_largest(b);

		assert_int_equal(histogram_bucket(least), b);
		assert_int_equal(histogram_bucket(largest), b);
		assert_int_equal(histogram_least(b + 1), largest + 1);
		assert_true((largest - least) * 32 <= least);
	}
}

/* 1 to 1000 once each: 496..503, 976..991 are the buckets of the 500th and of the 990th. */
static void percentiles(void **state)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	uint64_t value;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_add(histogram, i);
	assert_true(histogram_percentile(histogram, 0.5, &value));
	assert_int_equal(value, 503);
	assert_true(histogram_percentile(histogram, 0.99, &value)); /* ten are beyond it */
	assert_int_equal(value, 991);
	assert_false(histogram_percentile(histogram, 0.991, &value)); /* nine */
	assert_false(histogram_percentile(histogram, 0.999, &value));
	assert_int_equal(histogram->most, 1000);
	memset(histogram, 0, sizeof(*histogram));
	for (int i = 0; i < 100; i++)
		histogram_add(histogram, 1001);
	assert_true(histogram_percentile(histogram, 0.5, &value));
	assert_int_equal(value, 1001); /* no more than the largest */
	memset(histogram, 0, sizeof(*histogram));
	assert_false(histogram_percentile(histogram, 0.5, &value));
	free(histogram);
}

/* ---- the two loops ---- */

#define WINDOW (1u << 16)
#define SERVICE_NS 100
#define STALL_NS 1000000
#define STALL_AT 5000 /* the operation, from the first that is timed */

static char window[WINDOW], source[64];
static uint64_t now;
static size_t operations;
static bool timing;

static uint64_t reading_takes_1ns(void)
{
	return now += 1;
}

static const struct clock fake_clock = {
	.name = "fake", .begin = reading_takes_1ns, .end = reading_takes_1ns, .tick_ns = 1};

/* What warms up comes in one call, and is not counted. */
static void copy(const struct walk *walk)
{
	bool stalls = timing && walk->n == 1 && operations++ == STALL_AT;

	now += stalls ? STALL_NS : SERVICE_NS * walk->n;
}

static const struct engine_arm arm = {.loop = copy};

/* One lane at a rate until it has so many operations. */
static struct result_latency *run(double rate, size_t n)
{
	struct result_latency *latency = calloc(1, sizeof(*latency));
	struct latency_lane lane = {.latency = latency};
	struct engine engine = {.clock = &fake_clock,
		.rng = gsl_rng_alloc(gsl_rng_taus2),
		.arms = &arm,
		.n_arms = 1,
		.dst = window,
		.user = window,
		.dst_bytes = WINDOW,
		.src = source,
		.src_bytes = sizeof(source),
		.len = 64};
	struct latency all;
	struct err e;

	latency->rate = rate;
	now = operations = 0;
	timing = false;
	assert_true(engine_calibrate(&engine));
	assert_true(engine.iterations[0] > 50);
	assert_true(latency_open(&all, &engine, &lane, 1, &e));
	timing = true;
	while (latency->counts.n < n)
		assert_true(latency_measure(&all, 0));
	latency_close(&all);
	gsl_rng_free(engine.rng);
	return latency;
}

static uint64_t above(const struct result_latency *latency, double ns)
{
	uint64_t n = 0;

	for (size_t b = histogram_bucket((uint64_t)(ns * LATENCY_UNITS)); b < HISTOGRAM_BUCKETS;
		b++)
		n += latency->counts.counts[b];
	return n;
}

/* Closed: the stall is one operation, and the others take their 100 ns and one reading. */
static void a_closed_loop_has_one_slow_operation(void **state)
{
	struct result_latency *latency = run(0, 20000);

	(void)state;
	assert_int_equal(above(latency, 1000), 1);
	assert_int_equal(latency->counts.most, (STALL_NS + 1) * LATENCY_UNITS);
	assert_true(fabs(latency_ns(latency, 0.5) - SERVICE_NS - 1) <= SERVICE_NS / 32.0);
	free(latency);
}

/*
 * Open, 1 M/s: what arrives in the millisecond of the stall, some 1000, waits for its end; a
 * tenth of them less than 100 us. A server at a tenth of its capacity has caught up soon after.
 */
static void an_open_loop_counts_what_waited(void **state)
{
	struct result_latency *latency = run(1e6, 20000);
	uint64_t waited = above(latency, 100000);

	(void)state;
	if (waited < 850 || waited > 1150)
		fail_msg("%llu waited", (unsigned long long)waited);
	assert_true(latency->counts.most >= STALL_NS * LATENCY_UNITS);
	assert_true(latency_kept_up(latency));
	/* Arrivals and time agree: 20000 a fiftieth of a second. */
	assert_true(fabs(latency_done_per_s(latency) / 1e6 - 1) < 0.05);
	free(latency);
}

/* More arrive than are done; 20000 of 102 ns and the stall are 3.04 ms, so 6.6 M/s. */
static void too_much_is_said(void **state)
{
	struct result_latency *latency = run(2e7, 20000);
	char text[LATENCY_LOOP_BYTES];

	(void)state;
	assert_false(latency_kept_up(latency));
	assert_true(latency_done_per_s(latency) < 1.01e9 / SERVICE_NS);
	assert_non_null(strstr(latency_loop(latency, text), "at 20 M/s: done 6."));
	free(latency);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_join),
		cmocka_unit_test(percentiles),
		cmocka_unit_test(a_closed_loop_has_one_slow_operation),
		cmocka_unit_test(an_open_loop_counts_what_waited),
		cmocka_unit_test(too_much_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
