// SPDX-License-Identifier: MIT
/*
 * Two hints about who holds a line: prefetchw asks for the destination's to be owned before
 * they are stored to, cldemote offers what was stored to the cache that other cores share. They
 * promise nothing and write nothing back; where another core reads what was copied (a ring, a
 * consumer) they may save it a trip.
 */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#define AHEAD 1024ul /* bytes that are asked for before those in front of them are stored */

X86_INLINE void own_lines(const char *start, size_t bytes)
{
	X86_EACH_LINE(line, start, bytes)
	__asm__ volatile("prefetchw %0" ::"m"(*(const char *)line));
}

X86_INLINE void copy_prefetchw(char *dst, const char *src, size_t len)
{
	own_lines(dst, len < AHEAD ? len : AHEAD);
	while (len > AHEAD) {
		size_t left = len - AHEAD;

		own_lines(dst + AHEAD, left < AHEAD ? left : AHEAD);
		memcpy(dst, src, AHEAD);
		dst += AHEAD;
		src += AHEAD;
		len -= AHEAD;
	}
	memcpy(dst, src, len);
}

STRATEGY_LOOPS(prefetchw, , copy_prefetchw)

X86_INLINE void copy_cldemote(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	X86_EACH_LINE(line, dst, len)
	__asm__ volatile("cldemote %0" ::"m"(*(const char *)line));
}

STRATEGY_LOOPS(cldemote, , copy_cldemote)

const struct strategy strategy_prefetchw_memcpy = {
	.name = "prefetchw+memcpy",
	.plainness = PLAIN_TUNED,
	.help = "memcpy, the destination's lines asked for 1 KiB ahead with prefetchw",
	.family = FAMILY_BASELINE,
	.copies = true,
	.steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL(prefetchw, "prefetchw", CPU_PREFETCHW)},
};

const struct strategy strategy_memcpy_cldemote = {
	.name = "memcpy+cldemote",
	.plainness = PLAIN_TUNED,
	.help = "memcpy, then offer every line to the cache that cores share (cldemote)",
	.family = FAMILY_BASELINE,
	.copies = true,
	.steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL(cldemote, "cldemote", CPU_CLDEMOTE)},
};
