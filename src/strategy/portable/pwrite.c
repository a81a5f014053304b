// SPDX-License-Identifier: MIT
/* The kernel's own path: pwrite(), and whatever the file system and the driver do in it. */
#include "strategy/syscall.h"

static bool pwrite_copy(const struct walk *w, char *dst, const char *src)
{
	return syscall_pwrite(w, dst, src);
}

SYSCALL_LOOPS(pwrite)

const struct strategy strategy_pwrite = {
	.name = "pwrite",
	.plainness = PLAIN_KERNEL,
	.help = "write(2)'s copy: through the kernel's mapping of the page",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.steps = {STEP_KERNEL_COPY},
	.kernels = {STRATEGY_KERNEL(pwrite, "system call", 0)},
};
