/* SPDX-License-Identifier: MIT */
/* Mean and sum of squares of numbers as they come, by Welford's updates (Technometrics 4 (1962) 419). */
#ifndef DAXMARK_STAT_MOMENTS_H
#define DAXMARK_STAT_MOMENTS_H

#include <stddef.h>

struct stat_moments {
	size_t n;
	double mean, squares; /* squares: of the differences from the mean, summed */
};

static inline void stat_moments_add(struct stat_moments *moments, double x)
{
	double before = moments->mean;

	moments->n++;
	moments->mean += (x - before) / (double)moments->n;
	moments->squares += (x - before) * (x - moments->mean);
}

#endif
