// SPDX-License-Identifier: MIT
/* Nocache copy with 16-byte non-temporal stores, then sfence; and the same with software prefetch of the source, far or near. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

STRATEGY_FENCED_LOOPS(nt_sse2, , x86_nt_sse2(dst, src, len, X86_NO_PREFETCH))
STRATEGY_FENCED_LOOPS(nt_sse2_prefetch, , x86_nt_sse2(dst, src, len, X86_PREFETCH_FAR))
STRATEGY_FENCED_LOOPS(nt_sse2_prefetchnta, , x86_nt_sse2(dst, src, len, X86_PREFETCH_NEAR))

const struct strategy strategy_nt_sse2 = {
	.name = "nt-sse2",
	.plainness = PLAIN_BASELINE,
	.help = "16-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_sse2, "sse2", CPU_SSE2)},
};

const struct strategy strategy_nt_sse2_prefetch = {
	.name = "nt-sse2-prefetch",
	.plainness = PLAIN_TUNED,
	.help = "16-byte non-temporal stores past the caches, source prefetched 4 KiB ahead, then "
		"fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_sse2_prefetch, "sse2", CPU_SSE2)},
};

const struct strategy strategy_nt_sse2_prefetchnta = {
	.name = "nt-sse2-prefetchnta",
	.plainness = PLAIN_TUNED,
	.help = "16-byte non-temporal stores past the caches, source prefetched past them 256 "
		"bytes ahead, "
		"then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_sse2_prefetchnta, "sse2", CPU_SSE2)},
};
