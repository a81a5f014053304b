// SPDX-License-Identifier: MIT
/* Nocache copy with 64-byte direct stores (movdir64b), then sfence; and the same with software prefetch of the source, far or near. */
#include "arch/x86_64/primitives.h"
#include "strategy/x86_64/fenced.h"
#include "sys/cpu.h"

STRATEGY_FENCED_LOOPS(
	nt_movdir64b, X86_TARGET("movdir64b"), x86_nt_movdir64b(dst, src, len, X86_NO_PREFETCH))
STRATEGY_FENCED_LOOPS(nt_movdir64b_prefetch, X86_TARGET("movdir64b"),
	x86_nt_movdir64b(dst, src, len, X86_PREFETCH_FAR))
STRATEGY_FENCED_LOOPS(nt_movdir64b_prefetchnta, X86_TARGET("movdir64b"),
	x86_nt_movdir64b(dst, src, len, X86_PREFETCH_NEAR))

const struct strategy strategy_nt_movdir64b = {
	.name = "nt-movdir64b",
	.plainness = PLAIN_DIRECT,
	.help = "64-byte direct stores past the caches, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_movdir64b, "movdir64b", CPU_MOVDIR64B)},
};

const struct strategy strategy_nt_movdir64b_prefetch = {
	.name = "nt-movdir64b-prefetch",
	.plainness = PLAIN_TUNED,
	.help = "64-byte direct stores past the caches, source prefetched 4 KiB ahead, then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_movdir64b_prefetch, "movdir64b", CPU_MOVDIR64B)},
};

const struct strategy strategy_nt_movdir64b_prefetchnta = {
	.name = "nt-movdir64b-prefetchnta",
	.plainness = PLAIN_TUNED,
	.help = "64-byte direct stores past the caches, source prefetched past them 256 bytes "
		"ahead, "
		"then fence",
	.family = FAMILY_NOCACHE,
	.copies = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
	.kernels = {STRATEGY_KERNEL(nt_movdir64b_prefetchnta, "movdir64b", CPU_MOVDIR64B)},
};
