// SPDX-License-Identifier: MIT
/* Flush as you go: lines leave while the next are copied; then sfence. */
#include "arch/kernels.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

#if defined(ARCH_X86_64)
X86_INLINE X86_TARGET("avx512f,clwb") void copy_fused_clwb_avx512(
	char *dst, const char *src, size_t len)
{
	x86_fused_clwb_avx512(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(fused_clwb_avx512, X86_TARGET("avx512f,clwb"), copy_fused_clwb_avx512)

X86_INLINE X86_TARGET("avx,clwb") void copy_fused_clwb_avx(char *dst, const char *src, size_t len)
{
	x86_fused_clwb_avx(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(fused_clwb_avx, X86_TARGET("avx,clwb"), copy_fused_clwb_avx)

X86_INLINE X86_TARGET("avx512f,clflushopt") void copy_fused_clflushopt_avx512(
	char *dst, const char *src, size_t len)
{
	x86_fused_clflushopt_avx512(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(
	fused_clflushopt_avx512, X86_TARGET("avx512f,clflushopt"), copy_fused_clflushopt_avx512)

X86_INLINE X86_TARGET("avx,clflushopt") void copy_fused_clflushopt_avx(
	char *dst, const char *src, size_t len)
{
	x86_fused_clflushopt_avx(dst, src, len);
	x86_sfence();
}

STRATEGY_LOOPS(fused_clflushopt_avx, X86_TARGET("avx,clflushopt"), copy_fused_clflushopt_avx)
#endif

const struct strategy strategy_fused_clwb = {
	.name = "fused-clwb",
	.help = "cached stores, written back every 256 bytes, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(fused_clwb_avx512, "avx512f, clwb", CPU_AVX512F | CPU_CLWB),
		STRATEGY_KERNEL(fused_clwb_avx, "avx, clwb", CPU_AVX | CPU_CLWB)},
#endif
};

const struct strategy strategy_fused_clflushopt = {
	.name = "fused-clflushopt",
	.help = "cached stores, written back and dropped every 256 bytes, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
#if defined(ARCH_X86_64)
	.kernels = {STRATEGY_KERNEL(fused_clflushopt_avx512, "avx512f, clflushopt",
			    CPU_AVX512F | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(fused_clflushopt_avx, "avx, clflushopt", CPU_AVX | CPU_CLFLUSHOPT)},
#endif
};
