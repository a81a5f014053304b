/* SPDX-License-Identifier: MIT */
/* How long single operations took: a histogram for each arm and rate of arrivals. */
#ifndef DAXMARK_RESULT_LATENCY_H
#define DAXMARK_RESULT_LATENCY_H

#include "result/result.h"
#include "stat/histogram.h"

#define LATENCY_UNITS 10 /* of the histogram in a ns */

struct result_latency {
	size_t arm; /* of the run */
	double rate; /* arrivals a second for each thread; 0: each begins when the one before is done */
	double time_s;		 /* all threads together, operations and what lay between them */
	struct histogram counts; /* of LATENCY_UNITS a ns, from the scheduled arrival on */
};

#define LATENCY_SHARES 5
extern const double latency_shares[LATENCY_SHARES];	/* 0.5 to 0.9999 */
extern const char *const latency_names[LATENCY_SHARES]; /* "p50" to "p99.99" */

/* A percentile in ns; NAN where too few samples lie beyond it. */
double latency_ns(const struct result_latency *latency, double share);

/* Operations a second of each thread, from what was done; where it falls short of the rate they queued. */
double latency_done_per_s(const struct result_latency *latency);
#define LATENCY_KEPT_UP 0.98 /* of the arrivals were done: what is less did not keep up */
bool latency_kept_up(const struct result_latency *latency);

/* "closed", "at 1.5 M/s", or "at 1.5 M/s: done 1.2 M/s" where it did not keep up. */
#define LATENCY_LOOP_BYTES 80
const char *latency_loop(const struct result_latency *latency, char text[LATENCY_LOOP_BYTES]);

/* That of an arm at a rate, new and empty where there was none; NULL when out of memory. */
struct result_latency *latency_of(struct result_comparison *comparison, size_t arm, double rate);

/* Forget those of an arm; give all of them back. */
void latency_forget(struct result_comparison *comparison, size_t arm);
void latency_free(struct result_comparison *comparison);

#endif
