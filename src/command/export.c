// SPDX-License-Identifier: MIT
/* daxmark export: a result for other tools, on stdout. */
#include <stdio.h>
#include <string.h>

#include "analyse/table.h"
#include "base/words.h"
#include "command/command.h"
#include "exchange/gbench.h"

enum format { FORMAT_GBENCH, FORMAT_CSV, FORMAT_TSV, FORMAT_COUNT };
static const char *const format_names[FORMAT_COUNT] = {"gbench", "csv", "tsv"};
static const struct words format_words = {"format", format_names, FORMAT_COUNT};

struct config {
	const char *format, *baseline;
};

static const struct option_spec options[] = {
	{.name = "format",
		'f',
		OPTION_TEXT,
		offsetof(struct config, format),
		"FORMAT",
		"gbench (Google Benchmark's JSON), csv or tsv"},
	{.name = "baseline",
		'b',
		OPTION_TEXT,
		offsetof(struct config, baseline),
		"STRATEGY",
		"what the ratios of csv and tsv are to (default memcpy)"},
};

static bool write_table(
	const struct result *result, const char *baseline, char separator, struct err *e)
{
	struct summary summary;
	bool ok = summary_make(&summary, result, baseline, e);

	if (ok)
		table_write(stdout, &summary, separator);
	summary_free(&summary);
	return ok;
}

static bool export(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	struct result result;
	unsigned format;
	int first;
	bool ok;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (config.format == NULL)
		return err_set(e, ERR_USAGE, "export: --format is missing: gbench, csv or tsv");
	if (!words_find(&format_words, config.format, &format, e))
		return false;
	if (first + 1 != argc)
		return err_set(e, ERR_USAGE, "export: one result file");
	ok = result_read(&result, argv[first], e);
	if (ok) {
		result_sort(&result);
		ok = format == FORMAT_GBENCH ? export_gbench(stdout, &result, e)
					     : write_table(&result, config.baseline,
						       format == FORMAT_CSV ? ',' : '\t', e);
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
