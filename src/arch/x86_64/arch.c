// SPDX-License-Identifier: MIT
#include "arch/arch.h"

#include <immintrin.h>

#include "arch/primitives.h"
#include "sys/cpu.h"

static void evict_ordered(const void *start, size_t bytes)
{
	x86_clflush(start, bytes);
	_mm_mfence();
}

static X86_TARGET("clflushopt") void evict_unordered(const void *start, size_t bytes)
{
	x86_clflushopt(start, bytes);
	_mm_mfence();
}

/* clflush came with SSE2, which x86-64 includes. */
arch_evict *arch_evictor(void)
{
	return cpu_features() & CPU_CLFLUSHOPT ? evict_unordered : evict_ordered;
}

const char arch_name[] = "x86_64";

static void nt_fill(char *start, size_t bytes)
{
	x86_nt_fill_sse2(start, bytes);
}

arch_nt_fill *arch_nt_filler(void)
{
	return nt_fill;
}

void arch_store_fence(void)
{
	x86_sfence();
}

static void line_clflush(char *line)
{
	x86_clflush(line, X86_LINE);
}

static X86_TARGET("clflushopt") void line_clflushopt(char *line)
{
	x86_clflushopt(line, X86_LINE);
}

static X86_TARGET("clwb") void line_clwb(char *line)
{
	x86_clwb(line, X86_LINE);
}

static void line_nt_store(char *line)
{
	x86_nt_fill_sse2(line, X86_LINE);
}

static X86_TARGET("movdir64b") void line_movdir64b(char *line)
{
	static const char source[X86_LINE] __attribute__((aligned(64)));

	_movdir64b(line, source);
}

const struct arch_line_op arch_line_ops[] = {{"clwb", CPU_CLWB, line_clwb},
	{"clflushopt", CPU_CLFLUSHOPT, line_clflushopt}, {"clflush", CPU_CLFLUSH, line_clflush},
	{"nt-store", CPU_SSE2, line_nt_store}, {"movdir64b", CPU_MOVDIR64B, line_movdir64b},
	{.name = NULL}};

/* x86 keeps loads in order, and stores: only the compiler does not. */
void arch_order(void)
{
	__asm__ volatile("" ::: "memory");
}

void arch_relax(void)
{
	_mm_pause();
}

size_t arch_line_bytes(void)
{
	return X86_LINE;
}
