// SPDX-License-Identifier: MIT
/* daxmark copy: a file, by one of the strategies. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/tell.h"
#include "base/units.h"
#include "command/command.h"
#include "transfer/transfer.h"

struct config {
	const char *strategy;
	uint64_t threads;
	bool overwrite, in_place, sync, verify, json, quiet;
};

static const struct option_spec options[] = {
	{OPTION("strategy", 's', OPTION_TEXT, offsetof(struct config, strategy), "NAME",
		"how to copy (default: pwrite, on DAX the widest non-temporal stores)")},
	{OPTION("overwrite", 0, OPTION_FLAG, offsetof(struct config, overwrite), NULL,
		"replace DST if it exists, at once and only by a whole copy")},
	{OPTION("in-place", 0, OPTION_FLAG, offsetof(struct config, in_place), NULL,
		 "write into DST if it exists; a device needs --overwrite, too"),
		.of = "in place"},
	{OPTION("threads", 0, OPTION_NUMBER, offsetof(struct config, threads), "N",
		"threads that copy together (default 1)")},
	{OPTION("verify", 0, OPTION_FLAG, offsetof(struct config, verify), NULL,
		"compare every byte before DST gets its name")},
	{OPTION("sync", 0, OPTION_FLAG, offsetof(struct config, sync), NULL,
		"data and name on the medium before this ends (fsync)")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"what was done, as one JSON document")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL, "no progress")},
};

static void progress(void *arg, uint64_t done, uint64_t all)
{
	tell_progress(arg, (double)done / (double)(all > 0 ? all : 1), 0, "copying");
}

static bool show(const struct transfer_report *report, struct err *e)
{
	json_t *root = json_object();

	json_put(root, "strategy", json_plain(report->strategy->name));
	json_put(root, "variant", json_plain(report->variant));
	json_put(root, "bytes", json_integer((json_int_t)report->bytes));
	json_put(root, "data_bytes", json_integer((json_int_t)report->data_bytes));
	json_put(root, "copy_s", json_double(report->copy_s));
	json_put(root, "dax", json_boolean(report->dax));
	return json_print(root, JSON_INDENT(2), e);
}

static bool fits(const struct config *config, int n, struct err *e)
{
	if (n != 2)
		return err_set(e, ERR_USAGE, "copy: takes two paths: SRC DST");
	return (config->threads >= 1 && config->threads <= TRANSFER_THREADS) ||
	       err_set(e, ERR_USAGE, "--threads: from 1 to %d", TRANSFER_THREADS);
}

static bool copy(int argc, char **argv, struct err *e)
{
	struct config config = {.threads = 1};
	struct transfer_request request;
	struct transfer_report report;
	struct tell tell;
	int first;
	bool ok;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!fits(&config, argc - first, e))
		return false;
	tell_init(&tell, config.quiet);
	request = (struct transfer_request){.from = argv[first],
		.to = argv[first + 1],
		.threads = (unsigned)config.threads,
		.overwrite = config.overwrite,
		.in_place = config.in_place,
		.sync = config.sync,
		.verify = config.verify,
		.progress = progress,
		.arg = &tell};
	if (config.strategy != NULL) {
		request.strategy = strategy_find(config.strategy, e);
		if (request.strategy == NULL)
			return false;
	}
	interrupt_install();
	ok = transfer_file(&request, &report, e);
	tell_progress_end(&tell);
	return ok && (!config.json || show(&report, e));
}

const struct command command_copy = {
	.name = "copy",
	.arguments = "[OPTIONS] SRC DST",
	.summary = "copy a file by one of the strategies, as cp does",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes =
		"DST may be a folder. It gets its name when it is whole; holes and permissions are "
		"kept.\n",
	.run = copy,
};
