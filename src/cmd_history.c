// SPDX-License-Identifier: MIT
/* daxmark history: keep results in one file, list them, plot one case over time. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "command.h"
#include "history/history.h"
#include "report/plots.h"
#include "show.h"

struct config {
	const char *database, *output;
	bool force, json;
};

static const struct option_spec options[] = {
	{"database", 'd', OPTION_TEXT, offsetof(struct config, database), "FILE",
		"where they are kept (default ~/.local/share/daxmark/history.sqlite)"},
	{"output", 'o', OPTION_TEXT, offsetof(struct config, output), "FILE",
		"plot: the picture, .svg or .png (default history.svg)"},
	{"force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"plot: replace the picture if it exists"},
	{"json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL, "list: one JSON document"},
};

/* $XDG_DATA_HOME/daxmark/history.sqlite (XDG Base Directory Specification), its folders made. */
static bool default_path(char *path, size_t bytes, struct err *e)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	char folder[4000];

	if (data != NULL && data[0] == '/')
		snprintf(folder, sizeof(folder), "%.3900s/daxmark", data);
	else if (home != NULL && home[0] == '/')
		snprintf(folder, sizeof(folder), "%.3900s/.local/share/daxmark", home);
	else
		return err_set(e, ERR_FAILED, "no HOME: say --database=FILE");
	for (char *slash = strchr(folder + 1, '/');; slash = strchr(slash + 1, '/')) {
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

static bool show_run(void *arg, const struct history_row *row)
{
	char cases[24];
	const char *cells[] = {row->created, row->host, row->cpu, row->kernel, row->target,
		row->emulated ? "1" : "0", cases};

	snprintf(cases, sizeof(cases), "%lld", row->cases);
	return show_row(arg, cells, 7);
}

static bool list_runs(struct history *history, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "WHEN"}, {.name = "MACHINE"},
		{.name = "CPU"}, {.name = "KERNEL"}, {.name = "TARGET"}, {.name = "EMULATED"},
		{.name = "CASES", .right = true}};
	static const struct show_column fields[] = {{.name = "created"}, {.name = "host"},
		{.name = "cpu"}, {.name = "kernel"}, {.name = "target"},
		{.name = "emulated", .boolean = true}, {.name = "cases", .number = true}};
	struct libscols_table *table = show_begin("runs", json ? fields : plain, 7, json);

	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (history_runs(history, show_run, table, e))
		return show_end(table, e);
	show_drop(table);
	return false;
}

static bool show_case(void *arg, const struct history_row *row)
{
	char ns[UNITS_TEXT_BYTES], interval[64] = "-", gbps[UNITS_TEXT_BYTES] = "-", over[24] = "-";
	const char *cells[] = {row->created, row->host, row->kernel,
		units_ns(row->operation_ns, ns), interval, gbps, over};

	if (isfinite(row->low) && isfinite(row->high))
		snprintf(interval, sizeof(interval), "%.4g to %.4g ns", row->low, row->high);
	if (isfinite(row->gbps))
		units_gbps(row->gbps, gbps);
	if (isfinite(row->over_baseline))
		snprintf(over, sizeof(over), "%.3g", row->over_baseline);
	return show_row(arg, cells, 7);
}

static bool print_name(void *arg, const char *name)
{
	(*(size_t *)arg)++;
	return fprintf(stderr, "  %s\n", name) > 0;
}

/* No such case: those whose names contain what was typed. */
static bool unknown_case(struct history *history, const char *name, struct err *e)
{
	size_t n = 0;

	if (!history_names(history, name, print_name, &n, e))
		return false;
	return err_set(e, ERR_FAILED, "history: no case is called '%s'%s", name,
		n > 0 ? "; those above contain it" : "");
}

static bool list_case(struct history *history, const char *name, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "WHEN"}, {.name = "MACHINE"},
		{.name = "KERNEL"}, {.name = "ONE OPERATION", .right = true},
		{.name = "95 % INTERVAL"}, {.name = "THROUGHPUT", .right = true},
		{.name = "OVER MEMCPY", .right = true}};
	static const struct show_column fields[] = {{.name = "created"}, {.name = "host"},
		{.name = "kernel"}, {.name = "operation"}, {.name = "interval"},
		{.name = "throughput"}, {.name = "over_memcpy"}};
	struct libscols_table *table = show_begin("case", json ? fields : plain, 7, json);
	size_t n;

	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (history_case(history, name, show_case, table, &n, e) && n > 0)
		return show_end(table, e);
	show_drop(table);
	return e->code == ERR_NONE ? unknown_case(history, name, e) : false;
}

static bool write_row(void *arg, const struct history_row *row)
{
	return fprintf(arg, "%.10s\t%s\t%g\t%g\t%g\t%g\t%g\n", row->created, row->created,
		       row->operation_ns, row->low, row->high, row->gbps, row->over_baseline) > 0;
}

static bool plot_case(
	struct history *history, const char *name, const struct config *config, struct err *e)
{
	const char *output = config->output != NULL ? config->output : "history.svg";
	const char *folder = getenv("TMPDIR"), *ending = strrchr(output, '.');
	char table[4200];
	struct plots plots;
	FILE *out;
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
	out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (out == NULL)
		return err_errno(e, errno, "cannot make %s", table);
	fprintf(out, "day\tcreated\toperation_ns\tlow\thigh\tgbps\tover_baseline\n");
	ok = history_case(history, name, write_row, out, &n, e);
	if (fclose(out) != 0)
		ok = err_errno(e, errno, "cannot write %s", table);
	if (ok && n == 0)
		ok = unknown_case(history, name, e);
	ok = ok && plots_draw_table(&plots, "history", table, output, name, e);
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
		return n == 0 ? list_runs(history, config->json, e)
			      : list_case(history, arguments[0], config->json, e);
	if (strcmp(verb, "plot") == 0 && n == 1)
		return plot_case(history, arguments[0], config, e);
	if (strcmp(verb, "plot") == 0)
		return err_set(e, ERR_USAGE, "history plot: the name of one case");
	return err_set(e, ERR_USAGE, "history list: at most the name of one case");
}

static bool history(int argc, char **argv, struct err *e)
{
	static const char *const verbs[] = {"add", "list", "plot"};
	struct config config = {0};
	struct history *kept;
	const char *verb, *nearest;
	char path[4096];
	bool known = false, ok;
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
	if (!history_available(e))
		return false;
	if (config.database == NULL && !default_path(path, sizeof(path), e))
		return false;
	kept = history_open(config.database != NULL ? config.database : path, e);
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
