// SPDX-License-Identifier: MIT
#include "measure/engine.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "stage/stage.h"

static size_t dst_step(const struct engine *engine)
{
	return stage_step(engine->len, engine->dst_align, engine->dst_unit);
}

static size_t src_step(const struct engine *engine)
{
	return engine->src_walks ? stage_step(engine->len, engine->src_align, engine->src_unit) : 0;
}

static size_t threads(const struct engine *engine)
{
	return engine->threads > 1 ? engine->threads : 1;
}

bool engine_fits(const struct engine *engine)
{
	size_t src_need = engine->src_walks ? src_step(engine) * threads(engine)
					    : stage_step(engine->len, engine->src_align, 0);

	return dst_step(engine) * threads(engine) <= engine->dst_bytes &&
	       src_need <= engine->src_bytes;
}

/* The most operations of each thread that `part` of both windows holds, at least 1. */
static size_t most(const struct engine *engine, double part)
{
	double n = part * (double)engine->dst_bytes / (double)dst_step(engine);

	if (engine->src_walks)
		n = fmin(n, part * (double)engine->src_bytes / (double)src_step(engine));
	n /= (double)threads(engine);
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
	struct walk walk = engine->frame;

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
	engine->dst_at += dst_need;
	engine->src_at += src_need;
	return walk;
}

/* What one thread does in a slice. */
struct piece {
	struct walk all;  /* its operations: to warm up, then to time */
	struct walk warm; /* n 0: none */
	struct walk timed;
	bool warm_in_place; /* no room beside: before the preparation, where it is timed */
	uint64_t ticks;
};

struct engine_slice {
	struct engine *engine;
	const struct engine_arm *arm;
	engine_each *each; /* NULL: all at once */
	void *each_arg;
	struct piece pieces[ENGINE_MAX_THREADS];
};

static bool is_ring(const struct engine *engine)
{
	return engine->work != NULL && engine->work->kind == WORKLOAD_RING;
}

void engine_run(const struct engine_slice *slice, const struct walk *walk, unsigned member)
{
	struct work *work = slice->engine->work;
	const struct work_loops loops = {slice->arm->loop, slice->arm->read};

	if (work == NULL)
		slice->arm->loop(walk);
	else
		work_run(work, &loops, walk, member);
}

/* What is done to the lines of a piece before or after it, under the addresses that its arm uses. */
struct around {
	const struct engine_slice *slice;
	void (*put)(void *arg, const struct walk *slice);
};

static void put_one(void *arg, const struct walk *walk)
{
	const struct around *around = arg;
	struct walk touched = *walk;

	touched.dst += around->slice->arm->dst_away;
	touched.src += around->slice->arm->src_away;
	around->put(around->slice->engine->prepare_arg, &touched);
}

static void put_lines(const struct engine_slice *slice, const struct walk *all, unsigned member,
	void (*put)(void *arg, const struct walk *slice))
{
	struct around around = {slice, put};

	if (put == NULL || (is_ring(slice->engine) && member > 0))
		return;
	if (slice->engine->work != NULL)
		work_each(slice->engine->work, all, put_one, &around);
	else
		put_one(&around, all);
}

static void run_piece(void *arg, unsigned member)
{
	struct engine_slice *slice = arg;
	struct piece *piece = &slice->pieces[member];
	const struct engine *engine = slice->engine;
	uint64_t start;

	if (!slice->arm->idle) {
		if (piece->warm_in_place && piece->warm.n > 0 && !is_ring(engine))
			engine_run(slice, &piece->warm, member);
		put_lines(slice, &piece->all, member, engine->prepare);
		if (is_ring(engine)) {
			if (member == 0)
				work_begin(engine->work);
			team_meet(engine->team);
		}
		if ((!piece->warm_in_place || is_ring(engine)) && piece->warm.n > 0)
			engine_run(slice, &piece->warm, member);
	}
	if (threads(engine) > 1)
		team_meet(engine->team);
	start = engine->clock->begin();
	if (slice->each != NULL)
		slice->each(slice->each_arg, slice, &piece->timed, member);
	else
		engine_run(slice, &piece->timed, member);
	piece->ticks = engine->clock->end() - start;
	if (engine->restore == NULL || slice->arm->idle)
		return;
	/* What one puts away must not share the bus with what another still times. */
	if (threads(engine) > 1)
		team_meet(engine->team);
	put_lines(slice, &piece->all, member, engine->restore);
}

/* The operations of one thread: n to time, and before them those that warm up. */
static void plan_piece(struct piece *piece, const struct walk *from, size_t skip, size_t n,
	size_t warm_n, size_t warm_len)
{
	piece->all = *from;
	walk_advance(&piece->all, skip);
	piece->all.n = piece->warm_in_place ? n : warm_n + n;
	piece->warm = piece->all;
	piece->warm.n = warm_n;
	if (warm_len > 0)
		piece->warm.len = warm_len;
	piece->timed = piece->all;
	piece->timed.n = n;
	if (!piece->warm_in_place)
		walk_advance(&piece->timed, warm_n);
}

/*
 * One slice: each thread prepares all its lines, runs as many untimed as a usual slice has,
 * so that what the previous arm left in buffers and predictors is gone, and then, all
 * together, they time n. Returns ns per operation of the thread that took longest.
 */
static double run_slice(
	struct engine *engine, size_t arm, size_t n, engine_each *each_one, void *arg)
{
	size_t warm_n =
		engine->iterations[arm] > 1 ? engine->iterations[arm] : engine->warm_len[arm] > 0;
	size_t k = threads(engine), each;
	bool in_place = warm_n + n > most(engine, 1.0);
	struct engine_slice
		slice; /* not cleared: it is large, and only the first k pieces are used */
	struct walk all = {.dst = engine->dst,
		.user = engine->user,
		.src = engine->src,
		.len = engine->len,
		.n = n};
	uint64_t longest = 0;

	slice.pieces[0] = (struct piece){.ticks = 0}; /* for who reads that there may be none */
	slice.engine = engine;
	slice.arm = &engine->arms[arm];
	slice.each = each_one;
	slice.each_arg = arg;
	each = in_place ? n : warm_n + n;
	if (!slice.arm->idle || engine->work != NULL)
		all = place(engine, each * k);
	for (size_t i = 0; i < k; i++) {
		slice.pieces[i].warm_in_place = in_place;
		/* The two ends of a ring have the same messages. */
		plan_piece(&slice.pieces[i], &all, is_ring(engine) ? 0 : i * each, n, warm_n,
			engine->warm_len[arm]);
		all.window += all.window_step; /* one of its own for each thread */
	}
	if (k > 1)
		team_run(engine->team, k, run_piece, &slice);
	else
		run_piece(&slice, 0);
	for (size_t i = 0; i < k; i++)
		if (slice.pieces[i].ticks > longest)
			longest = slice.pieces[i].ticks;
	return (double)longest * engine->clock->tick_ns / (double)n;
}

static double slice(struct engine *engine, size_t arm)
{
	return run_slice(engine, arm, engine->iterations[arm], NULL, NULL);
}

/* No more after this slice of an arm: it failed, or all of it is to stop. */
static bool ended(struct engine *engine, size_t arm)
{
	if (engine->failed != NULL && engine->failed(engine->arg)) {
		engine->failed_arm = arm;
		return true;
	}
	return engine->stop != NULL && engine->stop(engine->arg);
}

bool engine_slice_each(
	struct engine *engine, size_t arm, size_t operations, engine_each *each, void *arg)
{
	engine->failed_arm = engine->n_arms;
	run_slice(engine, arm, operations, each, arg);
	return !ended(engine, arm);
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
			if (ended(engine, arm))
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

	n = fmax(n, (double)engine->arms[arm].least);
	engine->iterations[arm] = n < 1 ? 1 : n > (double)limit ? limit : (size_t)n;
	engine->warm_len[arm] = 0;
	if (engine->iterations[arm] == 1) {
		double part = fmin(1, ENGINE_SLICE_NS / operation_ns);
		size_t line = arch_line_bytes();

		engine->warm_len[arm] = (size_t)(part * (double)engine->len) / line * line;
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
		if (fabs(log(ns[arm] / ns[i])) > ENGINE_LIKE || engine->arms[i].idle ||
			engine->arms[i].least != engine->arms[arm].least)
			continue;
		engine->iterations[arm] = engine->iterations[i];
		engine->warm_len[arm] = engine->warm_len[i];
		return;
	}
}

bool engine_calibrate(struct engine *engine)
{
	size_t limits[CASE_MOST_ARMS];
	double ns[CASE_MOST_ARMS];
	uint64_t most_ns =
		engine->most_calibrate_ns ? engine->most_calibrate_ns : ENGINE_CALIBRATE_NS;
	uint64_t start, wall_ns;
	size_t rounds = 0;

	engine->failed_arm = engine->n_arms;
	engine->dst_at = 0;
	engine->src_at = 0;
	for (size_t i = 0; i < engine->n_arms; i++) {
		/* Half of the window, so that what warms up fits in beside it. */
		limits[i] = engine->arms[i].idle && engine->work == NULL ? UINT32_MAX
									 : most(engine, 0.5);
		ns[i] = grow_arm(engine, i, limits[i]);
		if (ns[i] < 0)
			return false;
	}
	/* Interleaved, so that a disturbance meets all arms; the least disturbed slice counts. */
	start = clock_wall_ns();
	do {
		for (size_t i = 0; i < engine->n_arms; i++) {
			ns[i] = fastest(engine, i, ns[i]);
			if (ended(engine, i))
				return false;
		}
		rounds++;
		wall_ns = clock_wall_ns() - start;
	} while (rounds < 40 && wall_ns < most_ns);
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
	rounds->slices = room * n_arms;
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
	size_t arms[CASE_MOST_ARMS], k = engine->n_arms, before = k, room;
	uint64_t start = clock_wall_ns();
	bool go_on = true;

	engine->failed_arm = k;
	for (size_t i = 0; i < k; i++)
		arms[i] = i;
	/* Another place in the windows each visit: where a slice falls is part of what is sampled. */
	engine->dst_at = below(engine, most(engine, 1.0) * threads(engine)) * dst_step(engine);
	engine->src_at = below(engine, most(engine, 1.0) * threads(engine)) * src_step(engine);
	rounds->n = 0;
	rounds->n_arms = k;
	room = rounds->slices / k;
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
			go_on = !ended(engine, arms[i]);
		}
		if (go_on) {
			rounds->n++;
			rounds->wall_ns = clock_wall_ns() - start;
			if (engine->between != NULL)
				engine->between(engine->arg, rounds);
		}
		rounds->wall_ns = clock_wall_ns() - start;
	} while (go_on && rounds->n < room && rounds->wall_ns < duration_ns);
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
