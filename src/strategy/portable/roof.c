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
#define LOAD(name, isa, load)                                            \
	X86_INLINE isa void name(char *dst, const char *src, size_t len) \
	{                                                                \
		(void)dst;                                               \
		len = x86_whole_lines(&src, len);                        \
		load(src, len);                                          \
	}
#define STORE(name, isa, store)                                          \
	X86_INLINE isa void name(char *dst, const char *src, size_t len) \
	{                                                                \
		const char *first = dst;                                 \
                                                                         \
		(void)src;                                               \
		len = x86_whole_lines(&first, len);                      \
		store((char *)(uintptr_t)first, len);                    \
	}

LOAD(load_sse2, , x86_load_sse2)
LOAD(load_avx, X86_TARGET("avx"), x86_load_avx)
LOAD(load_avx512, X86_TARGET("avx512f"), x86_load_avx512)
STORE(store_sse2, , x86_store_sse2)
STORE(store_avx, X86_TARGET("avx"), x86_store_avx)
STORE(store_avx512, X86_TARGET("avx512f"), x86_store_avx512)

STRATEGY_LOOPS(roof_load_avx512, X86_TARGET("avx512f"), load_avx512)
STRATEGY_LOOPS(roof_load_avx, X86_TARGET("avx"), load_avx)
STRATEGY_LOOPS(roof_load_sse2, , load_sse2)
STRATEGY_LOOPS(roof_store_avx512, X86_TARGET("avx512f"), store_avx512)
STRATEGY_LOOPS(roof_store_avx, X86_TARGET("avx"), store_avx)
STRATEGY_LOOPS(roof_store_sse2, , store_sse2)
#endif

const struct strategy strategy_roof_load = {
	.name = "roof-load",
	.help = "loads of the source and nothing else: the roof of reads",
	.family = FAMILY_ROOF,
	.steps = {STEP_END},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL_BOTH(roof_load_avx512, "avx512f", CPU_AVX512F),
		STRATEGY_KERNEL_BOTH(roof_load_avx, "avx", CPU_AVX),
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
		STRATEGY_KERNEL(roof_store_avx, "avx", CPU_AVX),
		STRATEGY_KERNEL(roof_store_sse2, "sse2", CPU_SSE2)},
#endif
};
