// SPDX-License-Identifier: MIT
/* Flush as you go, by chunks or by lines: lines leave while the next are copied; then sfence. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

/* The loops of one fused copy of arch/x86_64/primitives.h. */
#define FUSED(id, isa) STRATEGY_FENCED_LOOPS(id, X86_TARGET(isa), x86_##id(dst, src, len))

FUSED(fused_clwb_avx512, "avx512f,clwb")
FUSED(fused_clwb_avx, "avx,clwb")
FUSED(fused_clwb_sse2, "clwb")
FUSED(fused_clwb_line_avx512, "avx512f,clwb")
FUSED(fused_clwb_line_avx, "avx,clwb")
FUSED(fused_clwb_line_sse2, "clwb")
FUSED(fused_clflushopt_avx512, "avx512f,clflushopt")
FUSED(fused_clflushopt_avx, "avx,clflushopt")
FUSED(fused_clflushopt_sse2, "clflushopt")
FUSED(fused_clflushopt_line_avx512, "avx512f,clflushopt")
FUSED(fused_clflushopt_line_avx, "avx,clflushopt")
FUSED(fused_clflushopt_line_sse2, "clflushopt")

const struct strategy strategy_fused_clwb = {
	.name = "fused-clwb",
	.plainness = PLAIN_TUNED,
	.help = "cached stores, written back every 256 bytes, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(fused_clwb_avx512, "avx512f, clwb", CPU_AVX512F | CPU_CLWB),
		STRATEGY_KERNEL(fused_clwb_avx, "avx, clwb", CPU_AVX | CPU_CLWB),
		STRATEGY_KERNEL(fused_clwb_sse2, "sse2, clwb", CPU_SSE2 | CPU_CLWB)},
};

const struct strategy strategy_fused_clwb_line = {
	.name = "fused-clwb-line",
	.plainness = PLAIN_TUNED,
	.help = "cached stores, written back line by line, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(
			    fused_clwb_line_avx512, "avx512f, clwb", CPU_AVX512F | CPU_CLWB),
		STRATEGY_KERNEL(fused_clwb_line_avx, "avx, clwb", CPU_AVX | CPU_CLWB),
		STRATEGY_KERNEL(fused_clwb_line_sse2, "sse2, clwb", CPU_SSE2 | CPU_CLWB)},
};

const struct strategy strategy_fused_clflushopt = {
	.name = "fused-clflushopt",
	.plainness = PLAIN_TUNED,
	.help = "cached stores, written back and dropped every 256 bytes, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(fused_clflushopt_avx512, "avx512f, clflushopt",
			    CPU_AVX512F | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(fused_clflushopt_avx, "avx, clflushopt", CPU_AVX | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(
			fused_clflushopt_sse2, "sse2, clflushopt", CPU_SSE2 | CPU_CLFLUSHOPT)},
};

const struct strategy strategy_fused_clflushopt_line = {
	.name = "fused-clflushopt-line",
	.plainness = PLAIN_TUNED,
	.help = "cached stores, written back and dropped line by line, then fence",
	.family = FAMILY_FLUSH,
	.copies = true,
	.steps = {STEP_COPY, STEP_FLUSH, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(fused_clflushopt_line_avx512, "avx512f, clflushopt",
			    CPU_AVX512F | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(
			fused_clflushopt_line_avx, "avx, clflushopt", CPU_AVX | CPU_CLFLUSHOPT),
		STRATEGY_KERNEL(
			fused_clflushopt_line_sse2, "sse2, clflushopt", CPU_SSE2 | CPU_CLFLUSHOPT)},
};
