// SPDX-License-Identifier: MIT
/* Nocache copy with 8-byte non-temporal stores, then sfence; and the same with software prefetch of the source, far or near. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

STRATEGY_FENCED_LOOPS(nt_movnti, , x86_nt_movnti(dst, src, len, X86_NO_PREFETCH))
STRATEGY_FENCED_LOOPS(nt_movnti_prefetch, , x86_nt_movnti(dst, src, len, X86_PREFETCH_FAR))
STRATEGY_FENCED_LOOPS(nt_movnti_prefetchnta, , x86_nt_movnti(dst, src, len, X86_PREFETCH_NEAR))

const struct strategy strategy_nt_movnti = {
	.name = "nt-movnti",
	.plainness = PLAIN_BASELINE,
	.help = "8-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_movnti, "sse2", CPU_SSE2)},
};

const struct strategy strategy_nt_movnti_prefetch = {
	.name = "nt-movnti-prefetch",
	.plainness = PLAIN_TUNED,
	.help = "8-byte non-temporal stores past the caches, source prefetched 4 KiB ahead, then "
		"fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_movnti_prefetch, "sse2", CPU_SSE2)},
};

const struct strategy strategy_nt_movnti_prefetchnta = {
	.name = "nt-movnti-prefetchnta",
	.plainness = PLAIN_TUNED,
	.help = "8-byte non-temporal stores past the caches, source prefetched past them 256 bytes "
		"ahead, "
		"then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_movnti_prefetchnta, "sse2", CPU_SSE2)},
};
