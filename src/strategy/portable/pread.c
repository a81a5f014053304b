// SPDX-License-Identifier: MIT
/* read(2)'s copy: through the kernel's mapping of the page. */
#include "strategy/syscall.h"

static bool read_whole(const struct walk *w, char *dst, const char *src)
{
	off_t at = src - w->base;
	size_t left = w->len;

	while (left > 0) {
		ssize_t done = pread(w->fd, dst, left, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return walk_fail(w, "pread", done < 0 ? errno : EIO);
		at += done;
		dst += done;
		left -= (size_t)done;
	}
	return true;
}

static void pread_read(const struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!read_whole(w, w->dst + i * w->dst_step, w->src + i * w->src_step))
			return;
}

const struct strategy strategy_pread = {
	.name = "pread",
	.plainness = PLAIN_KERNEL,
	.help = "read(2)'s copy: through the kernel's mapping of the page",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.read_steps = {STEP_KERNEL_COPY},
	.kernels = {STRATEGY_KERNEL_READ(pread, "system call", 0)},
};
