/* SPDX-License-Identifier: MIT */
/*
 * Where one strategy overtakes another along an axis: over sizes, or under a
 * growing background load.
 */
#ifndef DAXMARK_ANALYSE_CROSSOVER_H
#define DAXMARK_ANALYSE_CROSSOVER_H

#include <stddef.h>

#include "analyse/summary.h"

/* Two strategies at one place of the axis. */
struct crossover_point {
	double x;
	struct interval log_ratio; /* log of the first one's time over the second one's */
};

/* The place where both take the same time, with the interval of places where they may. */
struct crossover {
	struct interval x;
	bool first_before; /* the first is the faster one before it, the second after it */
};

/*
 * All crossovers between n points of ascending x, at most `room`; returns how many.
 *
 * One is claimed only between two points where each is faster once: its interval
 * leaves out 0 and the difference is at least `least` (log). Between points the
 * estimates and the bounds run straight; the estimate is the middle of where the
 * former are 0, the interval is where the band between the latter holds 0. So its
 * confidence is that of the points' intervals, at each place.
 */
size_t crossover_find(const struct crossover_point *points, size_t n, double least,
	struct crossover *found, size_t room);

enum crossover_axis {
	CROSSOVER_SIZE,	      /* x is log2 of bytes */
	CROSSOVER_BACKGROUND, /* x is percent of the time */
};

/* One crossover of two arms of like guarantee. */
struct crossing {
	size_t before, after; /* the arms that are faster before and after it */
	enum guarantee guarantee;
	struct crossover at;
};

/*
 * The crossovers among the arms that matter along members[0..n), comparisons of
 * ascending x: those that are the fastest somewhere, and the fastest of each family
 * on average. Most important first: by guarantee, the strongest first. Returns how
 * many of at most `room`.
 */
size_t crossings_find(const struct summary *summary, enum crossover_axis axis,
	const size_t *members, size_t n, struct crossing *found, size_t room);

#endif
