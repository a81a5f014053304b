/* SPDX-License-Identifier: MIT */
/*
 * The measuring engine: rounds of short slices on one walking window, after
 * docs/methodology.md. It times loops and knows nothing of what they do; the
 * clock, the loops and the preparation are given, so that tests can fake them.
 */
#ifndef DAXMARK_MEASURE_ENGINE_H
#define DAXMARK_MEASURE_ENGINE_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "case/setting.h"
#include "stat/stat.h"
#include "measure/team.h"
#include "stage/work.h"
#include "strategy/walk.h"
#include "sys/clock.h"

#define ENGINE_MAX_THREADS 512
#define ENGINE_SLICE_NS 10000.0
#define ENGINE_CALIBRATE_NS 50000000
#define ENGINE_LIKE 0.10 /* arms whose times are closer than this (log) get the same iterations */

struct engine_arm {
	void (*loop)(const struct walk *walk);
	void (*read)(const struct walk *walk); /* of a workload that reads, too */
	bool idle; /* touches no memory: no preparation, no place in the window */
	/*
	 * From the addresses of a walk to those under which it touches them: lines are
	 * prepared under the latter, or one arm alone would pay for their translation.
	 */
	ptrdiff_t dst_away, src_away;
	size_t least; /* operations a slice, where the window has room for them; 0: any */
};

struct engine_rounds;
struct engine_slice;

/*
 * Does the operations of a walk, one by one or as it likes, by engine_run() with a part of
 * it: one call a slice and thread, all of them at once.
 */
typedef void engine_each(
	void *arg, const struct engine_slice *slice, const struct walk *walk, unsigned member);

/* One comparison: arms that do the same work on the same memory. */
struct engine {
	const struct clock *clock;
	gsl_rng *rng;
	const struct engine_arm *arms;
	size_t n_arms;
	char *dst;	  /* the window, dst_bytes long */
	const char *user; /* the same pages as the consumer sees them */
	size_t dst_bytes;
	const char *src; /* the source: one operation long, or a window when it walks */
	size_t src_bytes;
	bool src_walks;
	/*
	 * What all walks have in common: the target as a file, its aliases, windows. Its
	 * places, length and number are set for each slice.
	 */
	struct walk frame;
	size_t len;		     /* bytes an operation, or that one of `work` covers */
	size_t dst_align, src_align; /* bytes past a line, 0..63 */
	/* From one operation to the next at least this, a multiple of a line; 0: a line. */
	size_t dst_unit, src_unit;
	struct work *
		work; /* what the operations are, where they do not just follow one another; or NULL */
	struct team *team; /* the threads that share each slice; may be NULL when there is one */
	size_t threads;	   /* 0 or 1: the caller alone */
	/* Untimed, before each slice, for all the operations it will do, by the thread that does them; NULL: nothing. */
	void (*prepare)(void *arg, const struct walk *slice);
	/* Untimed, after each slice, for the same operations: what they left is put away; NULL: nothing. */
	void (*restore)(void *arg, const struct walk *slice);
	void *prepare_arg; /* of both */
	/* Asked after each slice; NULL: never. */
	bool (*stop)(void *arg);   /* true: end here */
	bool (*failed)(void *arg); /* true: the arm of this slice cannot do it */
	/* After each round of a visit; what is in `rounds` so far is complete. NULL: nothing. */
	void (*between)(void *arg, const struct engine_rounds *rounds);
	void *arg;		    /* of these three */
	uint64_t most_calibrate_ns; /* of interleaved slices; 0: ENGINE_CALIBRATE_NS */

	/* The arm that ended the last call by failing; n_arms: none did. */
	size_t failed_arm;

	/* Filled by engine_calibrate(). */
	size_t iterations
		[CASE_MOST_ARMS];	 /* operations a slice and thread, the same in every pass */
	size_t warm_len[CASE_MOST_ARMS]; /* bytes of the untimed operation when iterations == 1 */
	double round_ns;		 /* wall time of one round, about */

	/* Where the next slice starts. */
	size_t dst_at, src_at;
};

/* What the rounds of a visit gave: row r is log(ns per operation) of every arm. */
struct engine_rounds {
	size_t n, slices, n_arms; /* rounds; room for slices; arms of the last visit */
	double *log_ns;		  /* [n][n_arms] */
	unsigned char *before;	  /* [n][n_arms]: the arm that ran before; n_arms: none */
	uint64_t wall_ns;
};

/* The windows are large enough for one operation of each thread. */
bool engine_fits(const struct engine *engine);

/*
 * Choose the iterations of each arm: as many as fill a slice of
 * ENGINE_SLICE_NS, at least 1, at most what half of the window holds. False
 * when stopped or when an arm failed.
 */
bool engine_calibrate(struct engine *engine);

/* Allocate for at most `room` rounds of n_arms arms, or more rounds of fewer; engine_rounds_free() also after failure. */
bool engine_rounds_init(struct engine_rounds *rounds, size_t n_arms, size_t room, struct err *e);
void engine_rounds_free(struct engine_rounds *rounds);

/*
 * Run rounds for duration_ns, at least one, at most as many as there is room for. False when
 * stopped or when an arm failed; complete rounds are kept.
 */
bool engine_visit(struct engine *engine, uint64_t duration_ns, struct engine_rounds *rounds);

/* The loop of the slice's arm over a walk. */
void engine_run(const struct engine_slice *slice, const struct walk *walk, unsigned member);

/*
 * A slice of an arm as in a visit, prepared and warmed up, whose operations `each` does: so
 * many of each thread, from 1 to the calibrated iterations. False as of engine_visit().
 */
bool engine_slice_each(
	struct engine *engine, size_t arm, size_t operations, engine_each *each, void *arg);

/* Log of the time of arm a over that of arm b, and its interval from the rounds alone. */
struct interval engine_log_ratio(
	const struct engine_rounds *rounds, size_t a, size_t b, double confidence, double *scratch);

/* As the estimate of engine_log_ratio(). scratch holds rounds->n numbers. */
double engine_log_ratio_estimate(
	const struct engine_rounds *rounds, size_t a, size_t b, double *scratch);

/* Hodges-Lehmann estimate of log(ns per operation) of one arm. */
double engine_log_ns(const struct engine_rounds *rounds, size_t arm, double *scratch);

/*
 * Carry-over: how much slower (log) than usual the other arms are in the slice
 * after one of `arm`; NAN when it never came before another.
 */
double engine_after(
	const struct engine_rounds *rounds, size_t arm, const double *log_ns, double *scratch);

#endif
