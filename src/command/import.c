// SPDX-License-Identifier: MIT
/* daxmark import: what another tool measured, to be shown beside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "command/command.h"
#include "exchange/import.h"

struct config {
	const char *output;
	bool force;
};

static const struct option_spec options[] = {
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "FILE",
		"where to (default: standard output)")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"replace that file if it exists")},
};

static bool save(const struct config *config, const struct imported *imported, struct err *e)
{
	char *json = imported_to_json(imported);
	bool ok = json != NULL || err_set(e, ERR_FAILED, "out of memory");

	if (ok && config->output == NULL)
		printf("%s\n", json);
	else if (ok)
		ok = file_may_create(config->output, config->force, e) &&
		     file_replace(config->output, json, strlen(json), e);
	free(json);
	return ok;
}

static bool import(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	const struct import_format *format;
	struct imported imported;
	int first;
	bool ok;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (argc - first != 2)
		return err_set(e, ERR_USAGE, "import: takes a format and a file: gbench FILE.json");
	format = import_format_find(argv[first], e);
	if (format == NULL)
		return false;
	ok = import_file(format, argv[first + 1], &imported, e) && save(&config, &imported, e);
	imported_free(&imported);
	return ok;
}

const struct command command_import = {
	.name = "import",
	.arguments = "[OPTIONS] FORMAT FILE",
	.summary = "what another tool measured (gbench, hyperfine), for a report",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "The report shows it beside your results, with where it came from; nothing is "
		 "ranked\nacross tools.\n",
	.run = import,
};
