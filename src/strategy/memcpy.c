// SPDX-License-Identifier: MIT
/* The C library's memcpy and nothing else: visible, never durable on its own. */
#include "strategy/loop.h"

STRATEGY_LOOPS(memcpy, , memcpy)

const struct strategy strategy_memcpy = {
	.name = "memcpy",
	.help = "the C library's memcpy; nothing is written back",
	.family = FAMILY_BASELINE,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL(memcpy, "libc", 0)},
};
