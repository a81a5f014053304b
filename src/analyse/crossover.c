// SPDX-License-Identifier: MIT
#include "analyse/crossover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/sure.h"

/* Where the line from (x0, y0) to (x1, y1), of unlike signs, is 0. */
static double zero(double x0, double y0, double x1, double y1)
{
	return y0 == y1 ? x0 : x0 + (x1 - x0) * y0 / (y0 - y1);
}

/* First and last place between points i and j where a line through one of their bounds is 0. */
static void zeros(const struct crossover_point *points, size_t i, size_t j,
	double (*bound)(const struct interval *), double *first, double *last)
{
	for (size_t k = i; k < j; k++) {
		double y0 = bound(&points[k].log_ratio), y1 = bound(&points[k + 1].log_ratio), x;

		if ((y0 < 0) == (y1 < 0))
			continue;
		x = zero(points[k].x, y0, points[k + 1].x, y1);
		*first = fmin(*first, x);
		*last = fmax(*last, x);
	}
}

static double low_of(const struct interval *y)
{
	return y->low;
}

static double high_of(const struct interval *y)
{
	return y->high;
}

static double estimate_of(const struct interval *y)
{
	return y->estimate;
}

/* Each is faster for sure at one of points i < j, and neither between them. */
static struct crossover between(const struct crossover_point *points, size_t i, size_t j)
{
	struct crossover at = {{0, INFINITY, -INFINITY}, points[i].log_ratio.estimate < 0};
	double first = INFINITY, last = -INFINITY;

	zeros(points, i, j, estimate_of, &first, &last);
	at.x.estimate = (first + last) / 2;
	zeros(points, i, j, low_of, &at.x.low, &at.x.high);
	zeros(points, i, j, high_of, &at.x.low, &at.x.high);
	return at;
}

size_t crossover_find(const struct crossover_point *points, size_t n, double least,
	struct crossover *found, size_t room)
{
	size_t n_found = 0, last = n;
	int before = 0;

	for (size_t i = 0; i < n; i++) {
		int now = summary_sign(&points[i].log_ratio, least);

		if (now == 0)
			continue;
		if (last < n && now != before && n_found < room)
			found[n_found++] = between(points, last, i);
		last = i;
		before = now;
	}
	return n_found;
}

/* Along one axis, for one guarantee. */
struct finder {
	const struct summary *summary;
	enum crossover_axis axis;
	const size_t *members;
	size_t n;
	struct crossover_point *points; /* [n] */
	double *scratch;		/* as many as the most visits */
};

static const struct summary_case *case_of(const struct finder *finder, size_t member, size_t arm)
{
	return summary_at(finder->summary, finder->members[member], arm);
}

/* It was measured, and is of this guarantee, at every place. */
static bool throughout(const struct finder *finder, size_t arm, enum guarantee guarantee)
{
	for (size_t m = 0; m < finder->n; m++) {
		const struct summary_case *row = case_of(finder, m, arm);

		if (row->rank == RANK_NONE || row->rank == RANK_ALONE ||
			row->guarantee != guarantee)
			return false;
	}
	return true;
}

/* Mean log speed over the fastest. */
static double merit(const struct finder *finder, size_t arm)
{
	double sum = 0;

	for (size_t m = 0; m < finder->n; m++)
		sum += log(case_of(finder, m, arm)->vs_best.estimate);
	return sum;
}

/* The fastest somewhere, or the fastest of its family on average. */
static size_t choose(const struct finder *finder, enum guarantee guarantee, size_t *arms)
{
	const struct result *result = finder->summary->result;
	size_t best[FAMILY_COUNT], n = 0;
	bool take[CASE_MOST_ARMS] = {false};

	for (size_t f = 0; f < FAMILY_COUNT; f++)
		best[f] = result->n_arms;
	for (size_t a = 0; a < result->n_arms; a++) {
		size_t *of_family = &best[result->arms[a].family];

		if (!throughout(finder, a, guarantee))
			continue;
		for (size_t m = 0; m < finder->n; m++)
			take[a] |= case_of(finder, m, a)->rank == RANK_FASTEST;
		if (*of_family == result->n_arms || merit(finder, a) > merit(finder, *of_family))
			*of_family = a;
	}
	for (size_t f = 0; f < FAMILY_COUNT; f++)
		if (best[f] < result->n_arms)
			take[best[f]] = true;
	for (size_t a = 0; a < result->n_arms; a++)
		if (take[a])
			arms[n++] = a;
	return n;
}

static double place(const struct setting *setting, enum crossover_axis axis)
{
	return axis == CROSSOVER_SIZE ? log2((double)setting->size) : setting->background_percent;
}

/* Paired over visits, as all ratios are. */
static void fill_points(struct finder *finder, size_t a, size_t b)
{
	const struct result *result = finder->summary->result;

	for (size_t m = 0; m < finder->n; m++) {
		const struct result_comparison *comparison =
			&result->comparisons[finder->members[m]];
		size_t i = result_position(comparison, a), j = result_position(comparison, b);

		finder->points[m].x = place(&comparison->setting, finder->axis);
		finder->points[m].log_ratio =
			sure_in_run(result, comparison, i, j, SUMMARY_CONFIDENCE, finder->scratch);
	}
}

static size_t find_level(
	struct finder *finder, enum guarantee guarantee, struct crossing *found, size_t room)
{
	size_t arms[CASE_MOST_ARMS], n_arms = choose(finder, guarantee, arms), n = 0;

	for (size_t a = 0; a < n_arms; a++) {
		for (size_t b = a + 1; b < n_arms; b++) {
			struct crossover at[8];
			size_t crossed;

			fill_points(finder, arms[a], arms[b]);
			crossed = crossover_find(
				finder->points, finder->n, SUMMARY_LEAST_CLAIM, at, 8);
			for (size_t k = 0; k < crossed && n < room; k++)
				found[n++] = (struct crossing){arms[at[k].first_before ? a : b],
					arms[at[k].first_before ? b : a], guarantee, at[k]};
		}
	}
	return n;
}

size_t crossings_find(const struct summary *summary, enum crossover_axis axis,
	const size_t *members, size_t n, struct crossing *found, size_t room)
{
	struct finder finder = {summary, axis, members, n, NULL, NULL};
	size_t most = 1, n_found = 0;

	for (size_t m = 0; m < n; m++)
		if (summary->result->comparisons[members[m]].n_visits > most)
			most = summary->result->comparisons[members[m]].n_visits;
	finder.points = malloc((n + 1) * sizeof(finder.points[0]));
	finder.scratch = malloc(most * sizeof(finder.scratch[0]));
	if (finder.points != NULL && finder.scratch != NULL && n > 1) {
		for (unsigned level = GUARANTEE_COUNT; level-- > 0;)
			n_found += find_level(
				&finder, (enum guarantee)level, found + n_found, room - n_found);
	}
	free(finder.points);
	free(finder.scratch);
	return n_found;
}
