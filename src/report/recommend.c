// SPDX-License-Identifier: MIT
#include "report/recommend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

struct view view_at(const struct result *result, size_t first)
{
	const struct setting *a = &result->comparisons[first].setting;
	struct view view = {first, first};

	while (view.end < result->n_comparisons &&
		setting_same_curve(a, &result->comparisons[view.end].setting))
		view.end++;
	return view;
}

enum guarantee recommend_guarantee(const struct result *result, enum operation operation)
{
	size_t count[GUARANTEE_COUNT] = {0};
	unsigned most = 0;

	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		if ((comparison->setting.operation == OP_READ) != (operation == OP_READ))
			continue;
		for (size_t i = 0; i < comparison->n_measured; i++)
			if (result->arms[comparison->measured[i]].copies)
				count[comparison->guarantee[comparison->measured[i]]]++;
	}
	for (unsigned level = 1; level < GUARANTEE_COUNT; level++)
		if (count[level] > 0 && (most == GUARANTEE_NONE || count[level] >= count[most]))
			most = level;
	return (enum guarantee)most;
}

/* Nothing of its guarantee is faster for sure. */
static bool unbeaten(const struct summary_case *row, enum guarantee guarantee)
{
	return row->guarantee == guarantee &&
	       (row->rank == RANK_FASTEST || row->rank == RANK_TIED || row->rank == RANK_ALONE);
}

/* Those unbeaten in a comparison, as bits. */
static uint64_t unbeaten_in(const struct summary *summary, size_t c, enum guarantee guarantee)
{
	uint64_t set = 0;

	for (size_t a = 0; a < summary->result->n_arms; a++)
		if (unbeaten(summary_at(summary, c, a), guarantee))
			set |= 1ull << a;
	return set;
}

/* Log of how far a case is behind the fastest; what is alone is it. */
static double behind(const struct summary_case *row)
{
	return isfinite(row->vs_best.estimate) ? -log(row->vs_best.estimate) : 0;
}

/* Of the unbeaten of a whole range the fastest on average. */
static size_t pick(const struct summary *summary, const struct recommendation *range, uint64_t set)
{
	double least = INFINITY;
	size_t best = 0;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		double sum = 0;

		if (!(set >> a & 1))
			continue;
		for (size_t c = range->first; c <= range->last; c++)
			sum += behind(summary_at(summary, c, a));
		if (sum < least) {
			least = sum;
			best = a;
		}
	}
	return best;
}

static void append(char text[RECOMMEND_TEXT], const char *more)
{
	static const char and_more[] = ", ..";
	size_t used = strlen(text);

	if (used + strlen(more) + 2 + sizeof(and_more) <= RECOMMEND_TEXT)
		snprintf(text + used, RECOMMEND_TEXT - used, "%s%s", used > 0 ? ", " : "", more);
	else if (used < 2 || text[used - 1] != '.')
		snprintf(text + used, RECOMMEND_TEXT - used, "%s", and_more);
}

/* libpmem's copies are of either kind: no other family to choose instead. */
static bool is_other_kind(const struct summary_case *row, const struct summary_case *than)
{
	return row->guarantee == than->guarantee && summary_measured(row) &&
	       row->rank != RANK_NONE && row->described->copies &&
	       row->described->family != than->described->family &&
	       row->described->family != FAMILY_LIBPMEM;
}

/* The fastest of another family in a comparison, told from it or not; NULL when there is none. */
static const struct summary_case *rival_of(
	const struct summary *summary, const struct summary_case *taken)
{
	const struct summary_case *best = NULL;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, taken->comparison, a);

		if (is_other_kind(row, taken) && (best == NULL || behind(row) < behind(best)))
			best = row;
	}
	return best;
}

struct gain {
	const struct summary_case *over;
	struct interval speed;
};

static void gain_text(const struct gain *gain, char *text, size_t bytes)
{
	snprintf(text, bytes, "%.2f [%.2f, %.2f] times %s", gain->speed.estimate, gain->speed.low,
		gain->speed.high, gain->over->described->name);
}

/* The least and the most over the range. */
static void find_gain(const struct summary *summary, struct recommendation *range, size_t arm)
{
	struct gain least = {0}, most = {0};
	char text[RECOMMEND_TEXT];

	for (size_t c = range->first; c <= range->last; c++) {
		const struct summary_case *taken = summary_at(summary, c, arm);
		struct gain gain = {.over = rival_of(summary, taken)};

		if (gain.over == NULL)
			continue;
		gain.speed = summary_speed_over(summary, taken, gain.over);
		if (least.over == NULL || gain.speed.estimate < least.speed.estimate)
			least = gain;
		if (most.over == NULL || gain.speed.estimate > most.speed.estimate)
			most = gain;
	}
	if (least.over == NULL)
		return;
	gain_text(&least, text, sizeof(text));
	append(range->gain, text);
	if (most.over->comparison == least.over->comparison)
		return;
	gain_text(&most, text, sizeof(text));
	snprintf(range->gain + strlen(range->gain), RECOMMEND_TEXT - strlen(range->gain),
		" to %.*s", RECOMMEND_TEXT / 2, text);
}

/* Why a comparison has no answer. */
static void say_why_not(const struct summary *summary, struct recommendation *range)
{
	const struct result_comparison *comparison = &summary->result->comparisons[range->first];

	if (comparison->why[0] != '\0')
		snprintf(range->gain, sizeof(range->gain), "not measured: %s", comparison->why);
	else if (comparison->n_visits == 0)
		snprintf(range->gain, sizeof(range->gain), "not reached: a larger --budget");
	else if (comparison->n_visits < 2)
		snprintf(range->gain, sizeof(range->gain),
			"too few visits (%zu) to say: a larger --budget", comparison->n_visits);
	else
		snprintf(range->gain, sizeof(range->gain), "no strategy gives it here");
}

static void recommend_level(const struct summary *summary, struct view view,
	enum guarantee guarantee,
	void (*each)(void *arg, const struct recommendation *recommendation), void *arg)
{
	for (size_t c = view.first; c < view.end;) {
		struct recommendation range = {.guarantee = guarantee, .first = c};
		uint64_t set = unbeaten_in(summary, c, guarantee);

		for (c++; c < view.end; c++) {
			uint64_t next = unbeaten_in(summary, c, guarantee);

			if ((set == 0) != (next == 0) || (set != 0 && (set & next) == 0))
				break;
			set &= next;
		}
		range.last = c - 1;
		if (set == 0) {
			say_why_not(summary, &range);
		} else {
			size_t arm = pick(summary, &range, set);

			range.take = summary->result->arms[arm].name;
			find_gain(summary, &range, arm);
			for (size_t a = 0; a < summary->result->n_arms; a++)
				if (a != arm && (set >> a & 1))
					append(range.alike, summary->result->arms[a].name);
		}
		each(arg, &range);
	}
}

/* The most strategies that are ranked together for a guarantee, at some size of the view. */
static size_t most_ranked(const struct summary *summary, struct view view, enum guarantee guarantee)
{
	size_t most = 0;

	for (size_t c = view.first; c < view.end; c++) {
		size_t n = 0;

		for (size_t a = 0; a < summary->result->n_arms; a++) {
			const struct summary_case *row = summary_at(summary, c, a);

			n += row->guarantee == guarantee && row->described->copies &&
			     summary_measured(row) && row->rank != RANK_NONE;
		}
		most = n > most ? n : most;
	}
	return most;
}

void recommend(const struct summary *summary, struct view view,
	void (*each)(void *arg, const struct recommendation *recommendation), void *arg)
{
	enum operation operation = summary->result->comparisons[view.first].setting.operation;
	enum guarantee main = recommend_guarantee(summary->result, operation);

	for (unsigned level = GUARANTEE_COUNT; level-- > 0;) {
		enum guarantee guarantee = (enum guarantee)level;
		size_t n = most_ranked(summary, view, guarantee);

		if (guarantee == main || (n > 1 && guarantee != GUARANTEE_NONE))
			recommend_level(summary, view, guarantee, each, arg);
	}
}

void recommend_sizes(const struct result *result, const struct recommendation *recommendation,
	char *text, size_t bytes)
{
	char first[UNITS_TEXT_BYTES], last[UNITS_TEXT_BYTES];

	units_bytes(result->comparisons[recommendation->first].setting.size, first);
	units_bytes(result->comparisons[recommendation->last].setting.size, last);
	if (recommendation->first == recommendation->last)
		snprintf(text, bytes, "%s", first);
	else
		snprintf(text, bytes, "%s to %s", first, last);
}
