// SPDX-License-Identifier: MIT
/*
 * Is the harness honest? Compares code with itself, plants slowdowns, sets the engine
 * against a bare loop, and records traces for bench/coverage. Prints "name value bound ok|short" lines; exit 1 when one falls
 * short. It uses the shipped engine and estimators; the 0.5 % claim threshold
 * is not applied, so that the intervals stand alone.
 *
 *   honesty visits             A/A, planted slowdown, roster, engine cost
 *   honesty record FILE TIME   a trace of memcpy+clwb against nt-avx512
 */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/units.h"
#include "base/words.h"
#include "measure/engine.h"
#include "stage/stage.h"
#include "stage/state.h"
#include "plan/plan.h"
#include "stat/strata.h"
#include "strategy/strategy.h"
#include "sys/cpu.h"

#define WINDOW (64ull << 20)
#define ROOM 100000

struct bench {
	struct clock clock;
	struct cpu_place place;
	struct stage stage;
	struct engine_rounds rounds;
	struct state_prepare prepare;
	gsl_rng *rng;
	double *scratch;
	bool short_of;
	int divide; /* tries by this */
};

static void line(struct bench *bench, const char *name, double value, double bound, bool ok)
{
	printf("%s %.5g %.5g %s\n", name, value, bound, ok ? "ok" : "short");
	fflush(stdout);
	bench->short_of |= !ok;
}

static void at_most(struct bench *bench, const char *name, double value, double bound)
{
	line(bench, name, value, bound, value <= bound);
}

static void at_least(struct bench *bench, const char *name, double value, double bound)
{
	line(bench, name, value, bound, value >= bound);
}

static bool bench_open(struct bench *bench, struct err *e)
{
	const struct target_request memory = {.ops = &target_memfd, .node = -1};
	const struct stage_request needs = {
		.target = &memory, .target_bytes = WINDOW, .source_bytes = WINDOW, .seed = 7};

	memset(bench, 0, sizeof(*bench));
	bench->divide = 1;
	if (!cpu_pin(-1, &bench->place, e))
		return false;
	clock_init(&bench->clock);
	bench->rng = gsl_rng_alloc(gsl_rng_taus2);
	bench->scratch = malloc(ROOM * CASE_MOST_ARMS * sizeof(bench->scratch[0]));
	if (bench->rng == NULL || bench->scratch == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	bench->prepare = (struct state_prepare){.state = STATE_ABSENT,
		.source = SOURCE_HOT,
		.hot_limit_bytes = cpu_last_level_cache_bytes(bench->place.cpu),
		.evict = arch_evictor()};
	return stage_open(&bench->stage, &needs, e) &&
	       engine_rounds_init(&bench->rounds, CASE_MOST_ARMS, ROOM, e);
}

static void bench_close(struct bench *bench)
{
	engine_rounds_free(&bench->rounds);
	cpu_free(&bench->place);
	stage_close(&bench->stage);
	gsl_rng_free(bench->rng);
	free(bench->scratch);
}

/* The write loop of a strategy that this CPU must have. */
static void (*loop_of(const char *name))(const struct walk *)
{
	struct err e;
	const struct strategy *strategy = strategy_find(name, &e);
	const struct kernel *kernel = strategy_kernel(strategy, cpu_features(), &e);

	if (kernel == NULL) {
		fprintf(stderr, "honesty: %s: %s\n", name, e.text);
		exit(1);
	}
	return kernel->loop[OP_WRITE];
}

static struct engine engine_for(
	struct bench *bench, const struct engine_arm *arms, size_t n, size_t len)
{
	const struct setting setting = {SETTING_DEFAULTS};
	const struct stage_place place = stage_place(&bench->stage, &setting);
	struct engine engine = {.clock = &bench->clock,
		.rng = bench->rng,
		.arms = arms,
		.n_arms = n,
		.dst = place.dst,
		.user = place.dst,
		.dst_bytes = place.dst_bytes,
		.src = place.src,
		.src_bytes = place.src_bytes,
		.frame = place.frame,
		.len = len,
		.prepare = state_prepare,
		.restore = state_restore,
		.prepare_arg = &bench->prepare};

	bench->rounds.n_arms = n;
	engine_calibrate(&engine);
	return engine;
}

static struct interval one_visit(struct bench *bench, struct engine *engine, double seconds)
{
	engine_visit(engine, (uint64_t)(seconds * 1e9), &bench->rounds);
	return engine_log_ratio(&bench->rounds, 1, 0, 0.95, bench->scratch);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * The same code as both arms, n times. Pages and calibration change every 20
 * visits, as they would between runs. p95_bound 0: the false difference is
 * printed without a bound.
 */
static void same_twice(struct bench *bench, const char *name, const char *strategy, size_t len,
	double seconds, int n, double p95_bound)
{
	struct engine_arm arms[2] = {{.loop = loop_of(strategy)}, {.loop = loop_of(strategy)}};
	struct engine engine = {0};
	double *false_difference = malloc((size_t)n * sizeof(double));
	char label[80];
	size_t hits = 0;
	struct err e;

	for (int i = 0; i < n; i++) {
		struct interval interval;

		if (i % 20 == 0) {
			stage_refresh(&bench->stage, &e);
			engine = engine_for(bench, arms, 2, len);
		}
		interval = one_visit(bench, &engine, seconds);
		hits += interval.low > 0 || interval.high < 0;
		false_difference[i] = fabs(interval.estimate) * 100;
	}
	qsort(false_difference, (size_t)n, sizeof(double), by_value);
	snprintf(label, sizeof(label), "%s/false-positive-rate-lower-bound", name);
	at_most(bench, label, stat_proportion(hits, (size_t)n, 0.95).low, 0.05);
	snprintf(label, sizeof(label), "%s/false-difference-p95-percent", name);
	at_most(bench, label, false_difference[(int)(0.95 * n)],
		p95_bound > 0 ? p95_bound : INFINITY);
	free(false_difference);
}

extern const struct strategy strategy_memcpy_clwb;

/* memcpy+clwb that takes 2 % longer than it takes: it waits on its own clock. */
static void planted(const struct walk *walk)
{
	uint64_t start = __builtin_ia32_rdtsc(), end;

	strategy_memcpy_clwb.kernels[0].loop[OP_WRITE](walk);
	/* Or the waiting would hide behind what the last flushes still have to do. */
	__builtin_ia32_mfence();
	end = start + (uint64_t)((double)(__builtin_ia32_rdtsc() - start) * 1.02);
	while (__builtin_ia32_rdtsc() < end)
		;
}

static void find_planted(struct bench *bench, int n)
{
	struct engine_arm arms[2] = {{.loop = loop_of("memcpy+clwb")}, {.loop = planted}};
	struct engine engine = {0};
	int found = 0;
	struct err e;

	for (int i = 0; i < n; i++) {
		if (i % 20 == 0) {
			stage_refresh(&bench->stage, &e);
			engine = engine_for(bench, arms, 2, 4096);
		}
		found += one_visit(bench, &engine, 0.3).low > 0;
	}
	at_least(bench, "planted-2-percent/4KiB/0.3s/found-rate", (double)found / n, 0.95);
}

/* memcpy+clwb over nt-avx512, alone and among all strategies, in turn. */
static void alone_and_in_roster(struct bench *bench, int n)
{
	struct engine_arm pair[2] = {
		{.loop = loop_of("memcpy+clwb")}, {.loop = loop_of("nt-avx512")}};
	struct engine_arm roster[CASE_MOST_ARMS];
	size_t k = 0;
	double *difference = malloc((size_t)n * sizeof(double));
	struct engine alone, among;
	struct interval interval;
	struct err e;

	roster[k++] = pair[0];
	roster[k++] = pair[1];
	for (size_t i = 0; i < strategies_n; i++) {
		const struct kernel *kernel = strategy_kernel(strategies[i], cpu_features(), &e);

		/* Some only read. */
		if (kernel != NULL && kernel->loop[OP_WRITE] != NULL &&
			!strategies[i]->calls_kernel && strategies[i]->alias == ALIAS_NONE &&
			kernel->loop[OP_WRITE] != pair[0].loop &&
			kernel->loop[OP_WRITE] != pair[1].loop)
			roster[k++] = (struct engine_arm){.loop = kernel->loop[OP_WRITE],
				.idle = strategies[i]->family == FAMILY_EMPTY};
	}
	alone = engine_for(bench, pair, 2, 4096);
	among = engine_for(bench, roster, k, 4096);
	for (int i = 0; i < n; i++) {
		bench->rounds.n_arms = 2;
		difference[i] = one_visit(bench, &alone, 0.05).estimate;
		bench->rounds.n_arms = k;
		difference[i] -= one_visit(bench, &among, 0.05 * (double)k / 2).estimate;
	}
	interval = stat_t(difference, (size_t)n, 0.99);
	at_most(bench, "ratio-alone-against-in-roster/4KiB/difference-percent",
		100 * fabs(interval.estimate), 100 * (interval.high - interval.estimate));
	free(difference);
}

/* What anybody would write: one clock around a loop. */
static double bare_loop_ns(struct bench *bench, size_t at, size_t n, volatile size_t *len)
{
	struct walk walk = {.dst = bench->stage.targets[0].base + at,
		.user = bench->stage.targets[0].base + at,
		.src = bench->stage.drams[0].source,
		.dst_step = 64,
		.len = *len,
		.n = n};
	char *dst = walk.dst;
	size_t bytes = *len;
	uint64_t start;

	state_prepare(&bench->prepare, &walk);
	start = clock_wall_ns();
	for (size_t i = 0; i < n; i++) {
		memcpy(dst, bench->stage.drams[0].source, bytes);
		__asm__ volatile("clwb (%0)\n\tsfence" ::"r"(dst) : "memory");
		dst += 64;
	}
	return (double)(clock_wall_ns() - start) / (double)n;
}

static void engine_cost(struct bench *bench, int n)
{
	struct engine_arm arm = {.loop = loop_of("memcpy+clwb")};
	struct engine engine = engine_for(bench, &arm, 1, 64);
	double *cost = malloc((size_t)n * sizeof(double));
	volatile size_t len = 64;
	struct interval interval;

	for (int i = 0; i < n; i++) {
		size_t at = gsl_rng_uniform_int(bench->rng, 512) * 65536;
		double bare = log(bare_loop_ns(bench, at, 10000, &len));

		engine_visit(&engine, 2000000, &bench->rounds);
		cost[i] = engine_log_ns(&bench->rounds, 0, bench->scratch) - bare;
	}
	interval = stat_signed_rank(cost, (size_t)n, 0.95);
	fprintf(stderr, "engine cost at 64 B: %.3f %% [%.3f, %.3f]\n", 100 * interval.estimate,
		100 * interval.low, 100 * interval.high);
	at_most(bench, "engine-cost/64B/percent-over-bare-loop", 100 * interval.estimate, 1);
	free(cost);
}

static bool visits(struct bench *bench)
{
	same_twice(bench, "A/A/memcpy+clwb/4KiB/0.1s", "memcpy+clwb", 4096, 0.1,
		1000 / bench->divide, 0.3);
	same_twice(bench, "A/A/memcpy+clwb/4KiB/1s", "memcpy+clwb", 4096, 1, 100 / bench->divide,
		0.12);
	same_twice(
		bench, "A/A/memcpy+clwb/64B/0.1s", "memcpy+clwb", 64, 0.1, 300 / bench->divide, 0);
	same_twice(
		bench, "A/A/nt-avx512/4KiB/0.1s", "nt-avx512", 4096, 0.1, 300 / bench->divide, 0);
	find_planted(bench, 100 / bench->divide);
	alone_and_in_roster(bench, 100 / bench->divide);
	engine_cost(bench, 1000 / bench->divide);
	return !bench->short_of;
}

/*
 * Visits of 25 ms back to back, the pages changed every 4 s as a run does
 * between passes. A line is: seconds, rounds, log ns of either, log ratio.
 */
static bool record(struct bench *bench, const char *path, double seconds, struct err *e)
{
	struct engine_arm arms[2] = {
		{.loop = loop_of("memcpy+clwb")}, {.loop = loop_of("nt-avx512")}};
	struct engine engine = engine_for(bench, arms, 2, 4096);
	uint64_t start = clock_wall_ns(), changed = start;
	FILE *out = fopen(path, "wxe");

	if (out == NULL)
		return err_set(e, ERR_FAILED, "cannot create %s (it must not exist)", path);
	while ((double)(clock_wall_ns() - start) < seconds * 1e9) {
		double at = (double)(clock_wall_ns() - start) / 1e9;
		struct interval ratio = one_visit(bench, &engine, 0.025);

		fprintf(out, "%.4f %zu %.6f %.6f %.6f\n", at, bench->rounds.n,
			engine_log_ns(&bench->rounds, 0, bench->scratch),
			engine_log_ns(&bench->rounds, 1, bench->scratch), -ratio.estimate);
		if (clock_wall_ns() - changed > 4000000000u) {
			stage_refresh(&bench->stage, e);
			changed = clock_wall_ns();
		}
	}
	return fclose(out) == 0 || err_set(e, ERR_FAILED, "cannot write %s", path);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct bench bench;
	struct err e = {ERR_FAILED, "usage: honesty visits | record FILE TIME"};
	double seconds;
	bool ok = false;

	if (!bench_open(&bench, &e)) {
		fprintf(stderr, "honesty: %s\n", e.text);
		return 1;
	}
	/* Short: a twentieth of it all, of which the figures decide nothing. */
	if (argc > 2 && strcmp(argv[argc - 1], "short") == 0) {
		bench.divide = 20;
		argc--;
	}
	if (strcmp(what, "visits") == 0 && argc == 2)
		return visits(&bench) || bench.divide > 1 ? 0 : 1;
	if (strcmp(what, "record") == 0 && argc == 4)
		ok = units_parse_seconds(argv[3], &seconds, &e) &&
		     record(&bench, argv[2], seconds, &e);
	ok |= bench.short_of && bench.divide > 1;
	if (!ok && !bench.short_of)
		fprintf(stderr, "honesty: %s\n", e.text);
	bench_close(&bench);
	return ok ? 0 : 1;
}
