/* SPDX-License-Identifier: MIT */
/*
 * How far apart two addresses of a page must be to be congruent on the machine at hand:
 * derived from line costs, because no distance is so on every machine. (1 GiB is on a
 * Zen 3, whose way predictor hashes up to bit 27; on a Zen 5 bits 28 to 31 count each by
 * itself.)
 */
#ifndef DAXMARK_TARGET_CONGRUENCE_H
#define DAXMARK_TARGET_CONGRUENCE_H

#include "base/words.h"
#include "sys/clock.h"
#include "target/line_cost.h"
#include "target/target.h"

/* Distances tried, as powers of two: from the first up to the last, the narrowest that is free. */
#define CONGRUENCE_FIRST 30
#define CONGRUENCE_LAST 42
#define CONGRUENCE_UNCHECKED 36 /* where costs tell nothing */

/* An alias whose lines cost at most this much more, relative, is free. */
#define CONGRUENCE_FREE 0.04

/*
 * One sample of what a line costs under two addresses so many bytes apart (0: under one);
 * NAN where they cannot be had.
 */
typedef double congruence_cost(void *arg, uint64_t distance, enum line_use use);

/*
 * Fills facts->modulus, ->held, ->one_ns and ->two_ns. The modulus is the narrowest
 * distance that costs nothing in either use, and twice and four times it as well; where
 * none does, the widest that can be had, and `held` says no.
 */
void congruence_derive(struct alias_facts *facts, congruence_cost *cost, void *arg);

/*
 * The same for a target, on its first page (whose content is lost). On a machine made of
 * software costs tell nothing: unchecked.
 */
void congruence_of(
	struct alias_facts *facts, const struct target *target, const struct clock *clock);

#endif
