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

void arch_relax(void)
{
	_mm_pause();
}

size_t arch_line_bytes(void)
{
	return X86_LINE;
}
