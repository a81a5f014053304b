// SPDX-License-Identifier: MIT
#include "arch/arch.h"

arch_evict *arch_evictor(void)
{
	return NULL;
}
