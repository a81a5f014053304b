// SPDX-License-Identifier: MIT
#include "study/tune.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/sure.h"
#include "strategy/strategy.h"
#include "sys/cpu.h"

#define SIZES "64,128,192,256,384,512,768,1K,1536,2K,3K,4K,8K,16K,64K"

/* What is compared: each, or what takes its place on a CPU without it. */
static const char *const candidates[] = {"memcpy", "memcpy+clwb", "fused-clwb", "nt-avx512",
	"nt-avx512-prefetch", "libpmem-temporal", "libpmem-nt"};

/* Writes of these sizes; the result is sorted. `value` of the variable, NULL: unset. */
static bool run(const struct tune_request *request, const char *roster,
	const struct axis_values *sizes, double budget_s, const char *value, struct result *result,
	struct err *e)
{
	static const struct axis_values writes = {.values = {{.operation = OP_WRITE}}, .n = 1};
	const struct study_run run = {.strategies = roster,
		.of = {[AXIS_OPERATION] = &writes, [AXIS_SIZE] = sizes},
		.budget_s = budget_s,
		.variable = TUNE_VARIABLE,
		.value = value};

	return request->runner.measure(request->runner.arg, &run, result, e);
}

/* A candidate or its fallback that this CPU and build have; NULL when there is none. */
static const struct strategy *usable(const char *name)
{
	const struct strategy *strategy;
	struct err why;

	for (; name != NULL; name = strategy->fallback) {
		strategy = strategy_find(name, &why);
		if (strategy == NULL || strategy_kernel(strategy, cpu_features(), &why) != NULL)
			return strategy;
	}
	return NULL;
}

/* The candidates, as a roster. */
static void list_usable(char *list, size_t bytes)
{
	size_t used = 0;

	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]) && used < bytes; i++) {
		const struct strategy *strategy = usable(candidates[i]);

		if (strategy != NULL)
			used += (size_t)snprintf(list + used, bytes - used, "%s%s",
				used > 0 ? "," : "", strategy->name);
	}
}

/* Log of the time of one arm over another's, with an interval; all unknown where one did not run. */
static struct interval log_interval(const struct result *result, size_t c, const char *over,
	const char *under, double confidence)
{
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t i = result_position(comparison, result_arm_named(result, over));
	size_t j = result_position(comparison, result_arm_named(result, under));
	double *logs = malloc((comparison->n_visits + 1) * sizeof(logs[0]));
	struct interval ratio = {0, -INFINITY, INFINITY};

	if (logs != NULL && i < comparison->n_measured && j < comparison->n_measured)
		ratio = sure_in_run(result, comparison, i, j, confidence, logs);
	free(logs);
	return ratio;
}

/* Log of the time of one arm over another's, mean over visits; NAN when one did not run. */
static double log_ratio(const struct result *result, size_t c, const char *over, const char *under)
{
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t i = result_position(comparison, result_arm_named(result, over));
	size_t j = result_position(comparison, result_arm_named(result, under));
	double sum = 0;

	if (i == comparison->n_measured || j == comparison->n_measured || comparison->n_visits == 0)
		return NAN;
	for (size_t v = 0; v < comparison->n_visits; v++)
		sum += result_log_ratio(&comparison->visits[v], i, j, comparison->n_measured);
	return sum / (double)comparison->n_visits;
}

static void find_threshold(struct tune *tune, const struct result *result)
{
	uint64_t sizes[TUNE_SIZES_MOST];
	struct interval ratios[TUNE_SIZES_MOST];
	size_t n =
		result->n_comparisons < TUNE_SIZES_MOST ? result->n_comparisons : TUNE_SIZES_MOST;

	for (size_t c = 0; c < n; c++) {
		sizes[c] = result->comparisons[c].setting.size;
		ratios[c] = log_interval(
			result, c, "libpmem-nt", "libpmem-temporal", threshold_confidence(n));
	}
	tune->threshold = threshold_find(sizes, ratios, n, TUNE_DEFAULT);
}

/* The sizes that libpmem copies another way with the threshold than with its default. */
static void choose_sizes(struct tune *tune, const struct result *result)
{
	uint64_t found = tune->threshold.value;
	uint64_t low = found < TUNE_DEFAULT ? found : TUNE_DEFAULT;
	uint64_t high = found > TUNE_DEFAULT ? found : TUNE_DEFAULT;

	for (size_t c = 0; c < result->n_comparisons && tune->n_sizes < TUNE_SIZES_MOST; c++) {
		uint64_t size = result->comparisons[c].setting.size;

		if (size >= low && size < high)
			tune->sizes[tune->n_sizes++] = size;
	}
}

int64_t tune_number(uint64_t bytes)
{
	return bytes == UINT64_MAX ? INT64_MAX : (int64_t)bytes;
}

/* Runs with and without the variable, in turn: what it does to libpmem's speed. */
static bool try_threshold(const struct tune_request *request, struct tune *tune, struct err *e)
{
	double gains[TUNE_SIZES_MOST][TUNE_PAIRS], with[TUNE_SIZES_MOST];
	size_t n_gains[TUNE_SIZES_MOST] = {0};
	double budget_s = request->budget_s / 2 / (2 * TUNE_PAIRS);
	struct axis_values sizes = {.n = 0};
	char value[32];

	for (size_t i = 0; i < tune->n_sizes; i++)
		sizes.values[sizes.n++].size = tune->sizes[i];
	snprintf(value, sizeof(value), "%lld", (long long)tune_number(tune->threshold.value));
	for (int pair = 0; pair < TUNE_PAIRS; pair++) {
		for (int half = 0; half < 2; half++) {
			bool set = (pair + half) % 2 == 0; /* with, without, without, with */
			struct result result = {0};

			tell_progress(request->tell, (2 * pair + half) / (2.0 * TUNE_PAIRS), 0,
				"with and without " TUNE_VARIABLE);
			if (!run(request, "memcpy,libpmem", &sizes, budget_s, set ? value : NULL,
				    &result, e)) {
				result_free(&result);
				return false;
			}
			for (size_t c = 0; c < tune->n_sizes && c < result.n_comparisons; c++) {
				double log_time = log_ratio(&result, c, "libpmem", "memcpy");

				if (half == 0)
					with[c] = set ? -log_time : log_time;
				else if (isfinite(with[c] + log_time))
					gains[c][n_gains[c]++] =
						with[c] + (set ? -log_time : log_time);
			}
			result_free(&result);
		}
	}
	for (size_t c = 0; c < tune->n_sizes; c++) {
		/* A short run may end before it comes to a size: two pairs are the least. */
		tune->gain[c] = n_gains[c] >= 2 ? stat_raised(stat_t(gains[c], n_gains[c], 0.95))
						: (struct interval){NAN, NAN, NAN};
	}
	return true;
}

/* Where the durable copies cross; the first run is one curve over sizes. */
static void find_crossings(struct tune *tune, const struct summary *summary)
{
	struct crossing found[TUNE_CROSSINGS_MOST];
	size_t members[TUNE_SIZES_MOST], n = 0, n_found;

	for (size_t c = 0; c < summary->result->n_comparisons && n < TUNE_SIZES_MOST; c++)
		if (summary->result->comparisons[c].n_visits > 0)
			members[n++] = c;
	n_found = crossings_find(summary, CROSSOVER_SIZE, members, n, found, TUNE_CROSSINGS_MOST);
	for (size_t i = 0; i < n_found; i++)
		if (found[i].guarantee == GUARANTEE_DURABLE_DATA)
			tune->crossings[tune->n_crossings++] = found[i];
}

/* libpmem's threshold from a first run, and what it does. */
static bool find_and_try(const struct tune_request *request, struct tune *tune,
	const struct result *result, struct err *e)
{
	const struct strategy *libpmem = strategy_find("libpmem", e);
	struct err why;

	if (libpmem == NULL)
		return false;
	if (strategy_kernel(libpmem, cpu_features(), &why) == NULL) {
		snprintf(tune->no_threshold, sizeof(tune->no_threshold), "%.150s", why.text);
		return true;
	}
	find_threshold(tune, result);
	choose_sizes(tune, result);
	return tune->n_sizes == 0 || try_threshold(request, tune, e);
}

bool tune_measure(const struct tune_request *request, struct tune *tune, struct err *e)
{
	struct axis_values sizes;
	char list[300] = "";
	bool ok;

	memset(tune, 0, sizeof(*tune));
	list_usable(list, sizeof(list));
	tell_progress(request->tell, 0, 0, "crossovers");
	ok = axis_parse(AXIS_SIZE, SIZES, &sizes, e) &&
	     run(request, list, &sizes, request->budget_s / 2, NULL, &tune->result, e) &&
	     find_and_try(request, tune, &tune->result, e) &&
	     summary_make(&tune->summary, &tune->result, NULL, e);
	tell_progress_end(request->tell);
	if (ok)
		find_crossings(tune, &tune->summary);
	return ok;
}

void tune_free(struct tune *tune)
{
	summary_free(&tune->summary);
	result_free(&tune->result);
}
