// SPDX-License-Identifier: MIT
/*
 * What the kernel reads pmem with (copy_mc_to_kernel(), arch/x86/lib/copy_mc_64.S), in user
 * space: where a machine check must be survived each load is one instruction whose fault is
 * known, so words of 8 bytes from an aligned source on CPUs that recover from those, and rep
 * movsb on those whose microcode does.
 */
#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"
#include "sys/cpu.h"

/* copy_mc_fragile(): bytes until the source is aligned, words, bytes. */
static inline __attribute__((always_inline)) void copy_mc_words(
	char *dst, const char *src, size_t len)
{
	uint64_t word;

	for (; len > 0 && (uintptr_t)src % 8 != 0; len--)
		__asm__ volatile("movb (%1), %b0\n\tmovb %b0, (%2)"
				 : "=&q"(word)
				 : "r"(src++), "r"(dst++)
				 : "memory");
	for (; len >= 8; len -= 8, src += 8, dst += 8)
		__asm__ volatile("movq (%1), %0\n\tmovq %0, (%2)"
				 : "=&r"(word)
				 : "r"(src), "r"(dst)
				 : "memory");
	for (; len > 0; len--)
		__asm__ volatile("movb (%1), %b0\n\tmovb %b0, (%2)"
				 : "=&q"(word)
				 : "r"(src++), "r"(dst++)
				 : "memory");
}

STRATEGY_READ_LOOP(copy_mc_words, , copy_mc_words)
STRATEGY_READ_LOOP(copy_mc_movsb, , x86_movsb)

const struct strategy strategy_kernel_copy_mc = {
	.name = "kernel-copy-mc",
	.plainness = PLAIN_BASELINE,
	.help = "the kernel's machine-check-safe copy in user space: loads of 8 aligned bytes",
	.family = FAMILY_BASELINE,
	.copies = true,
	.read_steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL_READ(copy_mc_words, "8-byte loads", CPU_SSE2)},
};

const struct strategy strategy_kernel_copy_mc_fast = {
	.name = "kernel-copy-mc-fast",
	.plainness = PLAIN_BASELINE,
	.help = "the same where the microcode recovers (enhanced fast strings): rep movsb",
	.family = FAMILY_BASELINE,
	.copies = true,
	.read_steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL_READ(copy_mc_movsb, "rep movsb", CPU_SSE2)},
};
