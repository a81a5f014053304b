// SPDX-License-Identifier: MIT
/* The kernel's own nocache copy, as a program: movnti between ragged ends that are written back, then sfence. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

STRATEGY_FENCED_LOOPS(flushcache_clwb, X86_TARGET("clwb"), x86_flushcache_clwb(dst, src, len))
STRATEGY_FENCED_LOOPS(
	flushcache_clflushopt, X86_TARGET("clflushopt"), x86_flushcache_clflushopt(dst, src, len))
STRATEGY_FENCED_LOOPS(flushcache_clflush, , x86_flushcache_clflush(dst, src, len))

const struct strategy strategy_kernel_flushcache = {
	.name = "kernel-flushcache",
	.plainness = PLAIN_KERNEL,
	.help = "what the kernel's memcpy_flushcache() does, in user space, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(flushcache_clwb, "movnti, clwb", CPU_SSE2 | CPU_CLWB),
		STRATEGY_KERNEL(
			flushcache_clflushopt, "movnti, clflushopt", CPU_SSE2 | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(flushcache_clflush, "movnti, clflush", CPU_SSE2 | CPU_CLFLUSH)},
};
