// SPDX-License-Identifier: MIT
#include "case/workload.h"

#include <math.h>

#define VALUE_SCALE 214.476
#define VALUE_SHAPE 0.348238

bool workload_makes_sense(const struct setting *setting)
{
	bool reads = setting->operation == OP_READ;

	switch (setting->workload) {
	case WORKLOAD_STREAM:
		return true;
	case WORKLOAD_RANDOM:
	case WORKLOAD_VALUES:
		/* A hot source is one place: a read of it goes nowhere else. */
		return !reads || setting->source != SOURCE_HOT;
	case WORKLOAD_UPDATES:
		return setting->operation == OP_WRITE && setting->pages == PAGES_MAPPED;
	case WORKLOAD_LOG:
		return !reads;
	case WORKLOAD_RING:
		/* Its lines come from the other CPU, and its pages are used again at once. */
		return setting->operation == OP_WRITE && setting->threads == 2 &&
		       setting->pages == PAGES_MAPPED &&
		       (setting->state == STATE_ABSENT || setting->state == STATE_DIRTY);
	case WORKLOAD_COUNT:
		break;
	}
	return false;
}

static bool commits(const struct setting *setting)
{
	return setting->workload == WORKLOAD_LOG || setting->workload == WORKLOAD_RING;
}

uint64_t workload_commit_at(const struct setting *setting)
{
	uint64_t end = setting->dst_align + setting->size, unit = WORKLOAD_COMMIT_BYTES;

	return commits(setting) ? (end + unit - 1) / unit * unit - setting->dst_align : 0;
}

uint64_t workload_span(const struct setting *setting)
{
	return commits(setting) ? workload_commit_at(setting) + WORKLOAD_COMMIT_BYTES
				: setting->size;
}

/* The share of values longer than x. */
static double longer(double x)
{
	return pow(1 + VALUE_SHAPE * x / VALUE_SCALE, -1 / VALUE_SHAPE);
}

/*
 * A value has k bytes or more with probability longer(k - 1): their sum is the mean. Far out
 * the sum over whole numbers is the integral between them.
 */
static double mean_value(uint64_t most)
{
	uint64_t summed = most < 4096 ? most : 4096;
	double mean = 0, power = 1 - 1 / VALUE_SHAPE;

	for (uint64_t k = 0; k < summed; k++)
		mean += longer((double)k);
	if (summed < most)
		mean += VALUE_SCALE / (1 - VALUE_SHAPE) *
			(pow(1 + VALUE_SHAPE * ((double)summed - 0.5) / VALUE_SCALE, power) -
				pow(1 + VALUE_SHAPE * ((double)most - 0.5) / VALUE_SCALE, power));
	return mean;
}

double workload_bytes(const struct setting *setting)
{
	switch (setting->workload) {
	case WORKLOAD_VALUES:
		return mean_value(setting->size) * setting->threads;
	case WORKLOAD_LOG:
		return (double)(setting->size + WORKLOAD_COMMIT_BYTES) * setting->threads;
	case WORKLOAD_RING: /* one thread's messages, which the other receives */
		return (double)(setting->size + WORKLOAD_COMMIT_BYTES);
	default:
		return (double)setting->size * setting->threads;
	}
}

bool workload_mixes(const struct setting *setting)
{
	return commits(setting) || setting->workload == WORKLOAD_VALUES;
}

bool workload_scatters(const struct setting *setting)
{
	return setting->workload == WORKLOAD_RANDOM || setting->workload == WORKLOAD_VALUES ||
	       setting->workload == WORKLOAD_UPDATES;
}

uint64_t workload_value(double u, uint64_t most)
{
	double bytes = 1 + floor(VALUE_SCALE * (pow(1 - u, -VALUE_SHAPE) - 1) / VALUE_SHAPE);

	return bytes < (double)most ? (uint64_t)bytes : most;
}
