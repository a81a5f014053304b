// SPDX-License-Identifier: MIT
#include "measure/describe.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ISO 8601 with the zone's colon: 2026-11-23T05:22:00+00:00. */
static void stamp(char *text, size_t bytes)
{
	time_t now = time(NULL);
	struct tm local;
	char zone[8];

	localtime_r(&now, &local);
	strftime(text, bytes, "%Y-%m-%dT%H:%M:%S", &local);
	strftime(zone, sizeof(zone), "%z", &local);
	snprintf(text + strlen(text), bytes - strlen(text), "%.3s:%.2s", zone, zone + 3);
}

static void put(char *to, size_t bytes, const char *text)
{
	snprintf(to, bytes, "%s", text != NULL ? text : "");
}

bool describe_run(const struct session_request *request, struct result *result, struct err *e)
{
	const struct plan *plan = request->plan;

	if (!result_init(result, plan->n_settings, e))
		return false;
	stamp(result->created, sizeof(result->created));
	put(result->command, sizeof(result->command), request->command);
	put(result->label, sizeof(result->label), request->label);
	put(result->commit, sizeof(result->commit), request->commit);
	put(result->suite, sizeof(result->suite), request->suite);
	put(result->question, sizeof(result->question), request->question);
	result->provisional = request->provisional;
	result->budget_s = plan->budget_s;
	result->passes = plan->passes;
	result->loaders = request->loaders;
	result->seed = plan->seed;
	result->asked = plan->least;
	for (size_t i = 0; i < plan->n_arms; i++) {
		const struct plan_arm *from = &plan->arms[i];
		struct result_arm *arm = &result->arms[result->n_arms++];

		snprintf(arm->name, sizeof(arm->name), "%s", from->strategy->name);
		if (from->kernel != NULL)
			snprintf(arm->variant, sizeof(arm->variant), "%s", from->kernel->variant);
		strategy_text(from->strategy,
			from->operations == 1u << OP_READ ? OP_READ : OP_WRITE, arm->steps,
			sizeof(arm->steps));
		arm->family = from->strategy->family;
		arm->operations = from->operations;
		arm->plainness = from->strategy->plainness;
		arm->alias = from->strategy->alias;
		arm->flushes = strategy_flushes(from->strategy);
		arm->copies = from->strategy->copies;
		arm->available = from->kernel != NULL;
		if (from->strategy->origin != NULL) {
			put(arm->path, sizeof(arm->path), from->strategy->origin->path);
			put(arm->revision, sizeof(arm->revision), from->strategy->origin->revision);
			put(arm->sha256, sizeof(arm->sha256), from->strategy->origin->sha256);
		}
		snprintf(arm->why, sizeof(arm->why), "%s", from->why);
	}
	for (size_t c = 0; c < plan->n_settings; c++) {
		result->comparisons[c].setting = plan->settings[c];
		if (plan->unproved != NULL)
			result->comparisons[c].unproved = plan->unproved[c];
		if (plan->settings[c].section != 0)
			result->comparisons[c].roster = plan->rosters[plan->settings[c].section];
	}
	result_choose_measured(result);
	return true;
}
