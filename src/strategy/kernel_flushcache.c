// SPDX-License-Identifier: MIT
/* The kernel's own nocache copy, as a program: movnti between ragged ends that are written back, then sfence. */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
#define FLUSHCACHE(id, isa, copy)                                             \
	X86_INLINE isa void copy_##id(char *dst, const char *src, size_t len) \
	{                                                                     \
		copy(dst, src, len);                                          \
		x86_sfence();                                                 \
	}                                                                     \
	STRATEGY_LOOPS(id, isa, copy_##id)

FLUSHCACHE(flushcache_clwb, X86_TARGET("clwb"), x86_flushcache_clwb)
FLUSHCACHE(flushcache_clflushopt, X86_TARGET("clflushopt"), x86_flushcache_clflushopt)
FLUSHCACHE(flushcache_clflush, , x86_flushcache_clflush)
#endif

const struct strategy strategy_kernel_flushcache = {
	.name = "kernel-flushcache",
	.help = "what the kernel's memcpy_flushcache() does, in user space, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(flushcache_clwb, "movnti, clwb", CPU_SSE2 | CPU_CLWB),
		STRATEGY_KERNEL(
			flushcache_clflushopt, "movnti, clflushopt", CPU_SSE2 | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(flushcache_clflush, "movnti, clflush", CPU_SSE2 | CPU_CLFLUSH)},
#endif
};
