// SPDX-License-Identifier: MIT
#include "target/alias.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define TRIES 64

uint64_t alias_granule(const struct target *target)
{
	if (target->ops->own_pages)
		return target->facts.page_bytes;
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/* In the place of what is mapped there. */
static bool map_over(const struct target *target, char *at)
{
	int flags = target->facts.map_sync ? MAP_SHARED_VALIDATE | MAP_SYNC : MAP_SHARED;

	return mmap(at, target->facts.bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED, target->fd,
		       (off_t)target->offset) != MAP_FAILED;
}

/*
 * Address space that is free, taken before it is mapped over: with MAP_SHARED_VALIDATE
 * the kernel knows no MAP_FIXED_NOREPLACE.
 */
static bool take(char *at, uint64_t bytes)
{
	char *got = mmap(at, bytes, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (got != MAP_FAILED && got != at) { /* before 4.17 the address is a hint */
		munmap(got, bytes);
		errno = EEXIST;
	}
	return got == at;
}

/* So that no timed access takes a fault; the content stays. */
static void touch(const struct alias *alias)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (uint64_t i = 0; i < alias->bytes; i += page) {
		volatile char *byte = alias->base + i;

		*byte = *byte;
	}
}

/* The k-th place to try, from 1: above, below, and further away by turns. */
static int64_t away_of(int64_t k, uint64_t stride)
{
	return (k % 2 != 0 ? k / 2 + 1 : -k / 2) * (int64_t)stride;
}

static uint64_t stride_of(uint64_t need, uint64_t modulus)
{
	return (need + modulus - 1) / modulus * modulus;
}

bool alias_map(struct alias *alias, const struct target *target, uint64_t modulus, uint64_t shift,
	struct err *e)
{
	uint64_t stride = stride_of(target->facts.bytes + shift, modulus);
	int failed = ENOMEM;

	alias->base = NULL;
	for (int64_t k = 1; k <= TRIES; k++) {
		uintptr_t at = (uintptr_t)target->base + (uintptr_t)away_of(k, stride) + shift;
		char *base = (char *)at;

		if (!take(base, target->facts.bytes)) {
			failed = errno;
			continue;
		}
		if (!map_over(target, base)) {
			failed = errno;
			munmap(base, target->facts.bytes);
			break;
		}
		alias->base = base;
		alias->bytes = target->facts.bytes;
		alias->offset = target->offset;
		target_ask_pages(target, base);
		touch(alias);
		return true;
	}
	if (failed == EINVAL)
		return err_set(e, ERR_FAILED,
			"target %s: the kernel refuses a shared mapping %llu bytes past a "
			"congruent address (EINVAL): it allows congruent ones only",
			target->facts.name, (unsigned long long)shift);
	return err_errno(e, failed, "target %s: cannot map it again", target->facts.name);
}

char *alias_page(const struct target *target, uint64_t distance)
{
	uint64_t bytes = alias_granule(target);

	for (int64_t k = 1; k <= 2; k++) {
		uintptr_t at = (uintptr_t)target->base + (uintptr_t)away_of(k, distance);
		char *page = (char *)at;

		if (!take(page, bytes))
			continue;
		if (mmap(page, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, target->fd,
			    (off_t)target->offset) != MAP_FAILED)
			return page;
		munmap(page, bytes);
	}
	return NULL;
}

static uint64_t window_bytes(const struct target *target)
{
	return target->facts.bytes + alias_granule(target);
}

static char *window_at(const struct target *target, ptrdiff_t away)
{
	uintptr_t at = (uintptr_t)target->base + (uintptr_t)away;

	return (char *)at;
}

void alias_release(const struct target *target, size_t n, ptrdiff_t first, ptrdiff_t step)
{
	for (size_t i = 0; i < n; i++)
		munmap(window_at(target, first + (ptrdiff_t)i * step), window_bytes(target));
}

bool alias_reserve(const struct target *target, uint64_t modulus, size_t n, ptrdiff_t *first,
	ptrdiff_t *step, struct err *e)
{
	uint64_t stride = stride_of(window_bytes(target), modulus);

	/* A row of them, in either direction, that begins so far away. */
	for (int64_t k = 1; k <= TRIES; k++) {
		size_t taken = 0;

		*first = away_of(k, stride);
		*step = k % 2 != 0 ? (ptrdiff_t)stride : -(ptrdiff_t)stride;
		while (taken < n && take(window_at(target, *first + (ptrdiff_t)taken * *step),
					    window_bytes(target)))
			taken++;
		if (taken == n)
			return true;
		alias_release(target, taken, *first, *step);
	}
	return err_set(e, ERR_FAILED,
		"target %s: no address space for %zu user windows %llu GiB apart",
		target->facts.name, n, (unsigned long long)stride >> 30);
}

bool alias_follow(struct alias *alias, const struct target *target, struct err *e)
{
	if (alias->base == NULL)
		return true;
	if (alias->offset != target->offset && !map_over(target, alias->base))
		return err_errno(e, errno, "target %s: cannot map it again", target->facts.name);
	alias->offset = target->offset;
	touch(alias);
	return true;
}

void alias_unmap(struct alias *alias)
{
	if (alias->base != NULL)
		munmap(alias->base, alias->bytes);
	alias->base = NULL;
}
