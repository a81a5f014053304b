// SPDX-License-Identifier: MIT
#include "stage/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

/*
 * Far past the end of the target's own bytes: there its blocks are shared with, so that no
 * second file is needed. file.c makes the file as long as it was.
 */
#define TWIN_AT ((off_t)1 << 42)

static int share(int fd, off_t at, size_t bytes)
{
#ifdef FICLONERANGE
	struct file_clone_range range = {.src_fd = fd,
		.src_offset = (uint64_t)at,
		.src_length = bytes,
		.dest_offset = (uint64_t)(TWIN_AT + at)};

	return ioctl(fd, FICLONERANGE, &range);
#else
	(void)fd;
	(void)at;
	(void)bytes;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

static int populate(char *start, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
	if (madvise(start, bytes, MADV_DONTNEED) != 0)
		return -1;
	return madvise(start, bytes, MADV_POPULATE_WRITE);
#else
	(void)start;
	(void)bytes;
	errno = EINVAL;
	return -1;
#endif
}

/* Returns 0 or an errno. */
static int set_state(enum page_state state, char *start, size_t bytes, int fd, off_t at)
{
	int failed = 0;

	switch (state) {
	case PAGES_UNMAPPED:
		failed = madvise(start, bytes, MADV_DONTNEED);
		break;
	case PAGES_WRITE_PROTECTED:
		failed = msync(start, bytes, MS_SYNC);
		break;
	case PAGES_UNWRITTEN:
		failed = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at,
				 (off_t)bytes) != 0 ||
			 fallocate(fd, FALLOC_FL_KEEP_SIZE, at, (off_t)bytes) != 0;
		break;
	case PAGES_POPULATED:
		failed = populate(start, bytes);
		break;
	case PAGES_SHARED:
		failed = share(fd, at, bytes);
		break;
	case PAGES_MAPPED:
	case PAGE_STATE_COUNT:
		break;
	}
	return failed != 0 ? errno : 0;
}

static const char *const calls[PAGE_STATE_COUNT] = {
	[PAGES_MAPPED] = "",
	[PAGES_UNMAPPED] = "preparing unmapped pages: madvise",
	[PAGES_WRITE_PROTECTED] = "preparing write-protected pages: msync",
	[PAGES_UNWRITTEN] = "preparing unwritten pages: fallocate",
	[PAGES_POPULATED] = "preparing populated pages: madvise",
	[PAGES_SHARED] = "preparing shared pages: FICLONERANGE",
};

/* The whole pages of the target that a slice accesses. */
static char *pages_of(
	enum operation operation, const struct walk *slice, size_t page_bytes, size_t *bytes)
{
	bool read = operation == OP_READ;
	uintptr_t start = read ? (uintptr_t)slice->src : (uintptr_t)slice->dst;
	uintptr_t end =
		start + (slice->n - 1) * (read ? slice->src_step : slice->dst_step) + slice->len;

	start = start / page_bytes * page_bytes;
	*bytes = (end + page_bytes - 1) / page_bytes * page_bytes - start;
	return (char *)start;
}

static int unshare(int fd, off_t at, size_t bytes)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, TWIN_AT + at,
		       (off_t)bytes) != 0
		       ? errno
		       : 0;
}

void pages_restore(enum page_state state, enum operation operation, const struct walk *slice,
	size_t page_bytes)
{
	size_t bytes;
	char *start;
	int failed;

	if (state != PAGES_SHARED)
		return;
	start = pages_of(operation, slice, page_bytes, &bytes);
	failed = unshare(slice->fd, start - slice->base, bytes);
	if (failed != 0)
		walk_failure_note(
			slice->failed, "putting shared pages away: fallocate", failed, true);
}

void pages_prepare(enum page_state state, enum operation operation, const struct walk *slice,
	size_t page_bytes)
{
	size_t bytes;
	char *start;
	int failed;

	if (state == PAGES_MAPPED)
		return;
	start = pages_of(operation, slice, page_bytes, &bytes);
	failed = set_state(state, start, bytes, slice->fd, start - slice->base);
	if (failed != 0)
		walk_failure_note(slice->failed, calls[state], failed, true);
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/*
 * Before "fsdax: invalidate pages when CoW" (6.2) a store to a shared block under DAX leaves
 * the file's pages miscounted, and its end is a BUG in clear_inode(): seen on 6.1.
 */
static bool kernel_copies_shared(void)
{
	unsigned major, minor;
	struct utsname name;

	return uname(&name) == 0 && sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 2));
}

bool pages_usable(const struct setting *setting, enum access access, char *base, int fd,
	size_t page_bytes, struct err *why_not)
{
	const char *name = page_state_words.names[setting->pages];
	bool read = setting->operation == OP_READ;
	volatile char *first = base;
	int failed;
	long before;
	bool any;

	if (setting->pages == PAGES_MAPPED)
		return true;
	if (setting->pages == PAGES_UNWRITTEN && !access_traits[access].unwritten)
		return err_set(why_not, ERR_FAILED,
			"pages 'unwritten' are a file system's; devdax has none");
	/* Punched pages come back small: the rest of the run would not be what it is labelled. */
	if (setting->pages == PAGES_UNWRITTEN && access_traits[access].splits &&
		page_bytes > (size_t)sysconf(_SC_PAGESIZE))
		return err_set(why_not, ERR_FAILED,
			"pages 'unwritten' break large pages of shared memory: take pages of 4 "
			"KiB");
	if (setting->pages == PAGES_SHARED && access_traits[access].dax &&
		page_bytes > (size_t)sysconf(_SC_PAGESIZE))
		return err_set(why_not, ERR_FAILED,
			"pages 'shared' break large pages, which do not come back: take pages of "
			"4 KiB");
	if (setting->pages == PAGES_SHARED && access_traits[access].dax && !kernel_copies_shared())
		return err_set(why_not, ERR_FAILED,
			"pages 'shared' on DAX crash Linux before 6.2: not tried");
	*first = 1;
	failed = set_state(setting->pages, base, page_bytes, fd, 0);
	if (failed != 0)
		return err_set(why_not, ERR_FAILED, "pages '%s' cannot be had on this target: %s",
			name, strerror(failed));
	before = faults();
	if (read)
		(void)*first;
	else
		*first = 1;
	any = faults() > before;
	if (setting->pages == PAGES_SHARED)
		unshare(fd, 0, page_bytes);
	if (setting->pages == PAGES_POPULATED)
		return !any ||
		       err_set(why_not, ERR_FAILED,
			       "pages '%s' cannot be had on this target: a store to one takes a "
			       "fault",
			       name);
	return any ||
	       err_set(why_not, ERR_FAILED,
		       "pages '%s' cannot be had on this target: a store to one takes no fault",
		       name);
}
