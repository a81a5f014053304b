// SPDX-License-Identifier: MIT
/* daxmark report: a result file to a folder with page, plots and table. */
#include <stdio.h>
#include <string.h>

#include "analyse/summary.h"
#include "base/tell.h"
#include "command.h"
#include "report/report.h"
#include "result/result.h"

struct config {
	const char *output, *baseline;
	bool force, quiet;
};

static const struct option_spec options[] = {
	{"output", 'o', OPTION_TEXT, offsetof(struct config, output), "DIR",
		"the report's folder (default: the result's name without .json, -report)"},
	{"baseline", 'b', OPTION_TEXT, offsetof(struct config, baseline), "NAME",
		"strategy that ratios are to (default memcpy)"},
	{"force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"write into a folder that holds other files"},
	{"quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL, "no notes"},
};

static void default_folder(const char *path, char *folder, size_t bytes)
{
	size_t len = strlen(path);

	if (len > 5 && strcmp(path + len - 5, ".json") == 0)
		len -= 5;
	snprintf(folder, bytes, "%.*s-report", (int)len, path);
}

static bool report(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	struct result result = {0};
	struct summary summary = {0};
	struct tell tell;
	char folder[4096];
	int first;
	bool ok;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (first == argc)
		return err_set(e, ERR_USAGE, "report: no result file: daxmark report RESULT.json");
	if (first + 1 < argc)
		return err_set(e, ERR_USAGE, "report: one result file at a time, '%s' is too many",
			argv[first + 1]);
	tell_init(&tell, config.quiet);
	default_folder(argv[first], folder, sizeof(folder));
	if (config.output == NULL)
		config.output = folder;
	ok = result_read(&result, argv[first], e);
	if (ok) {
		result_sort(&result);
		ok = summary_make(&summary, &result, config.baseline, e) &&
		     report_write(&summary, config.output, config.force, &tell, e);
	}
	if (ok)
		printf("%s/index.html\n", config.output);
	summary_free(&summary);
	result_free(&result);
	return ok;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTIONS] RESULT.json",
	.summary = "plots, a page and a table from a result file",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = report,
};
