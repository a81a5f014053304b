// SPDX-License-Identifier: MIT
/*
 * io_uring: one request at a time, submitted and waited for in one system call, from or to a
 * buffer that the kernel has pinned beforehand (fixed); but pages of a file under DAX, where
 * copy-file-range has that as its source, it pins for nobody (EOPNOTSUPP), nor those that may
 * only be read (EFAULT), as of a file that is copied. A ring for each thread; it stays until
 * the process ends.
 */
#include "strategy/syscall.h"

#if defined(HAVE_LIBURING)
#include <liburing.h>
#include <sys/uio.h>

static _Thread_local struct {
	struct io_uring ring;
	bool open;
	char *side; /* the DRAM side at hand, which is pinned (fixed) or cannot be */
	size_t bytes;
	unsigned number; /* of that; another one may come to lie where it was */
	bool fixed;
} own;

/* The DRAM side is another one for another setting. */
static bool pin(const struct walk *w)
{
	const struct iovec buffer = {w->dram, w->dram_bytes};
	int failed;

	if (own.fixed)
		io_uring_unregister_buffers(&own.ring);
	own.side = NULL;
	failed = io_uring_register_buffers(&own.ring, &buffer, 1);
	own.fixed = failed == 0;
	if (failed != 0 && failed != -EOPNOTSUPP && failed != -EFAULT)
		return walk_fail(w, "io_uring_register_buffers", -failed);
	own.side = w->dram;
	own.bytes = w->dram_bytes;
	own.number = w->dram_number;
	return true;
}

static bool open_ring(const struct walk *w)
{
	int failed;

	if (!own.open) {
		failed = io_uring_queue_init(1, &own.ring, 0);
		if (failed < 0)
			return walk_fail(w, "io_uring_queue_init", -failed);
		own.open = true;
	}
	return w->dram == NULL || (own.side == w->dram && own.number == w->dram_number) || pin(w);
}

static bool is_fixed(const char *start, size_t bytes)
{
	return own.fixed && start >= own.side && start + bytes <= own.side + own.bytes;
}

/* The result of the one request, or a negative errno. */
static int submit(void)
{
	struct io_uring_cqe *cqe;
	int result;

	/* It is queued once; a signal interrupts the wait, not the request. */
	do
		result = io_uring_submit_and_wait(&own.ring, 1);
	while (result == -EINTR || result == -EAGAIN);
	while (result >= 0 && (result = io_uring_wait_cqe(&own.ring, &cqe)) == -EINTR)
		result = 0;
	if (result < 0) {
		/* What is still in it would be the next operation's. */
		io_uring_queue_exit(&own.ring);
		own.open = own.fixed = false;
		own.side = NULL;
		return result;
	}
	result = cqe->res;
	io_uring_cqe_seen(&own.ring, cqe);
	return result;
}

/* All of `buffer`, to or from the file's bytes at `at`. */
static bool transfer(const struct walk *w, char *buffer, off_t at, bool reads)
{
	bool fixed = is_fixed(buffer, w->len);
	size_t left = w->len;

	while (left > 0) {
		unsigned bytes = left < 1u << 30 ? (unsigned)left : 1u << 30;
		struct io_uring_sqe *sqe = io_uring_get_sqe(&own.ring);
		int done;

		if (reads && fixed)
			io_uring_prep_read_fixed(sqe, w->fd, buffer, bytes, (uint64_t)at, 0);
		else if (reads)
			io_uring_prep_read(sqe, w->fd, buffer, bytes, (uint64_t)at);
		else if (fixed)
			io_uring_prep_write_fixed(sqe, w->fd, buffer, bytes, (uint64_t)at, 0);
		else
			io_uring_prep_write(sqe, w->fd, buffer, bytes, (uint64_t)at);
		done = submit();
		if (done == -EINTR || done == -EAGAIN)
			continue;
		if (done <= 0)
			return walk_fail(w, reads ? "io_uring read" : "io_uring write",
				done < 0 ? -done
				: reads	 ? EIO
					 : ENOSPC);
		at += done;
		buffer += done;
		left -= (size_t)done;
	}
	return true;
}

static bool uring_copy(const struct walk *w, char *dst, const char *src)
{
	return open_ring(w) && transfer(w, (char *)(uintptr_t)src, dst - w->base, false);
}

SYSCALL_LOOPS(uring)

static void uring_read(const struct walk *w)
{
	if (!open_ring(w))
		return;
	for (size_t i = 0; i < w->n; i++)
		if (!transfer(
			    w, w->dst + i * w->dst_step, w->src + i * w->src_step - w->base, true))
			return;
}
#endif

const struct strategy strategy_io_uring_write = {
	.name = "io-uring-write",
	.plainness = PLAIN_KERNEL,
	.help = "a write by io_uring from a fixed buffer, one at a time",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.steps = {STEP_KERNEL_COPY},
#if defined(HAVE_LIBURING)
	.kernels = {STRATEGY_KERNEL(uring, "liburing", 0)},
#else
	.missing = "this daxmark was built without liburing (liburing-dev)",
#endif
};

const struct strategy strategy_io_uring_read = {
	.name = "io-uring-read",
	.plainness = PLAIN_KERNEL,
	.help = "a read by io_uring into a fixed buffer, one at a time",
	.family = FAMILY_KERNEL,
	.copies = true,
	.calls_kernel = true,
	.read_steps = {STEP_KERNEL_COPY},
#if defined(HAVE_LIBURING)
	.kernels = {STRATEGY_KERNEL_READ(uring, "liburing", 0)},
#else
	.missing = "this daxmark was built without liburing (liburing-dev)",
#endif
};
