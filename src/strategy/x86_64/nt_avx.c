// SPDX-License-Identifier: MIT
/* Nocache copy with 32-byte non-temporal stores, then sfence; and the same with software prefetch of the source, far or near. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

STRATEGY_FENCED_LOOPS(nt_avx, X86_TARGET("avx"), x86_nt_avx(dst, src, len, X86_NO_PREFETCH))
STRATEGY_FENCED_LOOPS(
	nt_avx_prefetch, X86_TARGET("avx"), x86_nt_avx(dst, src, len, X86_PREFETCH_FAR))
STRATEGY_FENCED_LOOPS(
	nt_avx_prefetchnta, X86_TARGET("avx"), x86_nt_avx(dst, src, len, X86_PREFETCH_NEAR))

const struct strategy strategy_nt_avx = {
	.name = "nt-avx",
	.plainness = PLAIN_AVX,
	.help = "32-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.fallback = "nt-sse2",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx, "avx", CPU_AVX)},
};

const struct strategy strategy_nt_avx_prefetch = {
	.name = "nt-avx-prefetch",
	.plainness = PLAIN_TUNED,
	.help = "32-byte non-temporal stores past the caches, source prefetched 4 KiB ahead, then "
		"fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.fallback = "nt-sse2-prefetch",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx_prefetch, "avx", CPU_AVX)},
};

const struct strategy strategy_nt_avx_prefetchnta = {
	.name = "nt-avx-prefetchnta",
	.plainness = PLAIN_TUNED,
	.help = "32-byte non-temporal stores past the caches, source prefetched past them 256 "
		"bytes ahead, "
		"then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.fallback = "nt-sse2-prefetchnta",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx_prefetchnta, "avx", CPU_AVX)},
};
