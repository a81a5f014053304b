// SPDX-License-Identifier: MIT
/*
 * How fast loads alone and cached stores alone can go over whole lines: the
 * roofs beside that of non-temporal stores. A copy that beats one shows a fault
 * in the roof.
 */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
X86_INLINE X86_TARGET("avx512f") void load_avx512(char *dst, const char *src, size_t len)
{
	(void)dst;
	x86_load_avx512(src, len & ~(size_t)(X86_LINE - 1));
}

X86_INLINE void load_sse2(char *dst, const char *src, size_t len)
{
	(void)dst;
	x86_load_sse2(src, len & ~(size_t)(X86_LINE - 1));
}

X86_INLINE X86_TARGET("avx512f") void store_avx512(char *dst, const char *src, size_t len)
{
	(void)src;
	len = x86_whole_lines(&dst, len);
	x86_store_avx512(dst, len);
}

X86_INLINE void store_sse2(char *dst, const char *src, size_t len)
{
	(void)src;
	len = x86_whole_lines(&dst, len);
	x86_store_sse2(dst, len);
}

STRATEGY_LOOPS(roof_load_avx512, X86_TARGET("avx512f"), load_avx512)
STRATEGY_LOOPS(roof_load_sse2, , load_sse2)
STRATEGY_LOOPS(roof_store_avx512, X86_TARGET("avx512f"), store_avx512)
STRATEGY_LOOPS(roof_store_sse2, , store_sse2)
#endif

const struct strategy strategy_roof_load = {
	.name = "roof-load",
	.help = "loads of the source and nothing else: the roof of reads",
	.family = FAMILY_ROOF,
	.steps = {STEP_END},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL_BOTH(roof_load_avx512, "avx512f", CPU_AVX512F),
		STRATEGY_KERNEL_BOTH(roof_load_sse2, "sse2", CPU_SSE2)},
#endif
};

const struct strategy strategy_roof_store = {
	.name = "roof-store",
	.help = "cached stores of one register, nothing loaded: the roof of cached copies",
	.family = FAMILY_ROOF,
	.steps = {STEP_END},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(roof_store_avx512, "avx512f", CPU_AVX512F),
		STRATEGY_KERNEL(roof_store_sse2, "sse2", CPU_SSE2)},
#endif
};
