// SPDX-License-Identifier: MIT
/* Nocache copy with 64-byte non-temporal stores, then sfence; the same with software prefetch of the source, far or near, and by pages in turn. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

STRATEGY_FENCED_LOOPS(nt_avx512_pages, X86_TARGET("avx512f"), x86_nt_avx512_pages(dst, src, len))
STRATEGY_FENCED_LOOPS(
	nt_avx512, X86_TARGET("avx512f"), x86_nt_avx512(dst, src, len, X86_NO_PREFETCH))
STRATEGY_FENCED_LOOPS(
	nt_avx512_prefetch, X86_TARGET("avx512f"), x86_nt_avx512(dst, src, len, X86_PREFETCH_FAR))
STRATEGY_FENCED_LOOPS(nt_avx512_prefetchnta, X86_TARGET("avx512f"),
	x86_nt_avx512(dst, src, len, X86_PREFETCH_NEAR))

const struct strategy strategy_nt_avx512 = {
	.name = "nt-avx512",
	.plainness = PLAIN_AVX512,
	.help = "64-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.by_default = true,
	.fallback = "nt-avx",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx512, "avx512f", CPU_AVX512F)},
};

const struct strategy strategy_nt_avx512_prefetch = {
	.name = "nt-avx512-prefetch",
	.plainness = PLAIN_TUNED,
	.help = "64-byte non-temporal stores past the caches, source prefetched 4 KiB ahead, then "
		"fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.by_default = true,
	.fallback = "nt-avx-prefetch",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx512_prefetch, "avx512f", CPU_AVX512F)},
};

const struct strategy strategy_nt_avx512_prefetchnta = {
	.name = "nt-avx512-prefetchnta",
	.plainness = PLAIN_TUNED,
	.help = "64-byte non-temporal stores past the caches, source prefetched past them 256 "
		"bytes ahead, "
		"then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.by_default = true,
	.fallback = "nt-avx-prefetchnta",
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx512_prefetchnta, "avx512f", CPU_AVX512F)},
};

const struct strategy strategy_nt_avx512_pages = {
	.name = "nt-avx512-pages",
	.plainness = PLAIN_TUNED,
	.help = "64-byte non-temporal stores, four pages of the source in turn, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_avx512_pages, "avx512f", CPU_AVX512F)},
};
