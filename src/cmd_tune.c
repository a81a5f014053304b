// SPDX-License-Identifier: MIT
/*
 * daxmark tune: where one kind of copy becomes faster than another on this
 * machine, and libpmem's PMEM_MOVNT_THRESHOLD from it, tried with and without.
 * libpmem reads the variable when it is loaded, so every measurement is a process of
 * its own; memcpy, measured in each, is what they are compared by.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/crossover.h"
#include "analyse/summary.h"
#include "analyse/threshold.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/tell.h"
#include "base/units.h"
#include "child.h"
#include "command.h"
#include "report/crossings.h"
#include "report/recommend.h"
#include "show.h"
#include "stat/strata.h"
#include "strategy/strategy.h"
#include "sys/cpu.h"

#define VARIABLE "PMEM_MOVNT_THRESHOLD"
#define LIBPMEM_DEFAULT 256 /* libpmem(7), PMEM_MOVNT_THRESHOLD */
#define SIZES "64,128,192,256,384,512,768,1K,1536,2K,3K,4K,8K,16K,64K"
#define PAIRS 4
#define MOST_SIZES 32
#define MOST_CROSSINGS 24

/* What is compared: each, or what takes its place on a CPU without it. */
static const char *const candidates[] = {"memcpy", "memcpy+clwb", "fused-clwb", "nt-avx512",
	"nt-avx512-prefetch", "libpmem-temporal", "libpmem-nt"};

struct config {
	struct command_may may;
	const char *target;
	double budget_s;
	bool json, quiet;
};

static const struct option_spec options[] = {
	{"target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to copy to (default memfd)"},
	COMMAND_MAY_OPTIONS(struct config),
	{"budget", 0, OPTION_SECONDS, offsetof(struct config, budget_s), "TIME",
		"time for all (default 90s)"},
	{"json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL, "one JSON document"},
	{"quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL, "no progress, no notes"},
};

struct tuner {
	const struct config *config;
	struct tell tell;
	struct threshold threshold; /* from which size on non-temporal stores pay */
	/* Sizes whose path the threshold changes, and what that did. */
	uint64_t sizes[MOST_SIZES];
	struct interval gain[MOST_SIZES]; /* speed with it over speed without */
	size_t n_sizes;
	struct crossing crossings[MOST_CROSSINGS]; /* of the durable copies, over sizes */
	size_t n_crossings;
	char no_threshold[160]; /* why there is none; empty: there is one */
};

/* One run of daxmark over the sizes; its result is read and sorted. `value` of the variable, NULL: unset. */
static bool run(struct tuner *tuner, const char *roster, const char *sizes, double budget_s,
	const char *value, struct result *result, struct err *e)
{
	const struct child child = {.target = tuner->config->target,
		.may = &tuner->config->may,
		.strategies = roster,
		.operations = "write",
		.sizes = sizes,
		.budget_s = budget_s,
		.variable = VARIABLE,
		.value = value};

	return child_measure(&child, result, e);
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

/* The candidates for --strategies. */
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

	if (logs != NULL && i < comparison->n_measured && j < comparison->n_measured) {
		result_log_ratios(comparison, i, j, logs);
		ratio = stat_widen(
			stat_interval(stat_strata(logs, comparison->n_visits), confidence),
			result_ratio_grain(result, comparison, i, j));
	}
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

static void find_threshold(struct tuner *tuner, const struct result *result)
{
	uint64_t sizes[MOST_SIZES];
	struct interval ratios[MOST_SIZES];
	size_t n = result->n_comparisons < MOST_SIZES ? result->n_comparisons : MOST_SIZES;

	for (size_t c = 0; c < n; c++) {
		sizes[c] = result->comparisons[c].setting.size;
		ratios[c] = log_interval(
			result, c, "libpmem-nt", "libpmem-temporal", threshold_confidence(n));
	}
	tuner->threshold = threshold_find(sizes, ratios, n, LIBPMEM_DEFAULT);
}

/* The sizes that libpmem copies another way with the threshold than with its default. */
static void choose_sizes(struct tuner *tuner, const struct result *result)
{
	uint64_t found = tuner->threshold.value;
	uint64_t low = found < LIBPMEM_DEFAULT ? found : LIBPMEM_DEFAULT;
	uint64_t high = found > LIBPMEM_DEFAULT ? found : LIBPMEM_DEFAULT;

	for (size_t c = 0; c < result->n_comparisons && tuner->n_sizes < MOST_SIZES; c++) {
		uint64_t size = result->comparisons[c].setting.size;

		if (size >= low && size < high)
			tuner->sizes[tuner->n_sizes++] = size;
	}
}

/* Never is the largest number. */
static json_int_t as_number(uint64_t bytes)
{
	return bytes == UINT64_MAX ? INT64_MAX : (json_int_t)bytes;
}

/* Runs with and without the variable, in turn: what it does to libpmem's speed. */
static bool try_threshold(struct tuner *tuner, struct err *e)
{
	double gains[MOST_SIZES][PAIRS], with[MOST_SIZES];
	double budget_s = tuner->config->budget_s / 2 / (2 * PAIRS);
	char sizes[300] = "", value[32];

	for (size_t i = 0; i < tuner->n_sizes; i++)
		snprintf(sizes + strlen(sizes), sizeof(sizes) - strlen(sizes), "%s%llu",
			i ? "," : "", (unsigned long long)tuner->sizes[i]);
	snprintf(value, sizeof(value), "%lld", (long long)as_number(tuner->threshold.value));
	for (int pair = 0; pair < PAIRS; pair++) {
		for (int half = 0; half < 2; half++) {
			bool set = (pair + half) % 2 == 0; /* with, without, without, with */
			struct result result = {0};

			tell_progress(&tuner->tell, (2 * pair + half) / (2.0 * PAIRS), 0,
				"with and without " VARIABLE);
			if (!run(tuner, "memcpy,libpmem", sizes, budget_s, set ? value : NULL,
				    &result, e)) {
				result_free(&result);
				return false;
			}
			for (size_t c = 0; c < tuner->n_sizes && c < result.n_comparisons; c++) {
				double log_time = log_ratio(&result, c, "libpmem", "memcpy");

				if (half == 0)
					with[c] = set ? -log_time : log_time;
				else
					gains[c][pair] = with[c] + (set ? -log_time : log_time);
			}
			result_free(&result);
		}
	}
	for (size_t c = 0; c < tuner->n_sizes; c++) {
		struct interval log_gain = stat_t(gains[c], PAIRS, 0.95);

		tuner->gain[c] = (struct interval){
			exp(log_gain.estimate), exp(log_gain.low), exp(log_gain.high)};
	}
	return true;
}

struct answers {
	const struct result *result;
	struct show_table *table;
	bool ok;
};

static void show_answer(void *arg, const struct recommendation *recommendation)
{
	struct answers *answers = arg;
	char sizes[2 * UNITS_TEXT_BYTES + 8];
	const char *cells[] = {sizes, recommendation->take != NULL ? recommendation->take : "-",
		recommendation->gain, recommendation->alike};

	if (recommendation->guarantee != GUARANTEE_DURABLE_DATA)
		return;
	recommend_sizes(answers->result, recommendation, sizes, sizeof(sizes));
	answers->ok = answers->ok && show_row(answers->table, cells, 4);
}

static bool print_answers(const struct summary *summary, struct err *e)
{
	static const struct show_column columns[] = {{.name = "SIZE OF ONE"}, {.name = "TAKE"},
		{.name = "SPEED OVER THE BEST OF ANOTHER FAMILY"}, {.name = "AS FAST"}};
	struct answers answers = {summary->result, show_begin("answers", columns, 4, false), true};

	if (answers.table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	recommend(summary, view_at(summary->result, 0), show_answer, &answers);
	if (!answers.ok) {
		show_drop(answers.table);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	return show_end(answers.table, e);
}

static bool print_crossings(const struct tuner *tuner, const struct result *result, struct err *e)
{
	static const struct show_column columns[] = {{.name = "FASTER BELOW"},
		{.name = "FASTER ABOVE"}, {.name = "EQUAL AT", .right = true},
		{.name = "95 % INTERVAL"}};
	struct show_table *table;
	bool ok;

	if (tuner->n_crossings == 0)
		return true;
	printf("\n");
	table = show_begin("crossovers", columns, 4, false);
	ok = table != NULL;
	for (size_t i = 0; ok && i < tuner->n_crossings; i++) {
		const struct crossing *crossing = &tuner->crossings[i];
		char at[CROSSINGS_TEXT_BYTES], interval[2 * CROSSINGS_TEXT_BYTES + 4];
		const char *cells[] = {result->arms[crossing->before].name,
			result->arms[crossing->after].name, at, interval};

		crossings_text(crossing, CROSSOVER_SIZE, at, interval, sizeof(interval));
		ok = show_row(table, cells, 4);
	}
	return show_finish(table, ok, e);
}

static bool print_gains(const struct tuner *tuner, struct err *e)
{
	static const struct show_column columns[] = {{.name = "SIZE", .right = true},
		{.name = "SPEED WITH IT", .right = true}, {.name = "95 % INTERVAL"}};
	struct show_table *table = show_begin("gains", columns, 3, false);
	char size[UNITS_TEXT_BYTES];
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < tuner->n_sizes; i++) {
		char gain[32], interval[64];
		const char *cells[] = {units_bytes(tuner->sizes[i], size), gain, interval};

		snprintf(gain, sizeof(gain), "%.3f", tuner->gain[i].estimate);
		snprintf(interval, sizeof(interval), "%.3f to %.3f", tuner->gain[i].low,
			tuner->gain[i].high);
		ok = show_row(table, cells, 3);
	}
	return show_finish(table, ok, e);
}

/* Between which sizes it is, as far as was told. */
static void print_between(const struct threshold *threshold)
{
	char low[UNITS_TEXT_BYTES] = "the least", high[UNITS_TEXT_BYTES] = "beyond the largest";

	if (threshold->low > threshold->high) {
		printf("The two take turns: no one threshold is right at all sizes.\n");
		return;
	}
	if (threshold->low > 0 && threshold->low < UINT64_MAX)
		units_bytes(threshold->low, low);
	if (threshold->high < UINT64_MAX)
		units_bytes(threshold->high > 0 ? threshold->high : 1, high);
	show_line("Surely slower below, and surely faster above, are told apart from %s to %s "
		  "(joint 95 %%, in this run); between them either does.",
		threshold->low == UINT64_MAX ? "beyond the largest" : low,
		threshold->high == 0 ? "the least" : high);
}

static bool print_text(const struct tuner *tuner, const struct summary *summary, struct err *e)
{
	printf("Durable copies on %s%s, destination lines absent, source hot:\n\n",
		summary->result->target.name,
		summary->result->target.emulated ? " (emulated)" : "");
	if (!print_answers(summary, e) || !print_crossings(tuner, summary->result, e))
		return false;
	if (tuner->no_threshold[0] != '\0') {
		printf("\nlibpmem: no " VARIABLE ": %s.\n", tuner->no_threshold);
		return true;
	}
	printf("\nlibpmem: non-temporal stores pay from here on:\n  %s=%lld   (default %d)\n",
		VARIABLE, (long long)as_number(tuner->threshold.value), LIBPMEM_DEFAULT);
	print_between(&tuner->threshold);
	if (tuner->n_sizes == 0) {
		printf("That changes nothing at the sizes tried: the default is right.\n");
		return true;
	}
	printf("\nTried: libpmem's speed with it over its speed without, %d runs each, by "
	       "memcpy's:\n",
		PAIRS);
	return print_gains(tuner, e);
}

static json_t *best_json(const struct summary *summary)
{
	json_t *rows = json_array();

	for (size_t c = 0; c < summary->result->n_comparisons; c++) {
		const struct summary_case *best = summary_best(summary, c, GUARANTEE_DURABLE_DATA);
		json_t *row = json_object(), *tied = json_array();

		json_put(row, "size_bytes",
			json_integer((json_int_t)summary->result->comparisons[c].setting.size));
		json_put(row, "strategy",
			best != NULL ? json_plain(best->described->name) : json_null());
		json_put(row, "operation_ns", json_double(best != NULL ? best->ns.estimate : NAN));
		for (size_t a = 0; best != NULL && a < summary->result->n_arms; a++) {
			const struct summary_case *other = summary_at(summary, c, a);

			if (other != best && other->rank == RANK_TIED &&
				other->guarantee == best->guarantee)
				json_array_append_new(tied, json_plain(other->described->name));
		}
		json_put(row, "not_told_from_it", tied);
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *crossings_json(const struct tuner *tuner, const struct result *result)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < tuner->n_crossings; i++) {
		const struct crossing *crossing = &tuner->crossings[i];
		json_t *row = json_object();

		json_put(row, "below", json_plain(result->arms[crossing->before].name));
		json_put(row, "above", json_plain(result->arms[crossing->after].name));
		json_put(row, "bytes", json_double(exp2(crossing->at.x.estimate)));
		json_put(row, "low", json_double(exp2(crossing->at.x.low)));
		json_put(row, "high", json_double(exp2(crossing->at.x.high)));
		json_array_append_new(rows, row);
	}
	return rows;
}

static bool print_json(const struct tuner *tuner, const struct summary *summary, struct err *e)
{
	json_t *root = json_object(), *gains = json_array();
	bool threshold = tuner->no_threshold[0] == '\0';
	char *text;

	json_put(root, "best", best_json(summary));
	json_put(root, "crossovers", crossings_json(tuner, summary->result));
	json_put(root, "variable", json_plain(VARIABLE));
	json_put(root, "threshold_bytes",
		threshold ? json_integer(as_number(tuner->threshold.value)) : json_null());
	json_put(root, "threshold_low_bytes",
		threshold ? json_integer(as_number(tuner->threshold.low)) : json_null());
	json_put(root, "threshold_high_bytes",
		threshold ? json_integer(as_number(tuner->threshold.high)) : json_null());
	json_put(root, "why", json_plain(tuner->no_threshold));
	json_put(root, "default_bytes", json_integer(LIBPMEM_DEFAULT));
	for (size_t i = 0; i < tuner->n_sizes; i++) {
		json_t *gain = json_object();

		json_put(gain, "size_bytes", json_integer((json_int_t)tuner->sizes[i]));
		json_put(gain, "speed", json_double(tuner->gain[i].estimate));
		json_put(gain, "low", json_double(tuner->gain[i].low));
		json_put(gain, "high", json_double(tuner->gain[i].high));
		json_array_append_new(gains, gain);
	}
	json_put(root, "with_over_without", gains);
	text = json_dumps(root, JSON_REAL_PRECISION(6));
	json_decref(root);
	if (text == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	printf("%s\n", text);
	free(text);
	return true;
}

/* Where the durable copies cross; the first run is one curve over sizes. */
static void find_crossings(struct tuner *tuner, const struct summary *summary)
{
	struct crossing found[MOST_CROSSINGS];
	size_t members[MOST_SIZES], n = 0, n_found;

	for (size_t c = 0; c < summary->result->n_comparisons && n < MOST_SIZES; c++)
		if (summary->result->comparisons[c].n_visits > 0)
			members[n++] = c;
	n_found = crossings_find(summary, CROSSOVER_SIZE, members, n, found, MOST_CROSSINGS);
	for (size_t i = 0; i < n_found; i++)
		if (found[i].guarantee == GUARANTEE_DURABLE_DATA)
			tuner->crossings[tuner->n_crossings++] = found[i];
}

/* libpmem's threshold from a first run, and what it does. */
static bool find_and_try(struct tuner *tuner, const struct result *result, struct err *e)
{
	const struct strategy *libpmem = strategy_find("libpmem", e);
	struct err why;

	if (libpmem == NULL)
		return false;
	if (strategy_kernel(libpmem, cpu_features(), &why) == NULL) {
		snprintf(tuner->no_threshold, sizeof(tuner->no_threshold), "%.150s", why.text);
		return true;
	}
	find_threshold(tuner, result);
	choose_sizes(tuner, result);
	return tuner->n_sizes == 0 || try_threshold(tuner, e);
}

static bool measure(struct tuner *tuner, struct err *e)
{
	struct summary summary = {0};
	struct result result = {0};
	char list[300] = "";
	bool ok;

	list_usable(list, sizeof(list));
	tell_progress(&tuner->tell, 0, 0, "crossovers");
	ok = run(tuner, list, SIZES, tuner->config->budget_s / 2, NULL, &result, e) &&
	     find_and_try(tuner, &result, e) && summary_make(&summary, &result, NULL, e);
	tell_progress_end(&tuner->tell);
	if (ok) {
		find_crossings(tuner, &summary);
		ok = tuner->config->json ? print_json(tuner, &summary, e)
					 : print_text(tuner, &summary, e);
	}
	summary_free(&summary);
	result_free(&result);
	return ok;
}

static bool tune(int argc, char **argv, struct err *e)
{
	struct config config = {.target = "memfd", .budget_s = 90};
	struct tuner tuner = {.config = &config};
	int first;
	bool ok;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!command_no_arguments(argc, argv, first, e))
		return false;
	if (strategy_libpmem_skips_flush())
		return err_set(e, ERR_FAILED,
			"tune: libpmem's copies flush nothing here (PMEM_NO_FLUSH=1, or caches "
			"that "
			"are persistent): their times say nothing of a threshold");
	tell_init(&tuner.tell, config.quiet);
	interrupt_install();
	ok = measure(&tuner, e);
	return ok;
}

const struct command command_tune = {
	.name = "tune",
	.arguments = "[OPTIONS]",
	.summary = "crossovers of this machine, and libpmem's threshold, tried with and without",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = tune,
};
