// SPDX-License-Identifier: MIT
/*
 * Do the intervals cover as often as they say? Runs are drawn from simulated weather of
 * many kinds, or from recorded traces, and judged by the shipped estimators; nothing is
 * fitted on what it is tried on. Prints "name value bound ok|short" lines; exit 1 when one
 * falls short. A bound of 0 decides nothing: the figure is there to be known.
 *
 *   coverage simulated [RUNS]   2000 of each kind
 *   coverage trace FILE [RUNS]  of bench/honesty's record
 *   coverage choosing [RUNS]    best of several, crossovers, tune's threshold, stopping, and
 *                               ratios at stated weather
 */
#include <gsl/gsl_linalg.h>
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

#define SPAN_S 60.0
#define GRID 3000 /* points of a path over the span */
#define STEP_S (SPAN_S / GRID)
#define MOST 200    /* visits */
#define TOGETHER 12 /* comparisons of one run */
#define NOISE 0.5   /* deviation of a visit's own noise over that of the weather */
#define SHARE (1 / (1 + NOISE * NOISE)) /* of a visit's variance that is weather */

static gsl_rng *rng;
static bool short_of;
static size_t runs = 2000;

static void line(const char *name, const char *what, double value, double bound, bool ok)
{
	printf("%s/%s %.4g %g %s\n", name, what, value, bound, ok ? "ok" : "short");
	fflush(stdout);
	short_of |= !ok;
}

static void at_least(const char *name, const char *what, double value, double bound)
{
	line(name, what, value, bound, bound == 0 || value >= bound);
}

static void at_most(const char *name, const char *what, double value, double bound)
{
	line(name, what, value, bound, bound == 0 || value <= bound);
}

static double median_of(double *x, size_t n)
{
	stat_sort(x, n);
	return x[n / 2];
}

/* ---- weather ---- */

/* One more first-order Markov process of deviation 1 on the path, times `weight`. */
static void add_range(double *path, double range_s, double weight)
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

static void one_range(double *path, double range_s)
{
	add_range(path, range_s, 1);
}

/* Half of the variance in a second, half in so long. */
static void two_ranges(double *path, double range_s)
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

struct kind {
	const char *name;
	void (*fill)(double *path, double parameter);
	double parameter;
	double range_s; /* of a stationary kind of one range: an oracle knows it; 0: no such */
	double tails;	/* degrees of freedom of the visits' noise; 0: normal */
	bool own_time;	/* a visit is the noisier the slower the arm is just then */
	bool level;	/* it has a level, 0, about which it wanders */
};

static const struct kind kinds[] = {
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
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* ---- runs ---- */

/* Visits at random places of n equal strata. */
static void place(size_t n, size_t *at)
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

static void look(const struct kind *kind, const double *path, const size_t *at, size_t n, double *x)
{
	for (size_t i = 0; i < n; i++)
		x[i] = path[at[i]] + noise_of(kind, path[at[i]]);
}

static bool covers(struct interval interval, double truth)
{
	return interval.low <= truth && truth <= interval.high;
}

/* ---- what one who knows the correlation could say ---- */

static double correlation(double range_s, double a, double b)
{
	return range_s > 0 ? exp(-fabs(a - b) * STEP_S / range_s) : 0;
}

/* R^-1 of visits at those places applied to two right sides; R is of a visit's variance. */
static void solve(const double *const sides[2], double *const solved[2], const size_t *at, size_t n,
	double range_s)
{
	gsl_matrix *r = gsl_matrix_alloc(n, n);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			gsl_matrix_set(r, i, j,
				i == j ? 1
				       : SHARE * correlation(
							 range_s, (double)at[i], (double)at[j]));
	gsl_linalg_cholesky_decomp1(r);
	for (int s = 0; s < 2; s++) {
		gsl_vector_const_view side = gsl_vector_const_view_array(sides[s], n);
		gsl_vector_view into = gsl_vector_view_array(solved[s], n);

		gsl_linalg_cholesky_solve(r, &side.vector, &into.vector);
	}
	gsl_matrix_free(r);
}

/*
 * Half-widths over a visit's deviation: of the run's mean (kriging of the block's mean,
 * level unknown: Cressie, Statistics for Spatial Data (1993), 3.2 and 3.4.5), and of the
 * level (generalised least squares).
 */
static void oracle(double range_s, const size_t *at, size_t n, double *run, double *level)
{
	static double ones[MOST], block[MOST], of_ones[MOST], of_block[MOST];
	const double *const sides[] = {ones, block};
	double *const solved[] = {of_ones, of_block};
	double own = 0, explained = 0, left = 1, information = 0;
	double keep = exp(-STEP_S / range_s);

	for (size_t i = 0; i < n; i++) {
		ones[i] = 1;
		block[i] = 0;
		for (size_t k = 0; k < GRID; k++)
			block[i] += SHARE * correlation(range_s, (double)at[i], (double)k) / GRID;
	}
	/* The variance of a mean of GRID points whose correlation is keep^d. */
	for (size_t d = 1; d < GRID; d++)
		own += 2 * (double)(GRID - d) * pow(keep, (double)d);
	own = SHARE * (own + GRID) / GRID / GRID;
	solve(sides, solved, at, n, range_s);
	for (size_t i = 0; i < n; i++) {
		explained += block[i] * of_block[i];
		left -= of_block[i];
		information += of_ones[i];
	}
	*run = stat_t_quantile(0.95, (double)(n - 1)) *
	       sqrt(own - explained + left * left / information);
	*level = stat_t_quantile(0.95, (double)(n - 1)) / sqrt(information);
}

/* ---- the two truths ---- */

struct tally {
	size_t run, level, claims, wrong;
	double *run_width, *level_width;
	double run_oracle, level_oracle;
};

static void fill_times(const size_t *at, size_t n, double *at_s)
{
	for (size_t i = 0; i < n; i++)
		at_s[i] = (double)at[i] * STEP_S;
}

/*
 * One run of `together` comparisons of one weather; the first is judged. A claim about
 * another run is made as the product makes it: where neither the comparison's own weather
 * nor what all of them saw together looks slower than the run.
 */
static void one_run(
	const struct kind *kind, size_t n, size_t together, size_t r, struct tally *tally)
{
	static double path[GRID], x[MOST], at_s[MOST];
	static struct sighting seen[TOGETHER * MOST];
	double truth = 0, deviation;
	size_t n_seen = 0;
	struct outlook first = {{NAN, INFINITY, 1}, 1};
	struct interval interval;
	size_t at[MOST];
	bool claim;

	memset(path, 0, sizeof(path));
	kind->fill(path, kind->parameter);
	for (size_t k = 0; k < GRID; k++)
		truth += path[k] / GRID;
	for (size_t c = 0; c < together; c++) {
		struct weather weather;
		struct outlook outlook;

		place(n, at);
		look(kind, path, at, n, x);
		if (c == 0) {
			interval = stat_interval(stat_strata(x, n), 0.95);
			tally->run += covers(interval, truth);
			tally->run_width[r] = interval.high - interval.estimate;
		}
		fill_times(at, n, at_s);
		weather_init(&weather, at_s, n, SPAN_S);
		outlook = weather_outlook(&weather, x);
		weather_free(&weather);
		n_seen += witness_add(at_s, x, n, seen + n_seen);
		if (c == 0)
			first = outlook;
	}
	interval = stat_interval(first.level, 0.95);
	claim = first.slow <= WEATHER_DOUBT &&
		witness_slow(seen, n_seen, SPAN_S) <= WEATHER_DOUBT_OF_ALL;
	tally->level += covers(interval, 0);
	tally->claims += claim;
	tally->wrong += claim && !covers(interval, 0);
	tally->level_width[r] = interval.high - interval.estimate;
	/* The oracle's widths depend on the places alone: a few of them tell. */
	if (kind->range_s > 0 && r < 5) {
		double run, level;

		oracle(kind->range_s, at, n, &run, &level);
		deviation = sqrt(1 + NOISE * NOISE);
		tally->run_oracle += run * deviation / 5;
		tally->level_oracle += level * deviation / 5;
	}
}

static void report_run(const struct kind *kind, const char *name, size_t n, struct tally *tally)
{
	double width = median_of(tally->run_width, runs);
	bool promised = n >= STRATA_ENOUGH;

	at_least(
		name, "in-this-run-covers", (double)tally->run / (double)runs, promised ? 0.93 : 0);
	if (strcmp(kind->name, "white") == 0)
		at_most(name, "in-this-run-width-over-Student's",
			width / stat_t_quantile(0.95, (double)(n - 1)) * sqrt((double)n),
			promised ? 1.1 : 0);
	if (kind->range_s > 0)
		at_most(name, "in-this-run-width-over-oracle's", width / tally->run_oracle,
			promised ? 1.4 : 0);
}

static void report_level(const struct kind *kind, const char *name, size_t n, struct tally *tally)
{
	double width = median_of(tally->level_width, runs), range_s = kind->range_s;
	bool fast = range_s > 0 && range_s <= SPAN_S / 30 * 1.001;
	bool within = range_s > 0 && range_s <= SPAN_S / 3 * 1.001;

	if (n < WEATHER_ENOUGH || !kind->level)
		return;
	at_least(name, "another-run-covers", (double)tally->level / (double)runs,
		fast || range_s == 0 ? kind->fill == two_ranges ? 0 : 0.93 : 0);
	at_most(name, "another-run-claimed-and-missed", (double)tally->wrong / (double)runs,
		within ? 2.0 * range_s < SPAN_S / 3 ? 0.07 : 0.10 : 0);
	at_least(name, "another-run-claimed", (double)tally->claims / (double)runs, 0);
	if (range_s > 0)
		at_most(name, "another-run-width-over-oracle's", width / tally->level_oracle,
			fast ? 1.3 : 0);
}

static void try_kind(const struct kind *kind, size_t n, size_t together)
{
	struct tally tally = {.run_width = calloc(runs, sizeof(double)),
		.level_width = calloc(runs, sizeof(double))};
	char name[80];

	for (size_t r = 0; r < runs; r++)
		one_run(kind, n, together, r, &tally);
	if (together == 1) {
		snprintf(name, sizeof(name), "%s/%zu-visits", kind->name, n);
		report_run(kind, name, n, &tally);
	} else {
		snprintf(name, sizeof(name), "%s/%zu-visits-of-%zu", kind->name, n, together);
	}
	report_level(kind, name, n, &tally);
	free(tally.run_width);
	free(tally.level_width);
}

static void simulated(void)
{
	static const size_t visits[] = {10, 20, 30, 60, 200};

	for (size_t k = 0; k < N_KINDS; k++) {
		for (size_t v = 0; v < sizeof(visits) / sizeof(visits[0]); v++)
			try_kind(&kinds[k], visits[v], 1);
		if (kinds[k].level)
			try_kind(&kinds[k], 30, TOGETHER);
	}
}

/* ---- a recorded trace ---- */

struct trace {
	double *at_s, *log_ratio;
	size_t n;
};

static bool read_trace(struct trace *trace, const char *path)
{
	FILE *in = fopen(path, "re");
	double at, rounds, a, b, ratio;
	size_t room = 0;

	if (in == NULL)
		return false;
	while (fscanf(in, "%lf %lf %lf %lf %lf%*[^\n]", &at, &rounds, &a, &b, &ratio) == 5) {
		if (trace->n == room) {
			room = room ? 2 * room : 65536;
			trace->at_s = realloc(trace->at_s, room * sizeof(double));
			trace->log_ratio = realloc(trace->log_ratio, room * sizeof(double));
		}
		trace->at_s[trace->n] = at;
		trace->log_ratio[trace->n++] = ratio;
	}
	fclose(in);
	return trace->n > 1000;
}

/* The visit that was under way at that time. */
static size_t visit_at(const struct trace *trace, double at_s)
{
	size_t low = 0, high = trace->n - 1;

	while (low < high) {
		size_t middle = (low + high + 1) / 2;

		if (trace->at_s[middle] <= at_s)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* Runs of a length and number of visits, begun anywhere in the trace. */
static void draw(const struct trace *trace, double span_s, size_t n)
{
	static double x[MOST], at_s[MOST];
	double all = stat_mean(trace->log_ratio, trace->n);
	double last_s = trace->at_s[trace->n - 1];
	double *run_width = calloc(runs, sizeof(double)),
	       *level_width = calloc(runs, sizeof(double));
	size_t run = 0, level = 0, claims = 0, wrong = 0;
	char name[60];

	for (size_t r = 0; r < runs; r++) {
		double start_s = (last_s - span_s) * gsl_rng_uniform(rng);
		size_t first = visit_at(trace, start_s), end = visit_at(trace, start_s + span_s);
		struct interval interval;
		struct weather weather;
		struct outlook outlook;

		for (size_t i = 0; i < n; i++) {
			at_s[i] = span_s * ((double)i + gsl_rng_uniform(rng)) / (double)n;
			x[i] = trace->log_ratio[visit_at(trace, start_s + at_s[i])];
		}
		interval = stat_interval(stat_strata(x, n), 0.95);
		run += covers(interval, stat_mean(trace->log_ratio + first, end - first));
		run_width[r] = interval.high - interval.estimate;
		weather_init(&weather, at_s, n, span_s);
		outlook = weather_outlook(&weather, x);
		weather_free(&weather);
		interval = stat_interval(outlook.level, 0.95);
		level += covers(interval, all);
		level_width[r] = interval.high - interval.estimate;
		claims += outlook.slow <= WEATHER_DOUBT_OF_ALL;
		wrong += outlook.slow <= WEATHER_DOUBT_OF_ALL && !covers(interval, all);
	}
	snprintf(name, sizeof(name), "trace/%gs-%zu-visits", span_s, n);
	at_least(name, "in-this-run-covers", (double)run / (double)runs, 0.93);
	at_most(name, "in-this-run-half-width-percent", 100 * median_of(run_width, runs), 0);
	at_least(name, "another-run-covers-the-trace", (double)level / (double)runs, 0);
	at_most(name, "another-run-half-width-percent", 100 * median_of(level_width, runs), 0);
	at_least(name, "another-run-claimed", (double)claims / (double)runs, 0);
	at_most(name, "another-run-claimed-and-missed", (double)wrong / (double)runs, 0);
	free(run_width);
	free(level_width);
}

static bool traced(const char *path)
{
	struct trace trace = {NULL, NULL, 0};

	if (!read_trace(&trace, path)) {
		fprintf(stderr, "coverage: %s: no trace of 1000 visits or more\n", path);
		return false;
	}
	at_least("trace", "minutes", trace.at_s[trace.n - 1] / 60, 0);
	if (trace.at_s[trace.n - 1] <= 60) {
		fprintf(stderr, "coverage: %s: shorter than a minute\n", path);
		return false;
	}
	draw(&trace, 60, 20);
	draw(&trace, 60, 60);
	if (trace.at_s[trace.n - 1] > 300)
		draw(&trace, 180, 60);
	if (trace.at_s[trace.n - 1] > 1200)
		draw(&trace, 600, 200);
	free(trace.at_s);
	free(trace.log_ratio);
	return true;
}

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

static void choosing(void)
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

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	bool ok = true, is_trace = strcmp(what, "trace") == 0;
	int last = is_trace ? 3 : 2;

	rng = gsl_rng_alloc(gsl_rng_taus2);
	if (argc > last)
		runs = strtoul(argv[last], NULL, 10);
	if (rng == NULL || runs < 10 || argc > last + 1 || (is_trace && argc < 3)) {
		what = "";
		is_trace = false;
	}
	if (is_trace)
		ok = traced(argv[2]);
	else if (strcmp(what, "simulated") == 0)
		simulated();
	else if (strcmp(what, "choosing") == 0)
		choosing();
	else
		ok = false;
	if (what[0] == '\0')
		fprintf(stderr, "usage: coverage simulated [RUNS] | trace FILE [RUNS] | choosing "
				"[RUNS], at least 10\n");
	if (rng != NULL)
		gsl_rng_free(rng);
	/* Few runs decide nothing. */
	return ok && (!short_of || runs < 1000) ? 0 : 1;
}
