// SPDX-License-Identifier: MIT
/* memcpy through a standing alias of the user's colour, then clwb of the alias's lines and sfence. */
#include "arch/x86_64/primitives.h"
#include "strategy/alias.h"
#include "sys/cpu.h"

X86_INLINE X86_TARGET("clwb") void put_durable(char *u, char *k, const char *src, size_t len)
{
	(void)u;
	memcpy(k, src, len);
	x86_clwb(k, len); /* of the alias's colour: where the dirty lines are */
	x86_sfence();
}

ALIAS_LOOPS(congruent_clwb, X86_TARGET("clwb"), congruent, put_durable, alias_get)

const struct strategy strategy_alias_congruent_clwb = {
	.name = "alias-congruent+clwb",
	.help = "the same through a congruent alias, then write its lines back and fence",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_CONGRUENT,
	.steps = {STEP_ALIAS_COPY, STEP_ALIAS_WRITE_BACK, STEP_FENCE},
	.read_steps = {STEP_ALIAS_COPY},
	.kernels = {ALIAS_KERNEL(congruent_clwb, "clwb", CPU_CLWB)},
};
