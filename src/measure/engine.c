// SPDX-License-Identifier: MIT
#include "measure/engine.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINE 64

size_t engine_step(size_t len, size_t align)
{
	return (len + align + LINE - 1) / LINE * LINE;
}

static size_t dst_step(const struct engine *engine)
{
	return engine_step(engine->len, engine->dst_align);
}

static size_t src_step(const struct engine *engine)
{
	return engine->src_walks ? engine_step(engine->len, engine->src_align) : 0;
}

bool engine_fits(const struct engine *engine)
{
	return dst_step(engine) <= engine->dst_bytes &&
	       engine_step(engine->len, engine->src_align) <= engine->src_bytes;
}

/* The most operations that `part` of both windows holds, at least 1. */
static size_t most(const struct engine *engine, double part)
{
	double n = part * (double)engine->dst_bytes / (double)dst_step(engine);

	if (engine->src_walks)
		n = fmin(n, part * (double)engine->src_bytes / (double)src_step(engine));
	return n < 1 ? 1 : (size_t)n;
}

/* A random whole number below n; GSL's generator gives 32 bits. */
static size_t below(const struct engine *engine, size_t n)
{
	return gsl_rng_uniform_int(engine->rng, n < UINT32_MAX ? n : UINT32_MAX);
}

/* Each slice starts where the previous one ended, and never crosses the end of a window. */
static struct walk place(struct engine *engine, size_t operations)
{
	size_t dst_need = operations * dst_step(engine), src_need = operations * src_step(engine);
	struct walk walk;

	if (engine->dst_at + dst_need > engine->dst_bytes)
		engine->dst_at = 0;
	if (engine->src_at + src_need > engine->src_bytes)
		engine->src_at = 0;
	walk.dst = engine->dst + engine->dst_at + engine->dst_align;
	walk.user = engine->user + engine->dst_at + engine->dst_align;
	walk.src = engine->src + engine->src_at + engine->src_align;
	walk.dst_step = dst_step(engine);
	walk.src_step = src_step(engine);
	walk.len = engine->len;
	walk.n = operations;
	walk.fd = engine->fd;
	walk.base = engine->dst;
	walk.failed = engine->failed;
	engine->dst_at += dst_need;
	engine->src_at += src_need;
	return walk;
}

static void advance(struct walk *walk, size_t operations)
{
	walk->dst += operations * walk->dst_step;
	walk->user += operations * walk->dst_step;
	walk->src += operations * walk->src_step;
}

/*
 * One slice: prepare all its lines, run as much again untimed so that what the
 * previous arm left in buffers and predictors is gone, then time the rest.
 * Returns ns per operation.
 */
static double slice(struct engine *engine, size_t arm)
{
	void (*loop)(const struct walk *) = engine->arms[arm].loop;
	size_t n = engine->iterations[arm], warm_n = n > 1 ? n : engine->warm_len[arm] > 0;
	bool shared = warm_n + n > most(engine, 1.0); /* no room beside: warm up in place */
	struct walk warm = {0}, timed = {0};
	uint64_t start;

	if (engine->arms[arm].idle) {
		timed.dst = engine->dst;
		timed.user = engine->user;
		timed.src = engine->src;
		timed.len = engine->len;
		timed.n = n;
		loop(&timed);
	} else {
		timed = place(engine, shared ? n : warm_n + n);
		warm = timed;
		warm.n = warm_n;
		if (n == 1)
			warm.len = engine->warm_len[arm];
		if (shared && warm_n > 0)
			loop(&warm);
		if (engine->prepare != NULL)
			engine->prepare(engine->prepare_arg, &timed);
		if (!shared && warm_n > 0)
			loop(&warm);
		warm.n = timed.n; /* from here on: all that was written */
		warm.len = timed.len;
		timed.n = n;
		if (!shared)
			advance(&timed, warm_n);
	}
	start = engine->clock->begin();
	loop(&timed);
	start = engine->clock->end() - start;
	if (engine->restore != NULL && !engine->arms[arm].idle)
		engine->restore(engine->prepare_arg, &warm);
	return (double)start * engine->clock->tick_ns / (double)n;
}

static bool stopped(const struct engine *engine)
{
	return engine->stop != NULL && engine->stop();
}

static double fastest(struct engine *engine, size_t arm, double best)
{
	double ns = slice(engine, arm);

	return ns < best ? ns : best;
}

/*
 * Grow the iterations until a slice lasts at least half of what it should, and
 * return the ns per operation seen then; negative when stopped.
 */
static double grow_arm(struct engine *engine, size_t arm, size_t limit)
{
	size_t n = 1;

	engine->warm_len[arm] = 0;
	for (;;) {
		double ns = INFINITY;

		engine->iterations[arm] = n;
		for (int i = 0; i < 3; i++) {
			ns = fastest(engine, arm, ns);
			if (stopped(engine))
				return -1;
		}
		if (ns * (double)n >= ENGINE_SLICE_NS / 2 || n >= limit)
			return ns;
		n = n * 4 < limit ? n * 4 : limit;
	}
}

static void set_iterations(struct engine *engine, size_t arm, size_t limit, double operation_ns)
{
	double n = round(ENGINE_SLICE_NS / operation_ns);

	engine->iterations[arm] = n < 1 ? 1 : n > (double)limit ? limit : (size_t)n;
	engine->warm_len[arm] = 0;
	if (engine->iterations[arm] == 1) {
		double part = fmin(1, ENGINE_SLICE_NS / operation_ns);

		engine->warm_len[arm] = (size_t)(part * (double)engine->len) / LINE * LINE;
	}
}

/*
 * A slice has a fixed cost of its own (its first misses, the clock). Slices of
 * one length bear the same share of it; so do like arms only when they have
 * the same iterations, or A/A differs by the noise of this calibration.
 */
static void level_iterations(struct engine *engine, const double *ns, size_t arm)
{
	for (size_t i = 0; i < arm; i++) {
		if (fabs(log(ns[arm] / ns[i])) > ENGINE_LIKE || engine->arms[i].idle)
			continue;
		engine->iterations[arm] = engine->iterations[i];
		engine->warm_len[arm] = engine->warm_len[i];
		return;
	}
}

bool engine_calibrate(struct engine *engine)
{
	size_t limits[ENGINE_MAX_ARMS];
	double ns[ENGINE_MAX_ARMS];
	uint64_t start, wall_ns;
	size_t rounds = 0;

	engine->dst_at = 0;
	engine->src_at = 0;
	for (size_t i = 0; i < engine->n_arms; i++) {
		/* Half of the window, so that what warms up fits in beside it. */
		limits[i] = engine->arms[i].idle ? SIZE_MAX / 2 : most(engine, 0.5);
		ns[i] = grow_arm(engine, i, limits[i]);
		if (ns[i] < 0)
			return false;
	}
	/* Interleaved, so that a disturbance meets all arms; the least disturbed slice counts. */
	start = clock_wall_ns();
	do {
		for (size_t i = 0; i < engine->n_arms; i++) {
			ns[i] = fastest(engine, i, ns[i]);
			if (stopped(engine))
				return false;
		}
		rounds++;
		wall_ns = clock_wall_ns() - start;
	} while (rounds < 15 && wall_ns < 50000000);
	engine->round_ns = (double)wall_ns / (double)rounds;
	for (size_t i = 0; i < engine->n_arms; i++) {
		/* A clock coarser than the slice: keep the iterations that filled it most. */
		if (ns[i] <= 0)
			ns[i] = ENGINE_SLICE_NS / (double)engine->iterations[i];
		set_iterations(engine, i, limits[i], ns[i]);
		level_iterations(engine, ns, i);
	}
	return true;
}

bool engine_rounds_init(struct engine_rounds *rounds, size_t n_arms, size_t room, struct err *e)
{
	rounds->n = 0;
	rounds->n_arms = n_arms;
	rounds->room = room;
	rounds->wall_ns = 0;
	rounds->log_ns = calloc(room * n_arms, sizeof(rounds->log_ns[0]));
	rounds->before = calloc(room * n_arms, sizeof(rounds->before[0]));
	if (rounds->log_ns == NULL || rounds->before == NULL)
		return err_set(e, ERR_FAILED, "out of memory for %zu rounds", room);
	return true;
}

void engine_rounds_free(struct engine_rounds *rounds)
{
	free(rounds->log_ns);
	free(rounds->before);
	memset(rounds, 0, sizeof(*rounds));
}

/*
 * A fresh permutation each round; but where the window holds only one
 * operation, so that each arm meets the lines the one before it left, every
 * second round runs in the mirrored order of the first.
 */
static void order(struct engine *engine, size_t round, size_t *arms)
{
	size_t k = engine->n_arms;

	if (round % 2 == 1 && most(engine, 1.0) == 1) {
		for (size_t i = 0; i < k / 2; i++) {
			size_t kept = arms[i];

			arms[i] = arms[k - 1 - i];
			arms[k - 1 - i] = kept;
		}
	} else {
		gsl_ran_shuffle(engine->rng, arms, k, sizeof(arms[0]));
	}
}

bool engine_visit(struct engine *engine, uint64_t duration_ns, struct engine_rounds *rounds)
{
	size_t arms[ENGINE_MAX_ARMS], k = engine->n_arms, before = k;
	uint64_t start = clock_wall_ns();
	bool go_on = true;

	for (size_t i = 0; i < k; i++)
		arms[i] = i;
	/* Another place in the windows each visit: where a slice falls is part of what is sampled. */
	engine->dst_at = below(engine, most(engine, 1.0)) * dst_step(engine);
	engine->src_at = below(engine, most(engine, 1.0)) * src_step(engine);
	rounds->n = 0;
	do {
		double *log_ns = rounds->log_ns + rounds->n * k;
		unsigned char *came = rounds->before + rounds->n * k;

		order(engine, rounds->n, arms);
		for (size_t i = 0; i < k && go_on; i++) {
			double ns = slice(engine, arms[i]);

			/* A clock that did not move says "less than a tick", not "nothing". */
			log_ns[arms[i]] = log(fmax(
				ns, engine->clock->tick_ns / (double)engine->iterations[arms[i]]));
			came[arms[i]] = (unsigned char)before;
			before = arms[i];
			go_on = !stopped(engine);
		}
		if (go_on)
			rounds->n++;
		rounds->wall_ns = clock_wall_ns() - start;
	} while (go_on && rounds->n < rounds->room && rounds->wall_ns < duration_ns);
	return go_on;
}

static void differences(const struct engine_rounds *rounds, size_t a, size_t b, double *scratch)
{
	for (size_t r = 0; r < rounds->n; r++)
		scratch[r] = rounds->log_ns[r * rounds->n_arms + a] -
			     rounds->log_ns[r * rounds->n_arms + b];
}

struct interval engine_log_ratio(
	const struct engine_rounds *rounds, size_t a, size_t b, double confidence, double *scratch)
{
	differences(rounds, a, b, scratch);
	return stat_signed_rank(scratch, rounds->n, confidence);
}

double engine_log_ratio_estimate(
	const struct engine_rounds *rounds, size_t a, size_t b, double *scratch)
{
	differences(rounds, a, b, scratch);
	return stat_hodges_lehmann(scratch, rounds->n);
}

double engine_log_ns(const struct engine_rounds *rounds, size_t arm, double *scratch)
{
	for (size_t r = 0; r < rounds->n; r++)
		scratch[r] = rounds->log_ns[r * rounds->n_arms + arm];
	return stat_hodges_lehmann(scratch, rounds->n);
}

double engine_after(
	const struct engine_rounds *rounds, size_t arm, const double *log_ns, double *scratch)
{
	size_t n = 0;

	for (size_t r = 0; r < rounds->n; r++)
		for (size_t i = 0; i < rounds->n_arms; i++)
			if (i != arm && rounds->before[r * rounds->n_arms + i] == arm)
				scratch[n++] = rounds->log_ns[r * rounds->n_arms + i] - log_ns[i];
	return n == 0 ? NAN : stat_hodges_lehmann(scratch, n);
}
