// SPDX-License-Identifier: MIT
#include "arch/arch.h"

bool arch_can_evict(void)
{
	return false;
}

void arch_evict(const void *start, size_t bytes)
{
	(void)start;
	(void)bytes;
}
