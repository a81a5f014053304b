// SPDX-License-Identifier: MIT
#include "analyse/explain.h"

#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "case/workload.h"
#include "stat/strata.h"

static const char *const names[EXPLAIN_WEATHERS] = {"quiet", "median", "busy"};
const struct words explain_words = {"weather", names, EXPLAIN_WEATHERS, NULL};

static const double quantiles[EXPLAIN_WEATHERS] = {0.1, 0.5, 0.9};

static const struct interval unknown = {NAN, NAN, NAN};

bool explain_fit(const double *reference, const double *log_speed, size_t n,
	struct explain_fit *fit, double *left)
{
	double *sorted = malloc(n * sizeof(sorted[0]));
	struct stat_estimate mean;

	if (sorted == NULL)
		return false;
	memcpy(sorted, reference, n * sizeof(sorted[0]));
	stat_sort(sorted, n);
	fit->line = stat_line(reference, log_speed, n);
	fit->share = stat_explained(reference, log_speed, n);
	stat_line_left(&fit->line, reference, log_speed, left);
	mean = stat_strata(left, n);
	for (size_t w = 0; w < EXPLAIN_WEATHERS; w++) {
		fit->readings[w] = gsl_stats_quantile_from_sorted_data(sorted, 1, n, quantiles[w]);
		fit->run[w] = stat_line_at(&fit->line, mean, fit->readings[w]);
	}
	free(sorted);
	return true;
}

/* A roof is measured to be a bound, and is no contestant. */
static bool is_reference(const struct result_arm *arm)
{
	return !arm->copies && arm->family != FAMILY_EMPTY;
}

static void read_times(const struct result_comparison *comparison, size_t i, double *log_ns)
{
	for (size_t v = 0; v < comparison->n_visits; v++)
		log_ns[v] = comparison->visits[v].log_ns[i];
}

/* The position of the roof that explains most; n_measured: there is none. */
static size_t choose_reference(const struct result *result,
	const struct result_comparison *comparison, const double *log_speed, double *times,
	double *share)
{
	size_t best = comparison->n_measured;

	*share = -INFINITY;
	for (size_t i = 0; i < comparison->n_measured; i++) {
		double explained;

		if (!is_reference(&result->arms[comparison->measured[i]]))
			continue;
		read_times(comparison, i, times);
		explained = stat_explained(times, log_speed, comparison->n_visits);
		if (explained > *share) {
			*share = explained;
			best = i;
		}
	}
	return best;
}

static struct interval speed_of(struct stat_estimate log_speed, double grain)
{
	return stat_raised(stat_widen(stat_interval(log_speed, SUMMARY_CONFIDENCE), grain));
}

/* All three arrays hold n_visits numbers. */
static bool fill(const struct summary *summary, struct explanation *out, double *log_speed,
	double *times, double *left)
{
	const struct result *result = summary->result;
	const struct result_comparison *comparison = &result->comparisons[out->comparison];
	size_t i = result_position(comparison, out->arm),
	       j = result_position(comparison, out->than);
	size_t n = comparison->n_visits, roof;
	double grain = result_ratio_grain(result, comparison, i, j);
	double bytes = workload_bytes(&comparison->setting);
	struct explain_fit fit;
	struct outlook another;

	result_log_ratios(comparison, j, i, log_speed);
	roof = choose_reference(result, comparison, log_speed, times, &out->share);
	if (roof == comparison->n_measured)
		return false;
	out->reference = comparison->measured[roof];
	out->used = out->share >= EXPLAIN_LEAST;
	out->plain = speed_of(stat_strata(log_speed, n), grain);
	read_times(comparison, roof, times);
	if (!explain_fit(times, log_speed, n, &fit, left))
		return false;
	another = sure_of(summary->sure, comparison, left).another;
	for (size_t w = 0; w < EXPLAIN_WEATHERS; w++) {
		out->at[w].roof_gbps = bytes / exp(fit.readings[w]);
		out->at[w].run = speed_of(fit.run[w], grain);
		/* What is left may change often enough where the ratio itself does not. */
		out->at[w].another =
			sure_elsewhere(&another)
				? speed_of(stat_line_at(&fit.line, another.level, fit.readings[w]),
					  grain)
				: unknown;
	}
	return true;
}

bool explain(const struct summary *summary, size_t comparison, size_t arm, size_t than,
	struct explanation *explanation)
{
	size_t n = summary->result->comparisons[comparison].n_visits;
	double *room;
	bool ok;

	memset(explanation, 0, sizeof(*explanation));
	if (n < STRATA_ENOUGH || arm == than)
		return false;
	room = malloc(3 * n * sizeof(room[0]));
	if (room == NULL)
		return false;
	explanation->comparison = comparison;
	explanation->arm = arm;
	explanation->than = than;
	ok = fill(summary, explanation, room, room + n, room + 2 * n);
	if (!ok)
		memset(explanation, 0, sizeof(*explanation));
	free(room);
	return ok;
}
