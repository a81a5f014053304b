// SPDX-License-Identifier: MIT
#include "measure/latency.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/interrupt.h"

#define GAPS 4096

static size_t threads(const struct latency *latency)
{
	return latency->engine->threads > 1 ? latency->engine->threads : 1;
}

/* The middles of as many equal parts of the exponential distribution, shuffled. */
static bool fill_gaps(struct latency *latency)
{
	double sum = 0;

	latency->gaps = malloc(GAPS * sizeof(latency->gaps[0]));
	if (latency->gaps == NULL)
		return false;
	for (size_t i = 0; i < GAPS; i++)
		sum += latency->gaps[i] = -log(((double)i + 0.5) / GAPS);
	for (size_t i = 0; i < GAPS; i++)
		latency->gaps[i] *= GAPS / sum;
	gsl_ran_shuffle(latency->engine->rng, latency->gaps, GAPS, sizeof(latency->gaps[0]));
	return true;
}

static double next_gap(const struct latency *latency, const struct latency_lane *lane,
	struct latency_thread *thread)
{
	thread->gap = (thread->gap + 1) % GAPS;
	return latency->gaps[thread->gap] * 1e9 / lane->latency->rate;
}

bool latency_open(struct latency *latency, struct engine *engine, struct latency_lane *lanes,
	size_t n, struct err *e)
{
	size_t k;

	memset(latency, 0, sizeof(*latency));
	latency->engine = engine;
	latency->lanes = lanes;
	latency->n = n;
	k = threads(latency);
	for (size_t a = 0; a < engine->n_arms; a++)
		if (engine->iterations[a] > latency->room)
			latency->room = engine->iterations[a];
	latency->samples = calloc(k * latency->room, sizeof(latency->samples[0]));
	latency->threads = calloc(k * n, sizeof(latency->threads[0]));
	if (latency->samples == NULL || latency->threads == NULL || !fill_gaps(latency))
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; i < n; i++) {
		lanes[i].threads = latency->threads + i * k;
		lanes[i].spent_ns = 0;
		for (size_t t = 0; lanes[i].latency->rate > 0 && t < k; t++) {
			lanes[i].threads[t].gap = gsl_rng_uniform_int(engine->rng, GAPS);
			lanes[i].threads[t].next_ns =
				next_gap(latency, &lanes[i], &lanes[i].threads[t]);
		}
	}
	return true;
}

void latency_close(struct latency *latency)
{
	free(latency->samples);
	free(latency->gaps);
	free(latency->threads);
	memset(latency, 0, sizeof(*latency));
}

struct turn {
	const struct latency *latency;
	const struct latency_lane *lane;
};

static uint64_t sample_of(double ns)
{
	return ns > 0 ? (uint64_t)(ns * LATENCY_UNITS + 0.5) : 0;
}

static void one_by_one(
	void *arg, const struct engine_slice *slice, const struct walk *walk, unsigned member)
{
	const struct turn *turn = arg;
	const struct clock *clock = turn->latency->engine->clock;
	uint64_t *samples = turn->latency->samples + member * turn->latency->room;
	struct latency_thread *thread = &turn->lane->threads[member];
	uint64_t first = clock->begin(), end = first;
	struct walk one = *walk;

	one.n = 1;
	for (size_t i = 0; i < walk->n; i++) {
		uint64_t begin = clock->begin();

		engine_run(slice, &one, member);
		end = clock->end();
		samples[i] = sample_of((double)(end - begin) * clock->tick_ns);
		walk_advance(&one, 1);
	}
	thread->now_ns += (double)(end - first) * clock->tick_ns;
}

static void as_they_arrive(
	void *arg, const struct engine_slice *slice, const struct walk *walk, unsigned member)
{
	const struct turn *turn = arg;
	const struct clock *clock = turn->latency->engine->clock;
	uint64_t *samples = turn->latency->samples + member * turn->latency->room;
	/* Of its own, or threads would share its line. */
	struct latency_thread own = turn->lane->threads[member], *thread = &own;
	double start_ns = thread->now_ns;
	uint64_t first = clock->begin();
	struct walk one = *walk;

	one.n = 1;
	for (size_t i = 0; i < walk->n; i++) {
		double arrival_ns = thread->next_ns;

		thread->next_ns += next_gap(turn->latency, turn->lane, thread);
		while (start_ns + (double)(clock->begin() - first) * clock->tick_ns < arrival_ns &&
			!interrupt_pending())
			arch_relax();
		engine_run(slice, &one, member);
		thread->now_ns = start_ns + (double)(clock->end() - first) * clock->tick_ns;
		samples[i] = sample_of(thread->now_ns - arrival_ns);
		walk_advance(&one, 1);
	}
	turn->lane->threads[member] = own;
}

/* A slice's worth, but of slow arrivals so many that others have their turn. */
static size_t operations_of(const struct latency *latency, const struct latency_lane *lane)
{
	size_t n = latency->engine->iterations[lane->arm];
	double arrivals = lane->latency->rate * LATENCY_TURN_NS / 1e9;

	if (lane->latency->rate > 0 && arrivals < (double)n)
		n = arrivals < 1 ? 1 : (size_t)arrivals;
	return n;
}

static double clocks_ns(const struct latency *latency, const struct latency_lane *lane)
{
	double sum = 0;

	for (size_t t = 0; t < threads(latency); t++)
		sum += lane->threads[t].now_ns;
	return sum;
}

static bool take_turn(struct latency *latency, struct latency_lane *lane)
{
	struct turn turn = {latency, lane};
	size_t n = operations_of(latency, lane);
	double before = clocks_ns(latency, lane);
	uint64_t start = clock_wall_ns();

	if (!engine_slice_each(latency->engine, lane->arm, n,
		    lane->latency->rate > 0 ? as_they_arrive : one_by_one, &turn))
		return false;
	for (size_t t = 0; t < threads(latency); t++)
		for (size_t i = 0; i < n; i++)
			histogram_add(
				&lane->latency->counts, latency->samples[t * latency->room + i]);
	lane->latency->time_s += (clocks_ns(latency, lane) - before) / 1e9;
	lane->spent_ns += (double)(clock_wall_ns() - start);
	return true;
}

bool latency_measure(struct latency *latency, uint64_t duration_ns)
{
	uint64_t start = clock_wall_ns();

	gsl_ran_shuffle(
		latency->engine->rng, latency->lanes, latency->n, sizeof(latency->lanes[0]));
	do {
		struct latency_lane *next = &latency->lanes[0];

		/* Whose time was the least so far: slow arrivals and fast ones get as much of it. */
		for (size_t i = 1; i < latency->n; i++)
			if (latency->lanes[i].spent_ns < next->spent_ns)
				next = &latency->lanes[i];
		if (!take_turn(latency, next))
			return false;
	} while (clock_wall_ns() - start < duration_ns);
	return true;
}
