/* SPDX-License-Identifier: MIT */
/*
 * Google Benchmark from C: -ldaxmark-bench -lbenchmark. Register benchmarks, then run them
 * by Google Benchmark's own flags:
 *
 *     static void copies(daxmark_bench_state *state, void *user)
 *     {
 *             int64_t n, bytes = daxmark_bench_arg(state, 0);
 *
 *             while ((n = daxmark_bench_batch(state, 1000)) > 0)
 *                     for (int64_t i = 0; i < n; i++)
 *                             memcpy(to, from, (size_t)bytes);
 *             daxmark_bench_bytes(state, daxmark_bench_iterations(state) * bytes);
 *     }
 *
 *     int main(int argc, char **argv)
 *     {
 *             daxmark_bench *bench = daxmark_bench_new("memcpy", copies, NULL);
 *
 *             daxmark_bench_range(bench, 64, 4096);
 *             return daxmark_bench_main(argc, argv);
 *     }
 *
 * What a benchmark is called in reports is the name it was registered by, and behind it what
 * Google Benchmark adds: /64 for an argument, /manual_time, /threads:2. The name itself is
 * always the beginning, so that --benchmark_filter='^name' finds it.
 *
 * A body is called several times for one figure (with 1, 10, 100 .. iterations until they take
 * long enough), and once a thread: what is costly belongs into set-up, which is called for
 * each of these calls but is not timed.
 */
#ifndef DAXMARK_BENCH_H
#define DAXMARK_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct daxmark_bench daxmark_bench;		/* one that is registered */
typedef struct daxmark_bench_state daxmark_bench_state; /* of a call of its body */

typedef void daxmark_bench_body(daxmark_bench_state *state, void *user);

/* ---- registering, before daxmark_bench_main() ---- */

/* `name` is copied. Never NULL: what has no memory ends the process. */
daxmark_bench *daxmark_bench_new(const char *name, daxmark_bench_body *body, void *user);

/*
 * One that cannot be run here: it is listed, and reported as an error that says why. Decide
 * that when registering: Google Benchmark 1.7.1 aborts the process when a body skips in one
 * repetition and not in another.
 */
void daxmark_bench_unavailable(const char *name, const char *why);

/*
 * Called untimed before and after each call of the body, by one thread while the others wait;
 * set-up that gives false skips the body with daxmark_bench_skip()'s reason. (Google
 * Benchmark's own Setup takes no user data.) NULL: nothing.
 */
void daxmark_bench_setup(daxmark_bench *bench,
	bool (*setup)(daxmark_bench_state *state, void *user),
	void (*teardown)(daxmark_bench_state *state, void *user));

/* Arguments, each call one more benchmark of the name: one, several, or ranges of them. */
void daxmark_bench_with(daxmark_bench *bench, int64_t arg);
void daxmark_bench_with_all(daxmark_bench *bench, const int64_t *args, size_t n);
void daxmark_bench_names(daxmark_bench *bench, const char *const *names, size_t n);
void daxmark_bench_multiplier(daxmark_bench *bench, int multiplier); /* of ranges; default 8 */
void daxmark_bench_range(daxmark_bench *bench, int64_t first, int64_t last);
void daxmark_bench_dense(daxmark_bench *bench, int64_t first, int64_t last, int step);
/* Every value of each list with every one of the others: lists[i] has lengths[i]. */
void daxmark_bench_product(
	daxmark_bench *bench, const int64_t *const *lists, const size_t *lengths, size_t n);

void daxmark_bench_threads(daxmark_bench *bench, int threads);
void daxmark_bench_thread_range(daxmark_bench *bench, int first, int last);

/* Time: by the wall clock, or as the body says (daxmark_bench_took()); else of the CPU. */
void daxmark_bench_real_time(daxmark_bench *bench);
void daxmark_bench_manual_time(daxmark_bench *bench);
void daxmark_bench_min_time(daxmark_bench *bench, double seconds);
void daxmark_bench_fixed_iterations(daxmark_bench *bench, int64_t iterations);
void daxmark_bench_repetitions(daxmark_bench *bench, int repetitions);

enum daxmark_bench_unit { DAXMARK_NS, DAXMARK_US, DAXMARK_MS, DAXMARK_S };
void daxmark_bench_unit(daxmark_bench *bench, enum daxmark_bench_unit unit);

/* Fit the times over daxmark_bench_complexity_n(). */
enum daxmark_bench_order {
	DAXMARK_O_1,
	DAXMARK_O_N,
	DAXMARK_O_N_SQUARED,
	DAXMARK_O_LOG_N,
	DAXMARK_O_N_LOG_N,
	DAXMARK_O_AUTO
};
void daxmark_bench_complexity(daxmark_bench *bench, enum daxmark_bench_order order);

/* ---- in a body ---- */

/*
 * How many iterations to do now, at most `most`; 0: no more. The time runs from the first
 * call to the one that gives 0; a body calls it until then. Within a batch the loop is yours.
 */
int64_t daxmark_bench_batch(daxmark_bench_state *state, int64_t most);

const char *daxmark_bench_name(const daxmark_bench_state *state); /* as registered */
int64_t daxmark_bench_arg(const daxmark_bench_state *state, size_t i);
int64_t daxmark_bench_iterations(const daxmark_bench_state *state); /* done, after the loop */
int daxmark_bench_thread(const daxmark_bench_state *state);
int daxmark_bench_thread_count(const daxmark_bench_state *state);

void daxmark_bench_bytes(daxmark_bench_state *state, int64_t bytes); /* of all iterations */
void daxmark_bench_items(daxmark_bench_state *state, int64_t items);
void daxmark_bench_label(daxmark_bench_state *state, const char *label);
void daxmark_bench_took(
	daxmark_bench_state *state, double seconds); /* an iteration of manual time */
void daxmark_bench_complexity_n(daxmark_bench_state *state, int64_t n);
void daxmark_bench_pause(
	daxmark_bench_state *state); /* costs more than what it hides: for long work */
void daxmark_bench_resume(daxmark_bench_state *state);

/* What a counter's value is divided by, or becomes. Values of several threads are added up. */
enum daxmark_bench_counter {
	DAXMARK_COUNT = 0,
	DAXMARK_RATE = 1,	   /* by the time */
	DAXMARK_OF_THREADS = 2,	   /* by the number of threads */
	DAXMARK_OF_ITERATIONS = 4, /* by the iterations */
	DAXMARK_INVERSE = 8	   /* one over that */
};
void daxmark_bench_count(daxmark_bench_state *state, const char *name, double value, unsigned how);

/* Why this call has no figure. The loop ends at its next batch; every thread must say it. */
void daxmark_bench_skip(daxmark_bench_state *state, const char *why);

/* ---- running ---- */

/* A line of the report's context. */
void daxmark_bench_context(const char *key, const char *value);

/*
 * Take Google Benchmark's flags out of argv and run what they choose. 0: all ran; 1: some
 * were skipped, or the filter matched none (Google Benchmark itself says 0); 2: an unknown
 * argument. --help prints the flags and ends the process.
 */
int daxmark_bench_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
