// SPDX-License-Identifier: MIT
/* daxmark report: a result file to a folder with page, plots and table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/summary.h"
#include "base/tell.h"
#include "command/command.h"
#include "report/report.h"
#include "result/result.h"

#define MOST_RESULTS 64

struct config {
	const char *output, *baseline;
	bool force, quiet;
};

static const struct option_spec options[] = {
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "DIR",
		"the report's folder (default: the result's name without .json, -report)")},
	{OPTION("baseline", 'b', OPTION_TEXT, offsetof(struct config, baseline), "NAME",
		"strategy that ratios are to (default memcpy)")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"write into a folder that holds other files")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL, "no notes")},
};

static void default_folder(const char *path, char *folder, size_t bytes)
{
	size_t len = strlen(path);

	if (len > 5 && strcmp(path + len - 5, ".json") == 0)
		len -= 5;
	snprintf(folder, bytes, "%.*s-report", (int)len, path);
}

/* Read, sort and summarise; *n counts those to free, also after failure. */
static bool read_all(char **paths, size_t n_paths, const char *baseline, struct result *results,
	struct summary *summaries, size_t *n, struct err *e)
{
	for (*n = 0; *n < n_paths; (*n)++) {
		bool ok = result_read(&results[*n], paths[*n], e);

		if (ok)
			result_sort(&results[*n]);
		if (!ok || !summary_make(&summaries[*n], &results[*n], baseline, e)) {
			(*n)++;
			return false;
		}
	}
	return true;
}

static bool report(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	struct result *results;
	struct summary *summaries;
	struct tell tell;
	char folder[4096];
	size_t n_paths, n = 0;
	int first;
	bool ok;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (first == argc)
		return err_set(e, ERR_USAGE, "report: no result file: daxmark report RESULT.json");
	n_paths = (size_t)(argc - first);
	if (n_paths > MOST_RESULTS)
		return err_set(e, ERR_USAGE, "report: more than %d results", MOST_RESULTS);
	tell_init(&tell, config.quiet);
	default_folder(argv[first], folder, sizeof(folder));
	if (config.output == NULL)
		config.output = folder;
	results = calloc(n_paths, sizeof(results[0]));
	summaries = calloc(n_paths, sizeof(summaries[0]));
	ok = (results != NULL && summaries != NULL) || err_set(e, ERR_FAILED, "out of memory");
	ok = ok && read_all(argv + first, n_paths, config.baseline, results, summaries, &n, e) &&
	     report_write(summaries, n, config.output, config.force, &tell, e);
	if (ok)
		printf("%s/index.html\n", config.output);
	for (size_t i = 0; i < n; i++) {
		summary_free(&summaries[i]);
		result_free(&results[i]);
	}
	free(summaries);
	free(results);
	return ok;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTIONS] RESULT.json..",
	.summary = "plots, a page and a table from a result file, or several",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = report,
};
