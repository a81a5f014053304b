// SPDX-License-Identifier: MIT
#include "arch/arch.h"

#include <unistd.h>

arch_evict *arch_evictor(void)
{
	return NULL;
}

const char arch_name[] = "generic";

arch_nt_fill *arch_nt_filler(void)
{
	return NULL;
}

void arch_store_fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

const struct arch_line_op arch_line_ops[] = {{.name = NULL}};

void arch_order(void)
{
	__atomic_thread_fence(__ATOMIC_ACQ_REL);
}

void arch_relax(void)
{
	__asm__ volatile("" ::: "memory");
}

/* What the C library knows of the machine; most have lines of 64 bytes. */
size_t arch_line_bytes(void)
{
	static _Atomic long bytes; /* any thread may be the first, and all find the same */

	if (bytes <= 0)
		bytes = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
	if (bytes <= 0)
		bytes = 64;
	return (size_t)bytes;
}
