// SPDX-License-Identifier: MIT
#include "analyse/differences.h"

#include <stdio.h>
#include <string.h>

/* Why results of these two targets say nothing about each other; NULL when they do. */
static const char *targets_differ(const struct target_facts *a, const struct target_facts *b)
{
	if (a->medium == MEDIUM_EMULATED_MACHINE || b->medium == MEDIUM_EMULATED_MACHINE)
		return "a machine made of software: its times say nothing";
	if (a->emulated != b->emulated)
		return "one target is emulated, the other is real";
	if (a->medium != b->medium)
		return "the targets are of different media";
	if (a->access != b->access)
		return "the targets are mapped in different ways";
	if (a->page_bytes != b->page_bytes)
		return "the targets are mapped by pages of different sizes";
	if (a->source_file != b->source_file)
		return "one copies from a file, the other from memory";
	if (a->bytes != b->bytes)
		return "the copies go through footprints of different sizes";
	return NULL;
}

/* The same of any run with any other: whatever its side. */
const char *differences_of_targets(const struct side *base, const struct side *new)
{
	const struct result *first = &base->runs[0];
	const char *differ = NULL;

	for (size_t r = 0; differ == NULL && r < base->n + new->n; r++) {
		const struct result *run = r < base->n ? &base->runs[r] : &new->runs[r - base->n];

		differ = targets_differ(&first->target, &run->target);
		if (differ == NULL && run->loaders != first->loaders)
			differ = "background load came from different numbers of CPUs";
	}
	return differ;
}

bool differences_of_aliases(const struct side *base, const struct side *new)
{
	const struct alias_facts *first = &base->runs[0].target.aliases;

	for (size_t r = 0; r < base->n + new->n; r++) {
		const struct alias_facts *its = r < base->n
							? &base->runs[r].target.aliases
							: &new->runs[r - base->n].target.aliases;

		if (its->modulus != first->modulus || its->incongruent != first->incongruent)
			return true;
	}
	return false;
}

/* A fact of a run, by number. */
static const char *fact_of(const struct result *run, size_t number)
{
	const char *const facts[] = {run->facts.cpu_model, run->facts.kernel, run->facts.host,
		run->facts.build, run->facts.libraries};

	return facts[number];
}

/* Another machine, kernel or program is no fault; but who reads the ratios must know. */
void differences_note(const struct side *base, const struct side *new, char *text, size_t bytes)
{
	static const char *const names[] = {"CPU", "kernel", "host", "build", "libraries"};
	size_t used = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *first = fact_of(&base->runs[0], i), *other = NULL;

		for (size_t r = 0; r < base->n + new->n &&other == NULL; r++) {
			const char *its =
				fact_of(r < base->n ? &base->runs[r] : &new->runs[r - base->n], i);

			other = strcmp(its, first) != 0 ? its : NULL;
		}
		if (other != NULL && used < bytes)
			used += (size_t)snprintf(text + used, bytes - used,
				"%s%s '%.200s' and '%.200s'", used > 0 ? "; " : "", names[i], first,
				other);
	}
}

/* One run given twice would make a variance of nothing. */
bool differences_are_all(const struct side *side, struct err *e)
{
	for (size_t i = 0; i < side->n; i++)
		for (size_t j = 0; j < i; j++) {
			const struct result *a = &side->runs[i], *b = &side->runs[j];

			if (a->seed == b->seed && a->wall_s == b->wall_s &&
				strcmp(a->created, b->created) == 0 &&
				strcmp(a->facts.host, b->facts.host) == 0)
				return err_set(e, ERR_USAGE,
					"%s hold one run twice (of %s, files %zu and %zu): runs of "
					"a side must be runs of their own",
					side->name, a->created, j + 1, i + 1);
		}
	return true;
}
