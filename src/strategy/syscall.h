/* SPDX-License-Identifier: MIT */
/*
 * Loops of the strategies that call the kernel: their copy is a function of
 * the walk, because it needs the file. Include only from strategy files.
 */
#ifndef DAXMARK_STRATEGY_SYSCALL_H
#define DAXMARK_STRATEGY_SYSCALL_H

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "strategy/loop.h"

/* The whole range; false where the call failed. */
static inline bool syscall_pwrite(const struct walk *w, const char *dst, const char *src)
{
	off_t at = dst - w->base;
	size_t left = w->len;

	while (left > 0) {
		ssize_t done = pwrite(w->fd, src, left, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return walk_fail(w, "pwrite", done < 0 ? errno : ENOSPC);
		at += done;
		src += done;
		left -= (size_t)done;
	}
	return true;
}

/* Defines id_write and id_write_consume from `bool id_copy(walk, dst, src)`. */
#define SYSCALL_LOOPS(id)                                                                      \
	static void id##_write(const struct walk *w)                                           \
	{                                                                                      \
		for (size_t i = 0; i < w->n; i++)                                              \
			if (!id##_copy(w, w->dst + i * w->dst_step, w->src + i * w->src_step)) \
				return;                                                        \
	}                                                                                      \
	static void id##_write_consume(const struct walk *w)                                   \
	{                                                                                      \
		for (size_t i = 0; i < w->n; i++) {                                            \
			if (!id##_copy(w, w->dst + i * w->dst_step, w->src + i * w->src_step)) \
				return;                                                        \
			loop_consume(w->user + i * w->dst_step, w->len);                       \
		}                                                                              \
	}

#endif
