// SPDX-License-Identifier: MIT
/* libpmem's own non-temporal copy, as its users call it: pmem_memcpy() fences before it returns. */
#include "strategy/loop.h"

#if defined(HAVE_LIBPMEM)
#include <libpmem.h>

#define COPY_LIBPMEM_NT(dst, src, len) pmem_memcpy(dst, src, len, PMEM_F_MEM_NONTEMPORAL)

STRATEGY_LOOPS(libpmem_nt, , COPY_LIBPMEM_NT)
#endif

const struct strategy strategy_libpmem_nt = {
	.name = "libpmem-nt",
	.help = "libpmem's pmem_memcpy() with PMEM_F_MEM_NONTEMPORAL",
	.family = FAMILY_LIBPMEM,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
#if defined(HAVE_LIBPMEM)
	.kernels = {STRATEGY_KERNEL(libpmem_nt, "libpmem", 0)},
#else
	.missing = "this daxmark was built without libpmem",
#endif
};
