// SPDX-License-Identifier: MIT
/*
 * How fast loads alone and cached stores alone can go over whole lines: the
 * roofs beside that of non-temporal stores. A copy that beats one shows a fault
 * in the roof.
 */
#include "arch/primitives.h"
#include "strategy/loop.h"

/* The loops of one width of register, of those that the instruction set has. */
#define ROOF_LOOPS(width, attribute, variant, needs)                         \
	static inline __attribute__((always_inline))                         \
	attribute void load_##width(char *dst, const char *src, size_t len)  \
	{                                                                    \
		(void)dst;                                                   \
		len = arch_whole(&src, len);                                 \
		arch_load_##width(src, len);                                 \
	}                                                                    \
	static inline __attribute__((always_inline))                         \
	attribute void store_##width(char *dst, const char *src, size_t len) \
	{                                                                    \
		const char *first = dst;                                     \
                                                                             \
		(void)src;                                                   \
		len = arch_whole(&first, len);                               \
		arch_store_##width((char *)(uintptr_t)first, len);           \
	}                                                                    \
	STRATEGY_LOOPS(roof_load_##width, attribute, load_##width)           \
	STRATEGY_LOOPS(roof_store_##width, attribute, store_##width)

ARCH_WIDTHS(ROOF_LOOPS)

#define LOAD_KERNEL(width, attribute, variant, needs) \
	STRATEGY_KERNEL_BOTH(roof_load_##width, variant, needs),
#define STORE_KERNEL(width, attribute, variant, needs) \
	STRATEGY_KERNEL(roof_store_##width, variant, needs),

const struct strategy strategy_roof_load = {
	.name = "roof-load",
	.help = "loads of the source and nothing else: the roof of reads",
	.family = FAMILY_ROOF,
	.kernels = {ARCH_WIDTHS(LOAD_KERNEL)},
};

const struct strategy strategy_roof_store = {
	.name = "roof-store",
	.help = "cached stores of one register, nothing loaded: the roof of cached copies",
	.family = FAMILY_ROOF,
	.kernels = {ARCH_WIDTHS(STORE_KERNEL)},
};
