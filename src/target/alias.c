// SPDX-License-Identifier: MIT
#include "target/alias.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define TRIES 64

uint64_t alias_granule(const struct target *target)
{
	if (target->facts.access == ACCESS_DEVDAX)
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

bool alias_map(struct alias *alias, const struct target *target, uint64_t shift, struct err *e)
{
	uint64_t need = target->facts.bytes + shift;
	uint64_t stride = (need + ALIAS_MODULUS - 1) / ALIAS_MODULUS * ALIAS_MODULUS;
	int failed = ENOMEM;

	alias->base = NULL;
	for (int64_t k = 1; k <= TRIES; k++) {
		int64_t away = (k % 2 != 0 ? k / 2 + 1 : -k / 2) * (int64_t)stride;
		uintptr_t at = (uintptr_t)target->base + (uintptr_t)away + shift;
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
