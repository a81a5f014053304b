// SPDX-License-Identifier: MIT
/* What a summary says of the run as a whole. */
#include "analyse/summary_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stat/strata.h"
#include "stat/witness.h"

/* The upper median; NAN of nothing. Sorts x. */
static double median(double *x, size_t n)
{
	if (n == 0)
		return NAN;
	stat_sort(x, n);
	return x[n / 2];
}

void summary_note_visits(struct summary *summary)
{
	const struct result *result = summary->result;

	summary->least_visits = SIZE_MAX;
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		if (comparison->why[0] != '\0')
			continue;
		if (comparison->n_visits < summary->least_visits)
			summary->least_visits = comparison->n_visits;
		if (comparison->n_visits > summary->most_visits)
			summary->most_visits = comparison->n_visits;
		summary->carry_over = fmax(summary->carry_over, summary_carry_over(comparison));
	}
	if (summary->least_visits == SIZE_MAX)
		summary->least_visits = 0;
}

/* What the loop costs, and how far the times of one case are apart. */
bool summary_note_cases(struct summary *summary)
{
	double *empty = malloc((summary->n_cases + 1) * sizeof(empty[0]));
	double *spread = malloc((summary->n_cases + 1) * sizeof(spread[0]));
	size_t n_empty = 0, n_spread = 0;
	bool ok = empty != NULL && spread != NULL;

	summary->spread_most = NAN;
	for (size_t i = 0; ok && i < summary->n_cases; i++) {
		const struct summary_case *row = &summary->cases[i];

		if (!summary_measured(row))
			continue;
		if (row->described->family == FAMILY_EMPTY) {
			empty[n_empty++] = row->ns.estimate;
		} else if (row->n_visits > 1) {
			spread[n_spread++] = row->visit_deviation;
			summary->spread_most = fmax(summary->spread_most, row->visit_deviation);
		}
	}
	if (ok) {
		summary->empty_ns = median(empty, n_empty);
		summary->spread_median = median(spread, n_spread);
	}
	free(empty);
	free(spread);
	return ok;
}

/* The mean over the arms of a visit's log times: what slows them all is weather. */
static double log_ns_of_all(const struct result *result, const struct result_comparison *comparison,
	const struct result_visit *visit)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_measured; i++) {
		if (result->arms[comparison->measured[i]].family == FAMILY_EMPTY)
			continue;
		sum += visit->log_ns[i];
		n++;
	}
	return n > 0 ? sum / (double)n : 0;
}

/* Is what all visits of the run saw slower than it? NAN: too few to tell, or out of memory. */
double summary_slow(const struct result *result)
{
	struct sighting *sightings;
	size_t all = 0, most = 1, n_seen = 0;
	double *room, slow = NAN, first_s = INFINITY, last_s = 0;

	for (size_t c = 0; c < result->n_comparisons; c++) {
		all += result->comparisons[c].n_visits;
		if (result->comparisons[c].n_visits > most)
			most = result->comparisons[c].n_visits;
	}
	sightings = malloc((all + 1) * sizeof(sightings[0]));
	room = malloc(2 * most * sizeof(room[0]));
	for (size_t c = 0; sightings != NULL && room != NULL && c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		/* Few visits know neither their level nor their noise. */
		if (comparison->n_visits < STRATA_ENOUGH)
			continue;
		for (size_t v = 0; v < comparison->n_visits; v++) {
			const struct result_visit *visit = &comparison->visits[v];

			room[v] = visit->at_s;
			room[most + v] = log_ns_of_all(result, comparison, visit);
			first_s = fmin(first_s, visit->at_s);
			last_s = fmax(last_s, visit->at_s + visit->wall_s);
		}
		n_seen += witness_add(room, room + most, comparison->n_visits, sightings + n_seen);
	}
	if (sightings != NULL && room != NULL)
		slow = witness_slow(sightings, n_seen, last_s - first_s);
	free(sightings);
	free(room);
	return slow;
}

/* Whether something is said of another run, somewhere. */
void summary_note_machine(struct summary *summary)
{
	for (size_t i = 0; i < summary->n_cases; i++) {
		const struct summary_case *row = &summary->cases[i];

		/* A strategy over itself is 1 anywhere, and tells nothing. */
		summary->machine |= row->vs_baseline_another.low < row->vs_baseline_another.high ||
				    row->vs_best_another.low < row->vs_best_another.high;
	}
}

_Static_assert(WEATHER_ENOUGH == 30, "summary_scope() says 30");

const char *summary_scope(const struct summary *summary)
{
	if (summary->machine)
		return "Intervals hold for this run; those for another run on this machine hold "
		       "where its weather is like that of this one, which one run cannot know: "
		       "several do.";
	if (summary->most_visits < WEATHER_ENOUGH)
		return "Intervals hold for this run alone: from fewer than 30 visits of a "
		       "comparison nothing is said of another run.";
	if (!(summary->slow > WEATHER_DOUBT_OF_ALL))
		return "Intervals hold for this run alone: of none of its ratios is known what "
		       "another run would show.";
	return "Intervals hold for this run alone: what wandered in it did so more slowly than it "
	       "lasted, so another run may show another mean; several runs tell.";
}
