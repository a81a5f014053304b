// SPDX-License-Identifier: MIT
/* daxmark list: strategies and targets, and why one cannot be used here. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "command/command.h"
#include "protocol/hooks.h"
#include "command/run_suite.h"
#include "command/show.h"
#include "strategy/choose.h"
#include "sys/cpu.h"
#include "target/target.h"

#define SUITES_MOST 100
#define NAMES_BYTES 1500 /* of one instruction set's strategies */

struct config {
	bool strategies, targets, protocols, suites, json;
};

static const struct option_spec options[] = {
	{OPTION("strategies", 's', OPTION_FLAG, offsetof(struct config, strategies), NULL,
		"the copy strategies (default)")},
	{OPTION("targets", 't', OPTION_FLAG, offsetof(struct config, targets), NULL,
		"the kinds of target")},
	{OPTION("protocols", 'p', OPTION_FLAG, offsetof(struct config, protocols), NULL,
		"the kernel's cache hooks, as steps")},
	{OPTION("suites", 'u', OPTION_FLAG, offsetof(struct config, suites), NULL,
		"the suites, and what each is to answer")},
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

/* Strategies that the arguments mean, or all: as a table. */
struct listing {
	struct show_table *table;
	bool json;
};

static bool list_one(void *arg, const struct strategy *strategy, bool named)
{
	const struct listing *listing = arg;

	(void)named;
	return row(listing->table, strategy, listing->json);
}

static bool list_strategies(const char *names, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "STRATEGY"},
		{.name = "FAMILY", .spare = 3}, {.name = "WRITES"}, {.name = "READS", .spare = 2},
		{.name = "AVAILABLE HERE"}, {.name = "WHAT IT DOES", .spare = 4}};
	static const struct show_column fields[] = {{.name = "name"}, {.name = "family"},
		{.name = "guarantee"}, {.name = "read_guarantee"}, {.name = "steps"},
		{.name = "available", .boolean = true}, {.name = "kernel"}, {.name = "why"},
		{.name = "help"}};
	struct listing listing = {json ? show_begin("strategies", fields, 9, true)
				       : show_begin("strategies", plain, 6, false),
		json};
	bool ok = listing.table != NULL;

	if (ok && !strategy_choose(names != NULL ? names : "all", list_one, &listing, e)) {
		show_drop(listing.table);
		return false;
	}
	for (size_t i = 0; ok && json && names == NULL && strategies_elsewhere[i].name != NULL; i++)
		ok = row_elsewhere(listing.table, &strategies_elsewhere[i]);
	if (!show_finish(listing.table, ok, e))
		return false;
	if (!json && names == NULL)
		note_elsewhere();
	return true;
}

/* What it guarantees on memory of a kind, whatever the size. */
static const char *gives(const struct strategy *strategy, enum operation operation,
	enum domain domain, bool nocache_leaves)
{
	const struct protocol_facts facts = {.domain = domain, .nocache_leaves = nocache_leaves};

	return guarantee_words.names[strategy_least_guarantee(strategy, operation, &facts)];
}

/* All about one strategy, for a person. */
static void describe(const struct strategy *strategy)
{
	unsigned operations = strategy_operations(strategy);
	char steps[240];
	struct err why;

	printf("%s (%s)\n", strategy->name, family_words.names[strategy->family]);
	show_line("  %s", strategy->help);
	for (unsigned op = 0; op < OP_COUNT; op++) {
		if (operations != 0 && (operations >> op & 1) == 0)
			continue;
		strategy_text(strategy, (enum operation)op, steps, sizeof(steps));
		show_line("  %-14s %s", operation_words.names[op], steps);
		if (!strategy->copies)
			continue;
		if (op == OP_READ)
			show_line("    gives        %s",
				gives(strategy, OP_READ, DOMAIN_MEMORY_CONTROLLER, true));
		else
			show_line("    gives        %s behind a memory controller (ADR)%s%s, %s "
				  "where "
				  "CPU caches are persistent (eADR)",
				gives(strategy, (enum operation)op, DOMAIN_MEMORY_CONTROLLER, true),
				strategy->family == FAMILY_NOCACHE ? ", and where the lines are "
								     "cached on a CPU whose "
								     "non-temporal stores stay "
								     "there: "
								   : "",
				strategy->family == FAMILY_NOCACHE
					? gives(strategy, (enum operation)op,
						  DOMAIN_MEMORY_CONTROLLER, false)
					: "",
				gives(strategy, (enum operation)op, DOMAIN_CPU_CACHE, true));
	}
	for (const struct kernel *kernel = strategy->kernels;
		kernel < strategy->kernels + STRATEGY_KERNELS && kernel->variant != NULL; kernel++)
		printf("  kernel         %s%s\n", kernel->variant,
			(kernel->needs & ~cpu_features()) == 0 ? "" : " (not on this CPU)");
	if (strategy_kernel(strategy, cpu_features(), &why) == NULL)
		show_line("  not here:      %s", why.text);
	if (strategy->fallback != NULL)
		printf("  in its place   %s\n", strategy->fallback);
	printf("  by default     %s\n", strategy->by_default	 ? "yes: in every run without -s"
					: strategy->calls_kernel ? "on DAX file systems"
								 : "no: name it with run -s");
}

static bool describe_one(void *arg, const struct strategy *strategy, bool named)
{
	bool *begun = arg;

	(void)named;
	if (*begun)
		putchar('\n');
	*begun = true;
	describe(strategy);
	return true;
}

/* The arguments as one list; false where they are too long. */
static bool join_names(char **names, int n, char *list, size_t bytes, struct err *e)
{
	size_t used = 0;

	for (int i = 0; i < n && used < bytes; i++)
		used += (size_t)snprintf(
			list + used, bytes - used, "%s%s", i > 0 ? "," : "", names[i]);
	return used < bytes || err_set(e, ERR_USAGE, "list: the names are too long");
}

static bool any_pattern(const char *list)
{
	char item[PATTERN_BYTES];

	while (pattern_next(&list, item))
		if (pattern_is(item) || strcmp(item, "all") == 0 || strchr(item, ':') != NULL)
			return true;
	return false;
}

/* By name all about it; by a pattern the rows of those that it means. */
static bool list_names(char **names, int n, const struct config *config, struct err *e)
{
	char list[1000];
	bool begun = false;

	if (config->targets || config->protocols || config->suites)
		return err_set(e, ERR_USAGE, "list: '%s': names are of strategies", names[0]);
	if (!join_names(names, n, list, sizeof(list), e))
		return false;
	if (config->json || any_pattern(list))
		return list_strategies(list, config->json, e);
	return strategy_choose(list, describe_one, &begun, e);
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

struct found {
	struct suite suites[SUITES_MOST];
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct suite *)a)->name, ((const struct suite *)b)->name);
}

/* Every file of the folder, read as a run would read it. */
static bool read_suites(const char *folder, struct found *found, struct err *e)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return err_errno(e, errno, "cannot read %s", folder);
	while (ok && (entry = readdir(dir)) != NULL) {
		const char *ending = strrchr(entry->d_name, '.');
		char path[512];

		if (ending == NULL || strcmp(ending, ".ini") != 0 || entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%.250s/%.255s", folder, entry->d_name);
		ok = (found->n < SUITES_MOST || err_set(e, ERR_FAILED, "%s: more than %d suites",
							folder, SUITES_MOST)) &&
		     suite_read(&found->suites[found->n++], path, e);
	}
	closedir(dir);
	qsort(found->suites, found->n, sizeof(found->suites[0]), by_name);
	return ok;
}

static bool show_suites(const struct found *found, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "SUITE"},
		{.name = "SECTIONS", .spare = 1}, {.name = "WHAT IT IS TO ANSWER"}};
	static const struct show_column fields[] = {{.name = "name"}, {.name = "sections"},
		{.name = "question"}, {.name = "path"}, {.name = "provisional", .boolean = true}};
	struct show_table *table = show_begin("suites", json ? fields : plain, json ? 5 : 3, json);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < found->n; i++) {
		const struct suite *suite = &found->suites[i];
		const char *names[SUITE_SECTIONS] = {NULL};
		char sections[300];
		const char *cells[] = {suite->name, sections, suite->question, suite->path,
			suite->provisional ? "1" : "0"};

		for (size_t s = 1; s < suite->n; s++)
			names[s - 1] = suite->sections[s].name;
		join(names, SUITE_SECTIONS, sections, sizeof(sections));
		ok = show_row(table, cells, json ? 5 : 3);
	}
	return show_finish(table, ok, e);
}

static bool list_suites(bool json, struct err *e)
{
	struct found *found = calloc(1, sizeof(*found));
	char folder[400];
	bool ok;

	if (found == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	ok = run_suites_folder(folder, sizeof(folder), e) && read_suites(folder, found, e) &&
	     show_suites(found, json, e);
	for (size_t i = 0; i < found->n; i++)
		suite_free(&found->suites[i]);
	free(found);
	return ok;
}

static bool list(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	int first;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (config.strategies + config.targets + config.protocols + config.suites > 1)
		return err_set(e, ERR_USAGE,
			"list: --strategies, --targets, --protocols and --suites: choose one");
	if (first < argc)
		return list_names(argv + first, argc - first, &config, e);
	if (config.suites)
		return list_suites(config.json, e);
	if (config.protocols)
		return list_protocols(config.json, e);
	return config.targets ? list_targets(config.json, e)
			      : list_strategies(NULL, config.json, e);
}

const struct command command_list = {
	.name = "list",
	.arguments = "[--strategies | --targets | --protocols | --suites] [--json] [NAME..]",
	.summary = "strategies, targets, protocols and suites, and why one cannot be used here",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "WRITES and READS: what a strategy guarantees behind a memory controller (ADR).\n"
		 "A NAME says all about a strategy; 'nt-*', /clwb/ and family:flush list those "
		 "that they mean.\n",
	.run = list,
};
