// SPDX-License-Identifier: MIT
/*
 * daxmark's time of an operation beside that of a bare loop over the same memory, in turn: the
 * engine as a run has it, and what anybody would write, with the lines of the destination in
 * the same state (absent) and the source hot. Of copies that end in a fence, whose time is
 * theirs alone.
 *
 *   peers TARGET [ALTERNATIONS [SECONDS OF EACH [overwrite]]]
 *
 * Prints a line a case, tab-separated: strategy, bytes, ns of the bare loop with its quartiles,
 * the same of daxmark, daxmark's over the loop's with its 95 % interval (signed rank).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "case/setting.h"
#include "measure/engine.h"
#include "stage/stage.h"
#include "stage/state.h"
#include "stat/stat.h"
#include "strategy/strategy.h"
#include "sys/cpu.h"

#define MOST_ALTERNATIONS 1000
#define WINDOW (64ull << 20)
#define BATCHES 4096

struct bench {
	struct stage stage;
	struct clock clock;
	struct engine_rounds rounds;
	gsl_rng *rng;
	arch_evict *evict;
	double *scratch;
};

struct copy {
	const char *name;
	void (*one)(char *dst, const char *src, size_t bytes);
};

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("clwb"))) static void memcpy_clwb(char *dst, const char *src, size_t bytes)
{
	memcpy(dst, src, bytes);
	for (size_t at = 0; at < bytes; at += 64)
		_mm_clwb(dst + at);
	_mm_sfence();
}

static void memcpy_clflush(char *dst, const char *src, size_t bytes)
{
	memcpy(dst, src, bytes);
	for (size_t at = 0; at < bytes; at += 64)
		_mm_clflush(dst + at);
	_mm_sfence();
}

static void nt_sse2(char *dst, const char *src, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += 64)
		for (size_t word = 0; word < 64; word += 16)
			_mm_stream_si128((__m128i *)(void *)(dst + at + word),
				_mm_loadu_si128((const __m128i *)(const void *)(src + at + word)));
	_mm_sfence();
}

#endif

static void memcpy_fence(char *dst, const char *src, size_t bytes)
{
	memcpy(dst, src, bytes);
#if defined(__x86_64__)
	_mm_sfence();
#else
	__sync_synchronize();
#endif
}

static const struct copy copies[] = {
	{"memcpy+fence", memcpy_fence},
#if defined(__x86_64__)
	{"memcpy+clwb", memcpy_clwb},
	{"memcpy+clflush", memcpy_clflush},
	{"nt-sse2", nt_sse2},
#endif
};

static const size_t sizes[] = {64, 4096, 1 << 20};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double share(const double *sorted, size_t n, double part)
{
	return sorted[(size_t)(part * (double)(n - 1) + 0.5)];
}

static void put_away(const struct bench *bench, char *start, size_t bytes)
{
	if (bench->evict != NULL)
		bench->evict(start, bytes);
}

static uint64_t run_batch(
	const struct copy *copy, char *dst, const char *src, size_t bytes, size_t n)
{
	uint64_t start = clock_wall_ns();

	for (size_t i = 0; i < n; i++)
		copy->one(dst + i * bytes, src, bytes);
	/* The last flushes are under way past its fence; the clock would not wait for them. */
	__sync_synchronize();
	return clock_wall_ns() - start;
}

/*
 * Batches for so long, summed up as the engine's rounds are: log ns of an operation. Each is laid where the one before
 * it ended, on lines that were put out of the caches, after as many that are not timed (of one
 * operation so many bytes: all of it would take the source out of the caches).
 */
static double bare_loop(const struct bench *bench, const struct copy *copy, size_t bytes,
	size_t batch, size_t warm, double seconds)
{
	static double times[BATCHES];
	char *base = bench->stage.targets[0].base;
	const char *src = bench->stage.drams[0].source;
	uint64_t end = clock_wall_ns() + (uint64_t)(seconds * 1e9);
	size_t n = 0, at, need = 2 * batch * bytes;

	at = gsl_rng_uniform_int(bench->rng, (unsigned long)((WINDOW - need) / 4096)) * 4096;
	do {
		if (at + need > WINDOW)
			at = 0;
		put_away(bench, base + at, need);
		for (size_t line = 0; line < bytes; line += 64)
			(void)*(const volatile char *)(src + line);
		run_batch(copy, base + at, src, batch > 1 ? bytes : warm, batch);
		times[n++] =
			log((double)run_batch(copy, base + at + batch * bytes, src, bytes, batch) /
				(double)batch);
		put_away(bench, base + at, need);
		at += need;
	} while (n < BATCHES && clock_wall_ns() < end);
	return stat_hodges_lehmann(times, n);
}

static void compare(struct bench *bench, const struct copy *copy, size_t bytes, size_t alternations,
	double seconds)
{
	const struct setting setting = {SETTING_DEFAULTS, .size = bytes};
	const struct stage_place place = stage_place(&bench->stage, &setting);
	struct state_prepare prepare = {.evict = bench->evict,
		.state = bench->evict != NULL ? STATE_ABSENT : STATE_DIRTY,
		.hot_limit_bytes = cpu_last_level_cache_bytes(-1)};
	struct err e;
	const struct strategy *strategy = strategy_find(copy->name, &e);
	const struct kernel *kernel =
		strategy != NULL ? strategy_kernel(strategy, cpu_features(), &e) : NULL;
	struct engine_arm arm;
	struct engine engine;
	double bare[MOST_ALTERNATIONS], ours[MOST_ALTERNATIONS], over[MOST_ALTERNATIONS];
	struct interval interval;
	size_t batch;

	if (kernel == NULL) {
		fprintf(stderr, "skipped: %s: %s\n", copy->name, e.text);
		return;
	}
	arm = (struct engine_arm){.loop = kernel->loop[OP_WRITE]};
	engine = (struct engine){.clock = &bench->clock,
		.rng = bench->rng,
		.arms = &arm,
		.n_arms = 1,
		.dst = place.dst,
		.user = place.dst,
		.dst_bytes = place.dst_bytes,
		.src = place.src,
		.src_bytes = place.src_bytes,
		.frame = place.frame,
		.len = bytes,
		.prepare = state_prepare,
		.restore = state_restore,
		.prepare_arg = &prepare};
	engine_calibrate(&engine);
	/* A batch has costs of its own, the first misses and the clock: as many bear them. */
	batch = engine.iterations[0];
	for (size_t i = 0; i < alternations; i++) {
		/* In turn who is first. */
		if (i % 2 == 0)
			bare[i] = bare_loop(bench, copy, bytes, batch, engine.warm_len[0], seconds);
		engine_visit(&engine, (uint64_t)(seconds * 1e9), &bench->rounds);
		ours[i] = engine_log_ns(&bench->rounds, 0, bench->scratch);
		if (i % 2 == 1)
			bare[i] = bare_loop(bench, copy, bytes, batch, engine.warm_len[0], seconds);
		over[i] = ours[i] - bare[i];
	}
	interval = stat_signed_rank(over, alternations, 0.95);
	qsort(bare, alternations, sizeof(bare[0]), by_value);
	qsort(ours, alternations, sizeof(ours[0]), by_value);
	printf("%s\t%zu\t%.5g\t%.5g\t%.5g\t%.5g\t%.5g\t%.5g\t%.4f\t%.4f\t%.4f\n", copy->name, bytes,
		exp(share(bare, alternations, 0.5)), exp(share(bare, alternations, 0.25)),
		exp(share(bare, alternations, 0.75)), exp(share(ours, alternations, 0.5)),
		exp(share(ours, alternations, 0.25)), exp(share(ours, alternations, 0.75)),
		exp(interval.estimate), exp(interval.low), exp(interval.high));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t alternations = argc > 2 ? strtoul(argv[2], NULL, 10) : 24;
	double seconds = argc > 3 ? strtod(argv[3], NULL) : 0.1;
	unsigned may = TARGET_CREATE |
		       (argc > 4 && strcmp(argv[4], "overwrite") == 0 ? TARGET_OVERWRITE : 0);
	struct target_request target;
	struct stage_request needs = {
		.target = &target, .target_bytes = WINDOW, .source_bytes = 1 << 20, .seed = 1};
	struct bench bench = {0};
	struct cpu_place cpus;
	struct err e;

	if (argc < 2 || alternations < 2 || alternations > MOST_ALTERNATIONS || !(seconds > 0)) {
		fprintf(stderr,
			"usage: peers TARGET [ALTERNATIONS [SECONDS OF EACH [overwrite]]]\n");
		return 2;
	}
	bench.rng = gsl_rng_alloc(gsl_rng_taus2);
	bench.evict = arch_evictor();
	bench.scratch = malloc(2000000 * sizeof(double));
	if (bench.scratch == NULL || !cpu_pin(-1, &cpus, &e) ||
		!target_parse(argv[1], may, &target, &e) || !stage_open(&bench.stage, &needs, &e) ||
		!engine_rounds_init(&bench.rounds, 1, 2000000, &e)) {
		fprintf(stderr, "peers: %s\n", e.text);
		return 1;
	}
	clock_init(&bench.clock);
	for (size_t c = 0; c < sizeof(copies) / sizeof(copies[0]); c++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			compare(&bench, &copies[c], sizes[s], alternations, seconds);
	stage_close(&bench.stage);
	engine_rounds_free(&bench.rounds);
	gsl_rng_free(bench.rng);
	cpu_free(&cpus);
	free(bench.scratch);
	return 0;
}
