// SPDX-License-Identifier: MIT
/* What choosing costs an interval: simulated, with the shipped choosers inside. */
#include "coverage.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/contest.h"
#include "analyse/crossover.h"
#include "analyse/explain.h"
#include "analyse/standing.h"
#include "analyse/threshold.h"
#include "stat/line.h"
#include "stat/strata.h"
#include "stat/weather.h"
#include "stat/witness.h"

/* ---- what choosing costs ---- */

#define ARMS 6
#define VISITS 30

/* Means over a run of one range, as stat_strata() sees them; truths of the run. */
static void see(double range_s, double level, double *x, double *truth)
{
	static const struct kind kind = {.fill = one_range};
	static double path[GRID];
	size_t at[VISITS];

	memset(path, 0, sizeof(path));
	one_range(path, range_s);
	*truth = level;
	for (size_t k = 0; k < GRID; k++)
		*truth += path[k] / GRID;
	place(VISITS, at);
	look(&kind, path, at, VISITS, x);
	for (size_t i = 0; i < VISITS; i++)
		x[i] += level;
}

/*
 * Best of several that are all alike on average, where choosing costs most: the speed of
 * the one that the sample chose over the truly best other.
 */
static void best_of_several(double range_s)
{
	static double x[ARMS][VISITS], difference[VISITS];
	size_t covered = 0;
	char name[60];

	for (size_t r = 0; r < runs; r++) {
		double truth[ARMS], rival = INFINITY, low = INFINITY, high = -INFINITY;
		size_t best = 0;

		for (size_t a = 0; a < ARMS; a++) {
			see(range_s, 0, x[a], &truth[a]);
			if (stat_mean(x[a], VISITS) < stat_mean(x[best], VISITS))
				best = a;
		}
		for (size_t a = 0; a < ARMS; a++) {
			struct interval over;

			if (a == best)
				continue;
			for (size_t i = 0; i < VISITS; i++)
				difference[i] = x[a][i] - x[best][i];
			over = standing_joint(stat_strata(difference, VISITS), ARMS, 0);
			low = fmin(low, over.low);
			high = fmax(high, over.high);
			rival = fmin(rival, truth[a]);
		}
		rival -= truth[best];
		covered += low <= rival && rival <= high;
	}
	snprintf(name, sizeof(name), "best-of-%d/range-%gs", ARMS, range_s);
	at_least(name, "gain-over-the-best-other-covers", (double)covered / (double)runs, 0.93);
}

#define SIZES 12

/* Log ratios at sizes 2^6 .. 2^17 that cross zero somewhere between 2^9 and 2^14. */
static double see_sizes(
	double range_s, double slope, double confidence, struct crossover_point *points)
{
	static double x[VISITS];
	double at = 9 + 5 * gsl_rng_uniform(rng), truth;

	for (size_t s = 0; s < SIZES; s++) {
		points[s].x = 6 + (double)s;
		see(range_s, slope * (points[s].x - at), x, &truth);
		/* Each size has weather of its own, and the curve is what is without it. */
		for (size_t i = 0; i < VISITS; i++)
			x[i] -= truth - slope * (points[s].x - at);
		points[s].log_ratio = stat_interval(stat_strata(x, VISITS), confidence);
	}
	return at;
}

static void crossovers(double range_s, double slope)
{
	struct crossover_point points[SIZES];
	size_t covered = 0, found = 0;
	char name[60];

	for (size_t r = 0; r < runs; r++) {
		struct crossover at[8];
		double truth = see_sizes(range_s, slope, 0.95, points);

		if (crossover_find(points, SIZES, 0.005, at, 8) != 1)
			continue;
		found++;
		covered += at[0].x.low <= truth && truth <= at[0].x.high;
	}
	snprintf(name, sizeof(name), "crossover/range-%gs/slope-%g", range_s, slope);
	at_least(name, "found", (double)found / (double)runs, 0);
	at_least(name, "covers", (double)covered / (double)(found ? found : 1), 0.93);
}

static void thresholds(double range_s, double slope)
{
	struct crossover_point points[SIZES];
	size_t covered = 0;
	char name[60];

	for (size_t r = 0; r < runs; r++) {
		uint64_t sizes[SIZES];
		struct interval ratios[SIZES];
		struct threshold threshold;
		double at = see_sizes(range_s, -slope, threshold_confidence(SIZES), points);
		uint64_t truth = 1ull << (unsigned)ceil(at);

		for (size_t s = 0; s < SIZES; s++) {
			sizes[s] = 64ull << s;
			ratios[s] = points[s].log_ratio;
		}
		threshold = threshold_find(sizes, ratios, SIZES, 256);
		covered += threshold.low <= truth && truth <= threshold.high;
	}
	snprintf(name, sizeof(name), "threshold/range-%gs/slope-%g", range_s, slope);
	at_least(name, "covers", (double)covered / (double)runs, 0.93);
}

/* Ended at the first of the planned looks at which the interval is narrow enough. */
static void stopping(const struct kind *kind, double width)
{
	static double path[GRID], x[MOST];
	size_t covered = 0, early = 0;
	char name[80];

	for (size_t r = 0; r < runs; r++) {
		size_t at[MOST], n;
		struct interval interval;
		double truth = 0;

		memset(path, 0, sizeof(path));
		kind->fill(path, kind->parameter);
		place(MOST, at);
		look(kind, path, at, MOST, x);
		for (n = STRATA_ENOUGH; n < MOST; n += 10)
			if (CONTEST_STOP * (stat_interval(stat_strata(x, n), 0.95).high -
						   stat_mean(x, n)) <=
				width)
				break;
		n = n < MOST ? n : MOST;
		early += n < MOST;
		/* The truth is that of the run as long as it was. */
		for (size_t k = 0; k < n * GRID / MOST; k++)
			truth += path[k] / (double)(n * GRID / MOST);
		interval = stat_interval(stat_strata(x, n), 0.95);
		covered += covers(interval, truth);
	}
	snprintf(name, sizeof(name), "until-%g/%s", width, kind->name);
	at_least(name, "ended-early", (double)early / (double)runs, 0);
	at_least(name, "covers", (double)covered / (double)runs, 0.93);
}

/*
 * A ratio that follows the weather by `slope`, and what is left of it; a roof that sees the
 * weather with a fifth of its deviation as noise. Told at quiet, median and busy weather
 * where the held-out visits allow it; else as it is. One decision and three intervals a
 * run. The truth at a reading is the line through all of the run: what to expect of the
 * ratio while the roof reads that, noise of its reading included.
 */
static void explained(double slope, double range_s)
{
	static double weather[GRID], own[GRID], roof[VISITS], ratio[VISITS], left[VISITS];
	static double readings[GRID], truths[GRID];
	size_t used = 0, covered = 0, told = 0, plain_covered = 0;
	double *widths = calloc(runs, sizeof(double));
	char name[60];

	for (size_t r = 0; r < runs; r++) {
		struct explain_fit fit;
		struct stat_estimate plain;
		struct stat_line line;
		double truth = 0;
		size_t at[VISITS];

		memset(weather, 0, sizeof(weather));
		memset(own, 0, sizeof(own));
		add_range(weather, range_s, 1);
		add_range(own, 1, 0.5);
		for (size_t k = 0; k < GRID; k++) {
			readings[k] = weather[k] + gsl_ran_gaussian(rng, 0.2);
			truths[k] = slope * weather[k] + own[k];
			truth += truths[k] / GRID;
		}
		line = stat_line(readings, truths, GRID);
		place(VISITS, at);
		for (size_t i = 0; i < VISITS; i++) {
			roof[i] = readings[at[i]];
			ratio[i] = truths[at[i]] + gsl_ran_gaussian(rng, 0.2);
		}
		plain = stat_strata(ratio, VISITS);
		explain_fit(roof, ratio, VISITS, &fit, left);
		if (fit.share < EXPLAIN_LEAST) {
			plain_covered += covers(stat_interval(plain, 0.95), truth);
			widths[r] = 1;
			continue;
		}
		used++;
		widths[r] = fit.run[WEATHER_MEDIAN].error / plain.error;
		for (size_t w = 0; w < EXPLAIN_WEATHERS; w++, told++)
			covered += covers(stat_interval(fit.run[w], 0.95),
				line.level + line.slope * (fit.readings[w] - line.middle));
	}
	snprintf(name, sizeof(name), "weather/slope-%g-range-%gs", slope, range_s);
	at_least(name, "used", (double)used / (double)runs, 0);
	if (told > 0)
		at_least(name, "at-stated-weather-covers", (double)covered / (double)told,
			used > runs / 20 ? 0.93 : 0);
	if (used < runs)
		at_least(name, "unadjusted-covers", (double)plain_covered / (double)(runs - used),
			runs - used > runs / 20 ? 0.93 : 0);
	at_most(name, "median-width-over-unadjusted", median_of(widths, runs), 0);
	free(widths);
}

void choosing(void)
{
	explained(0, 20);
	explained(0.5, 20);
	explained(1, 20);
	explained(2, 20);
	explained(1, 2);
	explained(1, 600);
	best_of_several(1);
	best_of_several(20);
	crossovers(1, 0.2);
	crossovers(20, 0.2);
	crossovers(1, 1);
	thresholds(1, 0.2);
	thresholds(20, 0.2);
	thresholds(1, 1);
	for (size_t k = 0; k < N_KINDS; k++)
		stopping(&kinds[k], 0.15);
}
