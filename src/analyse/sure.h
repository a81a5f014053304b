/* SPDX-License-Identifier: MIT */
/*
 * How sure a quantity of a comparison is: two truths, never mixed. In this run: its mean
 * over the span of the run. In another run on the same machine: the level about which it
 * wanders. docs/methodology.md, "Two truths".
 */
#ifndef DAXMARK_ANALYSE_SURE_H
#define DAXMARK_ANALYSE_SURE_H

#include <stdbool.h>
#include <stddef.h>

#include "result/result.h"
#include "stat/stat.h"
#include "stat/weather.h"

struct sure {
	struct stat_estimate run;
	struct outlook another;
};

/* The weather of one comparison at a time, made when it is first asked for. */
struct sure_cache {
	bool alone; /* the run as a whole tells of itself alone: nothing is said of another */
	struct weather weather;
	const struct result_comparison *of;
};

/* logs[n_visits] of the comparison. sure_drop() the cache at the end; all zeros to begin with. */
struct sure sure_of(
	struct sure_cache *cache, const struct result_comparison *comparison, const double *logs);
void sure_drop(struct sure_cache *cache);

/*
 * Log of the time of the i-th measured arm over that of the j-th in this run, no narrower
 * than the clock's grain. logs: room for n_visits numbers.
 */
struct interval sure_in_run(const struct result *result, const struct result_comparison *comparison,
	size_t i, size_t j, double confidence, double *logs);

/* Something can be said of another run: it had visits enough, and its weather changed often enough. */
bool sure_elsewhere(const struct outlook *another);

#endif
