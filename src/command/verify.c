// SPDX-License-Identifier: MIT
/* daxmark verify: are the copies complete, and do their instructions do what they declare? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/verify_subjects.h"
#include "strategy/choose.h"
#include "sys/cpu.h"

#define MOST_CRASH 4096

#define NO_CRASH UINT64_MAX

struct config {
	struct command_may may;
	const char *target, *strategies; /* NULL: not given */
	double seconds;			 /* 0: not given */
	bool trace, json;
	uint64_t crash;
};

static const struct option_spec options[] = {
	{OPTION("target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to copy to (default memfd)")},
	COMMAND_MAY_OPTIONS(struct config),
	{OPTION("strategies", 's', OPTION_TEXT, offsetof(struct config, strategies), "NAME,..",
		"strategies to verify (default all)")},
	{OPTION("time", 0, OPTION_SECONDS, offsetof(struct config, seconds), "TIME",
		"how long to copy and compare (default 10s)")},
	{OPTION("trace", 0, OPTION_FLAG, offsetof(struct config, trace), NULL,
		"run the machine code step by step and prove what it guarantees")},
	{OPTION("crash", 0, OPTION_SIZE, offsetof(struct config, crash), "SIZE",
		"show what a crash may leave after each instruction of one copy, 1..4K")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
};

static struct subject *add_one(
	struct subjects *subjects, const struct strategy *strategy, const struct kernel *kernel)
{
	struct subject *subject = &subjects->all[subjects->n];

	if (subjects->n == VERIFY_MOST) {
		err_set(subjects->e, ERR_USAGE, "more than %d strategies", VERIFY_MOST);
		return NULL;
	}
	subjects->n++;
	subject->strategy = strategy;
	subject->kernel = kernel;
	return subject;
}

/* Every kernel that this CPU can run, not just the best one: they are all shipped. */
static bool add_subject(struct subjects *subjects, const struct strategy *strategy)
{
	const struct kernel *best;
	struct subject *subject;
	struct err why;

	best = strategy_kernel(strategy, cpu_features(), &why);
	if (best == NULL) {
		subject = add_one(subjects, strategy, NULL);
		if (subject != NULL)
			snprintf(subject->why, sizeof(subject->why), "%s", why.text);
		return subject != NULL;
	}
	for (const struct kernel *kernel = best;
		kernel < strategy->kernels + STRATEGY_KERNELS && kernel->variant != NULL; kernel++)
		if ((kernel->needs & ~cpu_features()) == 0 &&
			add_one(subjects, strategy, kernel) == NULL)
			return false;
	return true;
}

/* Roofs and the empty loop copy nothing: they are verified only by name. */
static bool add_chosen(void *arg, const struct strategy *strategy, bool named)
{
	struct subjects *subjects = arg;
	size_t first = subjects->n;

	if (!named && !strategy->copies)
		return true;
	if (!add_subject(subjects, strategy))
		return false;
	for (size_t i = first; i < subjects->n; i++)
		subjects->all[i].named = named;
	return true;
}

static bool choose(struct subjects *subjects, const char *list)
{
	return strategy_choose(list != NULL ? list : "all", add_chosen, subjects, subjects->e);
}

static bool all_right(const struct subjects *subjects, struct err *e)
{
	for (size_t i = 0; i < subjects->n; i++) {
		const struct subject *subject = &subjects->all[i];

		if (subject->failed)
			return err_set(
				e, ERR_FAILED, "%s: %s", subject->strategy->name, subject->why);
		if (subject->named && !subject->tried)
			return err_set(e, ERR_FAILED, "%s was not tried: %s",
				subject->strategy->name, subject->why);
	}
	return true;
}

/* Nothing that was asked for is left aside without a word. */
static bool options_fit(const struct config *config, const struct subjects *subjects, struct err *e)
{
	bool by_code = config->trace || config->crash != NO_CRASH;

	if (config->trace && config->crash != NO_CRASH)
		return err_set(
			e, ERR_USAGE, "verify: --trace and --crash are two questions: ask one");
	if (by_code && (config->target != NULL || config->may.overwrite || config->seconds > 0))
		return err_set(e, ERR_USAGE,
			"verify: --target, --overwrite and --time are for byte checks: %s runs on "
			"memory of its own",
			config->trace ? "--trace" : "--crash");
	if (config->crash == NO_CRASH)
		return true;
	if (config->crash < 1 || config->crash > MOST_CRASH)
		return err_set(e, ERR_USAGE, "--crash: from 1 to %d bytes", MOST_CRASH);
	for (size_t i = 0; i < subjects->n; i++)
		if (subjects->all[i].strategy != subjects->all[0].strategy)
			return err_set(e, ERR_USAGE, "--crash: name one strategy with -s");
	return true;
}

static bool check(struct subjects *subjects, const struct config *config, struct err *e)
{
	struct target_request target;

	return command_target(
		       config->target, command_may(&config->may), config->json, &target, e) &&
	       verify_bytes(subjects, &target, config->seconds, config->json, e);
}

static bool verify(int argc, char **argv, struct err *e)
{
	struct config config = {.crash = NO_CRASH};
	struct subjects subjects = {.e = e};
	int first;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!command_no_arguments(argc, argv, first, e) ||
		!choose(&subjects, config.strategies) || !options_fit(&config, &subjects, e))
		return false;
	if (config.crash != NO_CRASH)
		return verify_crash(&subjects.all[0], config.crash, config.json, e);
	if (config.trace)
		return verify_prove(&subjects, config.json, e) && all_right(&subjects, e);
	if (config.target == NULL)
		config.target = "memfd";
	if (config.seconds == 0)
		config.seconds = 10;
	return check(&subjects, &config, e) && verify_show_bytes(&subjects, config.json, e) &&
	       all_right(&subjects, e);
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "[OPTIONS]",
	.summary = "check every copy byte by byte, or prove its guarantee from its instructions",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "--trace runs each strategy's machine code one instruction at a time over sizes "
		 "from "
		 "1 byte to\n20 KiB at ragged alignments, and checks that every byte written is in "
		 "the "
		 "persistence domain\nwhen it returns (ADR, eADR) and that its instructions are "
		 "those "
		 "it declares.\n",
	.run = verify,
};
