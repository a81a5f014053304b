/* SPDX-License-Identifier: MIT */
/* What daxmark run is asked for. */
#ifndef DAXMARK_COMMAND_RUN_REQUEST_H
#define DAXMARK_COMMAND_RUN_REQUEST_H

#include "command/command.h"
#include "command/placement.h"
#include "plan/plan.h"
#include "target/target.h"

#define RUNS_MOST 64 /* compare takes no more */

struct run_config {
	struct command_may may;
	const char *target, *output, *cpu, *footprint, *page_size, *seed, *until_text, *label,
		*commit;
	double until;			       /* half-width (log); 0: nothing was asked for */
	const char *asked[AXIS_COUNT], *least; /* as typed; NULL: not given */
	struct placement_request placement;
	struct plan_request request;
	const char *rates; /* of arrivals; NULL: none */
	unsigned loaders;  /* of background load; 0: all other CPUs */
	uint64_t alias_distance;
	unsigned runs;	      /* one after another, each in a process of its own */
	const char *progress; /* NULL, or how it is told */
	int on_cpu;	      /* to measure on; -1: the last allowed one */
	bool incoherent, force, json, quiet, dry_run;
	const char *sections; /* of a suite: those to run; NULL: all */
};

extern const struct option_spec run_options[];
extern const size_t run_n_options;

/* What a run has where nothing is said. */
struct run_config run_usual(void);

/* What was asked for, as words, to values; all but the target. */
bool run_choose(struct run_config *config, struct err *e);

/* The target that was asked for, and how much of it. */
bool run_choose_target(struct run_config *config, struct target_request *target, struct err *e);

/* All of it: plan, measure, show. */
bool run_command(int argc, char **argv, struct err *e);

#endif
