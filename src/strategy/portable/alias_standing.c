// SPDX-License-Identifier: MIT
/*
 * memcpy through a standing alias: mapped once, for all of the target. Where caches
 * are indexed by virtual addresses a congruent one needs no flush to be coherent,
 * and an incongruent one without flushes is wrong; where caches are coherent by
 * hardware both are right, and what the distance costs is the question.
 */
#include "strategy/alias.h"

ALIAS_LOOPS(congruent, , congruent, alias_put, alias_get)
ALIAS_LOOPS(incongruent, , incongruent, alias_put, alias_get)

const struct strategy strategy_alias_congruent = {
	.name = "alias-congruent",
	.help = "memcpy through a standing alias of the user's colour; no flush",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_CONGRUENT,
	.steps = {STEP_ALIAS_COPY},
	.read_steps = {STEP_ALIAS_COPY},
	.kernels = {ALIAS_KERNEL(congruent, "libc", 0)},
};

const struct strategy strategy_alias_incongruent = {
	.name = "alias-incongruent",
	.help = "memcpy through a standing alias of another colour; no flush: right only where "
		"hardware keeps aliases coherent",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_INCONGRUENT,
	.steps = {STEP_ALIAS_COPY},
	.read_steps = {STEP_ALIAS_COPY},
	.kernels = {ALIAS_KERNEL(incongruent, "libc", 0)},
};
