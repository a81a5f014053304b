// SPDX-License-Identifier: MIT
/* memcpy, then clflushopt over all lines, then sfence. */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

X86_INLINE X86_TARGET("clflushopt") void copy_clflushopt(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_clflushopt(dst, len);
	x86_sfence();
}

STRATEGY_LOOPS(clflushopt, X86_TARGET("clflushopt"), copy_clflushopt)

const struct strategy strategy_memcpy_clflushopt = {
	.name = "memcpy+clflushopt",
	.plainness = PLAIN_LIBC,
	.help = "memcpy, then write back and drop every line, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(clflushopt, "clflushopt", CPU_CLFLUSHOPT)},
};
