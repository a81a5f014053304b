// SPDX-License-Identifier: MIT
/* daxmark tune: what study/tune.h finds, for people and for programs. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/units.h"
#include "command/child.h"
#include "command/command.h"
#include "command/show.h"
#include "report/crossings.h"
#include "report/recommend.h"
#include "strategy/strategy.h"
#include "study/tune.h"

struct config {
	struct command_may may;
	const char *target;
	double budget_s;
	bool json, quiet;
};

static const struct option_spec options[] = {
	{OPTION("target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to copy to (default memfd)")},
	COMMAND_MAY_OPTIONS(struct config),
	{OPTION("budget", 0, OPTION_SECONDS, offsetof(struct config, budget_s), "TIME",
		"time for all (default 90s)")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL,
		"no progress, no notes")},
};

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

static bool print_crossings(const struct tune *tune, const struct result *result, struct err *e)
{
	static const struct show_column columns[] = {{.name = "FASTER BELOW"},
		{.name = "FASTER ABOVE"}, {.name = "EQUAL AT", .right = true},
		{.name = "95 % INTERVAL"}};
	struct show_table *table;
	bool ok;

	if (tune->n_crossings == 0)
		return true;
	printf("\n");
	table = show_begin("crossovers", columns, 4, false);
	ok = table != NULL;
	for (size_t i = 0; ok && i < tune->n_crossings; i++) {
		const struct crossing *crossing = &tune->crossings[i];
		char at[CROSSINGS_TEXT_BYTES], interval[2 * CROSSINGS_TEXT_BYTES + 4];
		const char *cells[] = {result->arms[crossing->before].name,
			result->arms[crossing->after].name, at, interval};

		crossings_text(crossing, CROSSOVER_SIZE, at, interval, sizeof(interval));
		ok = show_row(table, cells, 4);
	}
	return show_finish(table, ok, e);
}

static bool print_gains(const struct tune *tune, struct err *e)
{
	static const struct show_column columns[] = {{.name = "SIZE", .right = true},
		{.name = "SPEED WITH IT", .right = true}, {.name = "95 % INTERVAL"}};
	struct show_table *table = show_begin("gains", columns, 3, false);
	char size[UNITS_TEXT_BYTES];
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < tune->n_sizes; i++) {
		char gain[32], interval[64];
		const char *cells[] = {units_bytes(tune->sizes[i], size), gain, interval};

		if (isnan(tune->gain[i].estimate)) {
			snprintf(gain, sizeof(gain), "-");
			snprintf(interval, sizeof(interval), "too few runs came to it: more time");
		} else {
			snprintf(gain, sizeof(gain), "%.3f", tune->gain[i].estimate);
			snprintf(interval, sizeof(interval), "%.3f to %.3f", tune->gain[i].low,
				tune->gain[i].high);
		}
		ok = show_row(table, cells, 3);
	}
	return show_finish(table, ok, e);
}

/* Between which sizes it is, as far as was told. */
static void print_between(const struct threshold *threshold)
{
	char low[UNITS_TEXT_BYTES] = "the least", high[UNITS_TEXT_BYTES] = "beyond the largest";

	if (threshold->low == 0 && threshold->high == UINT64_MAX) {
		printf("Told at none of the sizes tried: the default is kept.\n");
		return;
	}
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

static bool print_text(const struct tune *tune, const struct summary *summary, struct err *e)
{
	printf("Durable copies on %s%s, destination lines absent, source hot:\n\n",
		summary->result->target.name,
		summary->result->target.emulated ? " (emulated)" : "");
	if (!print_answers(summary, e) || !print_crossings(tune, summary->result, e))
		return false;
	if (tune->no_threshold[0] != '\0') {
		printf("\nlibpmem: no " TUNE_VARIABLE ": %s.\n", tune->no_threshold);
		return true;
	}
	printf("\nlibpmem: non-temporal stores pay from here on:\n  %s=%lld   (default %d)\n",
		TUNE_VARIABLE, (long long)tune_number(tune->threshold.value), TUNE_DEFAULT);
	print_between(&tune->threshold);
	if (tune->n_sizes == 0) {
		printf("Nothing tells against the default at the sizes tried.\n");
		return true;
	}
	printf("\nTried: libpmem's speed with it over its speed without, %d runs each, by "
	       "memcpy's:\n",
		TUNE_PAIRS);
	return print_gains(tune, e);
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

static json_t *crossings_json(const struct tune *tune, const struct result *result)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < tune->n_crossings; i++) {
		const struct crossing *crossing = &tune->crossings[i];
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

static bool print_json(const struct tune *tune, const struct summary *summary, struct err *e)
{
	json_t *root = json_object(), *gains = json_array();
	bool threshold = tune->no_threshold[0] == '\0';
	json_put(root, "best", best_json(summary));
	json_put(root, "crossovers", crossings_json(tune, summary->result));
	json_put(root, "variable", json_plain(TUNE_VARIABLE));
	json_put(root, "threshold_bytes",
		threshold ? json_integer(tune_number(tune->threshold.value)) : json_null());
	json_put(root, "threshold_low_bytes",
		threshold ? json_integer(tune_number(tune->threshold.low)) : json_null());
	json_put(root, "threshold_high_bytes",
		threshold ? json_integer(tune_number(tune->threshold.high)) : json_null());
	json_put(root, "why", json_plain(tune->no_threshold));
	json_put(root, "default_bytes", json_integer(TUNE_DEFAULT));
	for (size_t i = 0; i < tune->n_sizes; i++) {
		json_t *gain = json_object();

		json_put(gain, "size_bytes", json_integer((json_int_t)tune->sizes[i]));
		json_put(gain, "speed", json_double(tune->gain[i].estimate));
		json_put(gain, "low", json_double(tune->gain[i].low));
		json_put(gain, "high", json_double(tune->gain[i].high));
		json_array_append_new(gains, gain);
	}
	json_put(root, "with_over_without", gains);
	return json_print(root, JSON_REAL_PRECISION(6), e);
}

static bool run(int argc, char **argv, struct err *e)
{
	struct config config = {.target = "memfd", .budget_s = 90};
	struct tune tune = {.n_sizes = 0};
	struct tune_request request;
	struct child child;
	struct tell tell;
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
	tell_init(&tell, config.quiet);
	interrupt_install();
	child = (struct child){config.target, config.may};
	request = (struct tune_request){{child_measure, &child}, config.budget_s, &tell};
	ok = tune_measure(&request, &tune, e) &&
	     (config.json ? print_json(&tune, &tune.summary, e)
			  : print_text(&tune, &tune.summary, e));
	tune_free(&tune);
	return ok;
}

const struct command command_tune = {
	.name = "tune",
	.arguments = "[OPTIONS]",
	.summary = "crossovers of this machine, and libpmem's threshold, tried with and without",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = run,
};
