/* SPDX-License-Identifier: MIT */
/*
 * A run: opens the target, verifies every strategy in every setting, walks the
 * plan in passes of visits until the budget is spent, and fills a result.
 */
#ifndef DAXMARK_MEASURE_SESSION_H
#define DAXMARK_MEASURE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/tell.h"
#include "plan/plan.h"
#include "result/result.h"
#include "target/target.h"

struct session_request {
	const struct plan *plan;
	const struct target_request *target;
	int cpu;		      /* to run on; -1: the last one allowed */
	uint64_t alias_distance;      /* of incongruent aliases: see stage_map_alias() */
	unsigned loaders;	      /* CPUs that do a background load; 0: all others */
	const char *command;	      /* for the record */
	const char *label, *commit;   /* the user's own, for the record; NULL: none */
	const char *suite, *question; /* that it runs, and what that asks; NULL: it is none */
	bool provisional;	      /* a first look, and the result says so */
	struct tell *tell;
	/*
	 * Called before the first visit, between rounds every 5 s (less often where it
	 * takes more than a tenth of the time), and at the end.
	 */
	bool (*checkpoint)(void *arg, const struct result *result, struct err *e);
	void *checkpoint_arg;
	/* Does comparison c still want its full share of the time? NULL: always. */
	bool (*wants)(void *arg, const struct result *result, size_t c);
	void *wants_arg;
	bool until; /* end when no comparison wants more, at the next of the planned looks */
};

/*
 * Fills *result; free it with result_free() whatever is returned. True when
 * all went well, also when no comparison wanted more, or when the budget cut the passes
 * short (a note says so) or a signal did (result->complete is false). False: nothing or
 * not all could be measured, or some strategy copied wrong data; what there is stays in
 * *result.
 */
bool session_run(const struct session_request *request, struct result *result, struct err *e);

#endif
