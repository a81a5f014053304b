// SPDX-License-Identifier: MIT
/*
 * The pages of a mapping: laid out so that large ones can be used, asked for,
 * touched, and told by the faults that touching them took. Fewer faults than
 * small pages means that some map more: true of shared memory, DAX and page
 * cache alike, where no file of the kernel's says it for all.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "target/target.h"

#define HUGE_PAGE (2ull << 20)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* since Linux 6.1 */
#endif

char *target_reserve(uint64_t bytes, uint64_t align)
{
	char *room = mmap(
		NULL, bytes + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	size_t before;

	if (room == MAP_FAILED)
		return NULL;
	/* Give back what the alignment left over at either end. */
	before = (size_t)(-(uintptr_t)room & (align - 1));
	if (before > 0)
		munmap(room, before);
	bytes = (bytes + page - 1) / page * page;
	munmap(room + before + bytes, align - before);
	return room + before;
}

void *target_map(int fd, uint64_t bytes, uint64_t align, int flags)
{
	char *room = target_reserve(bytes, align < HUGE_PAGE ? HUGE_PAGE : align);
	void *mapped;
	int failed;

	if (room == NULL)
		return MAP_FAILED;
	mapped = mmap(room, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
	failed = errno;
	if (mapped == MAP_FAILED)
		munmap(room, bytes);
	errno = failed;
	return mapped;
}

void target_ask_pages(const struct target *target, char *base)
{
	if (target->wanted_page == HUGE_PAGE || target->wanted_page == 0)
		madvise(base, target->facts.bytes, MADV_HUGEPAGE);
	else
		madvise(base, target->facts.bytes, MADV_NOHUGEPAGE);
}

void target_collapse(struct target *target)
{
	/* What cannot be had as large pages stays small ones, and is seen to. */
	if (target->wanted_page != HUGE_PAGE && target->wanted_page != 0)
		return;
	madvise(target->base, target->facts.bytes, MADV_COLLAPSE);
	madvise(target->base, target->facts.bytes, MADV_DONTNEED); /* mapped anew, by large pages */
}

static uint64_t faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

void target_touch(struct target *target)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), bytes = target->facts.bytes;
	uint64_t small = bytes / page, took = faults(), huge;
	/* devdax states its own, which may be larger */
	uint64_t large =
		target->facts.page_bytes > HUGE_PAGE ? target->facts.page_bytes : HUGE_PAGE;

	/* By the small page: the mapping may be of larger ones only in part. */
	for (uint64_t at = 0; at < bytes; at += page)
		((volatile char *)target->base)[at] = 0;
	took = faults() - took;
	/* took = huge + (small - huge * n), where a large page is n small ones */
	huge = took < small ? (small - took) / (large / page - 1) : 0;
	if (huge > bytes / large)
		huge = bytes / large;
	target->touched += bytes;
	target->large += huge * large;
	target->facts.page_share = (double)target->large / (double)target->touched;
	target->facts.page_bytes = large;
	if (target->facts.page_share < 0.5) {
		target->facts.page_share = 1 - target->facts.page_share;
		target->facts.page_bytes = page;
	}
}
