/* SPDX-License-Identifier: MIT */
/*
 * Where each copy of a comparison stands among those that reach a level of guarantee:
 * one set of joint intervals, which decides the verdicts and is what is shown.
 */
#ifndef DAXMARK_ANALYSE_STANDING_H
#define DAXMARK_ANALYSE_STANDING_H

#include "analyse/summary.h"

struct standing {
	enum rank rank;
	struct interval vs_best;	 /* speed over the fastest of them; NAN where not ranked */
	struct interval vs_best_another; /* in another run; NAN where that is not known */
};

/* A measured copy whose time here can be ranked at all. */
bool standing_ranks(const struct summary *summary, const struct summary_case *row);

/*
 * standings[arm] of every arm of the result in comparison c; RANK_NONE for those that do
 * not reach the level. Of the n that do, each is compared with the fastest of the sample:
 * log ratio, and Dunnett's constant for n - 1 at 97.5 % to either side (Hsu's comparison
 * with the best, Ann. Statist. 9 (1981) 1026). Jointly in 95 % no ratio to the truly
 * fastest is outside its interval, whichever of them the sample chose. An arm is slower
 * when its interval is below 1 and its estimate by at least the least claim. Each pair
 * has its own variance: that of a flush against a non-temporal copy was ten times that of
 * two like copies. False when out of memory.
 */
bool standing_find(
	const struct summary *summary, size_t c, enum guarantee level, struct standing *standings);

/* Log speed of one arm over another, joint: in this run, and in another (NAN: not known). */
struct standing_pair {
	struct interval run, another;
};

/*
 * Speed of one arm over another of them, with the same constant: the joint interval
 * of a choice among n over any that it could have been compared with. NAN when out of
 * memory.
 */
struct standing_pair standing_over(
	const struct summary *summary, size_t c, size_t n, size_t arm, size_t than);

/*
 * The joint interval of a log ratio to the fastest among n, whichever the sample chose:
 * Dunnett's constant to either side, and no narrower than the clock's grain (log).
 */
struct interval standing_joint(struct stat_estimate estimate, size_t n, double grain);

/* How many of comparison c reach the level and are ranked. */
size_t standing_count(const struct summary *summary, size_t c, enum guarantee level);

#endif
