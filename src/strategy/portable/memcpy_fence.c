// SPDX-License-Identifier: MIT
/* memcpy and a fence: durable where CPU caches are inside the persistence domain (eADR), only there. */
#include "arch/primitives.h"
#include "strategy/loop.h"

static inline __attribute__((always_inline)) void copy_fence(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	arch_fence();
}

STRATEGY_LOOPS(memcpy_fence, , copy_fence)

const struct strategy strategy_memcpy_fence = {
	.name = "memcpy+fence",
	.plainness = PLAIN_LIBC,
	.help = "memcpy, then fence: durable only where CPU caches are (eADR)",
	.family = FAMILY_BASELINE,
	.copies = true,
	.steps = {STEP_COPY, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(memcpy_fence, ARCH_FENCE, 0)},
};
