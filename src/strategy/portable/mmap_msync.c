// SPDX-License-Identifier: MIT
/* Stores and msync(). Each msync write-protects the pages again, so the next store to one takes a fault. */
#include <sys/mman.h>

#include "strategy/syscall.h"

static bool mmap_msync_copy(const struct walk *w, char *dst, const char *src)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t first = (uintptr_t)dst / page * page;

	memcpy(dst, src, w->len);
	return msync((void *)first, (uintptr_t)dst + w->len - first, MS_SYNC) == 0 ||
	       walk_fail(w, "msync", errno);
}

SYSCALL_LOOPS(mmap_msync)

const struct strategy strategy_mmap_msync = {
	.name = "mmap+msync",
	.plainness = PLAIN_KERNEL,
	.help = "memcpy into the mapping, then msync its pages",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.steps = {STEP_COPY, STEP_KERNEL_SYNC},
	.kernels = {STRATEGY_KERNEL(mmap_msync, "system call", 0)},
};
