// SPDX-License-Identifier: MIT
#include "study/copies.h"

#include <math.h>

#include "analyse/summary.h"

#define CONGRUENT "alias-congruent"
#define INCONGRUENT "alias-incongruent"
#define PLAIN "memcpy"

/* Below the first level, the second, the third, and past them all, on most machines. */
static const uint64_t footprints[] = {16u << 10, 256u << 10, 4u << 20, 64u << 20};
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
static bool measure_one(const struct study_runner *runner, const struct study_run *run,
	struct alias_copy *copies, size_t *n, struct err *e)
{
	struct summary summary = {0};
	struct result result = {0};
	bool ok;

	ok = runner->measure(runner->arg, run, &result, e) &&
	     summary_make(&summary, &result, NULL, e);
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

size_t copies_measure(const struct study_runner *runner, double budget_s, struct tell *tell,
	struct alias_copy copies[ALIAS_COPIES_MOST], struct err *e)
{
	struct axis_values operations, sizes, states;
	size_t n = 0;

	/* Left in the caches: only there can a second address of a line cost. */
	if (!axis_parse(AXIS_OPERATION, "write,write+consume,read", &operations, e) ||
		!axis_parse(AXIS_SIZE, "64,512,4K", &sizes, e) ||
		!axis_parse(AXIS_STATE, "dirty", &states, e))
		return 0;
	for (size_t i = 0; i < FOOTPRINTS; i++) {
		const struct study_run run = {.strategies = PLAIN "," CONGRUENT "," INCONGRUENT,
			.of = {[AXIS_OPERATION] = &operations,
				[AXIS_SIZE] = &sizes,
				[AXIS_STATE] = &states},
			.footprint_bytes = footprints[i],
			.budget_s = budget_s / (double)FOOTPRINTS};

		tell_progress(tell, (double)i / (double)FOOTPRINTS, 0, "copies through aliases");
		if (!measure_one(runner, &run, copies, &n, e))
			return 0;
	}
	return n;
}
