// SPDX-License-Identifier: MIT
/*
 * The reader's half of software coherence (CXL memory that hosts share without
 * hardware coherence): the source's lines are dropped, and only then loaded. The
 * reader must hold no dirty line of it, or the drop writes old data back.
 * sfence would not do: mfence alone keeps later loads behind the flushes.
 */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

X86_INLINE X86_TARGET("clflushopt") void copy_dropped(char *dst, const char *src, size_t len)
{
	x86_clflushopt(src, len);
	_mm_mfence();
	memcpy(dst, src, len);
}

STRATEGY_READ_LOOP(drop_memcpy, X86_TARGET("clflushopt"), copy_dropped)

const struct strategy strategy_drop_memcpy = {
	.name = "drop+memcpy",
	.plainness = PLAIN_LIBC,
	.help = "drop the source's lines, fence, then memcpy: fresh without hardware coherence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.by_default = true,
	.read_steps = {STEP_DROP_SOURCE, STEP_COPY},
	.kernels = {STRATEGY_KERNEL_READ(drop_memcpy, "clflushopt", CPU_CLFLUSHOPT)},
};
