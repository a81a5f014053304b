// SPDX-License-Identifier: MIT
/* pwrite() and fdatasync(): what a program must do when it does not know about DAX. */
#include "strategy/syscall.h"

static bool pwrite_fdatasync_copy(const struct walk *w, char *dst, const char *src)
{
	if (!syscall_pwrite(w, dst, src))
		return false;
	return fdatasync(w->fd) == 0 || walk_fail(w, "fdatasync", errno);
}

SYSCALL_LOOPS(pwrite_fdatasync)

const struct strategy strategy_pwrite_fdatasync = {
	.name = "pwrite+fdatasync",
	.plainness = PLAIN_KERNEL,
	.help = "pwrite, then fdatasync: data and what is needed to find it",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.steps = {STEP_KERNEL_COPY, STEP_KERNEL_SYNC},
	.kernels = {STRATEGY_KERNEL(pwrite_fdatasync, "system call", 0)},
};
