// SPDX-License-Identifier: MIT
/* Simulated weather of many kinds, and what a run sees of it. */
#include "coverage.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>

gsl_rng *rng;
bool short_of;
size_t runs = 2000;

static void line(const char *name, const char *what, double value, double bound, bool ok)
{
	printf("%s/%s %.4g %g %s\n", name, what, value, bound, ok ? "ok" : "short");
	fflush(stdout);
	short_of |= !ok;
}

void at_least(const char *name, const char *what, double value, double bound)
{
	line(name, what, value, bound, bound == 0 || value >= bound);
}

void at_most(const char *name, const char *what, double value, double bound)
{
	line(name, what, value, bound, bound == 0 || value <= bound);
}

double median_of(double *x, size_t n)
{
	stat_sort(x, n);
	return x[n / 2];
}

/* ---- weather ---- */

/* One more first-order Markov process of deviation 1 on the path, times `weight`. */
void add_range(double *path, double range_s, double weight)
{
	double keep = exp(-STEP_S / range_s), x = gsl_ran_gaussian(rng, 1);

	for (size_t k = 0; k < GRID; k++) {
		path[k] += weight * x;
		x = keep * x + gsl_ran_gaussian(rng, sqrt(1 - keep * keep));
	}
}

static void still(double *path, double parameter)
{
	(void)path;
	(void)parameter;
}

void one_range(double *path, double range_s)
{
	add_range(path, range_s, 1);
}

/* Half of the variance in a second, half in so long. */
void two_ranges(double *path, double range_s)
{
	add_range(path, 1, M_SQRT1_2);
	add_range(path, range_s, M_SQRT1_2);
}

static void bursts(double *path, double each_s)
{
	for (int b = 0; b < 4; b++) {
		size_t first = gsl_rng_uniform_int(rng, GRID), n = (size_t)(each_s / STEP_S);

		for (size_t k = first; k < first + n && k < GRID; k++)
			path[k] += 3;
	}
}

static void step(double *path, double height)
{
	for (size_t k = gsl_rng_uniform_int(rng, GRID); k < GRID; k++)
		path[k] += height;
}

static void drift(double *path, double height)
{
	for (size_t k = 0; k < GRID; k++)
		path[k] += height * (double)k / GRID;
}

/* A day is a wave of which the run sees a part: at 10 spans a period, anywhere in it. */
static void wave(double *path, double spans)
{
	double at = 2 * M_PI * gsl_rng_uniform(rng);

	for (size_t k = 0; k < GRID; k++)
		path[k] += M_SQRT2 * sin(at + 2 * M_PI * (double)k / GRID / spans);
}

/* High or low, as long at a time as chance says. */
static void two_regimes(double *path, double dwell_s)
{
	double level = gsl_rng_uniform(rng) < 0.5 ? -1 : 1;

	for (size_t k = 0; k < GRID; k++) {
		path[k] += level;
		if (gsl_rng_uniform(rng) < STEP_S / dwell_s)
			level = -level;
	}
}

const struct kind kinds[N_KINDS] = {
	{.name = "white", .fill = still, .level = true},
	{.name = "range-0.1s", .fill = one_range, .parameter = 0.1, .range_s = 0.1, .level = true},
	{.name = "range-1s", .fill = one_range, .parameter = 1, .range_s = 1, .level = true},
	{.name = "range-2s", .fill = one_range, .parameter = 2, .range_s = 2, .level = true},
	{.name = "range-6s", .fill = one_range, .parameter = 6, .range_s = 6, .level = true},
	{.name = "range-20s", .fill = one_range, .parameter = 20, .range_s = 20, .level = true},
	{.name = "range-60s", .fill = one_range, .parameter = 60, .range_s = 60, .level = true},
	{.name = "range-600s", .fill = one_range, .parameter = 600, .range_s = 600, .level = true},
	{.name = "ranges-1s-and-20s", .fill = two_ranges, .parameter = 20, .level = true},
	{.name = "ranges-1s-and-600s", .fill = two_ranges, .parameter = 600, .level = true},
	{.name = "bursts-of-2s", .fill = bursts, .parameter = 2},
	{.name = "step", .fill = step, .parameter = 2},
	{.name = "drift", .fill = drift, .parameter = 3},
	{.name = "wave-of-10-spans", .fill = wave, .parameter = 10},
	{.name = "heavy-tails", .fill = still, .tails = 2.5, .level = true},
	{.name = "two-regimes-5s", .fill = two_regimes, .parameter = 5, .level = true},
	{.name = "own-time", .fill = one_range, .parameter = 2, .own_time = true, .level = true},
};

/* ---- runs ---- */

/* Visits at random places of n equal strata. */
void place(size_t n, size_t *at)
{
	for (size_t i = 0; i < n; i++) {
		size_t first = i * GRID / n, end = (i + 1) * GRID / n;

		at[i] = first + gsl_rng_uniform_int(rng, end - first);
	}
}

static double noise_of(const struct kind *kind, double weather)
{
	double deviation = kind->own_time ? NOISE * exp(weather / 2) : NOISE;

	if (kind->tails > 0)
		return gsl_ran_tdist(rng, kind->tails);
	return gsl_ran_gaussian(rng, kind->fill == still ? 1 : deviation);
}

void look(const struct kind *kind, const double *path, const size_t *at, size_t n, double *x)
{
	for (size_t i = 0; i < n; i++)
		x[i] = path[at[i]] + noise_of(kind, path[at[i]]);
}

bool covers(struct interval interval, double truth)
{
	return interval.low <= truth && truth <= interval.high;
}
