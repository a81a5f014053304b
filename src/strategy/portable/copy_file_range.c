// SPDX-License-Identifier: MIT
/*
 * copy_file_range(2): from a file into another one, or shared with it where the file system can
 * share blocks (the next store to them then makes a copy). Linux copies within one file system
 * only, since 5.19.
 */
#include <unistd.h>

#include "strategy/syscall.h"

static bool copy_file_range_copy(const struct walk *w, char *dst, const char *src)
{
	off64_t from = src - w->dram, to = dst - w->base;
	size_t left = w->len;

	/* What a workload has of its own, as the commits of a log, is in no file. */
	if (w->dram == NULL || w->dram_fd < 0 || from < 0 || (size_t)from + left > w->dram_bytes)
		return walk_fail(w, "copy_file_range from what is no file", EBADF);
	while (left > 0) {
		ssize_t done = copy_file_range(w->dram_fd, &from, w->fd, &to, left, 0);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return walk_fail(w, "copy_file_range", done < 0 ? errno : ENOSPC);
		left -= (size_t)done;
	}
	return true;
}

SYSCALL_LOOPS(copy_file_range)

const struct strategy strategy_copy_file_range = {
	.name = "copy-file-range",
	.plainness = PLAIN_KERNEL,
	.help = "copy_file_range(2) from a file beside the target, which may share its blocks "
		"instead",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.from_file = true,
	.steps = {STEP_KERNEL_COPY},
	.kernels = {STRATEGY_KERNEL(copy_file_range, "system call", 0)},
};
