/* SPDX-License-Identifier: MIT */
/*
 * From what was asked to what will be done: the roster of arms, the settings
 * they are compared in, the passes and the window. Looks names up and refuses
 * what cannot be; maps and measures nothing.
 */
#ifndef DAXMARK_PLAN_PLAN_H
#define DAXMARK_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "case/axis.h"
#include "strategy/strategy.h"

#define PLAN_MAX_SETTINGS 4096
#define PLAN_MAX_PASSES 10000
#define PLAN_LEAST_PASSES 30
#define PLAN_MAX_BUDGET_S (48 * 3600)
#define PLAN_MAX_RATES 16

/* How long single operations take, beside the time of many: asked for or not. */
struct plan_latency {
	bool closed;		      /* each begins when the one before is done */
	double rates[PLAN_MAX_RATES]; /* they arrive so many a second for each thread */
	size_t n_rates;
};

/* What somebody asks for; 0 or NULL: the default. */
struct plan_request {
	const char *strategies; /* names, "family:flush", "all" or NULL: the default roster */
	/* Along each axis; n 0: the axis's usual values (case/axis.c). */
	struct axis_values values[AXIS_COUNT];
	/* The level asked for: copies that give less are left out once the target is open. */
	enum guarantee least;
	double budget_s; /* default 60 */
	uint64_t passes; /* default plan_passes(); what is asked for is kept to */
	uint64_t seed;
	uint64_t window_bytes; /* default: 64 MiB, or twice the largest operation */
	unsigned section;      /* of a suite that this asks for; 0: it is no suite */
	struct plan_latency latency;
	bool mild; /* strategies that are named, but not to be had, are no failure */
};

/* The machine that the plan is for. */
struct plan_machine {
	unsigned features; /* enum cpu_feature bits */
	size_t line_bytes; /* of a cache line */
};

struct plan_arm {
	const struct strategy *strategy;
	const struct kernel *kernel; /* NULL: not available here */
	unsigned operations;	     /* the bits of those its kernel does */
	bool named;		     /* asked for by name: its absence is a failure */
	char why[160];		     /* why there is no kernel */
};

struct plan {
	struct plan_arm arms[CASE_MOST_ARMS];
	size_t n_arms;
	uint64_t rosters[SECTIONS_MOST]; /* bit a: arm a is asked for in that section */
	struct plan_latency latencies[SECTIONS_MOST];
	struct setting *settings; /* in the seeded order of the first pass */
	size_t n_settings;
	/* [n_settings] bit a: what arm a declares was not proved there (command/run_prove.h); NULL: nothing is */
	uint64_t *unproved;
	enum guarantee least; /* that was asked for; GUARANTEE_NONE: nothing was */
	double budget_s;
	unsigned passes;
	bool passes_asked; /* that many, whatever changing the pages costs */
	uint64_t seed;
	uint64_t window_bytes;
};

/*
 * Of n requests, sections of one suite or a single one: each has arms, settings and
 * values of its own, what is of the whole run is the first one's. On failure call
 * plan_free() all the same.
 */
bool plan_make(struct plan *plan, const struct plan_request *requests, size_t n,
	const struct plan_machine *machine, const struct target_facts *target, struct err *e);
void plan_free(struct plan *plan);

/*
 * Passes for a budget and so many comparisons: a visit of each every 3 s, and at least 30
 * of them, as many as intervals want (stat/strata.h, stat/weather.h). Where that leaves visits longer than
 * 0.1 s more are made of the same time, until there are 1000 in all: what wanders within a
 * stratum then counts for less, and fewer comparisons do not make longer files.
 */
unsigned plan_passes(double budget_s, size_t n_settings);

/* How many arms have a kernel. */
size_t plan_available(const struct plan *plan);

#endif
