// SPDX-License-Identifier: MIT
/* pwritev2() with RWF_DSYNC: one call, durable as if the file were open with O_DSYNC. */
#include <sys/uio.h>

#include "strategy/syscall.h"

static bool pwrite_dsync_copy(const struct walk *w, char *dst, const char *src)
{
	off_t at = dst - w->base;
	size_t left = w->len;

	while (left > 0) {
		struct iovec part = {(void *)(uintptr_t)src, left};
		ssize_t done = pwritev2(w->fd, &part, 1, at, RWF_DSYNC);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return walk_fail(w, "pwritev2", done < 0 ? errno : ENOSPC);
		at += done;
		src += done;
		left -= (size_t)done;
	}
	return true;
}

SYSCALL_LOOPS(pwrite_dsync)

const struct strategy strategy_pwrite_dsync = {
	.name = "pwrite-dsync",
	.plainness = PLAIN_KERNEL,
	.help = "pwritev2 with RWF_DSYNC: write and sync in one call (O_DSYNC)",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.steps = {STEP_KERNEL_COPY, STEP_KERNEL_SYNC},
	.kernels = {STRATEGY_KERNEL(pwrite_dsync, "system call", 0)},
};
