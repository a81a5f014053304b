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
#include "coverage.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stat/strata.h"
#include "stat/weather.h"
#include "stat/witness.h"

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
