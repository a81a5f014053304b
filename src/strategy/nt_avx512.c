// SPDX-License-Identifier: MIT
/* Nocache copy with 64-byte non-temporal stores, then sfence. */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
X86_INLINE X86_TARGET("avx512f") void copy_nt_avx512(char *dst, const char *src, size_t len)
{
	x86_nt_avx512(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(nt_avx512, X86_TARGET("avx512f"), copy_nt_avx512)
#endif

const struct strategy strategy_nt_avx512 = {
	.name = "nt-avx512",
	.help = "64-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.by_default = true,
	.fallback = "nt-avx",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(nt_avx512, "avx512f", CPU_AVX512F)},
#endif
};
