/* SPDX-License-Identifier: MIT */
/* What C says of any instruction set: words of 8 bytes, and the fence of C11. */
#ifndef DAXMARK_ARCH_GENERIC_PRIMITIVES_H
#define DAXMARK_ARCH_GENERIC_PRIMITIVES_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define GENERIC_INLINE static inline __attribute__((always_inline))

#define ARCH_FENCE "C11 fence"
GENERIC_INLINE void arch_fence(void)
{
	atomic_thread_fence(memory_order_seq_cst);
}

#define ARCH_WIDTHS(EACH) EACH(word, , "8-byte words", 0)

GENERIC_INLINE size_t arch_whole(const char **start, size_t len)
{
	size_t head = (uintptr_t)*start & 7;

	*start -= head;
	return (head + len + 7) & ~(size_t)7;
}

GENERIC_INLINE void arch_load_word(const char *src, size_t len)
{
	const volatile uint64_t *word = (const volatile uint64_t *)(const void *)src;

	for (size_t i = 0; i < len / 8; i++)
		(void)word[i];
}

GENERIC_INLINE void arch_store_word(char *dst, size_t len)
{
	volatile uint64_t *word = (volatile uint64_t *)(void *)dst;

	for (size_t i = 0; i < len / 8; i++)
		word[i] = 0x5a3cc3a55a3cc3a5u; /* any pattern but zeros: see the x86-64 roof */
}

#endif
