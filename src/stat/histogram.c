// SPDX-License-Identifier: MIT
#include "stat/histogram.h"

#include <math.h>

#define STEP ((uint64_t)1 << HISTOGRAM_BITS)

/* Doublings that a bucket's numbers were shortened by. */
static unsigned shift_of(size_t bucket)
{
	return bucket < 2 * STEP ? 0 : (unsigned)(bucket / STEP) - 1;
}

size_t histogram_bucket(uint64_t value)
{
	unsigned shift =
		value < 2 * STEP ? 0 : 63 - HISTOGRAM_BITS - (unsigned)__builtin_clzll(value);

	return shift * STEP + (value >> shift);
}

uint64_t histogram_least(size_t bucket)
{
	unsigned shift = shift_of(bucket);

	return (bucket - shift * STEP) << shift;
}

uint64_t histogram_largest(size_t bucket)
{
	return histogram_least(bucket) + ((uint64_t)1 << shift_of(bucket)) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
	histogram->n++;
	histogram->counts[histogram_bucket(value)]++;
	if (value > histogram->most)
		histogram->most = value;
}

bool histogram_percentile(const struct histogram *histogram, double share, uint64_t *value)
{
	/* Of 100,000 samples 9.9999..e4 are 99.99 %: what rounding adds is no sample. */
	uint64_t rank = (uint64_t)ceil(share * (double)histogram->n - 1e-6), seen = 0;
	size_t bucket = 0;

	if (histogram->n < rank + HISTOGRAM_BEYOND)
		return false;
	for (; bucket < HISTOGRAM_BUCKETS; bucket++) {
		seen += histogram->counts[bucket];
		if (seen >= rank && seen > 0)
			break;
	}
	*value = histogram_largest(bucket);
	if (*value > histogram->most)
		*value = histogram->most;
	return true;
}
