// SPDX-License-Identifier: MIT
/* memcpy, then clwb over all lines, then sfence: what arch_wb_cache_pmem() does on x86. */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

X86_INLINE X86_TARGET("clwb") void copy_clwb(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_clwb(dst, len);
	x86_sfence();
}

STRATEGY_LOOPS(clwb, X86_TARGET("clwb"), copy_clwb)

const struct strategy strategy_memcpy_clwb = {
	.name = "memcpy+clwb",
	.plainness = PLAIN_LIBC,
	.help = "memcpy, then write back every line (it may stay cached), then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(clwb, "clwb", CPU_CLWB)},
};
