/* SPDX-License-Identifier: MIT */
/*
 * All visits of a run as one witness of its weather: comparisons are visited in turn, so
 * each alone sees the weather seldom, and all together see it often.
 */
#ifndef DAXMARK_STAT_WITNESS_H
#define DAXMARK_STAT_WITNESS_H

#include <stddef.h>

struct sighting {
	double at_s;
	double value;
};

/*
 * Put x[n], seen at those times, into sightings[n]: about their mean, in units of the
 * deviation from one to the next, so that series of unlike noise count alike. Returns how
 * many: n, or 0 where n < 2 or nothing differs.
 */
size_t witness_add(const double *at_s, const double *x, size_t n, struct sighting *sightings);

/*
 * Probability that what all sightings have in common is slower than the run of span_s
 * (WEATHER_SLOW). Sorts them; many are averaged, neighbours in time first. NAN: fewer than
 * WEATHER_ENOUGH, or out of memory.
 */
double witness_slow(struct sighting *sightings, size_t n, double span_s);

#endif
