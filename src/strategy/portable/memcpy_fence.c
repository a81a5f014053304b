// SPDX-License-Identifier: MIT
/* memcpy and a fence: durable where CPU caches are inside the persistence domain (eADR), only there. */
#include "arch/kernels.h"
#include "strategy/loop.h"

#if defined(ARCH_X86_64)
X86_INLINE void copy_fence(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(memcpy_fence, , copy_fence)
#endif

const struct strategy strategy_memcpy_fence = {
	.name = "memcpy+fence",
	.plainness = PLAIN_LIBC,
	.help = "memcpy, then fence: durable only where CPU caches are (eADR)",
	.family = FAMILY_BASELINE,
	.copies = true,
	.steps = {STEP_COPY, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(memcpy_fence, "sfence", 0)},
#endif
};
