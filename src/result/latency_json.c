// SPDX-License-Identifier: MIT
#include "result/latency_json.h"

#include <math.h>

#define MOST_LATENCIES 10000
#define MOST_COUNT (1ll << 50)

static json_t *counts_json(const struct histogram *counts)
{
	json_t *array = json_array();

	for (size_t b = 0; b < HISTOGRAM_BUCKETS; b++)
		if (counts->counts[b] > 0)
			json_array_append_new(array,
				json_pack("[f, I]", (double)histogram_least(b) / LATENCY_UNITS,
					(json_int_t)counts->counts[b]));
	return array;
}

static json_t *one_json(const struct result_latency *latency)
{
	json_t *object = json_object(), *percentiles = json_object();

	json_put(object, "arm", json_integer((json_int_t)latency->arm));
	json_put(object, "rate_per_s", json_double(latency->rate));
	json_put(object, "time_s", json_double(latency->time_s));
	json_put(object, "operations", json_integer((json_int_t)latency->counts.n));
	json_put(object, "max_ns", json_double((double)latency->counts.most / LATENCY_UNITS));
	for (size_t p = 0; p < LATENCY_SHARES; p++)
		json_put(percentiles, latency_names[p],
			json_double(latency_ns(latency, latency_shares[p])));
	json_put(object, "percentiles_ns", percentiles);
	json_put(object, "counts", counts_json(&latency->counts));
	return object;
}

json_t *latency_json(const struct result_comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->n_latencies; i++)
		if (comparison->latencies[i]->counts.n > 0)
			json_array_append_new(array, one_json(comparison->latencies[i]));
	return array;
}

/* One pair: a bucket by its least value, and a count. */
static bool load_count(const struct place *place, const json_t *pair, struct histogram *counts)
{
	const json_t *ns = json_array_get(pair, 0), *count = json_array_get(pair, 1);
	double least = json_number_value(ns) * LATENCY_UNITS;
	size_t bucket;

	if (!json_is_array(pair) || json_array_size(pair) != 2 || !json_is_number(ns) ||
		!json_is_integer(count) || !(least >= 0 && least < 1e18) ||
		json_integer_value(count) < 1 || json_integer_value(count) > MOST_COUNT)
		return place_bad(place, "counts", "holds what is no bucket and count");
	bucket = histogram_bucket((uint64_t)round(least));
	/* Digits were cut off when it was written. */
	if (fabs((double)histogram_least(bucket) - least) > 1e-6 * least + 0.1)
		bucket++;
	if (fabs((double)histogram_least(bucket) - least) > 1e-6 * least + 0.1 ||
		counts->counts[bucket] > 0)
		return place_bad(
			place, "counts", "holds what is no bucket's least time, or one twice");
	counts->counts[bucket] = (uint64_t)json_integer_value(count);
	counts->n += counts->counts[bucket];
	return true;
}

static bool load_counts(const struct place *place, const json_t *in, struct histogram *counts)
{
	double most;
	json_t *array;

	if (!place_number(place, in, "max_ns", &most) ||
		!place_array(place, in, "counts", 1, HISTOGRAM_BUCKETS, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!load_count(place, json_array_get(array, i), counts))
			return false;
	if (!(most >= 0 && most < 1e17))
		return place_bad(place, "max_ns", "is no time");
	counts->most = (uint64_t)round(most * LATENCY_UNITS);
	return true;
}

static bool load_one(
	const struct place *place, const json_t *in, struct result_comparison *comparison)
{
	struct result_latency *latency;
	double rate, time_s;
	long long arm;

	if (!place_integer(place, in, "arm", 0, CASE_MOST_ARMS - 1, &arm) ||
		!place_number(place, in, "rate_per_s", &rate) ||
		!place_number(place, in, "time_s", &time_s))
		return false;
	if (result_position(comparison, (size_t)arm) == comparison->n_measured)
		return place_bad(place, "latencies", "holds an arm that was not measured");
	if (!(rate >= 0 && rate < 1e12) || !(time_s >= 0 && time_s < 1e12))
		return place_bad(place, "latencies", "holds what is no rate or no time");
	latency = latency_of(comparison, (size_t)arm, rate);
	if (latency == NULL)
		return place_bad(place, "", "out of memory");
	if (latency->counts.n > 0)
		return place_bad(place, "latencies", "holds an arm and rate twice");
	latency->time_s = time_s;
	return load_counts(place, in, &latency->counts);
}

bool latency_load(const struct place *place, const json_t *in, struct result_comparison *comparison)
{
	json_t *array;

	if (json_object_get(in, "latencies") == NULL)
		return true;
	if (!place_array(place, in, "latencies", 0, MOST_LATENCIES, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!load_one(place, json_array_get(array, i), comparison))
			return false;
	return true;
}
