/* SPDX-License-Identifier: MIT */
/*
 * A log-linear histogram of whole numbers, after HdrHistogram (Tene): a bucket is one number
 * up to 63, and from there on at most 1/32 of what is in it, to 2^64. Nothing is dropped.
 */
#ifndef DAXMARK_STAT_HISTOGRAM_H
#define DAXMARK_STAT_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BITS 5
#define HISTOGRAM_BUCKETS ((65 - HISTOGRAM_BITS) << HISTOGRAM_BITS)
#define HISTOGRAM_BEYOND 10 /* samples above a percentile, or it is none */

struct histogram {
	uint64_t n, most; /* samples; the largest, exactly */
	uint64_t counts[HISTOGRAM_BUCKETS];
};

/* The bucket of a value, and the least and the largest value of a bucket. */
size_t histogram_bucket(uint64_t value);
uint64_t histogram_least(size_t bucket);
uint64_t histogram_largest(size_t bucket);

void histogram_add(struct histogram *histogram, uint64_t value);

/*
 * The value that a share of the samples, 0..1, does not exceed: the largest of its bucket,
 * or of all samples where that is less, so at most 1/32 too much. False where fewer than
 * HISTOGRAM_BEYOND samples lie above that share: chance would have chosen it.
 */
bool histogram_percentile(const struct histogram *histogram, double share, uint64_t *value);

#endif
