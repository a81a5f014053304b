// SPDX-License-Identifier: MIT
/*
 * vmsplice(2) and splice(2): the source's pages are put into a pipe, and the file system copies
 * from them; on DAX by the same iomap actor as write(2). A pipe for each thread.
 */
#include <fcntl.h>
#include <sys/uio.h>

#include "strategy/syscall.h"

/* Kept until the thread ends: a pipe an operation would be most of its cost. */
static _Thread_local int ends[2] = {-1, -1};

static bool open_pipe(const struct walk *w)
{
	return ends[0] >= 0 || pipe2(ends, O_CLOEXEC) == 0 || walk_fail(w, "pipe2", errno);
}

/* What is in the pipe, to the file; a part that did not fit stays for the next turn. */
static bool drain(const struct walk *w, size_t bytes, loff_t at)
{
	while (bytes > 0) {
		ssize_t done = splice(ends[0], NULL, w->fd, &at, bytes, SPLICE_F_MOVE);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			int failed = done < 0 ? errno : ENOSPC;

			/* What is left in it would be the next operation's first bytes. */
			close(ends[0]);
			close(ends[1]);
			ends[0] = ends[1] = -1;
			return walk_fail(w, "splice", failed);
		}
		bytes -= (size_t)done;
	}
	return true;
}

static bool splice_copy(const struct walk *w, char *dst, const char *src)
{
	loff_t at = dst - w->base;
	size_t left = w->len;

	if (!open_pipe(w))
		return false;
	while (left > 0) {
		const struct iovec from = {(void *)(uintptr_t)src, left};
		ssize_t taken = vmsplice(ends[1], &from, 1, 0);

		if (taken < 0 && errno == EINTR)
			continue;
		if (taken <= 0)
			return walk_fail(w, "vmsplice", taken < 0 ? errno : EFAULT);
		if (!drain(w, (size_t)taken, at))
			return false;
		at += taken;
		src += taken;
		left -= (size_t)taken;
	}
	return true;
}

SYSCALL_LOOPS(splice)

const struct strategy strategy_splice = {
	.name = "splice",
	.plainness = PLAIN_KERNEL,
	.help = "vmsplice(2) into a pipe, splice(2) from it into the file",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.steps = {STEP_KERNEL_COPY},
	.kernels = {STRATEGY_KERNEL(splice, "system call", 0)},
};
