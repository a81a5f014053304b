// SPDX-License-Identifier: MIT
#include "result/latency.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"

const double latency_shares[LATENCY_SHARES] = {0.5, 0.9, 0.99, 0.999, 0.9999};
const char *const latency_names[LATENCY_SHARES] = {"p50", "p90", "p99", "p99.9", "p99.99"};

double latency_ns(const struct result_latency *latency, double share)
{
	uint64_t value;

	return histogram_percentile(&latency->counts, share, &value) ? (double)value / LATENCY_UNITS
								     : NAN;
}

double latency_done_per_s(const struct result_latency *latency)
{
	return latency->time_s > 0 ? (double)latency->counts.n / latency->time_s : 0;
}

bool latency_kept_up(const struct result_latency *latency)
{
	/* Random arrivals: by chance so many more or fewer come in this time (4 deviations). */
	double chance = 4 / sqrt((double)latency->counts.n + 1);

	return latency_done_per_s(latency) >= (LATENCY_KEPT_UP - chance) * latency->rate;
}

const char *latency_loop(const struct result_latency *latency, char text[LATENCY_LOOP_BYTES])
{
	char rate[UNITS_TEXT_BYTES], done[UNITS_TEXT_BYTES];

	if (latency->rate <= 0)
		snprintf(text, LATENCY_LOOP_BYTES, "closed");
	else
		snprintf(text, LATENCY_LOOP_BYTES, "at %s%s%s", units_rate(latency->rate, rate),
			latency_kept_up(latency) ? "" : ": done ",
			latency_kept_up(latency) ? ""
						 : units_rate(latency_done_per_s(latency), done));
	return text;
}

struct result_latency *latency_of(struct result_comparison *comparison, size_t arm, double rate)
{
	size_t n = comparison->n_latencies;
	struct result_latency **grown, *added;

	for (size_t i = 0; i < n; i++)
		if (comparison->latencies[i]->arm == arm && comparison->latencies[i]->rate == rate)
			return comparison->latencies[i];
	grown = realloc(comparison->latencies, (n + 1) * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	comparison->latencies = grown;
	added = calloc(1, sizeof(*added));
	if (added == NULL)
		return NULL;
	added->arm = arm;
	added->rate = rate;
	grown[n] = added;
	comparison->n_latencies = n + 1;
	return added;
}

void latency_forget(struct result_comparison *comparison, size_t arm)
{
	size_t kept = 0;

	for (size_t i = 0; i < comparison->n_latencies; i++)
		if (comparison->latencies[i]->arm == arm)
			free(comparison->latencies[i]);
		else
			comparison->latencies[kept++] = comparison->latencies[i];
	comparison->n_latencies = kept;
}

void latency_free(struct result_comparison *comparison)
{
	for (size_t i = 0; i < comparison->n_latencies; i++)
		free(comparison->latencies[i]);
	free(comparison->latencies);
}
