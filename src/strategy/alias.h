/* SPDX-License-Identifier: MIT */
/*
 * Loops of the strategies that copy through another mapping of the target: u is a
 * byte's address in the user's mapping, k its address in the other one. What was
 * written is consumed through u. Include only from strategy files.
 */
#ifndef DAXMARK_STRATEGY_ALIAS_H
#define DAXMARK_STRATEGY_ALIAS_H

#include "strategy/loop.h"

/* Two of these are compared with each other: where their code falls in a line must not differ. */
#define ALIAS_PLACED __attribute__((aligned(64)))

/*
 * Defines id_write, id_write_consume and id_read. `distance` is the walk's field that
 * leads from u to k; `put` (u, k, src, len) and `get` (dst, u, k, len) are inline
 * functions.
 */
#define ALIAS_LOOPS(id, attribute, distance, put, get)                              \
	static attribute ALIAS_PLACED void id##_write(const struct walk *w)         \
	{                                                                           \
		for (size_t i = 0; i < w->n; i++) {                                 \
			char *u = w->dst + i * w->dst_step;                         \
                                                                                    \
			put(u, u + w->distance, w->src + i * w->src_step, w->len);  \
			LOOP_BARRIER();                                             \
		}                                                                   \
	}                                                                           \
	static attribute ALIAS_PLACED void id##_write_consume(const struct walk *w) \
	{                                                                           \
		for (size_t i = 0; i < w->n; i++) {                                 \
			char *u = w->dst + i * w->dst_step;                         \
                                                                                    \
			put(u, u + w->distance, w->src + i * w->src_step, w->len);  \
			LOOP_BARRIER();                                             \
			loop_consume(w->user + i * w->dst_step, w->len);            \
		}                                                                   \
	}                                                                           \
	static attribute ALIAS_PLACED void id##_read(const struct walk *w)          \
	{                                                                           \
		for (size_t i = 0; i < w->n; i++) {                                 \
			const char *u = w->src + i * w->src_step;                   \
                                                                                    \
			get(w->dst + i * w->dst_step, u, u + w->distance, w->len);  \
			LOOP_BARRIER();                                             \
		}                                                                   \
	}

/* The entry of struct strategy.kernels for them. */
#define ALIAS_KERNEL(id, variant_name, cpu_needs)                          \
	{                                                                  \
		.variant = (variant_name), .needs = (cpu_needs), .loop = { \
			[OP_WRITE] = id##_write,                           \
			[OP_WRITE_CONSUME] = id##_write_consume,           \
			[OP_READ] = id##_read,                             \
		}                                                          \
	}

/* No flush on either side. */
static inline __attribute__((always_inline)) void alias_put(
	char *u, char *k, const char *src, size_t len)
{
	(void)u;
	memcpy(k, src, len);
}

static inline __attribute__((always_inline)) void alias_get(
	char *dst, const char *u, const char *k, size_t len)
{
	(void)u;
	memcpy(dst, k, len);
}

#endif
