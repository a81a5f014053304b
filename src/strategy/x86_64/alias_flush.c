// SPDX-License-Identifier: MIT
/*
 * memcpy through a standing alias of another colour with every flush that a
 * virtually indexed write-back cache needs (docs/dax-aliasing.md): R1, R2 before a
 * read; W1, W2 before a write and W4, W5 after it. Nothing here is optional there;
 * on x86 it is what such a machine would pay, with x86's own instructions. The
 * range is that of the lines touched, and a full fence ends each step, because the
 * next one touches the same memory under another address.
 */
#include "arch/x86_64/primitives.h"
#include "strategy/alias.h"
#include "sys/cpu.h"

#define LINE 64

/*
 * Defines the loops of one flush. `drop` writes lines back and drops them, which is
 * as near as a program gets to dropping alone; `write_back` may leave them.
 */
#define FLUSHED_ALIAS(id, isa, drop, write_back)                                          \
	X86_INLINE isa void id##_put(char *u, char *k, const char *src, size_t len)       \
	{                                                                                 \
		uintptr_t end = (uintptr_t)k + len;                                       \
                                                                                          \
		drop(u, len); /* W1 */                                                    \
		_mm_mfence();                                                             \
		if ((uintptr_t)k % LINE != 0)                                             \
			drop(k, 1); /* W2 */                                              \
		if (end % LINE != 0 &&                                                    \
			(end / LINE > (uintptr_t)k / LINE || (uintptr_t)k % LINE == 0))   \
			drop((char *)end - 1, 1);                                         \
		_mm_mfence();                                                             \
		memcpy(k, src, len);                                                      \
		write_back(k, len); /* W4 */                                              \
		_mm_mfence();                                                             \
		drop(u, len); /* W5 */                                                    \
		_mm_mfence(); /* W6 */                                                    \
	}                                                                                 \
	X86_INLINE isa void id##_get(char *dst, const char *u, const char *k, size_t len) \
	{                                                                                 \
		write_back(u, len); /* R1 */                                              \
		_mm_mfence();                                                             \
		drop(k, len); /* R2 */                                                    \
		_mm_mfence();                                                             \
		memcpy(dst, k, len);                                                      \
	}                                                                                 \
	ALIAS_LOOPS(id, isa, incongruent, id##_put, id##_get)

FLUSHED_ALIAS(clflush, , x86_clflush, x86_clflush)
FLUSHED_ALIAS(clflushopt, X86_TARGET("clflushopt"), x86_clflushopt, x86_clflushopt)
FLUSHED_ALIAS(clwb, X86_TARGET("clwb,clflushopt"), x86_clflushopt, x86_clwb)

/* clang-format off */
/* `w4`: what the alias's lines get after the copy. */
#define WRITE_STEPS(w4) {STEP_USER_FLUSH, STEP_ALIAS_DROP_EDGES, STEP_ALIAS_COPY, w4, STEP_USER_DROP, STEP_FENCE}
/* `r1`: what the user's lines get before it. */
#define READ_STEPS(r1) {r1, STEP_ALIAS_DROP, STEP_ALIAS_COPY}
/* clang-format on */

const struct strategy strategy_alias_incongruent_clflush = {
	.name = "alias-incongruent+clflush",
	.help = "through an alias of another colour with all flushes that aliasing caches need",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_INCONGRUENT,
	.steps = WRITE_STEPS(STEP_ALIAS_FLUSH),
	.read_steps = READ_STEPS(STEP_USER_FLUSH),
	.kernels = {ALIAS_KERNEL(clflush, "clflush", CPU_CLFLUSH)},
};

const struct strategy strategy_alias_incongruent_clflushopt = {
	.name = "alias-incongruent+clflushopt",
	.help = "the same with clflushopt",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_INCONGRUENT,
	.steps = WRITE_STEPS(STEP_ALIAS_FLUSH),
	.read_steps = READ_STEPS(STEP_USER_FLUSH),
	.kernels = {ALIAS_KERNEL(clflushopt, "clflushopt", CPU_CLFLUSHOPT)},
};

const struct strategy strategy_alias_incongruent_clwb = {
	.name = "alias-incongruent+clwb",
	.help = "the same with clwb where lines are written back, clflushopt where dropped",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_INCONGRUENT,
	.steps = WRITE_STEPS(STEP_ALIAS_WRITE_BACK),
	.read_steps = READ_STEPS(STEP_USER_WRITE_BACK),
	.kernels = {ALIAS_KERNEL(clwb, "clwb", CPU_CLWB | CPU_CLFLUSHOPT)},
};
