// SPDX-License-Identifier: MIT
#include "strategy/strategy.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "arch/arch.h"
#include "base/text.h"
#include "sys/cpu.h"

/* strategies.inc is made by registry.sh from the list of sources in Makefile.am. */
#define STRATEGY_ELSEWHERE(name, isa)
#define STRATEGY(id) extern const struct strategy strategy_##id;
#include "strategy/strategies.inc"
#undef STRATEGY

enum {
#define STRATEGY(id) NUMBER_OF_##id,
#include "strategy/strategies.inc"
#undef STRATEGY
	OURS
};

#define ALL (OURS + STRATEGIES_LOADED)
const struct strategy *strategies[ALL] = {
#define STRATEGY(id) &strategy_##id,
#include "strategy/strategies.inc"
#undef STRATEGY
};
#undef STRATEGY_ELSEWHERE

size_t strategies_n = OURS;

bool strategy_register(const struct strategy *strategy, struct err *e)
{
	for (size_t i = 0; i < strategies_n; i++)
		if (strcmp(strategies[i]->name, strategy->name) == 0)
			return err_set(
				e, ERR_USAGE, "there is a strategy '%s' already", strategy->name);
	if (strategies_n == ALL)
		return err_set(e, ERR_USAGE, "more than %d loaded strategies", STRATEGIES_LOADED);
	strategies[strategies_n++] = strategy;
	return true;
}

const struct strategy_elsewhere strategies_elsewhere[] = {
#define STRATEGY(id)
#define STRATEGY_ELSEWHERE(its_name, its_isa) {.name = (its_name), .isa = (its_isa)},
#include "strategy/strategies.inc"
#undef STRATEGY
	{.name = NULL},
};

#define ELSEWHERE (sizeof(strategies_elsewhere) / sizeof(strategies_elsewhere[0]))

const struct strategy *strategy_find(const char *name, struct err *e)
{
	const char *names[ALL + ELSEWHERE], *nearest;
	size_t n = 0;

	for (size_t i = 0; i < strategies_n; i++) {
		if (strcmp(strategies[i]->name, name) == 0)
			return strategies[i];
		names[n++] = strategies[i]->name;
	}
	for (const struct strategy_elsewhere *there = strategies_elsewhere; there->name; there++) {
		if (strcmp(there->name, name) == 0) {
			err_set(e, ERR_USAGE,
				"strategy '%s' is made of %s instructions, this daxmark of %s ones",
				name, there->isa, arch_name);
			return NULL;
		}
		names[n++] = there->name;
	}
	nearest = text_nearest(name, names, n);
	if (nearest != NULL)
		err_set(e, ERR_USAGE, "unknown strategy '%s': did you mean '%s'?", name, nearest);
	else
		err_set(e, ERR_USAGE, "unknown strategy '%s': 'daxmark list' names them", name);
	return NULL;
}

const struct strategy *strategy_reader(const struct strategy *strategy)
{
	for (size_t i = 0; steps_none(strategy->read_steps) && i < strategies_n; i++)
		if (strategies[i]->plainness == PLAIN_LIBC &&
			!steps_none(strategies[i]->read_steps))
			return strategies[i];
	return strategy;
}

unsigned strategy_operations(const struct strategy *strategy)
{
	unsigned operations = 0;

	for (unsigned op = 0; op < OP_COUNT; op++)
		if (!steps_none(strategy_steps(strategy, (enum operation)op, 0)))
			operations |= 1u << op;
	/* Roofs and the empty loop take no steps: their kernels tell. */
	for (size_t i = 0; !strategy->copies && i < STRATEGY_KERNELS; i++)
		for (unsigned op = 0; op < OP_COUNT; op++)
			if (strategy->kernels[i].loop[op] != NULL)
				operations |= 1u << op;
	return operations;
}

const struct step *strategy_steps(
	const struct strategy *strategy, enum operation operation, uint64_t size)
{
	const struct step *at_size = NULL;

	if (operation == OP_READ)
		return strategy->read_steps;
	if (strategy->steps_at != NULL)
		at_size = strategy->steps_at(size);
	return at_size != NULL ? at_size : strategy->steps;
}

bool strategy_flushes(const struct strategy *strategy)
{
	const struct step *lists[] = {strategy->steps, strategy->read_steps};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (steps_have(lists[i], VERB_WRITE_BACK) || steps_have(lists[i], VERB_FLUSH) ||
			steps_have(lists[i], VERB_DROP))
			return true;
	return false;
}

void strategy_text(
	const struct strategy *strategy, enum operation operation, char *text, size_t bytes)
{
	size_t from = operation != OP_READ && strategy->large_from != NULL ? strategy->large_from()
									   : SIZE_MAX;
	struct step_context context = {
		.read = operation == OP_READ, .aliases = strategy->alias != ALIAS_NONE};
	size_t used;

	steps_text(strategy_steps(strategy, operation, 0), context, text, bytes);
	used = strlen(text);
	if (from == 0 || from == SIZE_MAX || used + 40 >= bytes)
		return;
	used += (size_t)snprintf(text + used, bytes - used, "; from %zu bytes on: ", from);
	steps_text(strategy_steps(strategy, operation, from), context, text + used, bytes - used);
}

enum guarantee strategy_guarantee(const struct strategy *strategy, enum operation operation,
	uint64_t size, const struct protocol_facts *facts)
{
	const struct step *steps = strategy_steps(strategy, operation, size);

	return operation == OP_READ ? steps_read_guarantee(steps, facts)
				    : steps_write_guarantee(steps, facts);
}

enum guarantee strategy_least_guarantee(const struct strategy *strategy, enum operation operation,
	const struct protocol_facts *facts)
{
	enum guarantee small = strategy_guarantee(strategy, operation, 1, facts);
	enum guarantee large = strategy_guarantee(strategy, operation, UINT64_MAX, facts);

	return small < large ? small : large;
}

bool strategy_reaches(const struct strategy *strategy, enum access access, bool source_is_file,
	struct err *why_not)
{
	if (strategy->calls_kernel && !access_traits[access].calls)
		return err_set(why_not, ERR_FAILED, "%s has no read, write, fsync or msync",
			access_words.names[access]);
	return !strategy->from_file || source_is_file ||
	       err_set(why_not, ERR_FAILED,
		       "its source must be a file: name it, and that of all copies is one");
}

const struct kernel *strategy_kernel(
	const struct strategy *strategy, unsigned features, struct err *why_not)
{
	unsigned lacking = 0;
	char names[100];

	for (size_t i = 0; i < STRATEGY_KERNELS && strategy->kernels[i].variant != NULL; i++) {
		lacking = strategy->kernels[i].needs & ~features;
		if (lacking == 0)
			return strategy->ready == NULL || strategy->ready(why_not)
				       ? &strategy->kernels[i]
				       : NULL;
	}
	if (lacking == 0) {
		err_set(why_not, ERR_FAILED, "%s",
			strategy->missing ? strategy->missing : "it has no kernel");
	} else {
		cpu_feature_names(lacking, names, sizeof(names));
		err_set(why_not, ERR_FAILED, "this CPU has no %s", names);
	}
	return NULL;
}
