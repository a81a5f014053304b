/* SPDX-License-Identifier: MIT */
/*
 * The timed loops, one per strategy and operation, with the copy inlined: a
 * call through a pointer costs 1-2 ns an operation, which shows at 64 bytes.
 * Include only from strategy files.
 */
#ifndef DAXMARK_STRATEGY_LOOP_H
#define DAXMARK_STRATEGY_LOOP_H

#include <stdint.h>
#include <string.h>

#include "strategy/strategy.h"

/* The compiler may not move memory accesses across, nor drop a copy nobody reads. */
#define LOOP_BARRIER() __asm__ volatile("" ::: "memory")

/* Load every byte of the range, 8 at a time, and keep the loads. */
static inline __attribute__((always_inline)) void loop_consume(const char *user, size_t len)
{
	uint64_t sum = 0, word = 0;

	for (; len >= 8; len -= 8, user += 8) {
		memcpy(&word, user, 8);
		sum += word;
	}
	word = 0;
	memcpy(&word, user, len);
	sum += word;
	__asm__ volatile("" ::"r"(sum));
}

/*
 * Defines id_write and id_write_consume. `attribute` is the target attribute
 * of the copy or empty; `copy` an inline function or macro (dst, src, len).
 */
#define STRATEGY_LOOPS(id, attribute, copy)                            \
	static attribute void id##_write(const struct walk *w)         \
	{                                                              \
		char *dst = w->dst;                                    \
		const char *src = w->src;                              \
                                                                       \
		for (size_t i = 0; i < w->n; i++) {                    \
			copy(dst, src, w->len);                        \
			LOOP_BARRIER();                                \
			dst += w->dst_step;                            \
			src += w->src_step;                            \
		}                                                      \
	}                                                              \
	static attribute void id##_write_consume(const struct walk *w) \
	{                                                              \
		char *dst = w->dst;                                    \
		const char *src = w->src, *user = w->user;             \
                                                                       \
		for (size_t i = 0; i < w->n; i++) {                    \
			copy(dst, src, w->len);                        \
			LOOP_BARRIER();                                \
			loop_consume(user, w->len);                    \
			dst += w->dst_step;                            \
			src += w->src_step;                            \
			user += w->dst_step;                           \
		}                                                      \
	}

/* Defines id_read alone. */
#define STRATEGY_READ_LOOP(id, attribute, copy)               \
	static attribute void id##_read(const struct walk *w) \
	{                                                     \
		char *dst = w->dst;                           \
		const char *src = w->src;                     \
                                                              \
		for (size_t i = 0; i < w->n; i++) {           \
			copy(dst, src, w->len);               \
			LOOP_BARRIER();                       \
			dst += w->dst_step;                   \
			src += w->src_step;                   \
		}                                             \
	}

/* The entries of struct strategy.kernels for them: writes, reads, or both by the same copy. */
#define STRATEGY_KERNEL(id, variant_name, cpu_needs)                       \
	{                                                                  \
		.variant = (variant_name), .needs = (cpu_needs), .loop = { \
			[OP_WRITE] = id##_write,                           \
			[OP_WRITE_CONSUME] = id##_write_consume,           \
		}                                                          \
	}
#define STRATEGY_KERNEL_BOTH(id, variant_name, cpu_needs)                  \
	{                                                                  \
		.variant = (variant_name), .needs = (cpu_needs), .loop = { \
			[OP_WRITE] = id##_write,                           \
			[OP_WRITE_CONSUME] = id##_write_consume,           \
			[OP_READ] = id##_write,                            \
		}                                                          \
	}
#define STRATEGY_KERNEL_READ(id, variant_name, cpu_needs)                  \
	{                                                                  \
		.variant = (variant_name), .needs = (cpu_needs), .loop = { \
			[OP_READ] = id##_read,                             \
		}                                                          \
	}

#endif
