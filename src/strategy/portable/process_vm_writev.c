// SPDX-License-Identifier: MIT
/*
 * The kernel's copy between processes, to this one: it pins the destination's pages and copies
 * through its own mapping of them, as O_DIRECT and RDMA reach them.
 */
#include <sys/uio.h>

#include "strategy/syscall.h"

static bool process_vm_copy(const struct walk *w, char *dst, const char *src)
{
	size_t left = w->len;

	while (left > 0) {
		const struct iovec from = {(void *)(uintptr_t)src, left}, to = {dst, left};
		ssize_t done = process_vm_writev(getpid(), &from, 1, &to, 1, 0);

		if (done <= 0)
			return walk_fail(w, "process_vm_writev", done < 0 ? errno : EFAULT);
		dst += done;
		src += done;
		left -= (size_t)done;
	}
	return true;
}

SYSCALL_LOOPS(process_vm)

const struct strategy strategy_process_vm_writev = {
	.name = "process-vm-writev",
	.plainness = PLAIN_KERNEL,
	.help = "process_vm_writev(2) to oneself: through the kernel's mapping of pinned pages",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	/* Cached stores to pages, which no file system sees: no mount option makes a sync of them. */
	.steps = {STEP_COPY},
	.kernels = {STRATEGY_KERNEL(process_vm, "system call", 0)},
};
