// SPDX-License-Identifier: MIT
#include "measure/judge.h"

#include <stdio.h>
#include <string.h>

#include "case/workload.h"

/* A workload's copies may be as short as a byte: what holds for those, too. */
static enum guarantee guarantee_in(const struct strategy *strategy, const struct setting *setting,
	const struct protocol_facts *facts)
{
	enum guarantee whole =
		strategy_guarantee(strategy, setting->operation, setting->size, facts);
	enum guarantee least = strategy_guarantee(strategy, setting->operation, 1, facts);

	/* An update that may read stale data is worth nothing. */
	if (setting->workload == WORKLOAD_UPDATES &&
		strategy_guarantee(strategy_reader(strategy), OP_READ, setting->size, facts) ==
			GUARANTEE_NONE)
		return GUARANTEE_NONE;
	return workload_mixes(setting) && least < whole ? least : whole;
}

static void judge_settings(struct result *result, const struct plan *plan)
{
	struct protocol_facts facts = protocol_facts_of(&result->target);
	bool leaves = facts_nocache_leaves(&result->facts);

	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct setting *setting = &result->comparisons[c].setting;

		facts.nocache_leaves = leaves || !setting_caches(setting);
		for (size_t a = 0; a < plan->n_arms; a++)
			result->comparisons[c].guarantee[a] =
				(result->comparisons[c].unproved >> a & 1) != 0
					? GUARANTEE_NONE
					: guarantee_in(plan->arms[a].strategy, setting, &facts);
	}
}

/* The most that it gives to writes, or to reads, in some setting of the run. */
static enum guarantee best_of(const struct result *result, size_t arm, bool reads)
{
	enum guarantee best = GUARANTEE_NONE;

	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		if ((comparison->setting.operation == OP_READ) == reads &&
			result_does(result, comparison, (size_t)arm) &&
			comparison->guarantee[arm] > best)
			best = comparison->guarantee[arm];
	}
	return best;
}

static bool meets(const struct result *result, size_t c, size_t arm, enum guarantee least)
{
	const struct result_comparison *comparison = &result->comparisons[c];

	return result->arms[arm].copies && result->arms[arm].available &&
	       result_does(result, comparison, (size_t)arm) &&
	       guarantee_meets(comparison->setting.operation, comparison->guarantee[arm], least);
}

static bool meets_somewhere(const struct result *result, size_t arm, enum guarantee least)
{
	for (size_t c = 0; c < result->n_comparisons; c++)
		if (meets(result, c, arm, least))
			return true;
	return false;
}

static bool drop_weaker(struct result *result, const struct plan *plan, struct err *e)
{
	for (size_t a = 0; a < result->n_arms; a++) {
		struct result_arm *arm = &result->arms[a];
		enum guarantee best =
			arm->guarantee > arm->read_guarantee ? arm->guarantee : arm->read_guarantee;

		if (!arm->copies || !arm->available || strcmp(arm->name, CASE_BASELINE) == 0 ||
			meets_somewhere(result, a, plan->least))
			continue;
		if (plan->arms[a].named)
			return err_set(e, ERR_USAGE,
				"strategy '%s' gives only '%s' here, " ERR_OF(
					"guarantee") " asks for '%s'",
				arm->name, guarantee_words.names[best],
				guarantee_words.names[plan->least]);
		arm->available = false;
		snprintf(arm->why, sizeof(arm->why), "it gives only '%s' here",
			guarantee_words.names[best]);
	}
	return true;
}

/* A level that nothing gives somewhere is found before anything is timed. */
static bool somebody_meets(const struct result *result, enum guarantee least, struct err *e)
{
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct setting *setting = &result->comparisons[c].setting;
		bool given = false;

		for (size_t a = 0; a < result->n_arms && !given; a++)
			given = meets(result, c, a, least);
		if (!given)
			return err_set(e, ERR_FAILED,
				"no strategy of this run gives '%s' to a %s with destination lines "
				"%s on this CPU and target: 'daxmark probe' says why",
				guarantee_words.names[least],
				operation_words.names[setting->operation],
				state_words.names[setting->state]);
	}
	return true;
}

bool judge(struct result *result, const struct plan *plan, struct err *e)
{
	judge_settings(result, plan);
	for (size_t a = 0; a < result->n_arms; a++) {
		result->arms[a].guarantee = best_of(result, a, false);
		result->arms[a].read_guarantee = best_of(result, a, true);
	}
	if (plan->least == GUARANTEE_NONE)
		return true;
	return drop_weaker(result, plan, e) && somebody_meets(result, plan->least, e);
}
