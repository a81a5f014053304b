/* SPDX-License-Identifier: MIT */
/*
 * Other mappings of a target's pages at chosen distances from the first: what a
 * kernel's own mapping is to a user's. Knows nothing of what is done through them.
 */
#ifndef DAXMARK_TARGET_ALIAS_H
#define DAXMARK_TARGET_ALIAS_H

#include "target/target.h"

/*
 * Addresses this far apart, or a multiple of it, are congruent on every machine
 * known: no cache way, SHMLBA or hash of a way predictor reaches as high.
 */
#define ALIAS_MODULUS (1ull << 30)

struct alias {
	char *base;	 /* of the byte that target->base points to; NULL: there is none */
	uint64_t bytes;	 /* as many as the target's */
	uint64_t offset; /* of the target's mapping in its device, when this was made */
};

/* Mappings of the target begin at multiples of this: a page, or what devdax aligns to. */
uint64_t alias_granule(const struct target *target);

/*
 * Map all of the target again at a multiple of ALIAS_MODULUS plus `shift` bytes (a
 * multiple of the granule, below the modulus) from its first mapping, and touch it.
 * A kernel that refuses the distance is an error that says so.
 */
bool alias_map(struct alias *alias, const struct target *target, uint64_t shift, struct err *e);

/* After target->ops->refresh: the same pages as the target again, touched. */
bool alias_follow(struct alias *alias, const struct target *target, struct err *e);
void alias_unmap(struct alias *alias);

#endif
