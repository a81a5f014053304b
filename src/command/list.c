// SPDX-License-Identifier: MIT
/* daxmark list: strategies and targets, and why one cannot be used here. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "protocol/hooks.h"
#include "command/show.h"
#include "strategy/strategy.h"
#include "sys/cpu.h"
#include "target/target.h"

#define NAMES_BYTES 1500 /* of one instruction set's strategies */

struct config {
	bool strategies, targets, protocols, json;
};

static const struct option_spec options[] = {
	{OPTION("strategies", 's', OPTION_FLAG, offsetof(struct config, strategies), NULL,
		"the copy strategies (default)")},
	{OPTION("targets", 't', OPTION_FLAG, offsetof(struct config, targets), NULL,
		"the kinds of target")},
	{OPTION("protocols", 'p', OPTION_FLAG, offsetof(struct config, protocols), NULL,
		"the kernel's cache hooks, as steps")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
};

static bool row(struct show_table *table, const struct strategy *strategy, bool json)
{
	static const struct protocol_facts adr = {
		.domain = DOMAIN_MEMORY_CONTROLLER, .nocache_leaves = true};
	enum operation main = steps_none(strategy->steps) ? OP_READ : OP_WRITE;
	char steps[160], state[200];
	struct err why;
	const struct kernel *kernel = strategy_kernel(strategy, cpu_features(), &why);
	const char *gives = "none", *reads = "none";

	if (strategy->copies) {
		gives = guarantee_words.names[strategy_least_guarantee(strategy, OP_WRITE, &adr)];
		reads = guarantee_words.names[strategy_least_guarantee(strategy, OP_READ, &adr)];
	}
	strategy_text(strategy, main, steps, sizeof(steps));
	if (json) {
		const char *cells[] = {strategy->name, family_words.names[strategy->family], gives,
			reads, steps, kernel != NULL ? "1" : "0", kernel ? kernel->variant : "",
			kernel ? "" : why.text, strategy->help};

		return show_row(table, cells, 9);
	}
	if (kernel != NULL)
		snprintf(state, sizeof(state), "yes (%s)", kernel->variant);
	else
		snprintf(state, sizeof(state), "no: %.190s", why.text);
	const char *cells[] = {strategy->name, family_words.names[strategy->family], gives, reads,
		state, strategy->help};

	return show_row(table, cells, 6);
}

static bool row_elsewhere(struct show_table *table, const struct strategy_elsewhere *there)
{
	char why[80];
	const char *cells[] = {there->name, "", "none", "none", "", "0", "", why, ""};

	snprintf(why, sizeof(why), "made of %s instructions", there->isa);
	return show_row(table, cells, 9);
}

/* Earlier strategies of the same instruction set. */
static bool comes_first(const struct strategy_elsewhere *there)
{
	for (const struct strategy_elsewhere *other = strategies_elsewhere; other < there; other++)
		if (strcmp(other->isa, there->isa) == 0)
			return false;
	return true;
}

/* One sentence for each other instruction set. */
static void note_elsewhere(void)
{
	for (const struct strategy_elsewhere *there = strategies_elsewhere; there->name; there++) {
		char names[NAMES_BYTES] = "";
		size_t used = 0;

		if (!comes_first(there))
			continue;
		for (const struct strategy_elsewhere *more = there; more->name; more++)
			if (strcmp(more->isa, there->isa) == 0 && used < sizeof(names))
				used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					used > 0 ? ", " : "", more->name);
		show_line("Made of %s instructions, not in this build: %s", there->isa, names);
	}
}

static bool list_strategies(bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "STRATEGY"},
		{.name = "FAMILY", .spare = 3}, {.name = "WRITES"}, {.name = "READS", .spare = 2},
		{.name = "AVAILABLE HERE"}, {.name = "WHAT IT DOES", .spare = 4}};
	static const struct show_column fields[] = {{.name = "name"}, {.name = "family"},
		{.name = "guarantee"}, {.name = "read_guarantee"}, {.name = "steps"},
		{.name = "available", .boolean = true}, {.name = "kernel"}, {.name = "why"},
		{.name = "help"}};
	struct show_table *table = json ? show_begin("strategies", fields, 9, true)
					: show_begin("strategies", plain, 6, false);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < strategies_n; i++)
		ok = row(table, strategies[i], json);
	for (size_t i = 0; ok && json && strategies_elsewhere[i].name != NULL; i++)
		ok = row_elsewhere(table, &strategies_elsewhere[i]);
	if (!show_finish(table, ok, e))
		return false;
	if (!json)
		note_elsewhere();
	return true;
}

static bool list_targets(bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "TARGET"}, {.name = "WHAT IT IS"}};
	static const struct show_column fields[] = {{.name = "name"}, {.name = "help"}};
	const char *const choice[] = {
		"auto", "the best mounted DAX file system that is free to use, else a memfd"};
	struct show_table *table = show_begin("targets", json ? fields : plain, 2, json);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < target_kinds_n; i++) {
		const char *cells[] = {target_kinds[i]->name, target_kinds[i]->help};

		ok = show_row(table, cells, 2);
	}
	ok = ok && show_row(table, choice, 2);
	return show_finish(table, ok, e);
}

static void join(const char *const *names, size_t most, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < most && names[i] != NULL && used < bytes; i++)
		used += (size_t)snprintf(
			text + used, bytes - used, "%s%s", used ? ", " : "", names[i]);
}

static bool list_protocols(bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "PROTOCOL"}, {.name = "STEPS"},
		{.name = "WHEN"}, {.name = "X86-64"}, {.name = "ARM64"},
		{.name = "ALIASING CACHES"}, {.name = "STRATEGIES THAT TAKE IT"}};
	static const struct show_column fields[] = {{.name = "name"}, {.name = "steps"},
		{.name = "when"}, {.name = "x86_64"}, {.name = "arm64"}, {.name = "aliasing"},
		{.name = "strategies"}};
	struct show_table *table = show_begin("protocols", json ? fields : plain, 7, json);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < hooks_n; i++) {
		const struct hook *hook = &hooks[i];
		char steps[160], takers[160];
		const char *cells[] = {hook->name, steps, hook->when, hook->x86_64, hook->arm64,
			hook->aliasing, takers};

		steps_text(
			hook->steps, (struct step_context){.aliases = true}, steps, sizeof(steps));
		join(hook->strategies, 3, takers, sizeof(takers));
		ok = show_row(table, cells, 7);
	}
	return show_finish(table, ok, e);
}

static bool list(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	int first;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!command_no_arguments(argc, argv, first, e))
		return false;
	if (config.strategies + config.targets + config.protocols > 1)
		return err_set(
			e, ERR_USAGE, "list: --strategies, --targets and --protocols: choose one");
	if (config.protocols)
		return list_protocols(config.json, e);
	return config.targets ? list_targets(config.json, e) : list_strategies(config.json, e);
}

const struct command command_list = {
	.name = "list",
	.arguments = "[--strategies | --targets | --protocols] [--json]",
	.summary = "strategies, targets and protocols, and why one cannot be used here",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "WRITES and READS: what a strategy guarantees behind a memory controller (ADR).\n",
	.run = list,
};
