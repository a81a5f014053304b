/* SPDX-License-Identifier: MIT */
/*
 * Other mappings of a target's pages at chosen distances from the first: what a
 * kernel's own mapping is to a user's. Knows nothing of what is done through them.
 */
#ifndef DAXMARK_TARGET_ALIAS_H
#define DAXMARK_TARGET_ALIAS_H

#include "target/target.h"

struct alias {
	char *base;	 /* of the byte that target->base points to; NULL: there is none */
	uint64_t bytes;	 /* as many as the target's */
	uint64_t offset; /* of the target's mapping in its device, when this was made */
};

/* Mappings of the target begin at multiples of this: a page, or what devdax aligns to. */
uint64_t alias_granule(const struct target *target);

/*
 * Map all of the target again at a multiple of `modulus` plus `shift` bytes (a multiple
 * of the granule, below the modulus, which is a power of two and at least 1 GiB: see
 * target/congruence.h) from its first mapping, and touch it. A kernel that refuses the
 * distance is an error that says so.
 */
bool alias_map(struct alias *alias, const struct target *target, uint64_t modulus, uint64_t shift,
	struct err *e);

/*
 * The target's first granule once more, `distance` bytes above or below itself, as far as
 * that is free: NULL where neither is to be had. Free with munmap().
 */
char *alias_page(const struct target *target, uint64_t distance);

/*
 * Address space alone for n user windows of the target: *first bytes from it to the first
 * one, *step from one to the next, both multiples of `modulus`; each a granule longer than
 * the target. Free with alias_release().
 */
bool alias_reserve(const struct target *target, uint64_t modulus, size_t n, ptrdiff_t *first,
	ptrdiff_t *step, struct err *e);
void alias_release(const struct target *target, size_t n, ptrdiff_t first, ptrdiff_t step);

/* After target->ops->refresh: the same pages as the target again, touched. */
bool alias_follow(struct alias *alias, const struct target *target, struct err *e);
void alias_unmap(struct alias *alias);

#endif
