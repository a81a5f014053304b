// SPDX-License-Identifier: MIT
/* daxmark compare: two sides of runs, case by case, for people and for CI. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/compare.h"
#include "base/json.h"
#include "base/text.h"
#include "base/units.h"
#include "command/command.h"
#include "command/show.h"

struct config {
	const char *anchor, *fail_above, *absolute;
	bool json, markdown, all;
};

static const struct option_spec options[] = {
	{OPTION("anchor", 0, OPTION_TEXT, offsetof(struct config, anchor), "STRATEGY",
		"what every case is relative to (default: the roofs, else memcpy)")},
	{OPTION("fail-above", 0, OPTION_TEXT, offsetof(struct config, fail_above), "PERCENT",
		"alarm (status 3) when a case is slower by more than this, surely")},
	{OPTION("absolute", 0, OPTION_TEXT, offsetof(struct config, absolute), "PERCENT",
		"the same of times by the clock, the anchor's among them")},
	{OPTION("all", 'a', OPTION_FLAG, offsetof(struct config, all), NULL,
		"show the cases that are the same, too")},
	{OPTION("markdown", 'm', OPTION_FLAG, offsetof(struct config, markdown), NULL,
		"a table for a mail or a pull request")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
};

/* The runs of one side. */
struct runs {
	struct result all[COMPARE_MOST_RUNS];
	size_t n;
	struct err *e;
};

static bool read_one(const char *path, void *arg)
{
	struct runs *runs = arg;

	if (path[0] == '\0')
		return err_set(runs->e, ERR_USAGE, "compare: an empty file name in a side");
	if (runs->n == COMPARE_MOST_RUNS)
		return err_set(runs->e, ERR_USAGE, "compare: more than %d files a side",
			COMPARE_MOST_RUNS);
	if (!result_read(&runs->all[runs->n], path, runs->e)) {
		result_free(&runs->all[runs->n]);
		return false;
	}
	result_sort(&runs->all[runs->n++]);
	return true;
}

static void free_runs(struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++)
		result_free(&runs->all[i]);
}

static void name_of(const struct compare_case *row, char name[CASE_NAME_BYTES])
{
	case_name(row->setting, row->arm->name, row->guarantee, name);
}

static const char *const kinds[COMPARE_KINDS] = {"writes", "reads"};

static bool has_kind(const struct compare *compare, enum compare_kind kind)
{
	for (size_t i = 0; i < compare->n; i++)
		if (compare_kind_of(compare->cases[i].setting) == kind)
			return true;
	return false;
}

static bool print_json(const struct compare *compare, struct err *e)
{
	json_t *root = json_object(), *cases = json_array(), *anchors = json_array();

	for (size_t i = 0; i < compare->n; i++) {
		const struct compare_case *row = &compare->cases[i];
		json_t *entry;
		char name[CASE_NAME_BYTES];

		if (row->is_anchor) /* told as a whole */
			continue;
		entry = json_object();
		name_of(row, name);
		json_object_set_new(entry, "name", json_string(name));
		json_object_set_new(entry, "anchor", json_string(row->anchor));
		json_object_set_new(entry, "ratio", json_double(row->ratio.estimate));
		json_object_set_new(entry, "low", json_double(row->ratio.low));
		json_object_set_new(entry, "high", json_double(row->ratio.high));
		json_object_set_new(
			entry, "verdict", json_string(compare_words.names[row->verdict]));
		json_object_set_new(entry, "base_ns", json_double(row->base_ns));
		json_object_set_new(entry, "new_ns", json_double(row->new_ns));
		json_object_set_new(entry, "absolute", json_double(row->absolute.estimate));
		json_object_set_new(entry, "absolute_low", json_double(row->absolute.low));
		json_object_set_new(entry, "absolute_high", json_double(row->absolute.high));
		json_object_set_new(entry, "absolute_verdict",
			json_string(compare_words.names[row->absolute_verdict]));
		json_object_set_new(entry, "provisional", json_boolean(row->provisional));
		json_object_set_new(entry, "why", json_string(row->why));
		json_array_append_new(cases, entry);
	}
	for (unsigned kind = 0; kind < COMPARE_KINDS; kind++) {
		json_t *anchor;

		if (!has_kind(compare, (enum compare_kind)kind))
			continue;
		anchor = json_object();
		json_object_set_new(anchor, "of", json_string(kinds[kind]));
		json_object_set_new(anchor, "strategy", json_string(compare->anchors[kind]));
		json_object_set_new(
			anchor, "speed", json_double(compare->anchor_speed[kind].estimate));
		json_object_set_new(anchor, "low", json_double(compare->anchor_speed[kind].low));
		json_object_set_new(anchor, "high", json_double(compare->anchor_speed[kind].high));
		json_object_set_new(anchor, "verdict",
			json_string(compare_words.names[compare->anchor_verdict[kind]]));
		json_array_append_new(anchors, anchor);
	}
	json_object_set_new(root, "anchors", anchors);
	json_object_set_new(root, "differ", json_plain(compare->differ));
	json_object_set_new(root, "cases", cases);
	return json_print(root, JSON_REAL_PRECISION(6) | JSON_COMPACT, e);
}

static void ratio_text(const struct compare_case *row, char ratio[32], char interval[64])
{
	char joint[UNITS_SPEED_BYTES];

	strcpy(ratio, "-");
	strcpy(interval, "-");
	if (isfinite(row->ratio.estimate))
		units_ratio(row->ratio.estimate, ratio);
	if (isfinite(row->ratio.low) && isfinite(row->ratio.high))
		snprintf(interval, 64, "%.60s",
			units_interval(row->ratio.low, row->ratio.high, joint));
}

static const char *time_text(double ns, char text[UNITS_TEXT_BYTES])
{
	if (!isfinite(ns))
		return strcpy(text, "-");
	return units_ns(ns, text);
}

static void verdict_text(const struct compare_case *row, char text[40])
{
	snprintf(text, 40, "%s%s", compare_words.names[row->verdict],
		row->provisional && row->verdict != COMPARE_NOT_COMPARABLE ? " (provisional)" : "");
}

/* What the ratios leave out: the anchor itself may have become faster or slower. */
static void print_anchors(const struct compare *compare)
{
	for (unsigned kind = 0; kind < COMPARE_KINDS; kind++) {
		const struct interval *speed = &compare->anchor_speed[kind];
		enum compare_verdict verdict = compare->anchor_verdict[kind];
		char text[UNITS_SPEED_BYTES];

		if (!has_kind(compare, (enum compare_kind)kind))
			continue;
		if (verdict == COMPARE_NOT_COMPARABLE)
			show_line("Speeds of %s are new over base, relative to %s.", kinds[kind],
				compare->anchors[kind]);
		else
			show_line("Speeds of %s are new over base, relative to %s, whose own speed "
				  "by the clock is %s: %s%s.",
				kinds[kind], compare->anchors[kind],
				units_speed(speed->estimate, speed->low, speed->high, text),
				compare_words.names[verdict],
				verdict == COMPARE_SAME ? "" : ", which no ratio here shows");
	}
}

/* Two lines: how many, and how sure. */
static void print_counts(
	const struct compare *compare, const struct runs *base, const struct runs *new)
{
	bool provisional = base->n < COMPARE_ENOUGH_RUNS || new->n < COMPARE_ENOUGH_RUNS;

	show_line("%zu cases: %zu the same, %zu faster, %zu slower, %zu not comparable.",
		compare->counts[COMPARE_SAME] + compare->counts[COMPARE_FASTER] +
			compare->counts[COMPARE_SLOWER] + compare->counts[COMPARE_NOT_COMPARABLE],
		compare->counts[COMPARE_SAME], compare->counts[COMPARE_FASTER],
		compare->counts[COMPARE_SLOWER], compare->counts[COMPARE_NOT_COMPARABLE]);
	show_line("%zu and %zu runs; all verdicts together hold with 95 %%%s.", base->n, new->n,
		provisional ? ": provisional, three runs a side tell how runs differ" : "");
	print_anchors(compare);
}

static void print_differences(const struct compare *compare)
{
	if (compare->differ[0] != '\0')
		show_line("Not the same on both sides: %s.", compare->differ);
}

/* What a side never planned is no news; all else that is not the same is. */
static bool shown(const struct config *config, const struct compare_case *row)
{
	if (row->is_anchor) /* told as a whole, below */
		return false;
	return config->all || (row->verdict != COMPARE_SAME && !row->absent);
}

static void print_markdown(const struct config *config, const struct compare *compare)
{
	printf("| case | base | new | speed, new over base | joint 95 %% interval | verdict |\n"
	       "|:--|--:|--:|--:|--:|:--|\n");
	for (size_t i = 0; i < compare->n; i++) {
		const struct compare_case *row = &compare->cases[i];
		char name[CASE_NAME_BYTES], ratio[32], interval[64], verdict[40];
		char before[UNITS_TEXT_BYTES], after[UNITS_TEXT_BYTES];

		if (!shown(config, row))
			continue;
		name_of(row, name);
		ratio_text(row, ratio, interval);
		verdict_text(row, verdict);
		printf("| %s | %s | %s | %s | %s | %s%s%s |\n", name,
			time_text(row->base_ns, before), time_text(row->new_ns, after), ratio,
			interval, verdict, row->why[0] ? ": " : "", row->why);
	}
	printf("\n");
}

static bool print_table(const struct config *config, const struct compare *compare, struct err *e)
{
	static const struct show_column columns[] = {{.name = "CASE"},
		{.name = "BASE", .right = true, .spare = 1},
		{.name = "NEW", .right = true, .spare = 1}, {.name = "SPEED", .right = true},
		{.name = "JOINT 95 %"}, {.name = "VERDICT"}, {.name = "WHY"}};
	struct show_table *table = show_begin("cases", columns, 7, false);
	bool ok = table != NULL;
	size_t rows = 0;

	for (size_t i = 0; ok && i < compare->n; i++) {
		const struct compare_case *row = &compare->cases[i];
		char name[CASE_NAME_BYTES], ratio[32], interval[64], verdict[40];
		char before[UNITS_TEXT_BYTES], after[UNITS_TEXT_BYTES];
		const char *cells[] = {name, time_text(row->base_ns, before),
			time_text(row->new_ns, after), ratio, interval, verdict, row->why};

		if (!shown(config, row))
			continue;
		name_of(row, name);
		ratio_text(row, ratio, interval);
		verdict_text(row, verdict);
		rows++;
		ok = show_row(table, cells, 7);
	}
	if (ok && rows == 0) {
		show_drop(table);
		return true;
	}
	if (!show_finish(table, ok, e))
		return false;
	printf("\n");
	return true;
}

static bool parse_limit(const char *option, const char *text, double *limit, struct err *e)
{
	char *end;

	*limit = INFINITY;
	if (text == NULL)
		return true;
	*limit = strtod(text, &end);
	return (end != text && *end == '\0' && text[strspn(text, "0123456789.")] == '\0' &&
		       *limit >= 0 && *limit < 100) ||
	       err_set(e, ERR_USAGE, "%s: '%s': percent, 0 to below 100", option, text);
}

struct limits {
	double ratio, absolute; /* percent; infinite: none */
};

/* The worst that is slower by more than the limit with its whole interval; NULL: none. */
static const struct compare_case *worst_of(
	const struct compare *compare, double percent, bool absolute)
{
	const struct compare_case *worst = NULL;
	double least = INFINITY;

	for (size_t i = 0; i < compare->n && isfinite(percent); i++) {
		const struct compare_case *row = &compare->cases[i];
		const struct interval *speed = absolute ? &row->absolute : &row->ratio;
		enum compare_verdict verdict = absolute ? row->absolute_verdict : row->verdict;

		if (verdict != COMPARE_SLOWER || !(speed->high < 1 - percent / 100) ||
			!(speed->estimate < least))
			continue;
		worst = row;
		least = speed->estimate;
	}
	return worst;
}

static bool alarm_of(
	const struct compare_case *row, const struct interval *speed, const char *by, struct err *e)
{
	char name[CASE_NAME_BYTES];

	name_of(row, name);
	return err_set(e, ERR_ALARM, "%s is slower%s: %.1f %% (at least %.1f %%)", name, by,
		100 * (1 - speed->estimate), 100 * (1 - speed->high));
}

/* The anchor as a whole, by the clock. */
static bool anchors_within(const struct compare *compare, double percent, struct err *e)
{
	for (unsigned kind = 0; kind < COMPARE_KINDS; kind++) {
		const struct interval *speed = &compare->anchor_speed[kind];

		if (compare->anchor_verdict[kind] == COMPARE_SLOWER &&
			speed->high < 1 - percent / 100)
			return err_set(e, ERR_ALARM,
				"the anchor %s is slower by the clock: %.1f %% (at least %.1f %%)",
				compare->anchors[kind], 100 * (1 - speed->estimate),
				100 * (1 - speed->high));
	}
	return true;
}

/*
 * An alarm where something is slower by more than its limit; a failure where, with a
 * limit, the new runs could not measure a case or copied wrong, or where nothing could be
 * compared at all.
 */
static bool within(const struct compare *compare, const struct limits *limits, struct err *e)
{
	bool any = isfinite(limits->ratio) || isfinite(limits->absolute);
	const struct compare_case *worst;
	char name[CASE_NAME_BYTES];
	size_t comparable = 0;

	for (size_t i = 0; i < compare->n && any; i++) {
		if (!compare->cases[i].broken)
			continue;
		name_of(&compare->cases[i], name);
		return err_set(e, ERR_FAILED, "%s: %s", name, compare->cases[i].why);
	}
	for (size_t i = 0; i < compare->n; i++)
		comparable += compare->cases[i].verdict != COMPARE_NOT_COMPARABLE;
	if (comparable == 0)
		return err_set(e, ERR_FAILED, "nothing in these runs can be compared: %s",
			compare->n > 0 ? compare->cases[0].why : "they have no cases");
	worst = worst_of(compare, limits->ratio, false);
	if (worst != NULL)
		return alarm_of(worst, &worst->ratio, "", e);
	if (isfinite(limits->absolute) && !anchors_within(compare, limits->absolute, e))
		return false;
	worst = worst_of(compare, limits->absolute, true);
	return worst == NULL || alarm_of(worst, &worst->absolute, " by the clock", e);
}

static bool print(const struct config *config, const struct compare *compare,
	const struct runs *base, const struct runs *new, struct err *e)
{
	if (config->json)
		return print_json(compare, e);
	print_differences(compare);
	if (config->markdown)
		print_markdown(config, compare);
	else if (!print_table(config, compare, e))
		return false;
	print_counts(compare, base, new);
	return true;
}

static bool compare_files(
	const struct config *config, const char *before, const char *after, struct err *e)
{
	struct runs *base = calloc(1, sizeof(*base)), *new = calloc(1, sizeof(*new));
	struct compare compare = {0};
	struct limits limits;
	bool ok;

	if (base == NULL || new == NULL) {
		free(base);
		free(new);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	base->e = new->e = e;
	ok = parse_limit("--fail-above", config->fail_above, &limits.ratio, e) &&
	     parse_limit("--absolute", config->absolute, &limits.absolute, e) &&
	     text_each_item(before, read_one, base) && text_each_item(after, read_one, new) &&
	     compare_make(&compare, base->all, base->n, new->all, new->n, config->anchor, e) &&
	     print(config, &compare, base, new, e) && within(&compare, &limits, e);
	compare_free(&compare);
	free_runs(base);
	free_runs(new);
	free(base);
	free(new);
	return ok;
}

static bool compare(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	int first;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (first + 2 != argc)
		return err_set(e, ERR_USAGE,
			"compare: two sides, each a file or several separated by commas: "
			"BASE.json,.. "
			"NEW.json,..");
	if (config.json && config.markdown)
		return err_set(e, ERR_USAGE, "compare: --json and --markdown: choose one");
	return compare_files(&config, argv[first], argv[first + 1], e);
}

const struct command command_compare = {
	.name = "compare",
	.arguments = "[OPTIONS] BASE.json,.. NEW.json,..",
	.summary = "what became faster or slower between two sides of runs",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "Every case is relative to an anchor measured in the same rounds. With three or "
		 "more "
		 "runs a side the\ndifference between runs is known; with fewer a verdict is "
		 "provisional.\n",
	.run = compare,
};
