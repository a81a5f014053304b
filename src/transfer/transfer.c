// SPDX-License-Identifier: MIT
#include "transfer/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "strategy/guard.h"
#include "sys/clock.h"
#include "sys/cpu.h"
#include "transfer/ends.h"

#define DEVICE_ALIGN (2ul << 20) /* of mappings of a devdax node */

/* A stretch of the source that is data. */
struct extent {
	uint64_t at, bytes;
};

struct transfer {
	const struct transfer_request *request;
	struct ends ends;
	const struct kernel *kernel;
	const char *from; /* mapped */
	char *to;
	uint64_t bytes, to_bytes; /* mapped there: whole pages of a device */
	bool populates; /* it stores to the mapping itself: pages are made by the chunk, not by the fault */
	struct extent *extents;
	size_t n_extents;
	uint64_t data_bytes;
	pthread_mutex_t lock; /* of what follows */
	size_t extent;
	uint64_t within, done;
	struct err *e; /* the first error; code ERR_NONE: none */
	bool verifying;
};

static bool set_error(struct transfer *transfer, const struct err *why)
{
	pthread_mutex_lock(&transfer->lock);
	if (transfer->e->code == ERR_NONE)
		*transfer->e = *why;
	pthread_mutex_unlock(&transfer->lock);
	return false;
}

/* The next chunk for whoever asks; false: there is none, or no need. */
static bool next_chunk(struct transfer *transfer, struct extent *chunk)
{
	bool any;

	pthread_mutex_lock(&transfer->lock);
	any = transfer->extent < transfer->n_extents && transfer->e->code == ERR_NONE &&
	      !interrupt_pending();
	if (any) {
		const struct extent *extent = &transfer->extents[transfer->extent];

		chunk->at = extent->at + transfer->within;
		chunk->bytes = extent->bytes - transfer->within;
		if (chunk->bytes > TRANSFER_CHUNK)
			chunk->bytes = TRANSFER_CHUNK;
		transfer->within += chunk->bytes;
		if (transfer->within == extent->bytes) {
			transfer->extent++;
			transfer->within = 0;
		}
	}
	pthread_mutex_unlock(&transfer->lock);
	return any;
}

static void note_done(struct transfer *transfer, uint64_t bytes)
{
	const struct transfer_request *request = transfer->request;

	pthread_mutex_lock(&transfer->lock);
	transfer->done += bytes;
	if (request->progress != NULL)
		request->progress(request->arg, transfer->done, transfer->data_bytes);
	pthread_mutex_unlock(&transfer->lock);
}

/* A fault in the mappings, or a call that got one: whose fault was it? */
static bool went_away(struct transfer *transfer, const char *call, int error)
{
	const struct transfer_request *request = transfer->request;
	struct stat st;
	struct err why;

	if (fstat(transfer->ends.from, &st) == 0 && (uint64_t)st.st_size < transfer->bytes)
		err_set(&why, ERR_FAILED, "%s shrank while it was copied", request->from);
	else if (call != NULL)
		err_errno(&why, error, "cannot write %s: %s", transfer->ends.path, call);
	else
		err_set(&why, ERR_FAILED,
			"memory of %s or %s went away while it was copied: truncated, removed or "
			"bad",
			request->from, transfer->ends.path);
	return set_error(transfer, &why);
}

static bool copy_chunk(struct transfer *transfer, const struct extent *chunk)
{
	struct walk_failure failed = {0};
	const struct walk walk = {.dst = transfer->to + chunk->at,
		.user = transfer->to + chunk->at,
		.src = transfer->from + chunk->at,
		.len = chunk->bytes,
		.n = 1,
		.fd = transfer->ends.to,
		.base = transfer->to,
		.dram = (char *)(uintptr_t)transfer->from,
		.dram_bytes = transfer->bytes,
		.dram_fd = transfer->ends.from,
		.failed = &failed,
		.granule = (size_t)sysconf(_SC_PAGESIZE)};

	transfer->kernel->loop[OP_WRITE](&walk);
	return failed.error == 0 || went_away(transfer, failed.call, failed.error);
}

/* Where a whole chunk's pages can be had by one call, that is less than a fault for each. */
static void populate(const struct transfer *transfer, const struct extent *chunk)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), first = chunk->at / page * page;
	uint64_t bytes = chunk->at + chunk->bytes - first;

#ifdef MADV_POPULATE_READ
	madvise((char *)(uintptr_t)transfer->from + first, bytes, MADV_POPULATE_READ);
	if (transfer->populates)
		madvise(transfer->to + first, bytes, MADV_POPULATE_WRITE);
#endif
}

static bool compare_chunk(struct transfer *transfer, const struct extent *chunk)
{
	struct err why;

	if (memcmp(transfer->to + chunk->at, transfer->from + chunk->at, chunk->bytes) == 0)
		return true;
	for (uint64_t i = chunk->at; i < chunk->at + chunk->bytes; i++)
		if (transfer->to[i] != transfer->from[i]) {
			err_set(&why, ERR_FAILED, "%s differs from %s at byte %llu",
				transfer->ends.path, transfer->request->from,
				(unsigned long long)i);
			return set_error(transfer, &why);
		}
	return true; /* somebody writes to it; it is the same now */
}

static void *work(void *arg)
{
	struct transfer *transfer = arg;
	struct guard *guard = guard_mine(false); /* storage may be as slow as it is */
	struct extent chunk;

	while (next_chunk(transfer, &chunk)) {
		bool ok;

		if (!transfer->verifying)
			populate(transfer, &chunk);
		if (guard != NULL && sigsetjmp(guard->back, 1) != 0) {
			went_away(transfer, NULL, 0);
			return NULL;
		}
		if (guard != NULL)
			guard_enter(guard, UINT64_MAX / 1024);
		ok = transfer->verifying ? compare_chunk(transfer, &chunk)
					 : copy_chunk(transfer, &chunk);
		if (guard != NULL)
			guard_leave(guard);
		if (!ok)
			return NULL;
		if (!transfer->verifying)
			note_done(transfer, chunk.bytes);
	}
	return NULL;
}

static bool run_threads(struct transfer *transfer)
{
	unsigned n = transfer->request->threads, started = 0;
	pthread_t threads[TRANSFER_THREADS];

	transfer->extent = 0;
	transfer->within = 0;
	while (started + 1 < n && pthread_create(&threads[started], NULL, work, transfer) == 0)
		started++;
	work(transfer);
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return transfer->e->code == ERR_NONE && !interrupt_pending();
}

/* ---- holes ---- */

static bool add_extent(struct transfer *transfer, uint64_t at, uint64_t bytes)
{
	struct extent *extents = transfer->extents;

	if (bytes == 0)
		return true;
	/* Room doubles at powers of two. */
	if ((transfer->n_extents & (transfer->n_extents - 1)) == 0) {
		size_t room = transfer->n_extents > 0 ? 2 * transfer->n_extents : 1;

		extents = realloc(extents, room * sizeof(extents[0]));
		if (extents == NULL)
			return err_set(transfer->e, ERR_FAILED, "out of memory");
		transfer->extents = extents;
	}
	extents[transfer->n_extents++] = (struct extent){at, bytes};
	transfer->data_bytes += bytes;
	return true;
}

/* What of the source is data; all of it where the file system does not tell. */
static bool find_data(struct transfer *transfer)
{
	int fd = transfer->ends.from;
	off_t end = (off_t)transfer->bytes, at = 0;

	while (at < end) {
		off_t data = lseek(fd, at, SEEK_DATA), hole;

		if (data < 0 && errno == ENXIO)
			return true; /* a hole to the end */
		if (data < 0)
			return add_extent(transfer, (uint64_t)at, (uint64_t)(end - at));
		hole = lseek(fd, data, SEEK_HOLE);
		if (hole < 0 || hole > end)
			hole = end;
		if (data >= hole) /* it shrank meanwhile, which is told later */
			return true;
		if (!add_extent(transfer, (uint64_t)data, (uint64_t)(hole - data)))
			return false;
		at = hole;
	}
	return true;
}

/* ---- the destination's room ---- */

static bool take_length(struct transfer *transfer)
{
	struct ends *ends = &transfer->ends;

	if (ends->device)
		return true;
	if (ftruncate(ends->to, (off_t)transfer->bytes) != 0)
		return err_errno(transfer->e, errno, "cannot make %s %llu bytes long", ends->path,
			(unsigned long long)transfer->bytes);
	return true;
}

/*
 * Space for the data is taken before a byte is stored: a store to a page that a full disk
 * has no room for is a signal (a call says so itself). In place, what the source has as holes
 * becomes holes.
 */
static bool take_room(struct transfer *transfer)
{
	struct ends *ends = &transfer->ends;
	uint64_t at = 0;

	if (ends->device)
		return true;
	for (size_t i = 0; i <= transfer->n_extents; i++) {
		bool last = i == transfer->n_extents;
		uint64_t next = last ? transfer->bytes : transfer->extents[i].at;
		int failed;

		if (!ends->is_new && next > at &&
			fallocate(ends->to, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at,
				(off_t)(next - at)) != 0)
			return err_errno(
				transfer->e, errno, "cannot make a hole in %s", ends->path);
		if (last)
			return true;
		failed = transfer->populates ? posix_fallocate(ends->to, (off_t)next,
						       (off_t)transfer->extents[i].bytes)
					     : 0;
		if (failed != 0)
			return err_errno(transfer->e, failed, "no room for %s", ends->path);
		at = next + transfer->extents[i].bytes;
	}
	return true;
}

static bool map_ends(struct transfer *transfer, bool *dax)
{
	struct ends *ends = &transfer->ends;
	uint64_t unit = ends->device ? DEVICE_ALIGN : 1;
	void *to, *from;

	transfer->to_bytes = (transfer->bytes + unit - 1) / unit * unit;
	to = mmap(NULL, transfer->to_bytes, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC,
		ends->to, 0);
	*dax = to != MAP_FAILED;
	if (to == MAP_FAILED)
		to = mmap(
			NULL, transfer->to_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ends->to, 0);
	if (to == MAP_FAILED)
		return err_errno(transfer->e, errno, "cannot map %s", ends->path);
	transfer->to = to;
	*dax |= ends->device;
	from = mmap(NULL, transfer->bytes, PROT_READ, MAP_SHARED, ends->from, 0);
	if (from == MAP_FAILED)
		return err_errno(transfer->e, errno, "cannot map %s", transfer->request->from);
	transfer->from = from;
	madvise(from, transfer->bytes, MADV_SEQUENTIAL);
	return true;
}

/* ---- the strategy ---- */

/* On DAX stores past the caches, which need no flush; else write(2), which needs no page faults. */
static const struct strategy *usual(bool dax)
{
	static const char *const nocache[] = {"nt-avx512", "nt-avx", "nt-sse2", "memcpy"};
	struct err why;

	for (size_t i = 0; dax && i < sizeof(nocache) / sizeof(nocache[0]); i++) {
		const struct strategy *strategy = strategy_find(nocache[i], &why);

		if (strategy != NULL && strategy_kernel(strategy, cpu_features(), &why) != NULL)
			return strategy;
	}
	return strategy_find("pwrite", &why);
}

static bool choose_strategy(struct transfer *transfer, bool dax, struct transfer_report *report)
{
	const struct strategy *strategy = transfer->request->strategy;
	struct err *e = transfer->e, why;

	if (strategy == NULL)
		strategy = usual(dax);
	if (strategy->alias != ALIAS_NONE)
		return err_set(e, ERR_USAGE,
			"strategy '%s' copies through an alias, which a whole file is not mapped "
			"at",
			strategy->name);
	transfer->kernel = strategy_kernel(strategy, cpu_features(), &why);
	if (transfer->kernel == NULL)
		return err_set(e, ERR_FAILED, "strategy '%s' is not available here: %.300s",
			strategy->name, why.text);
	if (!strategy->copies || transfer->kernel->loop[OP_WRITE] == NULL)
		return err_set(e, ERR_USAGE, "strategy '%s' writes nothing", strategy->name);
	if (strategy->calls_kernel && transfer->ends.device)
		return err_set(e, ERR_USAGE, "strategy '%s' makes calls that a device has not",
			strategy->name);
	transfer->populates = strategy->steps[0].through != THROUGH_KERNEL;
	report->strategy = strategy;
	report->variant = transfer->kernel->variant;
	return true;
}

/* ---- all of it ---- */

static bool copy_data(struct transfer *transfer, struct transfer_report *report)
{
	uint64_t start;
	bool ok;

	if (transfer->bytes == 0)
		return choose_strategy(transfer, false, report);
	if (!map_ends(transfer, &report->dax) || !choose_strategy(transfer, report->dax, report) ||
		!take_room(transfer))
		return false;
	start = clock_wall_ns();
	ok = run_threads(transfer);
	report->copy_s = (double)(clock_wall_ns() - start) / 1e9;
	transfer->verifying = true;
	return ok && (!transfer->request->verify || run_threads(transfer));
}

/* A copy of what is not there any more is none. */
static bool still_whole(struct transfer *transfer)
{
	struct stat st;

	return fstat(transfer->ends.from, &st) != 0 || (uint64_t)st.st_size >= transfer->bytes ||
	       went_away(transfer, NULL, 0);
}

bool transfer_file(
	const struct transfer_request *request, struct transfer_report *report, struct err *e)
{
	struct transfer transfer = {.request = request, .e = e};
	bool ok;

	e->code = ERR_NONE;
	memset(report, 0, sizeof(*report));
	pthread_mutex_init(&transfer.lock, NULL);
	ok = ends_open(&transfer.ends, request, e);
	if (ok) {
		transfer.bytes = (uint64_t)transfer.ends.from_stat.st_size;
		ok = find_data(&transfer) && take_length(&transfer) &&
		     copy_data(&transfer, report) && still_whole(&transfer);
	}
	report->bytes = transfer.bytes;
	report->data_bytes = transfer.data_bytes;
	if (ok && request->sync && !transfer.ends.device && fsync(transfer.ends.to) != 0)
		ok = err_errno(e, errno, "cannot sync %s", transfer.ends.path);
	ok = ok && ends_name(&transfer.ends, request, e);
	if (transfer.to != NULL)
		munmap(transfer.to, transfer.to_bytes);
	if (transfer.from != NULL)
		munmap((char *)(uintptr_t)transfer.from, transfer.bytes);
	ends_close(&transfer.ends);
	free(transfer.extents);
	pthread_mutex_destroy(&transfer.lock);
	return ok;
}
