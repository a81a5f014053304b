// SPDX-License-Identifier: MIT
/* How fast non-temporal stores can go when nothing is loaded: the roof of nocache copies. */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

/* The source is not looked at. */
#define FILL(name, isa, fill)                                            \
	X86_INLINE isa void name(char *dst, const char *src, size_t len) \
	{                                                                \
		const char *first = dst;                                 \
                                                                         \
		(void)src;                                               \
		len = arch_whole(&first, len);                           \
		fill((char *)(uintptr_t)first, len);                     \
		x86_sfence();                                            \
	}

FILL(fill_sse2, , x86_nt_fill_sse2)
FILL(fill_avx, X86_TARGET("avx"), x86_nt_fill_avx)
FILL(fill_avx512, X86_TARGET("avx512f"), x86_nt_fill_avx512)

STRATEGY_LOOPS(roof_sse2, , fill_sse2)
STRATEGY_LOOPS(roof_avx, X86_TARGET("avx"), fill_avx)
STRATEGY_LOOPS(roof_avx512, X86_TARGET("avx512f"), fill_avx512)

const struct strategy strategy_roof_nt_store = {
	.name = "roof-nt-store",
	.help = "non-temporal stores of one register, nothing loaded: the roof of nocache copies",
	.family = FAMILY_ROOF,
	.copies = false,
	.by_default = true,
	.kernels = {STRATEGY_KERNEL(roof_avx512, "avx512f", CPU_AVX512F),
		STRATEGY_KERNEL(roof_avx, "avx", CPU_AVX),
		STRATEGY_KERNEL(roof_sse2, "sse2", CPU_SSE2)},
};
