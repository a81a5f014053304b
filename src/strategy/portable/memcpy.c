// SPDX-License-Identifier: MIT
/* The C library's memcpy and nothing else: visible, never durable on its own; fresh for reads. */
#include "strategy/loop.h"

STRATEGY_LOOPS(memcpy, , memcpy)

const struct strategy strategy_memcpy = {
	.name = "memcpy",
	.plainness = PLAIN_LIBC,
	.help = "the C library's memcpy; nothing is written back",
	.family = FAMILY_BASELINE,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY},
	.read_steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL_BOTH(memcpy, "libc", 0)},
};
