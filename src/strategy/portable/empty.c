// SPDX-License-Identifier: MIT
/* Does nothing: the cost of the loop itself. Reported beside the others, never subtracted. */
#include "strategy/loop.h"

#define COPY_NOTHING(dst, src, len) __asm__ volatile("" ::"r"(dst), "r"(src), "r"(len))

static void empty_write(const struct walk *w)
{
	char *dst = w->dst;
	const char *src = w->src;

	for (size_t i = 0; i < w->n; i++) {
		COPY_NOTHING(dst, src, w->len);
		dst += w->dst_step;
		src += w->src_step;
	}
}

const struct strategy strategy_empty = {
	.name = "empty",
	.help = "no copy at all: the cost of the loop around every other strategy",
	.family = FAMILY_EMPTY,
	.copies = false,
	.by_default = true,
	.kernels = {{.variant = "loop", .loop = {empty_write, empty_write, empty_write}}},
};
