// SPDX-License-Identifier: MIT
/* daxmark history list: the runs, or one case in them. */
#include "command/history_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/compare.h"
#include "base/units.h"
#include "command/history_plot.h"
#include "command/show.h"
#include "stat/moments.h"

/* Runs of one machine on one target: their estimates are the sample. */
struct series {
	char name[SERIES_BYTES];
	struct stat_moments ns, over; /* of logs; NAN where a run has no baseline */
};

/* Where rows go: for people, or for programs. */
struct shown {
	struct show_table *table;
	bool json;
	struct series *series; /* [MOST_SERIES], for people alone */
	size_t n_series;
};

static const char *emulated_text(const struct history_row *row, bool json)
{
	if (json)
		return row->emulated ? "1" : "0";
	return row->emulated ? "yes" : "no";
}

static bool show_run(void *arg, const struct history_row *row)
{
	const struct shown *show = arg;
	char cases[24];
	const char *cells[] = {row->created, row->host, row->cpu, row->kernel, row->target,
		emulated_text(row, show->json), cases, row->label, row->commit};

	snprintf(cases, sizeof(cases), "%lld", row->cases);
	return show_row(show->table, cells, 9);
}

bool history_list_runs(
	struct history *history, const struct history_filter *filter, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "WHEN"}, {.name = "MACHINE"},
		{.name = "CPU", .spare = 4}, {.name = "KERNEL", .spare = 3}, {.name = "TARGET"},
		{.name = "EMULATED"}, {.name = "CASES", .spare = 2, .right = true},
		{.name = "LABEL", .spare = 5}, {.name = "COMMIT", .spare = 1}};
	static const struct show_column fields[] = {{.name = "created"}, {.name = "host"},
		{.name = "cpu"}, {.name = "kernel"}, {.name = "target"},
		{.name = "emulated", .boolean = true}, {.name = "cases", .number = true},
		{.name = "label"}, {.name = "commit"}};
	struct shown show = {
		.table = show_begin("runs", json ? fields : plain, 9, json), .json = json};

	if (show.table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (history_runs(history, filter, show_run, &show, e))
		return show_end(show.table, e);
	show_drop(show.table);
	return false;
}

#define CASE_COLUMNS 11

/* "null" for what is not known: there is no such number in JSON. */
static void number_text(double value, char text[32])
{
	if (isfinite(value))
		snprintf(text, 32, "%.8g", value);
	else
		strcpy(text, "null");
}

static bool show_case_numbers(struct show_table *table, const struct history_row *row)
{
	char ns[32], low[32], high[32], gbps[32], over[32];
	const char *cells[CASE_COLUMNS] = {row->created, row->host, row->cpu, row->kernel,
		row->target, emulated_text(row, true), ns, low, high, gbps, over};

	number_text(row->operation_ns, ns);
	number_text(row->low, low);
	number_text(row->high, high);
	number_text(row->gbps, gbps);
	number_text(row->over_baseline, over);
	return show_row(table, cells, CASE_COLUMNS);
}

/* More machines and targets than MOST_SERIES are left out. */
static void note_run(struct shown *show, const struct history_row *row)
{
	struct series *series = show->series;
	char name[SERIES_BYTES];
	size_t at = 0;

	history_series_name(row, name);
	while (at < show->n_series && strcmp(series[at].name, name) != 0)
		at++;
	if (at == MOST_SERIES)
		return;
	if (at == show->n_series)
		strcpy(series[show->n_series++].name, name);
	stat_moments_add(&series[at].ns, log(row->operation_ns));
	stat_moments_add(&series[at].over, log(row->over_baseline));
}

static struct interval interval_of(const struct stat_moments *moments)
{
	double m = (double)moments->n;

	return stat_interval(
		(struct stat_estimate){moments->mean, sqrt(moments->squares / (m - 1) / m), m - 1},
		SUMMARY_CONFIDENCE);
}

/* The level of this machine as these runs have it: Student's interval of their mean. */
static void print_another(const struct series *series)
{
	struct interval ns, over;
	char low[UNITS_TEXT_BYTES], high[UNITS_TEXT_BYTES], speed[UNITS_SPEED_BYTES];

	if (series->ns.n < COMPARE_ENOUGH_RUNS)
		return;
	ns = interval_of(&series->ns);
	over = interval_of(&series->over);
	printf("\n%s, the mean of runs like these %zu [95 %%]: %s to %s", series->name,
		series->ns.n, units_ns(exp(ns.low), low), units_ns(exp(ns.high), high));
	if (isfinite(over.estimate) && over.high > over.low)
		printf(", %s times memcpy",
			units_speed(exp(over.estimate), exp(over.low), exp(over.high), speed));
	printf("\n");
}

static bool show_case(void *arg, const struct history_row *row)
{
	struct shown *show = arg;
	char ns[UNITS_TEXT_BYTES], interval[64] = "-", gbps[UNITS_TEXT_BYTES] = "-", over[24] = "-";
	const char *cells[] = {row->created, row->host, row->kernel, row->target,
		emulated_text(row, false), units_ns(row->operation_ns, ns), interval, gbps, over};

	if (show->json)
		return show_case_numbers(show->table, row);
	note_run(show, row);
	if (isfinite(row->low) && isfinite(row->high))
		snprintf(interval, sizeof(interval), "%.4g to %.4g ns", row->low, row->high);
	if (isfinite(row->gbps))
		units_gbps(row->gbps, gbps);
	if (isfinite(row->over_baseline))
		snprintf(over, sizeof(over), "%.3g", row->over_baseline);
	return show_row(show->table, cells, 9);
}

bool history_list_case(struct history *history, const char *name,
	const struct history_filter *filter, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "WHEN"},
		{.name = "MACHINE", .spare = 2}, {.name = "KERNEL", .spare = 3}, {.name = "TARGET"},
		{.name = "EMULATED"}, {.name = "ONE OPERATION", .right = true},
		{.name = "95 % INTERVAL"}, {.name = "THROUGHPUT", .spare = 5, .right = true},
		{.name = "OVER MEMCPY", .spare = 1, .right = true}};
	static const struct show_column fields[CASE_COLUMNS] = {{.name = "created"},
		{.name = "host"}, {.name = "cpu"}, {.name = "kernel"}, {.name = "target"},
		{.name = "emulated", .boolean = true}, {.name = "operation_ns", .number = true},
		{.name = "operation_ns_low", .number = true},
		{.name = "operation_ns_high", .number = true},
		{.name = "throughput_gb_per_s", .number = true},
		{.name = "speed_over_memcpy", .number = true}};
	struct series *series = calloc(MOST_SERIES, sizeof(series[0]));
	struct shown show = {json ? show_begin("case", fields, CASE_COLUMNS, true)
				  : show_begin("case", plain, 9, false),
		json, series, 0};
	size_t n;
	bool ok = series != NULL && show.table != NULL;

	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	if (ok && history_case(history, name, filter, show_case, &show, &n, e) && n > 0) {
		ok = show_end(show.table, e);
		for (size_t i = 0; ok && i < show.n_series; i++)
			print_another(&series[i]);
	} else {
		show_drop(show.table);
		ok = ok && e->code == ERR_NONE && history_unknown_case(history, name, e);
	}
	free(series);
	return ok;
}
