// SPDX-License-Identifier: MIT
/* rep movsb instead of the C library's memcpy, then each of the flush instructions, then sfence. */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

X86_INLINE void copy_movsb_clflush(char *dst, const char *src, size_t len)
{
	x86_movsb(dst, src, len);
	x86_clflush(dst, len);
	x86_sfence();
}

STRATEGY_LOOPS(movsb_clflush, , copy_movsb_clflush)

X86_INLINE X86_TARGET("clflushopt") void copy_movsb_clflushopt(
	char *dst, const char *src, size_t len)
{
	x86_movsb(dst, src, len);
	x86_clflushopt(dst, len);
	x86_sfence();
}

STRATEGY_LOOPS(movsb_clflushopt, X86_TARGET("clflushopt"), copy_movsb_clflushopt)

X86_INLINE X86_TARGET("clwb") void copy_movsb_clwb(char *dst, const char *src, size_t len)
{
	x86_movsb(dst, src, len);
	x86_clwb(dst, len);
	x86_sfence();
}

STRATEGY_LOOPS(movsb_clwb, X86_TARGET("clwb"), copy_movsb_clwb)

const struct strategy strategy_movsb_clflush = {
	.name = "movsb+clflush",
	.plainness = PLAIN_BASELINE,
	.help = "rep movsb, then write back and drop every line in order, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(movsb_clflush, "clflush", CPU_CLFLUSH)},
};

const struct strategy strategy_movsb_clflushopt = {
	.name = "movsb+clflushopt",
	.plainness = PLAIN_BASELINE,
	.help = "rep movsb, then write back and drop every line, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(movsb_clflushopt, "clflushopt", CPU_CLFLUSHOPT)},
};

const struct strategy strategy_movsb_clwb = {
	.name = "movsb+clwb",
	.plainness = PLAIN_BASELINE,
	.help = "rep movsb, then write back every line, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(movsb_clwb, "clwb", CPU_CLWB)},
};
