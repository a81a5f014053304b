// SPDX-License-Identifier: MIT
#include "stat/witness.h"

#include <math.h>
#include <stdlib.h>

#include "stat/stat.h"
#include "stat/weather.h"

/* More are averaged: what is slow shows in any few of them, and time grows with their number. */
#define SIGHTINGS_MOST 240

size_t witness_add(const double *at_s, const double *x, size_t n, struct sighting *sightings)
{
	double squares = 0, scale, mean;

	for (size_t i = 1; i < n; i++)
		squares += (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
	if (n < 2 || !(squares > 0))
		return 0;
	scale = sqrt(squares / (double)(2 * (n - 1)));
	mean = stat_mean(x, n);
	for (size_t i = 0; i < n; i++)
		sightings[i] = (struct sighting){at_s[i], (x[i] - mean) / scale};
	return n;
}

static int by_time(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;

	return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

/* Averages of neighbours; returns how many. */
static size_t thin(const struct sighting *sightings, size_t n, double *at_s, double *values)
{
	size_t kept = n < SIGHTINGS_MOST ? n : SIGHTINGS_MOST;

	for (size_t i = 0; i < kept; i++) {
		size_t first = i * n / kept, end = (i + 1) * n / kept;

		at_s[i] = values[i] = 0;
		for (size_t j = first; j < end; j++) {
			at_s[i] += sightings[j].at_s / (double)(end - first);
			values[i] += sightings[j].value / (double)(end - first);
		}
	}
	return kept;
}

double witness_slow(struct sighting *sightings, size_t n, double span_s)
{
	double at_s[SIGHTINGS_MOST], values[SIGHTINGS_MOST], slow = NAN;
	struct weather weather;
	size_t kept;

	if (n < WEATHER_ENOUGH)
		return NAN;
	qsort(sightings, n, sizeof(sightings[0]), by_time);
	kept = thin(sightings, n, at_s, values);
	if (weather_init(&weather, at_s, kept, span_s) && weather.n > 0)
		slow = weather_outlook(&weather, values).slow;
	weather_free(&weather);
	return slow;
}
