/* SPDX-License-Identifier: MIT */
/*
 * Results kept over time in one SQLite file of the user's: a machine's, a
 * kernel's or a build's numbers can be followed. Holds estimates, not visits:
 * the result files stay the evidence, and compare works from them.
 */
#ifndef DAXMARK_HISTORY_HISTORY_H
#define DAXMARK_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stdio.h>

#include "analyse/summary.h"
#include "base/err.h"

struct history;

/* False and the reason when this build has no SQLite. */
bool history_available(struct err *why_not);

/*
 * Open the file; when it is missing it is made if `create`, else that is an error. NULL
 * on failure.
 */
struct history *history_open(const char *path, bool create, struct err *e);
void history_close(struct history *history);

/*
 * Keep one result's measured cases. *added is false when it is there already
 * (same time, host, seed and command): nothing is kept twice.
 */
bool history_add(
	struct history *history, const struct summary *summary, bool *added, struct err *e);

/* One kept run, or one case of it over time; text is valid during the call. */
struct history_row {
	long long id;
	const char *name; /* of the case; NULL: a run */
	const char *created, *host, *cpu, *kernel, *target, *build, *label, *commit;
	bool emulated;
	long long cases;
	double operation_ns, low, high, gbps, over_baseline; /* of a case; NAN unknown */
	double over_low, over_high; /* NAN also of runs that an older daxmark kept */
};

/* Only runs that are so; NULL: any. */
struct history_filter {
	const char *host, *kernel, *target, *label, *commit;
};

/* Every run, oldest first. */
bool history_runs(struct history *history, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, struct err *e);

/* One case by its stable name in every run that has it, oldest first; *n counts them. */
bool history_case(struct history *history, const char *name, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, size_t *n,
	struct err *e);

/* Every case of every run: by name, then machine and target, then oldest first. */
bool history_cases(struct history *history, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, struct err *e);

/*
 * Forget runs: those before a time ("2026-11-01", or with hours as in results), NULL: of any;
 * and of each machine and target all but the newest `keep`, 0: no limit. Only count them unless
 * `really`.
 */
bool history_prune(struct history *history, const struct history_filter *filter, const char *before,
	long long keep, bool really, long long *n, struct err *e);

/* Names of kept cases that contain `part`, in order. */
bool history_names(struct history *history, const char *part,
	bool (*each)(void *arg, const char *name), void *arg, struct err *e);

#endif
