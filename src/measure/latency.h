/* SPDX-License-Identifier: MIT */
/*
 * How long single operations take, in slices that are prepared as those of a visit are.
 * Closed loop: each operation begins when the one before it is done. Open loop: operations
 * arrive at random (Poisson), each is begun when it has arrived and the one before it is
 * done, and its latency counts from the scheduled arrival, so that what waited behind a slow
 * one is slow, too. While lines are prepared between two slices the arrivals' clock stands
 * still: nothing is skipped, and nothing is filled up afterwards.
 */
#ifndef DAXMARK_MEASURE_LATENCY_H
#define DAXMARK_MEASURE_LATENCY_H

#include "measure/engine.h"
#include "result/latency.h"

#define LATENCY_TURN_NS 2e6 /* of arrivals, at most, in one slice */

/* The clock of one thread of a lane. */
struct latency_thread {
	double now_ns, next_ns; /* of the arrivals' clock: where it is, and the next of them */
	size_t gap;		/* of `gaps`, before the one after that */
};

/* One arm at one rate. */
struct latency_lane {
	size_t arm; /* of the engine */
	struct result_latency *latency;
	struct latency_thread *threads; /* [k] */
	double spent_ns;		/* of the wall clock */
};

struct latency {
	struct engine *engine;
	struct latency_lane *lanes;
	size_t n;
	size_t room;			/* operations of a thread */
	uint64_t *samples;		/* [k][room] LATENCY_UNITS a ns */
	double *gaps;			/* between arrivals, their mean 1 */
	struct latency_thread *threads; /* of all lanes */
};

/*
 * For n lanes, of which arm and latency are set; the engine is calibrated. Free also after
 * failure, which is want of memory.
 */
bool latency_open(struct latency *latency, struct engine *engine, struct latency_lane *lanes,
	size_t n, struct err *e);
void latency_close(struct latency *latency);

/*
 * Slices of the lanes in turn, in an order of chance, for duration_ns, at least one; what they
 * give is added to their histograms. False when stopped or when an arm failed, as engine_visit() has it.
 */
bool latency_measure(struct latency *latency, uint64_t duration_ns);

#endif
