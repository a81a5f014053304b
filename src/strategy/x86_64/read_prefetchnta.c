// SPDX-License-Identifier: MIT
/* Reads whose lines are asked for past the outer caches, so that they do not push others out. */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

STRATEGY_READ_LOOP(read_prefetchnta, , x86_copy_prefetchnta)

const struct strategy strategy_read_prefetchnta = {
	.name = "read-prefetchnta",
	.plainness = PLAIN_TUNED,
	.help = "plain loads, source prefetched 1 KiB ahead with prefetchnta",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.by_default = true,
	.read_steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL_READ(read_prefetchnta, "prefetchnta", CPU_SSE2)},
};
