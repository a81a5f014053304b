// SPDX-License-Identifier: MIT
#include "analyse/contest.h"

#include <math.h>
#include <stdlib.h>

#include "analyse/summary.h"
#include "analyse/sure.h"

/* Positions of the copies that reach a level and were right. */
static size_t members_of(const struct result *result, const struct result_comparison *comparison,
	enum guarantee level, size_t *members)
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_measured; i++) {
		size_t arm = comparison->measured[i];

		if (result->arms[arm].copies && comparison->verdict[i] != VERDICT_FAILED &&
			guarantee_meets(
				comparison->setting.operation, comparison->guarantee[arm], level))
			members[n++] = i;
	}
	return n;
}

static double mean_time(const struct result_comparison *comparison, size_t i)
{
	double sum = 0;

	for (size_t v = 0; v < comparison->n_visits; v++)
		sum += comparison->visits[v].log_ns[i];
	return sum / (double)comparison->n_visits;
}

/*
 * Bonferroni's bound, a little above Dunnett's constant, which is an integral of a tenth of
 * a second: a look must not take the time that it is about.
 */
static double joint_confidence(size_t n)
{
	return 1 - (1 - SUMMARY_CONFIDENCE) / (double)(n > 2 ? n - 1 : 1);
}

/* Those of one level; logs holds n_visits numbers. */
static void widen_by_level(const struct result *result, const struct result_comparison *comparison,
	enum guarantee level, double *logs, double *widest, double *contested)
{
	size_t members[CASE_MOST_ARMS], n = members_of(result, comparison, level, members);
	size_t best = 0;

	for (size_t m = 1; m < n; m++)
		if (mean_time(comparison, members[m]) < mean_time(comparison, members[best]))
			best = m;
	for (size_t m = 0; m < n; m++) {
		struct interval over;
		double half;

		if (m == best)
			continue;
		over = sure_in_run(
			result, comparison, members[m], members[best], joint_confidence(n), logs);
		half = over.high - over.estimate;
		*widest = fmax(*widest, half);
		if (over.low <= 0 && over.high > SUMMARY_LEAST_CLAIM)
			*contested = fmax(*contested, half);
	}
}

double contest_width(const struct result *result, size_t c, double *contested)
{
	const struct result_comparison *comparison = &result->comparisons[c];
	bool given[GUARANTEE_COUNT] = {false};
	double widest = 0, *logs;

	*contested = 0;
	if (comparison->n_visits < 2)
		return *contested = INFINITY;
	logs = malloc(comparison->n_visits * sizeof(logs[0]));
	if (logs == NULL)
		return *contested = INFINITY;
	for (size_t i = 0; i < comparison->n_measured; i++)
		given[comparison->guarantee[comparison->measured[i]]] = true;
	for (unsigned level = 0; level < GUARANTEE_COUNT; level++)
		if (given[level])
			widen_by_level(result, comparison, (enum guarantee)level, logs, &widest,
				contested);
	free(logs);
	return widest;
}

bool contest_wants(const struct result *result, size_t c, double until)
{
	double contested, widest = contest_width(result, c, &contested);

	return until > 0 ? CONTEST_STOP * widest > until : contested > 0;
}
