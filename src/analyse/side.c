// SPDX-License-Identifier: MIT
#include "analyse/side.h"

#include <math.h>
#include <stdlib.h>

#include "analyse/compare.h"
#include "analyse/sure.h"
#include "stat/moments.h"
#include "stat/strata.h"

const struct result_comparison *side_find(
	const struct result *result, const struct setting *setting)
{
	size_t low = 0, high = result->n_comparisons;

	while (low < high) { /* results are sorted by setting */
		size_t middle = (low + high) / 2;
		int order = setting_compare(&result->comparisons[middle].setting, setting);

		if (order == 0)
			return &result->comparisons[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* An arm's position in a comparison, if it ran, was right, and was visited; n_measured if not. */
static size_t measured(
	const struct result *result, const struct result_comparison *comparison, const char *name)
{
	size_t i;

	if (comparison == NULL)
		return 0;
	i = result_position(comparison, result_arm_named(result, name));
	if (i < comparison->n_measured &&
		(comparison->n_visits == 0 || comparison->verdict[i] == VERDICT_FAILED))
		return comparison->n_measured;
	return i;
}

bool side_ran(
	const struct result *result, const struct result_comparison *comparison, const char *name)
{
	return comparison != NULL && measured(result, comparison, name) < comparison->n_measured;
}

/*
 * How far another run may be: what this one tells of that, and how runs differ on the
 * machines that were recorded, by more than any one of them shows.
 */
static struct stat_estimate with_prior(struct stat_estimate run, bool by_the_clock)
{
	double prior = by_the_clock ? COMPARE_PRIOR_ABSOLUTE : COMPARE_PRIOR_RATIO;
	double own = run.error * run.error, between = prior * prior;

	if (!isfinite(run.error))
		return run;
	run.degrees = (own + between) * (own + between) /
		      (own * own / run.degrees + between * between / COMPARE_PRIOR_DEGREES);
	run.error = sqrt(own + between);
	return run;
}

/*
 * What one run says of a case: log speed, relative to the anchor, or, with none, by the
 * clock. Its error, where there are too few runs to see how they differ, is that about
 * another run.
 */
static bool estimate(const struct result *result, const struct setting *setting, const char *arm,
	const char *anchor, bool enough, struct stat_estimate *out)
{
	const struct result_comparison *comparison = side_find(result, setting);
	struct sure_cache cache = {.of = NULL};
	struct sure sure;
	double *logs;
	size_t i;

	if (!side_ran(result, comparison, arm) ||
		(anchor != NULL && !side_ran(result, comparison, anchor)))
		return false;
	i = measured(result, comparison, arm);
	logs = malloc(comparison->n_visits * sizeof(logs[0]));
	if (logs == NULL)
		return false;
	if (anchor != NULL)
		result_log_ratios(comparison, measured(result, comparison, anchor), i, logs);
	for (size_t v = 0; v < comparison->n_visits && anchor == NULL; v++)
		logs[v] = -comparison->visits[v].log_ns[i];
	if (enough) {
		*out = stat_strata(logs, comparison->n_visits);
	} else {
		sure = sure_of(&cache, comparison, logs);
		*out = with_prior(sure_elsewhere(&sure.another) ? sure.another.level : sure.run,
			anchor == NULL);
		sure_drop(&cache);
	}
	free(logs);
	return true;
}

struct pooled {
	struct stat_moments of; /* the runs' log speeds */
	double error, degrees;
};

/* `enough`: runs on both sides, to see how they differ. */
static struct pooled pool(const struct side *side, const struct setting *setting, const char *arm,
	const char *anchor, bool enough)
{
	struct pooled pooled = {0};

	for (size_t r = 0; r < side->n; r++) {
		struct stat_estimate one;

		if (!estimate(&side->runs[r], setting, arm, anchor, enough, &one))
			continue;
		stat_moments_add(&pooled.of, one.mean);
		pooled.error += one.error * one.error;
		pooled.degrees += one.degrees;
	}
	pooled.error = sqrt(pooled.error) / (double)(pooled.of.n ? pooled.of.n : 1);
	return pooled;
}

/* Runs of a side that have a case and its anchor: as many as tell how they differ. */
static bool has_enough(
	const struct side *side, const struct setting *setting, const char *arm, const char *anchor)
{
	size_t n = 0;

	for (size_t r = 0; r < side->n && n < COMPARE_ENOUGH_RUNS; r++) {
		const struct result_comparison *comparison = side_find(&side->runs[r], setting);

		n += side_ran(&side->runs[r], comparison, arm) &&
		     (anchor == NULL || side_ran(&side->runs[r], comparison, anchor));
	}
	return n == COMPARE_ENOUGH_RUNS;
}

struct side_contrast side_contrast(const struct side *base, const struct side *new,
	const struct setting *setting, const char *arm, const char *anchor)
{
	bool enough =
		has_enough(base, setting, arm, anchor) && has_enough(new, setting, arm, anchor);
	struct pooled a = pool(base, setting, arm, anchor, enough);
	struct pooled b = pool(new, setting, arm, anchor, enough);
	struct side_contrast contrast = {.n_base = a.of.n,
		.n_new = b.of.n,
		.base = a.of.mean,
		.new = b.of.mean,
		.difference = b.of.mean - a.of.mean};
	double x = a.error * a.error, y = b.error * b.error;

	if (a.of.n >= COMPARE_ENOUGH_RUNS && b.of.n >= COMPARE_ENOUGH_RUNS) {
		contrast.degrees = (double)(a.of.n + b.of.n - 2);
		contrast.variance = (a.of.squares + b.of.squares) / contrast.degrees;
	} else if (a.of.n > 0 && b.of.n > 0) {
		contrast.error = sqrt(x + y);
		contrast.error_degrees = fmax(
			1, x + y > 0 ? (x + y) * (x + y) / (x * x / a.degrees + y * y / b.degrees)
				     : 1);
	}
	return contrast;
}

void side_record(const struct side *side, const struct setting *setting, const char *arm,
	struct side_record *record)
{
	*record = (struct side_record){0};
	for (size_t r = 0; r < side->n; r++) {
		const struct result *run = &side->runs[r];
		const struct result_comparison *comparison = side_find(run, setting);
		size_t a = result_arm_named(run, arm), i;

		if (comparison == NULL || a == run->n_arms)
			continue;
		record->mixed |= record->runs > 0 && comparison->guarantee[a] != record->guarantee;
		record->guarantee = comparison->guarantee[a];
		record->runs++;
		i = result_position(comparison, a);
		record->wrong |=
			i < comparison->n_measured && comparison->verdict[i] == VERDICT_FAILED;
	}
}
