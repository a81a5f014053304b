// SPDX-License-Identifier: MIT
/* memcpy, then clflush over all lines, then sfence: what machines before clflushopt have. */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

X86_INLINE void copy_clflush(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_clflush(dst, len);
	x86_sfence();
}

STRATEGY_LOOPS(memcpy_clflush, , copy_clflush)

const struct strategy strategy_memcpy_clflush = {
	.name = "memcpy+clflush",
	.plainness = PLAIN_LIBC,
	.help = "memcpy, then write back and drop every line in order, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(memcpy_clflush, "clflush", CPU_CLFLUSH)},
};
