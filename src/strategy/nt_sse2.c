// SPDX-License-Identifier: MIT
/* Nocache copy with 16-byte non-temporal stores, then sfence; and the same with software prefetch of the source, far or near. */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
X86_INLINE void copy_nt_sse2(char *dst, const char *src, size_t len)
{
	x86_nt_sse2(dst, src, len, X86_NO_PREFETCH);
	x86_sfence();
}

X86_INLINE void copy_nt_sse2_prefetch(char *dst, const char *src, size_t len)
{
	x86_nt_sse2(dst, src, len, X86_PREFETCH_FAR);
	x86_sfence();
}

X86_INLINE void copy_nt_sse2_prefetchnta(char *dst, const char *src, size_t len)
{
	x86_nt_sse2(dst, src, len, X86_PREFETCH_NEAR);
	x86_sfence();
}

STRATEGY_LOOPS(nt_sse2, , copy_nt_sse2)
STRATEGY_LOOPS(nt_sse2_prefetch, , copy_nt_sse2_prefetch)
STRATEGY_LOOPS(nt_sse2_prefetchnta, , copy_nt_sse2_prefetchnta)
#endif

const struct strategy strategy_nt_sse2 = {
	.name = "nt-sse2",
	.help = "16-byte non-temporal stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(nt_sse2, "sse2", CPU_SSE2)},
#endif
};

const struct strategy strategy_nt_sse2_prefetch = {
	.name = "nt-sse2-prefetch",
	.help = "16-byte non-temporal stores past the caches, source prefetched 4 KiB ahead, then "
		"fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(nt_sse2_prefetch, "sse2", CPU_SSE2)},
#endif
};

const struct strategy strategy_nt_sse2_prefetchnta = {
	.name = "nt-sse2-prefetchnta",
	.help = "16-byte non-temporal stores past the caches, source prefetched past them 256 "
		"bytes ahead, "
		"then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(nt_sse2_prefetchnta, "sse2", CPU_SSE2)},
#endif
};
