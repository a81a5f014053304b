// SPDX-License-Identifier: MIT
/* Where one strategy overtakes another: known answers. */
#include <math.h>

#include "analyse/crossover.h"
#include "analyse/threshold.h"
#include "test.h"

#define LEAST 0.005

static struct crossover_point point(double x, double estimate, double half)
{
	return (struct crossover_point){x, {estimate, estimate - half, estimate + half}};
}

/* y = 0.1 x - 0.35 with bands of 0.05: 0 at 3.5, possible from 3 to 4. */
static void one_crossing(void **state)
{
	struct crossover_point points[8];
	struct crossover at[2];

	(void)state;
	for (int i = 0; i < 8; i++)
		points[i] = point(i, 0.1 * i - 0.35, 0.05);
	assert_int_equal(crossover_find(points, 8, LEAST, at, 2), 1);
	assert_true(at[0].first_before);
	assert_float_equal(at[0].x.estimate, 3.5, 1e-9);
	assert_float_equal(at[0].x.low, 3, 1e-9);
	assert_float_equal(at[0].x.high, 4, 1e-9);
}

/* The other way round the same place, the other one first. */
static void direction(void **state)
{
	const struct crossover_point points[] = {point(6, 0.2, 0.01), point(7, -0.2, 0.01)};
	struct crossover at[2];

	(void)state;
	assert_int_equal(crossover_find(points, 2, LEAST, at, 2), 1);
	assert_false(at[0].first_before);
	assert_float_equal(at[0].x.estimate, 6.5, 1e-9);
	assert_true(at[0].x.low < 6.5 && at[0].x.high > 6.5);
}

/* What is not known on one side, or less than is ever claimed, is no crossover. */
static void no_crossing(void **state)
{
	const struct crossover_point wide[] = {point(0, -0.1, 0.2), point(1, 0.3, 0.1)};
	const struct crossover_point small[] = {point(0, -0.004, 0.001), point(1, 0.3, 0.1)};
	const struct crossover_point same[] = {point(0, -0.3, 0.1), point(1, -0.2, 0.1)};
	const struct crossover_point one_visit[] = {
		point(0, -0.3, INFINITY), point(1, 0.3, INFINITY)};
	struct crossover at[2];

	(void)state;
	assert_int_equal(crossover_find(wide, 2, LEAST, at, 2), 0);
	assert_int_equal(crossover_find(small, 2, LEAST, at, 2), 0);
	assert_int_equal(crossover_find(same, 2, LEAST, at, 2), 0);
	assert_int_equal(crossover_find(one_visit, 2, LEAST, at, 2), 0);
	assert_int_equal(crossover_find(same, 0, LEAST, at, 2), 0);
}

/* Places where nothing is known widen the interval, and do not end the search. */
static void unknown_middle(void **state)
{
	const struct crossover_point points[] = {point(0, -0.2, 0.1), point(1, -0.02, 0.04),
		point(2, 0.01, 0.04), point(3, -0.01, 0.04), point(4, 0.2, 0.1)};
	struct crossover at[2];

	(void)state;
	assert_int_equal(crossover_find(points, 5, LEAST, at, 2), 1);
	assert_true(at[0].x.low > 0 && at[0].x.low < 1);
	assert_true(at[0].x.high > 3 && at[0].x.high < 4);
	assert_true(at[0].x.estimate > 1.5 && at[0].x.estimate < 3.1);
}

static void several_crossings(void **state)
{
	const struct crossover_point points[] = {
		point(0, -0.2, 0.1), point(1, 0.2, 0.1), point(2, -0.2, 0.1), point(3, 0.2, 0.1)};
	struct crossover at[8];

	(void)state;
	assert_int_equal(crossover_find(points, 4, LEAST, at, 8), 3);
	assert_true(at[0].first_before && !at[1].first_before && at[2].first_before);
	assert_int_equal(crossover_find(points, 4, LEAST, at, 1), 1);
}

/* Log ratios of a copy to another at 64 .. 1024 bytes, each within 0.01. */
static struct threshold find(double a, double b, double c, double d, double e)
{
	const uint64_t sizes[] = {64, 128, 256, 512, 1024};
	const struct interval ratios[] = {point(0, a, 0.01).log_ratio, point(0, b, 0.01).log_ratio,
		point(0, c, 0.01).log_ratio, point(0, d, 0.01).log_ratio,
		point(0, e, 0.01).log_ratio};

	return threshold_find(sizes, ratios, 5, 256);
}

static void expect(struct threshold found, uint64_t low, uint64_t high, uint64_t value)
{
	assert_int_equal(found.low, low);
	assert_int_equal(found.high, high);
	assert_int_equal(found.value, value);
}

static void thresholds(void **state)
{
	(void)state;
	/* Slower at 64 and 128, not told at 256, faster from 512 on. */
	expect(find(0.3, 0.1, 0.001, -0.1, -0.3), 256, 512, 256);
	/* Slower until 512: the usual one is too low. */
	expect(find(0.3, 0.3, 0.1, 0.1, -0.3), 1024, 1024, 1024);
	/* Faster from 128 on: the usual one is too high. */
	expect(find(0.3, -0.1, -0.1, -0.1, -0.3), 128, 128, 128);
	/* Never, always, and nothing told. */
	expect(find(0.3, 0.3, 0.3, 0.3, 0.3), UINT64_MAX, UINT64_MAX, UINT64_MAX);
	expect(find(-0.3, -0.3, -0.3, -0.3, -0.3), 0, 0, 0);
	expect(find(0.001, 0, -0.001, 0, 0.001), 0, UINT64_MAX, 256);
	/* Less than is ever claimed, however sure. */
	expect(find(0.0149, 0, 0, 0, 0), 64 * 2, UINT64_MAX, 256);
	/* They take turns. */
	expect(find(-0.3, 0.3, -0.3, 0.3, -0.3), 1024, 0, 1024);
	assert_float_equal(threshold_confidence(5), 0.99, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_crossing),
		cmocka_unit_test(direction),
		cmocka_unit_test(no_crossing),
		cmocka_unit_test(unknown_middle),
		cmocka_unit_test(several_crossings),
		cmocka_unit_test(thresholds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
