// SPDX-License-Identifier: MIT
/* daxmark export: a result for other tools, on stdout. */
#include <stdio.h>

#include "command/command.h"
#include "exchange/format.h"

struct config {
	const char *format, *baseline;
};

static const struct option_spec options[] = {
	{OPTION("format", 'f', OPTION_TEXT, offsetof(struct config, format), "FORMAT",
		"gbench (Google Benchmark's JSON), csv, tsv; an unknown one lists all")},
	{OPTION("baseline", 'b', OPTION_TEXT, offsetof(struct config, baseline), "STRATEGY",
		"what the ratios of csv and tsv are to (default memcpy)")},
};

static bool export(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	struct result result;
	const struct exchange_format *format;
	char names[200];
	int first;
	bool ok;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (config.format == NULL)
		return err_set(e, ERR_USAGE, "export: --format is missing: %s",
			exchange_format_names(names, sizeof(names)));
	format = exchange_format_find(config.format, e);
	if (format == NULL)
		return false;
	if (first + 1 != argc)
		return err_set(e, ERR_USAGE, "export: one result file");
	ok = result_read(&result, argv[first], e);
	if (ok) {
		result_sort(&result);
		ok = format->write(stdout, &result, config.baseline, e);
	}
	result_free(&result);
	return ok;
}

const struct command command_export = {
	.name = "export",
	.arguments = "--format=FORMAT RESULT.json",
	.summary = "a result as Google Benchmark's JSON, CSV or TSV",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = export,
};
