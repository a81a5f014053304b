/* SPDX-License-Identifier: MIT */
/*
 * Where one kind of copy becomes faster than another on this machine, and libpmem's
 * PMEM_MOVNT_THRESHOLD from it, tried with and without. libpmem reads the variable when it
 * is loaded, so every measurement is a process of its own; memcpy, measured in each, is
 * what they are compared by.
 */
#ifndef DAXMARK_STUDY_TUNE_H
#define DAXMARK_STUDY_TUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/crossover.h"
#include "analyse/summary.h"
#include "analyse/threshold.h"
#include "base/err.h"
#include "base/tell.h"
#include "study/run.h"

#define TUNE_VARIABLE "PMEM_MOVNT_THRESHOLD"
#define TUNE_DEFAULT 256 /* libpmem(7), PMEM_MOVNT_THRESHOLD */
#define TUNE_PAIRS 4	 /* runs with the variable, and as many without */
#define TUNE_SIZES_MOST 32
#define TUNE_CROSSINGS_MOST 24

struct tune_request {
	struct study_runner runner;
	double budget_s;
	struct tell *tell;
};

struct tune {
	struct result result; /* of the first run, over sizes: sorted */
	struct summary summary;
	struct threshold threshold; /* from which size on non-temporal stores pay */
	/* Sizes whose path the threshold changes, and what that did. */
	uint64_t sizes[TUNE_SIZES_MOST];
	struct interval gain
		[TUNE_SIZES_MOST]; /* speed with it over without; NAN: too few runs came to it */
	size_t n_sizes;
	struct crossing crossings[TUNE_CROSSINGS_MOST]; /* of the durable copies, over sizes */
	size_t n_crossings;
	char no_threshold[160]; /* why there is none; empty: there is one */
};

/* Never is the largest number that the variable takes. */
int64_t tune_number(uint64_t bytes);

/* Measure it all; tune_free() also after failure. */
bool tune_measure(const struct tune_request *request, struct tune *tune, struct err *e);
void tune_free(struct tune *tune);

#endif
