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
#include "case/setting.h"
#include "strategy/strategy.h"

#define PLAN_MAX_ARMS 64
#define PLAN_MAX_SETTINGS 4096
#define PLAN_MAX_ALIGNS 64
#define PLAN_MAX_PASSES 10000
#define PLAN_LEAST_PASSES 30
#define PLAN_MAX_BUDGET_S (48 * 3600)
#define PLAN_BASELINE "memcpy" /* what ratios are to, unless another is named */

/* Where CPUs, DRAM side and target are, by NUMA node; -1: not chosen. */
struct plan_placement {
	int cpu_node, mem_node, target_node;
};

/* As the command line gives it; NULL or 0 asks for the default. */
struct plan_request {
	const char *strategies;			 /* names, "all" or NULL: the default roster */
	const char *operations;			 /* default write,write+consume */
	const char *sizes;			 /* default 64..64M*4 */
	const char *states;			 /* default absent */
	const char *sources;			 /* default hot */
	const char *dst_aligns, *src_aligns;	 /* default 0 */
	const char *page_states;		 /* default mapped */
	const char *threads;			 /* default 1 */
	const char *background;			 /* "load@50,store": default none */
	const struct plan_placement *placements; /* default one: nothing chosen */
	size_t n_placements;
	const char *
		guarantee; /* the level asked for: copies that give less are left out once the target is open */
	double budget_s; /* default 60 */
	uint64_t passes; /* default plan_passes(); what is asked for is kept to */
	uint64_t seed;
	uint64_t window_bytes; /* default: 64 MiB, or twice the largest operation */
};

struct plan_arm {
	const struct strategy *strategy;
	const struct kernel *kernel; /* NULL: not available here */
	unsigned operations;	     /* the bits of those its kernel does */
	bool named;		     /* asked for by name: its absence is a failure */
	char why[160];		     /* why there is no kernel */
};

struct plan {
	struct plan_arm arms[PLAN_MAX_ARMS];
	size_t n_arms;
	struct setting *settings; /* in the seeded order of the first pass */
	size_t n_settings;
	enum guarantee least; /* that was asked for; GUARANTEE_NONE: nothing was */
	double budget_s;
	unsigned passes;
	bool passes_asked; /* that many, whatever changing the pages costs */
	uint64_t seed;
	uint64_t window_bytes;
};

/*
 * `features` are the CPU's. On failure call
 * plan_free() all the same.
 */
bool plan_make(struct plan *plan, const struct plan_request *request, unsigned features,
	const struct target_facts *target, struct err *e);
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
