// SPDX-License-Identifier: MIT
#include "study/copies.h"

#include <math.h>

#include "analyse/summary.h"
#include "study/child.h"

#define CONGRUENT "alias-congruent"
#define INCONGRUENT "alias-incongruent"
#define PLAIN "memcpy"

/* Below the first level, the second, the third, and past them all, on most machines. */
static const char *const footprints[] = {"16K", "256K", "4M", "64M"};
#define FOOTPRINTS (sizeof(footprints) / sizeof(footprints[0]))

static const struct summary_case *find(
	const struct summary *summary, size_t comparison, const char *name)
{
	size_t arm = result_arm_named(summary->result, name);

	return arm < summary->result->n_arms ? summary_at(summary, comparison, arm) : NULL;
}

static struct interval speed(const struct summary *summary, size_t comparison, const char *than)
{
	const struct summary_case *row = find(summary, comparison, CONGRUENT);
	const struct summary_case *other = find(summary, comparison, than);

	if (row == NULL || other == NULL || !summary_measured(row) || !summary_measured(other))
		return (struct interval){NAN, NAN, NAN};
	return summary_speed_over(summary, row, other);
}

/* The cases of one footprint, added to what there is. */
static bool measure_one(
	const struct child *child, struct alias_copy *copies, size_t *n, struct err *e)
{
	struct summary summary = {0};
	struct result result = {0};
	bool ok;

	ok = child_measure(child, &result, e) && summary_make(&summary, &result, NULL, e);
	for (size_t c = 0; ok && c < result.n_comparisons && *n < ALIAS_COPIES_MOST; c++)
		copies[(*n)++] = (struct alias_copy){/* As large as it became: devdax rounds up. */
			.footprint_bytes = result.target.bytes,
			.size_bytes = result.comparisons[c].setting.size,
			.operation = result.comparisons[c].setting.operation,
			.over_incongruent = speed(&summary, c, INCONGRUENT),
			.over_memcpy = speed(&summary, c, PLAIN)};
	summary_free(&summary);
	result_free(&result);
	return ok;
}

size_t copies_measure(const char *target, bool overwrite, bool create, double budget_s,
	struct tell *tell, struct alias_copy copies[ALIAS_COPIES_MOST], struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < FOOTPRINTS; i++) {
		const struct child child = {.target = target,
			.overwrite = overwrite,
			.create = create,
			.strategies = PLAIN "," CONGRUENT "," INCONGRUENT,
			.operations = "write,write+consume,read",
			.sizes = "64,512,4K",
			/* Left in the caches: only there can a second address of a line cost. */
			.states = "dirty",
			.footprint = footprints[i],
			.budget_s = budget_s / (double)FOOTPRINTS};

		tell_progress(tell, (double)i / (double)FOOTPRINTS, 0, "copies through aliases");
		if (!measure_one(&child, copies, &n, e))
			return 0;
	}
	return n;
}
