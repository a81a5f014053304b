// SPDX-License-Identifier: MIT
/* From the times of a sweep to which masks cost something. */
#include "analyse/colour_label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stat/stat.h"

/* The least penalty that is believed, log: less is within what placement does. */
#define LEAST 0.05
#define LOUD 0.10 /* masks' costs scatter more than this, log: a penalty would drown */
#define APART 4.0 /* two groups of costs are two when this many deviations lie between */
#define FEWEST 3  /* masks that make a group */

double colour_median(double *x, size_t n)
{
	if (n == 0)
		return NAN;
	stat_sort(x, n);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Median absolute deviation, as a standard deviation of normal numbers. Sorts x, then overwrites it. */
static double robust_deviation(double *x, size_t n)
{
	double middle = colour_median(x, n);

	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i] - middle);
	return 1.4826 * colour_median(x, n);
}

/*
 * [stages][rounds] what one address alone cost: the median over the masks of 0. NULL
 * when out of memory; scratch holds a number a mask.
 */
static double *references(const struct sweep *sweep, enum sweep_kind kind, double *scratch)
{
	double *all = malloc((SWEEP_STAGES * sweep->rounds + 1) * sizeof(all[0]));

	for (size_t at = 0; all != NULL && at < SWEEP_STAGES * sweep->rounds; at++) {
		size_t stage = at / sweep->rounds, round = at % sweep->rounds, n = 0;

		for (size_t i = 0; i < sweep->n; i++)
			if (sweep->masks[i].mask == 0 && sweep->masks[i].stage == stage &&
				!sweep->masks[i].refused)
				scratch[n++] = sweep_ns(sweep, &sweep->masks[i], kind)[round];
		all[at] = colour_median(scratch, n);
	}
	return all;
}

/* Of a mask that was not refused, over those; scratch holds a number a round. */
static double cost_over(const struct sweep *sweep, const struct sweep_mask *mask,
	enum sweep_kind kind, const double *reference, double *scratch)
{
	const double *ns = sweep_ns(sweep, mask, kind);

	for (size_t r = 0; r < sweep->rounds; r++)
		scratch[r] = log(ns[r] / reference[mask->stage * sweep->rounds + r]);
	return colour_median(scratch, sweep->rounds);
}

/* Room for a number a mask, or a round. */
static double *make_scratch(const struct sweep *sweep)
{
	size_t most = sweep->n > sweep->rounds ? sweep->n : sweep->rounds;

	return malloc((most + 1) * sizeof(double));
}

double *colour_costs(const struct sweep *sweep, enum sweep_kind kind, struct err *e)
{
	double *costs = malloc((sweep->n + 1) * sizeof(costs[0]));
	double *scratch = make_scratch(sweep);
	double *reference = scratch != NULL ? references(sweep, kind, scratch) : NULL;

	if (costs != NULL && scratch != NULL && reference != NULL) {
		for (size_t i = 0; i < sweep->n; i++)
			costs[i] = sweep->masks[i].refused ? (double)NAN
							   : cost_over(sweep, &sweep->masks[i],
								     kind, reference, scratch);
	} else {
		free(costs);
		costs = NULL;
		err_set(e, ERR_FAILED, "out of memory");
	}
	free(reference);
	free(scratch);
	return costs;
}

bool colour_begin(struct inference *inference, struct err *e)
{
	const struct sweep *sweep = inference->sweep;
	bool ok;

	inference->samples = calloc(sweep->n + 1, sizeof(inference->samples[0]));
	inference->scratch = make_scratch(sweep);
	ok = inference->samples != NULL && inference->scratch != NULL;
	for (int k = 0; ok && k < SWEEP_KINDS; k++) {
		inference->reference[k] = references(sweep, (enum sweep_kind)k, inference->scratch);
		ok = inference->reference[k] != NULL;
	}
	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	return ok;
}

void colour_take_samples(struct inference *inference)
{
	const struct sweep *sweep = inference->sweep;
	struct colour *colour = inference->colour;

	for (size_t i = 0; i < sweep->n; i++) {
		const struct sweep_mask *mask = &sweep->masks[i];
		struct sample *sample = &inference->samples[inference->n];

		if (mask->refused && (mask->mask & (mask->mask - 1)) == 0)
			colour->refused |= mask->mask;
		if (mask->refused || mask->mask == 0)
			continue;
		sample->mask = mask->mask;
		sample->held_out = mask->held_out;
		for (int k = 0; k < SWEEP_KINDS; k++) {
			sample->cost[k] = cost_over(sweep, mask, (enum sweep_kind)k,
				inference->reference[k], inference->scratch);
			memcpy(inference->scratch, sweep_ns(sweep, mask, (enum sweep_kind)k),
				sweep->rounds * sizeof(double));
			sample->ns[k] = colour_median(inference->scratch, sweep->rounds);
		}
		if (!mask->held_out)
			colour->bits |= mask->mask;
		inference->n++;
	}
	for (int k = 0; k < SWEEP_KINDS; k++) {
		memcpy(inference->scratch, inference->reference[k], sweep->rounds * sizeof(double));
		inference->zero_ns[k] = colour_median(inference->scratch, sweep->rounds);
	}
}

/* The costs of all masks that were not held out, sorted. */
static size_t gather(const struct inference *inference, int kind, double *x)
{
	size_t n = 0;

	for (size_t i = 0; i < inference->n; i++)
		if (!inference->samples[i].held_out)
			x[n++] = inference->samples[i].cost[kind];
	stat_sort(x, n);
	return n;
}

/* Sum of the distances from the median of sorted x[0..n). */
static double deviation_sum(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += fabs(x[i] - x[n / 2]);
	return sum;
}

/*
 * Are the costs of two kinds? The split that leaves the least absolute deviation, if
 * the two medians are far apart beside what either group scatters.
 */
static void find_split(struct inference *inference, int kind)
{
	double *x = inference->scratch, best = INFINITY, low, high, scatter;
	size_t n = gather(inference, kind, x), at = 0, step = n / 512 + 1, widest;

	for (size_t i = 1; i + 1 < n; i += step) {
		double sum = deviation_sum(x, i) + deviation_sum(x + i, n - i);

		if (sum < best) {
			best = sum;
			at = i;
		}
	}
	if (at == 0)
		return;
	/* The groups end where the widest gap nearby is. */
	widest = at;
	for (size_t i = at > step ? at - step : 1; i <= at + step && i < n; i++)
		if (x[i] - x[i - 1] > x[widest] - x[widest - 1])
			widest = i;
	at = widest;
	low = x[at / 2];
	high = x[at + (n - at) / 2];
	scatter = robust_deviation(x + at, n - at);
	scatter = fmax(scatter, robust_deviation(x, at));
	inference->split[kind] = at >= FEWEST && n - at >= FEWEST && high - low >= LEAST &&
				 high - low >= APART * scatter;
	inference->low[kind] = low;
	inference->high[kind] = high;
}

/* Every mask's label; false, and why, when the costs say nothing. */
bool colour_label(struct inference *inference)
{
	struct colour *colour = inference->colour;
	bool any = false;

	for (int k = 0; k < SWEEP_KINDS; k++) {
		find_split(inference, k);
		any |= inference->split[k];
	}
	for (size_t i = 0; i < inference->n; i++)
		inference->samples[i].free = true;
	for (int k = 0; k < SWEEP_KINDS; k++) {
		double limit = (inference->low[k] + inference->high[k]) / 2;

		if (any && !inference->split[k])
			continue;
		if (!any) {
			size_t n = gather(inference, k, inference->scratch);
			double scatter;

			limit = inference->scratch[n / 2] < LEAST ? INFINITY : -INFINITY;
			scatter = robust_deviation(inference->scratch, n);
			if (scatter > LOUD) {
				snprintf(colour->why, sizeof(colour->why),
					"the costs scatter by %.0f %% from mask to mask: a penalty "
					"would drown in that",
					100 * scatter);
				return false;
			}
		}
		for (size_t i = 0; i < inference->n; i++)
			inference->samples[i].free &= inference->samples[i].cost[k] < limit;
	}
	return true;
}
