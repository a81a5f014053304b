// SPDX-License-Identifier: MIT
#include "analyse/standing.h"

#include <math.h>
#include <stdlib.h>

#define EACH_SIDE (1 - (1 - SUMMARY_CONFIDENCE) / 2)

static const struct interval unknown = {NAN, NAN, NAN};

bool standing_ranks(const struct summary *summary, const struct summary_case *row)
{
	/* On a memfd a system call copies into memory that no driver flushes: a time for nothing. */
	return summary_ranks(summary->result) && summary_measured(row) && row->described->copies &&
	       !(row->described->family == FAMILY_KERNEL &&
		       !access_traits[summary->result->target.access].ranks_calls);
}

static bool reaches(const struct summary *summary, size_t c, size_t arm, enum guarantee level)
{
	const struct summary_case *row = summary_at(summary, c, arm);

	return standing_ranks(summary, row) &&
	       guarantee_meets(row->setting->operation, row->guarantee, level);
}

size_t standing_count(const struct summary *summary, size_t c, enum guarantee level)
{
	size_t n = 0;

	for (size_t a = 0; a < summary->result->n_arms; a++)
		n += reaches(summary, c, a, level);
	return n;
}

/*
 * Whole degrees, few of them, rounded down: the same few integrals serve all comparisons,
 * on the safe side.
 */
static double few_degrees(double degrees)
{
	static const double steps[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 100};
	size_t at = sizeof(steps) / sizeof(steps[0]) - 1;

	while (at > 0 && steps[at] > degrees)
		at--;
	return steps[at];
}

struct interval standing_joint(struct stat_estimate estimate, size_t n, double grain)
{
	double half = INFINITY;

	if (isfinite(estimate.error))
		half = stat_dunnett(n > 1 ? n - 1 : 1, few_degrees(estimate.degrees), EACH_SIDE) *
		       estimate.error;
	return stat_widen(
		(struct interval){estimate.mean, estimate.mean - half, estimate.mean + half},
		grain);
}

/* Log of speed of arm i over arm j, positions in the comparison. */
static struct standing_pair joint(const struct summary *summary,
	const struct result_comparison *comparison, size_t n, size_t i, size_t j, double *scratch)
{
	double grain = result_ratio_grain(summary->result, comparison, i, j);
	struct standing_pair pair;
	struct sure sure;

	/* Of an arm over itself all logs are 0, and so is the interval. */
	result_log_ratios(comparison, j, i, scratch);
	sure = sure_of(summary->sure, comparison, scratch);
	pair.run = standing_joint(sure.run, n, grain);
	pair.another = sure_elsewhere(&sure.another) ? standing_joint(sure.another.level, n, grain)
						     : unknown;
	return pair;
}

struct standing_pair standing_over(
	const struct summary *summary, size_t c, size_t n, size_t arm, size_t than)
{
	const struct result_comparison *comparison = &summary->result->comparisons[c];
	double *scratch = malloc((comparison->n_visits + 1) * sizeof(scratch[0]));
	struct standing_pair pair = {unknown, unknown};

	if (scratch != NULL)
		pair = joint(summary, comparison, n, result_position(comparison, arm),
			result_position(comparison, than), scratch);
	free(scratch);
	if (!summary->machine)
		pair.another = unknown;
	return pair;
}

/* The place in the group of the arm with the least time on average over the pairs. */
static size_t find_best(
	const struct result_comparison *comparison, const size_t *group, size_t n, double *scratch)
{
	double least = INFINITY;
	size_t best = 0;

	for (size_t x = 0; x < n; x++) {
		double sum = 0;

		for (size_t y = 0; y < n; y++) {
			result_log_ratios(comparison, group[x], group[y], scratch);
			sum += stat_mean(scratch, comparison->n_visits);
		}
		if (sum < least) {
			least = sum;
			best = x;
		}
	}
	return best;
}

static void rank_group(const struct summary *summary, const struct result_comparison *comparison,
	const size_t *group, size_t n, double *scratch, struct standing *standings)
{
	double least = summary_least_claim(comparison);
	size_t best = find_best(comparison, group, n, scratch), tied = 0;

	for (size_t x = 0; x < n; x++) {
		struct standing *standing = &standings[comparison->measured[group[x]]];
		struct standing_pair speed =
			joint(summary, comparison, n, group[x], group[best], scratch);

		standing->vs_best = stat_raised(speed.run);
		standing->vs_best_another = stat_raised(speed.another);
		standing->rank = x != best && speed.run.high < 0 && speed.run.estimate <= -least
					 ? RANK_SLOWER
					 : RANK_TIED;
		tied += standing->rank == RANK_TIED;
	}
	if (tied == 1)
		standings[comparison->measured[group[best]]].rank = RANK_FASTEST;
}

bool standing_find(
	const struct summary *summary, size_t c, enum guarantee level, struct standing *standings)
{
	const struct result *result = summary->result;
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t group[CASE_MOST_ARMS], n = 0;
	double *scratch;

	for (size_t a = 0; a < result->n_arms; a++)
		standings[a] = (struct standing){RANK_NONE, unknown, unknown};
	for (size_t i = 0; i < comparison->n_measured; i++)
		if (reaches(summary, c, comparison->measured[i], level))
			group[n++] = i;
	if (n == 1)
		standings[comparison->measured[group[0]]].rank = RANK_ALONE;
	if (n < 2 || comparison->n_visits < 2)
		return true;
	scratch = malloc(comparison->n_visits * sizeof(scratch[0]));
	if (scratch == NULL)
		return false;
	rank_group(summary, comparison, group, n, scratch, standings);
	free(scratch);
	return true;
}
