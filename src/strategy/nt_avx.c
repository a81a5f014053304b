// SPDX-License-Identifier: MIT
/* Nocache copy with 32-byte non-temporal stores, then sfence. */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
X86_INLINE X86_TARGET("avx") void copy_nt_avx(char *dst, const char *src, size_t len)
{
	x86_nt_avx(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(nt_avx, X86_TARGET("avx"), copy_nt_avx)
#endif

const struct strategy strategy_nt_avx = {
	.name = "nt-avx",
	.help = "32-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.by_default = false,
	.fallback = "nt-sse2",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(nt_avx, "avx", CPU_AVX)},
#endif
};
