/* SPDX-License-Identifier: MIT */
/*
 * Weather as an explanation: what makes a ratio wander is how hard neighbours use memory,
 * and a roof of the same rounds, which is not itself compared, is slowed by that too. Where
 * a roof's time explains the ratio on visits that were held out, the ratio is told at
 * weather that is stated; where it does not, that is said and nothing is adjusted.
 */
#ifndef DAXMARK_ANALYSE_EXPLAIN_H
#define DAXMARK_ANALYSE_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "analyse/summary.h"
#include "stat/line.h"

/* Of the variance on held-out visits: less is no explanation (make bench-coverage, "weather"). */
#define EXPLAIN_LEAST 0.3

/* At the run's 10, 50 and 90 % of the roof's time. */
enum explain_weather { WEATHER_QUIET, WEATHER_MEDIAN, WEATHER_BUSY, EXPLAIN_WEATHERS };
extern const struct words explain_words;

struct explanation {
	size_t comparison, arm, than; /* speed of arm over than */
	size_t reference;	      /* the roof that explains most of it */
	double share;		      /* of the variance, on held-out visits; may be below 0 */
	bool used;		      /* at least EXPLAIN_LEAST */
	struct {
		double roof_gbps;	      /* what the roof did at that weather */
		struct interval run, another; /* speed there; another: NAN where not known */
	} at[EXPLAIN_WEATHERS];
	struct interval plain; /* the speed in this run, at its mean weather */
};

/*
 * False where there is nothing to try: no roof was measured beside the two, or fewer than
 * STRATA_ENOUGH visits; *explanation is then all zeros. Also when out of memory.
 */
bool explain(const struct summary *summary, size_t comparison, size_t arm, size_t than,
	struct explanation *explanation);

/* Log speeds over the times of a reference, of n visits: what explain() makes of them in this run. left[n]: what is left. */
struct explain_fit {
	struct stat_line line;
	double share, readings[EXPLAIN_WEATHERS];
	struct stat_estimate run[EXPLAIN_WEATHERS];
};

bool explain_fit(const double *reference, const double *log_speed, size_t n,
	struct explain_fit *fit, double *left);

#endif
