// SPDX-License-Identifier: MIT
#include "analyse/sure.h"

#include <math.h>
#include <stdlib.h>

#include "stat/strata.h"

/* From the first visit to the end of the last one's stratum. */
static double span_of(const struct result_comparison *comparison)
{
	size_t n = comparison->n_visits;
	double between = comparison->visits[n - 1].at_s - comparison->visits[0].at_s;

	return between * (double)n / (double)(n - 1);
}

/* Out of memory is as if there were too few visits: nothing is said of another run. */
static void make(struct sure_cache *cache, const struct result_comparison *comparison)
{
	double *at_s;

	sure_drop(cache);
	cache->of = comparison;
	if (comparison->n_visits < WEATHER_ENOUGH)
		return;
	at_s = malloc(comparison->n_visits * sizeof(at_s[0]));
	if (at_s == NULL)
		return;
	for (size_t v = 0; v < comparison->n_visits; v++)
		at_s[v] = comparison->visits[v].at_s;
	weather_init(&cache->weather, at_s, comparison->n_visits, span_of(comparison));
	free(at_s);
}

struct sure sure_of(
	struct sure_cache *cache, const struct result_comparison *comparison, const double *logs)
{
	struct sure sure = {stat_strata(logs, comparison->n_visits), {{NAN, INFINITY, 1}, 1}};

	if (cache->alone)
		return sure;
	if (cache->of != comparison)
		make(cache, comparison);
	sure.another = weather_outlook(&cache->weather, logs);
	return sure;
}

void sure_drop(struct sure_cache *cache)
{
	weather_free(&cache->weather);
	cache->of = NULL;
}

struct interval sure_in_run(const struct result *result, const struct result_comparison *comparison,
	size_t i, size_t j, double confidence, double *logs)
{
	result_log_ratios(comparison, i, j, logs);
	return stat_widen(stat_interval(stat_strata(logs, comparison->n_visits), confidence),
		result_ratio_grain(result, comparison, i, j));
}

bool sure_elsewhere(const struct outlook *another)
{
	return isfinite(another->level.error) && another->slow <= WEATHER_DOUBT;
}
