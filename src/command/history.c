// SPDX-License-Identifier: MIT
/* daxmark history: keep results in one file, list them, plot one case over time. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyse/compare.h"
#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "command/command.h"
#include "history/history.h"
#include "report/plots.h"
#include "command/show.h"

struct config {
	const char *database, *output;
	struct history_filter filter;
	bool force, json;
};

#define FILTER(field) (offsetof(struct config, filter) + offsetof(struct history_filter, field))

static const struct option_spec options[] = {
	{OPTION("database", 'd', OPTION_TEXT, offsetof(struct config, database), "FILE",
		"where they are kept (default ~/.local/share/daxmark/history.sqlite)")},
	{OPTION("host", 0, OPTION_TEXT, FILTER(host), "NAME",
		"list, plot: only runs of this machine")},
	{OPTION("kernel", 0, OPTION_TEXT, FILTER(kernel), "VERSION",
		"list, plot: only runs on this kernel")},
	{OPTION("target", 't', OPTION_TEXT, FILTER(target), "NAME",
		"list, plot: only runs on this target")},
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "FILE",
		"plot: the picture, .svg or .png (default history.svg)")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"plot: replace the picture if it exists")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"list: one JSON document")},
};

/* $XDG_DATA_HOME/daxmark/history.sqlite (XDG Base Directory Specification); its folders are made if `create`. */
static bool default_path(char *path, size_t bytes, bool create, struct err *e)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	char folder[4000];

	if (data != NULL && data[0] == '/')
		snprintf(folder, sizeof(folder), "%.3900s/daxmark", data);
	else if (home != NULL && home[0] == '/')
		snprintf(folder, sizeof(folder), "%.3900s/.local/share/daxmark", home);
	else
		return err_set(e, ERR_FAILED, "no HOME: say --database=FILE");
	for (char *slash = strchr(folder + 1, '/'); create; slash = strchr(slash + 1, '/')) {
		if (slash != NULL)
			*slash = '\0';
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			return err_errno(e, errno, "cannot make %s", folder);
		if (slash == NULL)
			break;
		*slash = '/';
	}
	snprintf(path, bytes, "%s/history.sqlite", folder);
	return true;
}

static bool add_file(struct history *history, const char *path, struct err *e)
{
	struct summary summary = {0};
	struct result result;
	bool added = false;
	bool ok = result_read(&result, path, e);

	if (ok) {
		result_sort(&result);
		ok = summary_make(&summary, &result, NULL, e) &&
		     history_add(history, &summary, &added, e);
	}
	if (ok)
		printf("%s: %s\n", path, added ? "added" : "was there already");
	summary_free(&summary);
	result_free(&result);
	return ok;
}

static bool add_all(struct history *history, char **paths, int n, struct err *e)
{
	for (int i = 0; i < n; i++)
		if (!add_file(history, paths[i], e))
			return false;
	return n > 0 || err_set(e, ERR_USAGE, "history add: no result file");
}

/* A machine and target make a curve of their own. */
#define MOST_SERIES 16
#define SERIES_BYTES 700

/* Of the first n numbers, by Welford's updates (Technometrics 4 (1962) 419). */
struct moments {
	double mean, squares;
};

static void moments_add(struct moments *moments, size_t n, double x)
{
	double before = moments->mean;

	moments->mean += (x - before) / (double)n;
	moments->squares += (x - before) * (x - moments->mean);
}

/* Runs of one machine on one target: their estimates are the sample. */
struct series {
	char name[SERIES_BYTES];
	struct moments ns, over; /* of logs; NAN where a run has no baseline */
	size_t n;
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
		emulated_text(row, show->json), cases};

	snprintf(cases, sizeof(cases), "%lld", row->cases);
	return show_row(show->table, cells, 7);
}

static bool list_runs(struct history *history, const struct config *config, struct err *e)
{
	static const struct show_column plain[] = {{.name = "WHEN"}, {.name = "MACHINE"},
		{.name = "CPU", .spare = 4}, {.name = "KERNEL", .spare = 3}, {.name = "TARGET"},
		{.name = "EMULATED"}, {.name = "CASES", .spare = 2, .right = true}};
	static const struct show_column fields[] = {{.name = "created"}, {.name = "host"},
		{.name = "cpu"}, {.name = "kernel"}, {.name = "target"},
		{.name = "emulated", .boolean = true}, {.name = "cases", .number = true}};
	struct shown show = {
		.table = show_begin("runs", config->json ? fields : plain, 7, config->json),
		.json = config->json};

	if (show.table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (history_runs(history, &config->filter, show_run, &show, e))
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

static void series_name(const struct history_row *row, char name[SERIES_BYTES])
{
	snprintf(name, SERIES_BYTES, "%.120s, %.511s%s", row->host, row->target,
		row->emulated ? " (emulated)" : "");
}

/* More machines and targets than MOST_SERIES are left out. */
static void note_run(struct shown *show, const struct history_row *row)
{
	struct series *series = show->series;
	char name[SERIES_BYTES];
	size_t at = 0;

	series_name(row, name);
	while (at < show->n_series && strcmp(series[at].name, name) != 0)
		at++;
	if (at == MOST_SERIES)
		return;
	if (at == show->n_series)
		strcpy(series[show->n_series++].name, name);
	series[at].n++;
	moments_add(&series[at].ns, series[at].n, log(row->operation_ns));
	moments_add(&series[at].over, series[at].n, log(row->over_baseline));
}

static struct interval interval_of(const struct moments *moments, size_t n)
{
	double m = (double)n;

	return stat_interval(
		(struct stat_estimate){moments->mean, sqrt(moments->squares / (m - 1) / m), m - 1},
		SUMMARY_CONFIDENCE);
}

/* The level of this machine as these runs have it: Student's interval of their mean. */
static void print_another(const struct series *series)
{
	struct interval ns, over;
	char low[UNITS_TEXT_BYTES], high[UNITS_TEXT_BYTES], speed[UNITS_SPEED_BYTES];

	if (series->n < COMPARE_ENOUGH_RUNS)
		return;
	ns = interval_of(&series->ns, series->n);
	over = interval_of(&series->over, series->n);
	printf("\n%s, the mean of runs like these %zu [95 %%]: %s to %s", series->name, series->n,
		units_ns(exp(ns.low), low), units_ns(exp(ns.high), high));
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

static bool print_name(void *arg, const char *name)
{
	(*(size_t *)arg)++;
	return fprintf(stderr, "  %s\n", name) > 0;
}

static bool count_row(void *arg, const struct history_row *row)
{
	(void)row;
	(*(size_t *)arg)++;
	return true;
}

/* No such case, or none of the runs asked for: those whose names contain what was typed. */
static bool unknown_case(struct history *history, const char *name, struct err *e)
{
	const struct history_filter any = {0};
	size_t n = 0, runs = 0;

	if (!history_case(history, name, &any, count_row, &n, &runs, e))
		return false;
	if (runs > 0)
		return err_set(e, ERR_FAILED,
			"history: no run of case '%s' is of that machine, kernel or target", name);
	n = 0;
	if (!history_names(history, name, print_name, &n, e))
		return false;
	return err_set(e, ERR_FAILED, "history: no case is called '%s'%s", name,
		n > 0 ? "; those above contain it" : "");
}

static bool list_case(
	struct history *history, const char *name, const struct config *config, struct err *e)
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
	struct shown show = {config->json ? show_begin("case", fields, CASE_COLUMNS, true)
					  : show_begin("case", plain, 9, false),
		config->json, series, 0};
	size_t n;
	bool ok = series != NULL && show.table != NULL;

	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	if (ok && history_case(history, name, &config->filter, show_case, &show, &n, e) && n > 0) {
		ok = show_end(show.table, e);
		for (size_t i = 0; ok && i < show.n_series; i++)
			print_another(&series[i]);
	} else {
		show_drop(show.table);
		ok = ok && e->code == ERR_NONE && unknown_case(history, name, e);
	}
	free(series);
	return ok;
}

struct drawing {
	FILE *out;
	char series[MOST_SERIES][SERIES_BYTES];
	size_t n;
	bool any, too_many; /* any throughput to draw; more machines and targets than that */
};

/* One time line for all: a run's time has the zone of its machine. */
static void in_utc(const char *created, char text[32])
{
	struct tm local = {.tm_isdst = 0};
	int hours = 0, minutes = 0;
	char sign = '+';
	time_t at;

	snprintf(text, 32, "%.19s", created);
	if (sscanf(created, "%d-%d-%dT%d:%d:%d%c%d:%d", &local.tm_year, &local.tm_mon,
		    &local.tm_mday, &local.tm_hour, &local.tm_min, &local.tm_sec, &sign, &hours,
		    &minutes) != 9)
		return;
	local.tm_year -= 1900;
	local.tm_mon--;
	at = timegm(&local) - (sign == '-' ? -60 : 60) * (60 * hours + minutes);
	gmtime_r(&at, &local);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &local);
}

static bool write_row(void *arg, const struct history_row *row)
{
	char created[32];
	struct drawing *drawing = arg;
	char name[SERIES_BYTES];
	size_t at = 0;

	series_name(row, name);
	for (char *c = name; *c != '\0'; c++) /* quotes and backslashes are gnuplot's */
		if (*c == '"' || *c == '\\')
			*c = '\'';
	drawing->any |= isfinite(row->gbps);
	while (at < drawing->n && strcmp(drawing->series[at], name) != 0)
		at++;
	if (at == drawing->n && at == MOST_SERIES)
		return (drawing->too_many = true); /* said afterwards */
	if (at == drawing->n)
		strcpy(drawing->series[drawing->n++], name);
	in_utc(row->created, created);
	return fprintf(drawing->out, "%zu\t%s\t%g\t%g\t%g\t%g\n", at + 1, created, row->gbps,
		       row->gbps * row->operation_ns / row->high,
		       row->gbps * row->operation_ns / row->low, row->over_baseline) > 0;
}

/* Each between double quotes, as gnuplot's word() takes them. */
static void list_series(const struct drawing *drawing, char *list, size_t bytes)
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < drawing->n && used + SERIES_BYTES + 4 < bytes; i++)
		used += (size_t)snprintf(
			list + used, bytes - used, "%s\"%s\"", i ? " " : "", drawing->series[i]);
}

static bool plot_case(
	struct history *history, const char *name, const struct config *config, struct err *e)
{
	const char *output = config->output != NULL ? config->output : "history.svg";
	const char *folder = getenv("TMPDIR"), *ending = strrchr(output, '.');
	char table[4200], series[MOST_SERIES * (SERIES_BYTES + 4)];
	struct drawing drawing = {0};
	struct plots plots;
	size_t n;
	int fd;
	bool ok;

	if (ending == NULL || (strcmp(ending, ".svg") != 0 && strcmp(ending, ".png") != 0))
		return err_set(
			e, ERR_USAGE, "history plot: '%s' ends in neither .svg nor .png", output);
	if (!file_may_create(output, config->force, e) || !plots_find(&plots, e))
		return false;
	snprintf(table, sizeof(table), "%.4000s/daxmark-history-XXXXXX",
		folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkstemp(table);
	drawing.out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (drawing.out == NULL)
		return err_errno(e, errno, "cannot make %s", table);
	fprintf(drawing.out, "series\tcreated\tgbps\tlow\thigh\tover_baseline\n");
	ok = history_case(history, name, &config->filter, write_row, &drawing, &n, e);
	if (fclose(drawing.out) != 0)
		ok = err_errno(e, errno, "cannot write %s", table);
	if (ok && n == 0)
		ok = unknown_case(history, name, e);
	if (ok && drawing.too_many)
		ok = err_set(e, ERR_FAILED,
			"history plot: more than %d machines and targets: choose with --host, "
			"--kernel or --target",
			MOST_SERIES);
	if (ok && !drawing.any)
		ok = err_set(e, ERR_FAILED, "history plot: '%s' has no throughput to draw", name);
	list_series(&drawing, series, sizeof(series));
	ok = ok && plots_draw_table(&plots, "history", table, output, name, series, e);
	unlink(table);
	if (ok)
		printf("%s\n", output);
	return ok;
}

static bool act(struct history *history, const char *verb, char **arguments, int n,
	const struct config *config, struct err *e)
{
	if (strcmp(verb, "add") == 0)
		return add_all(history, arguments, n, e);
	if (strcmp(verb, "list") == 0 && n <= 1)
		return n == 0 ? list_runs(history, config, e)
			      : list_case(history, arguments[0], config, e);
	if (strcmp(verb, "plot") == 0 && n == 1)
		return plot_case(history, arguments[0], config, e);
	if (strcmp(verb, "plot") == 0)
		return err_set(e, ERR_USAGE, "history plot: the name of one case");
	return err_set(e, ERR_USAGE, "history list: at most the name of one case");
}

/* Nothing that was asked for is left aside without a word. */
static bool options_fit(const char *verb, const struct config *config, struct err *e)
{
	bool filters = config->filter.host != NULL || config->filter.kernel != NULL ||
		       config->filter.target != NULL;
	const char *stray = NULL;

	if (strcmp(verb, "add") == 0 && filters)
		stray = "--host, --kernel and --target are for list and plot";
	else if (strcmp(verb, "plot") != 0 && (config->output != NULL || config->force))
		stray = "--output and --force are for plot";
	else if (strcmp(verb, "list") != 0 && config->json)
		stray = "--json is for list";
	return stray == NULL || err_set(e, ERR_USAGE, "history %s: %s", verb, stray);
}

static bool history(int argc, char **argv, struct err *e)
{
	static const char *const verbs[] = {"add", "list", "plot"};
	struct config config = {0};
	struct history *kept;
	const char *verb, *nearest;
	char path[4096];
	bool known = false, adds, ok;
	int first;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (first == argc)
		return err_set(e, ERR_USAGE, "history: what? add, list or plot");
	verb = argv[first];
	for (size_t i = 0; i < 3; i++)
		known |= strcmp(verb, verbs[i]) == 0;
	if (!known) {
		nearest = text_nearest(verb, verbs, 3);
		return err_set(e, ERR_USAGE, "history: '%s' is none of add, list, plot%s%s%s", verb,
			nearest ? ": did you mean '" : "", nearest ? nearest : "",
			nearest ? "'?" : "");
	}
	if (!history_available(e) || !options_fit(verb, &config, e))
		return false;
	adds = strcmp(verb, "add") == 0;
	if (config.database == NULL && !default_path(path, sizeof(path), adds, e))
		return false;
	kept = history_open(config.database != NULL ? config.database : path, adds, e);
	if (kept == NULL)
		return false;
	e->code = ERR_NONE;
	ok = act(kept, verb, argv + first + 1, argc - first - 1, &config, e);
	history_close(kept);
	return ok;
}

const struct command command_history = {
	.name = "history",
	.arguments = "[OPTIONS] add RESULT.json.. | list [CASE] | plot CASE",
	.summary = "keep results in one file and follow a case over time",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "A CASE is named as in result files: write/durable-data/nt-avx512/4096/absent.\n",
	.run = history,
};
