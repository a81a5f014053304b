// SPDX-License-Identifier: MIT
#include "arch/arch.h"

#include <immintrin.h>
#include <stdint.h>

#include "arch/kernels.h"

bool arch_can_evict(void)
{
	return true; /* clflush came with SSE2, which x86-64 includes */
}

static X86_TARGET("clflushopt") void evict_unordered(const void *start, size_t bytes)
{
	x86_clflushopt(start, bytes);
}

void arch_evict(const void *start, size_t bytes)
{
	/* libgcc's CPU table is filled once at start-up: a load, where CPUID would trap in a guest. */
	if (__builtin_cpu_supports("clflushopt"))
		evict_unordered(start, bytes);
	else
		x86_clflush(start, bytes);
	_mm_mfence();
}
