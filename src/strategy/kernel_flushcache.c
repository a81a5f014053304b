// SPDX-License-Identifier: MIT
/* The kernel's own nocache copy, as a program: movnti between ragged ends written back by clwb, then sfence. */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
X86_INLINE X86_TARGET("clwb") void copy_flushcache(char *dst, const char *src, size_t len)
{
	x86_flushcache(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(kernel_flushcache, X86_TARGET("clwb"), copy_flushcache)
#endif

const struct strategy strategy_kernel_flushcache = {
	.name = "kernel-flushcache",
	.help = "what the kernel's memcpy_flushcache() does, in user space, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(kernel_flushcache, "movnti, clwb", CPU_CLWB)},
#endif
};
