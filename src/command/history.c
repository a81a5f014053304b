// SPDX-License-Identifier: MIT
/* daxmark history: keep results in one file, follow cases over time, and be told of changes. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "base/units.h"
#include "command/command.h"
#include "command/history_list.h"
#include "command/history_plot.h"
#include "command/history_watch.h"
#include "history/history.h"

struct config {
	const char *database, *output;
	struct history_filter filter;
	const char *before, *keep, *least;
	bool force, json, dry_run;
};

#define FILTER(field) (offsetof(struct config, filter) + offsetof(struct history_filter, field))

static const struct option_spec options[] = {
	{OPTION("database", 'd', OPTION_TEXT, offsetof(struct config, database), "FILE",
		"where they are kept (default ~/.local/share/daxmark/history.sqlite)")},
	{OPTION("host", 0, OPTION_TEXT, FILTER(host), "NAME", "only runs of this machine")},
	{OPTION("kernel", 0, OPTION_TEXT, FILTER(kernel), "VERSION", "only runs on this kernel")},
	{OPTION("target", 't', OPTION_TEXT, FILTER(target), "NAME", "only runs on this target")},
	{OPTION("label", 0, OPTION_TEXT, FILTER(label), "TEXT",
		"only runs that were given this label")},
	{OPTION("commit", 0, OPTION_TEXT, FILTER(commit), "TEXT", "only runs of this commit")},
	{OPTION("least", 0, OPTION_TEXT, offsetof(struct config, least), "PERCENT",
		"check, page: the least change that is told (default 1)")},
	{OPTION("before", 0, OPTION_TEXT, offsetof(struct config, before), "TIME",
		"prune: runs before it: 2026-11-01")},
	{OPTION("keep", 0, OPTION_TEXT, offsetof(struct config, keep), "N",
		"prune: all but the newest N of each machine and target")},
	{OPTION("dry-run", 'n', OPTION_FLAG, offsetof(struct config, dry_run), NULL,
		"prune: only say how many")},
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "FILE",
		"plot: .svg, .png, .pdf, .eps, .tex or .txt (default history.svg); page: "
		"history.html")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"plot, page: replace the file if it exists")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"list, check: one JSON document")},
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

static bool print_name(void *arg, const char *name)
{
	(void)arg;
	return printf("%s\n", name) > 0;
}

static bool prune(struct history *history, const struct config *config, struct err *e)
{
	uint64_t keep = 0;
	long long n;
	struct err why;

	if (config->before == NULL && config->keep == NULL)
		return err_set(
			e, ERR_USAGE, "history prune: what? --before=TIME, --keep=N or both");
	if (config->keep != NULL &&
		(!units_parse_u64(config->keep, &keep, &why) || keep == 0 || keep > INT32_MAX))
		return err_set(e, ERR_USAGE, "--keep: '%s' is no number of runs", config->keep);
	if (!history_prune(history, &config->filter, config->before, (long long)keep,
		    !config->dry_run, &n, e))
		return false;
	printf("%lld run%s %s\n", n, n == 1 ? "" : "s",
		config->dry_run ? "would be forgotten" : "forgotten");
	return true;
}

/* The least change that is told, log. */
static bool parse_least(const struct config *config, double *least, struct err *e)
{
	char *end;
	double percent;

	*least = log1p(DRIFT_LEAST_CLAIM);
	if (config->least == NULL)
		return true;
	percent = strtod(config->least, &end);
	if (*end == '%')
		end++;
	if (config->least[0] == '\0' || *end != '\0' || !(percent > 0) || percent > 1000)
		return err_set(
			e, ERR_USAGE, "--least: '%s' is no percentage above 0", config->least);
	*least = log1p(percent / 100);
	return true;
}

enum verb { ADD, LIST, PLOT, NAMES, CHECK, PAGE, PRUNE, VERBS };
static const char *const verbs[VERBS] = {"add", "list", "plot", "names", "check", "page", "prune"};

static bool act(struct history *history, enum verb verb, char **arguments, int n,
	const struct config *config, struct err *e)
{
	double least;

	if (!parse_least(config, &least, e))
		return false;
	switch (verb) {
	case ADD:
		return add_all(history, arguments, n, e);
	case LIST:
		if (n > 1)
			return err_set(e, ERR_USAGE, "history list: at most the name of one case");
		return n == 0 ? history_list_runs(history, &config->filter, config->json, e)
			      : history_list_case(
					history, arguments[0], &config->filter, config->json, e);
	case PLOT:
		if (n != 1)
			return err_set(e, ERR_USAGE, "history plot: the name of one case");
		return history_plot(
			history, arguments[0], &config->filter, config->output, config->force, e);
	case NAMES:
		if (n > 1)
			return err_set(e, ERR_USAGE, "history names: at most a part of names");
		return history_names(history, n > 0 ? arguments[0] : "", print_name, NULL, e);
	case CHECK:
		return history_check(
			history, &config->filter, arguments, n, least, config->json, e);
	case PAGE:
		return history_page(history, &config->filter, arguments, n, least, config->output,
			config->force, e);
	case PRUNE:
		if (n > 0)
			return err_set(e, ERR_USAGE, "history prune: unexpected argument '%s'",
				arguments[0]);
		return prune(history, config, e);
	case VERBS:
		break;
	}
	return false;
}

/* Nothing that was asked for is left aside without a word. */
static bool options_fit(enum verb verb, const struct config *config, struct err *e)
{
	const struct history_filter *filter = &config->filter;
	const struct {
		bool given;
		unsigned fits; /* bits of verbs */
		const char *says;
	} rules[] = {
		{filter->host != NULL || filter->kernel != NULL || filter->target != NULL ||
				filter->label != NULL || filter->commit != NULL,
			1u << LIST | 1u << PLOT | 1u << CHECK | 1u << PAGE | 1u << PRUNE,
			"--host, --kernel, --target, --label and --commit are for list, plot, "
			"check, "
			"page and prune"},
		{config->output != NULL || config->force, 1u << PLOT | 1u << PAGE,
			"--output and --force are for plot and page"},
		{config->json, 1u << LIST | 1u << CHECK, "--json is for list and check"},
		{config->least != NULL, 1u << CHECK | 1u << PAGE, "--least is for check and page"},
		{config->before != NULL || config->keep != NULL || config->dry_run, 1u << PRUNE,
			"--before, --keep and --dry-run are for prune"},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].given && (rules[i].fits >> verb & 1) == 0)
			return err_set(e, ERR_USAGE, "history %s: %s", verbs[verb], rules[i].says);
	return true;
}

static bool find_verb(const char *word, enum verb *verb, struct err *e)
{
	const char *nearest = text_nearest(word, verbs, VERBS);

	for (unsigned i = 0; i < VERBS; i++)
		if (strcmp(word, verbs[i]) == 0) {
			*verb = (enum verb)i;
			return true;
		}
	return err_set(e, ERR_USAGE,
		"history: '%s' is none of add, list, plot, names, check, page, prune%s%s%s", word,
		nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static bool history(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	struct history *kept;
	char path[4096];
	enum verb verb = ADD;
	int first;
	bool ok;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (first == argc)
		return err_set(e, ERR_USAGE,
			"history: what? add, list, plot, names, check, page or prune");
	if (!find_verb(argv[first], &verb, e) || !history_available(e) ||
		!options_fit(verb, &config, e))
		return false;
	if (config.database == NULL && !default_path(path, sizeof(path), verb == ADD, e))
		return false;
	kept = history_open(config.database != NULL ? config.database : path, verb == ADD, e);
	if (kept == NULL)
		return false;
	e->code = ERR_NONE;
	interrupt_install(); /* what was begun is cleaned up first */
	ok = act(kept, verb, argv + first + 1, argc - first - 1, &config, e);
	history_close(kept);
	return ok;
}

const struct command command_history = {
	.name = "history",
	.arguments = "[OPTIONS] add RESULT.json.. | list [CASE] | plot CASE | names [PART] | check "
		     "[CASE..] | page [CASE..] | prune",
	.summary = "keep results in one file and follow a case over time",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "A CASE is named as in result files: write/durable-data/nt-avx512/4096/absent; "
		 "check and\npage take patterns, too: 'write/*/4096/*'. check ends with status 3 "
		 "where a case has become slower.\n",
	.run = history,
};
