// SPDX-License-Identifier: MIT
#include "report/recommend.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/standing.h"
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

struct view view_of(const struct result *result, size_t c)
{
	while (c > 0 && setting_same_curve(&result->comparisons[c - 1].setting,
				&result->comparisons[c].setting))
		c--;
	return view_at(result, c);
}

/* What is worked on: the standings of every comparison of a view, at one level. */
struct level {
	const struct summary *summary;
	struct view view;
	enum guarantee guarantee;
	struct standing *standings; /* [view.end - view.first][n_arms] */
};

static const struct standing *standing_at(const struct level *level, size_t c, size_t arm)
{
	return &level->standings[(c - level->view.first) * level->summary->result->n_arms + arm];
}

/* Nothing that reaches the level is faster for sure. */
static bool unbeaten(const struct standing *standing)
{
	return standing->rank == RANK_FASTEST || standing->rank == RANK_TIED ||
	       standing->rank == RANK_ALONE;
}

/* Those unbeaten in a comparison, as bits. */
static uint64_t unbeaten_in(const struct level *level, size_t c)
{
	uint64_t set = 0;

	for (size_t a = 0; a < level->summary->result->n_arms; a++)
		if (unbeaten(standing_at(level, c, a)))
			set |= 1ull << a;
	return set;
}

/* Log of how far an arm is behind the fastest; what is alone is it. */
static double behind(const struct standing *standing)
{
	return isfinite(standing->vs_best.estimate) ? -log(standing->vs_best.estimate) : 0;
}

/* 0 comes last: nothing was said of it. */
static unsigned plainness_of(const struct level *level, size_t arm)
{
	unsigned plainness = level->summary->result->arms[arm].plainness;

	return plainness > 0 ? plainness : UINT_MAX;
}

/* Within the least claim of the fastest at every size of the range. */
static bool as_fast(const struct level *level, const struct recommendation *range, size_t arm)
{
	for (size_t c = range->first; c <= range->last; c++)
		if (behind(standing_at(level, c, arm)) >
			summary_least_claim(&level->summary->result->comparisons[c]))
			return false;
	return true;
}

static double mean_behind(const struct level *level, const struct recommendation *range, size_t arm)
{
	double sum = 0;

	for (size_t c = range->first; c <= range->last; c++)
		sum += behind(standing_at(level, c, arm));
	return sum;
}

/*
 * Of the unbeaten of a whole range the plainest of those that are as fast as the fastest;
 * where none is so at every size, the fastest on average.
 */
static size_t pick(const struct level *level, const struct recommendation *range, uint64_t set)
{
	size_t n = level->summary->result->n_arms, best = n, fastest = n;

	for (size_t a = 0; a < n; a++) {
		if (!(set >> a & 1))
			continue;
		if (fastest == n ||
			mean_behind(level, range, a) < mean_behind(level, range, fastest))
			fastest = a;
		if (as_fast(level, range, a) &&
			(best == n || plainness_of(level, a) < plainness_of(level, best)))
			best = a;
	}
	return best < n ? best : fastest;
}

/* What stays right whatever is cached beforehand: the fastest flush; NULL where there is none. */
static const char *find_flush(const struct level *level, const struct recommendation *range)
{
	const struct result *result = level->summary->result;
	size_t best = result->n_arms;

	for (size_t a = 0; a < result->n_arms; a++) {
		bool everywhere = result->arms[a].family == FAMILY_FLUSH;

		for (size_t c = range->first; c <= range->last && everywhere; c++)
			everywhere = standing_at(level, c, a)->rank != RANK_NONE;
		if (everywhere &&
			(best == result->n_arms ||
				mean_behind(level, range, a) < mean_behind(level, range, best)))
			best = a;
	}
	return best < result->n_arms ? result->arms[best].name : NULL;
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
static bool is_rival(const struct level *level, size_t c, size_t taken, size_t arm)
{
	const struct result_arm *arms = level->summary->result->arms;

	return standing_at(level, c, arm)->rank != RANK_NONE &&
	       arms[arm].family != arms[taken].family && arms[arm].family != FAMILY_LIBPMEM;
}

/* What is not known of one is not known of all. */
static double lower(double a, double b)
{
	return isnan(a) || isnan(b) ? NAN : fmin(a, b);
}

static double higher(double a, double b)
{
	return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

/*
 * Log speed of what is taken over the best of another family in a comparison. The joint
 * bounds hold whichever was taken and whichever is that best: it is slower than none of
 * them by more than the lowest low end says, and its advantage over the true best is at
 * most the highest high end of those that may be it.
 */
static struct standing_pair over_rivals(
	const struct level *level, size_t c, size_t taken, size_t *best)
{
	const struct summary *summary = level->summary;
	size_t n = standing_count(summary, c, level->guarantee), n_arms = summary->result->n_arms;
	struct standing_pair against[CASE_MOST_ARMS];
	struct interval none = {INFINITY, INFINITY, -INFINITY};
	struct standing_pair over = {none, none};

	*best = n_arms;
	for (size_t a = 0; a < n_arms; a++) {
		if (!is_rival(level, c, taken, a))
			continue;
		against[a] = standing_over(summary, c, n, taken, a);
		over.run.low = fmin(over.run.low, against[a].run.low);
		over.another.low = lower(over.another.low, against[a].another.low);
		if (against[a].run.estimate < over.run.estimate) {
			over.run.estimate = against[a].run.estimate;
			*best = a;
		}
	}
	for (size_t a = 0; a < n_arms && *best < n_arms; a++) {
		struct standing_pair rival;

		if (!is_rival(level, c, taken, a))
			continue;
		rival = standing_over(summary, c, n, a, *best);
		if (a == *best || rival.run.high >= 0)
			over.run.high = fmax(over.run.high, against[a].run.high);
		if (a == *best || !(rival.another.high < 0))
			over.another.high = higher(over.another.high, against[a].another.high);
	}
	return over;
}

/*
 * The least and the most over the range. Every size's own interval may miss in 2.5 % to
 * either side; the lowest low end is above the true least gain only where that size's is,
 * so it needs no allowance for their number, and likewise the highest high end.
 */
static void find_gain(const struct level *level, struct recommendation *range)
{
	const struct result_arm *arms = level->summary->result->arms;
	char least[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES], interval[UNITS_SPEED_BYTES];

	for (size_t c = range->first; c <= range->last; c++) {
		size_t best;
		struct standing_pair over = over_rivals(level, c, range->arm, &best);
		double speed = exp(over.run.estimate);

		if (best == level->summary->result->n_arms)
			continue;
		if (range->over_least == NULL || speed < range->least) {
			range->least = speed;
			range->over_least = arms[best].name;
		}
		if (range->over_most == NULL || speed > range->most) {
			range->most = speed;
			range->over_most = arms[best].name;
		}
		range->low =
			range->low > 0 ? fmin(range->low, exp(over.run.low)) : exp(over.run.low);
		range->high = fmax(range->high, exp(over.run.high));
		range->another_low = lower(range->another_low, exp(over.another.low));
		range->another_high = higher(range->another_high, exp(over.another.high));
	}
	if (range->over_least == NULL)
		return;
	if (!isfinite(range->another_low) || !isfinite(range->another_high))
		snprintf(range->another, sizeof(range->another), "not known");
	else
		units_interval(range->another_low, range->another_high, range->another);
	units_interval(range->low, range->high, interval);
	units_ratio(range->least, least);
	if (range->first == range->last || range->least == range->most)
		snprintf(range->gain, sizeof(range->gain), "%s %s times %s", least, interval,
			range->over_least);
	else if (strcmp(range->over_least, range->over_most) == 0)
		snprintf(range->gain, sizeof(range->gain), "%s to %s %s times %s", least,
			units_ratio(range->most, most), interval, range->over_least);
	else
		snprintf(range->gain, sizeof(range->gain), "%s (%s) to %s (%s) times %s", least,
			range->over_least, units_ratio(range->most, most), range->over_most,
			interval);
}

/* Why a comparison has no answer. */
static void say_why_not(const struct summary *summary, struct recommendation *range)
{
	const struct result_comparison *comparison = &summary->result->comparisons[range->first];

	if (comparison->why[0] != '\0')
		snprintf(range->gain, sizeof(range->gain), "not measured: %s", comparison->why);
	else if (comparison->n_visits == 0)
		snprintf(range->gain, sizeof(range->gain), "not reached: a larger budget");
	else if (comparison->n_visits < 2)
		snprintf(range->gain, sizeof(range->gain),
			"too few visits (%zu) to say: a larger budget", comparison->n_visits);
	else
		snprintf(range->gain, sizeof(range->gain), "nothing that is ranked here gives it");
}

/* How many reach the level at the size where most do. */
static size_t most_that_reach(const struct level *level, const struct recommendation *range)
{
	size_t most = 0;

	for (size_t c = range->first; c <= range->last; c++) {
		size_t n = standing_count(level->summary, c, level->guarantee);

		most = n > most ? n : most;
	}
	return most;
}

static void recommend_level(const struct level *level,
	void (*each)(void *arg, const struct recommendation *recommendation), void *arg)
{
	const struct result *result = level->summary->result;

	for (size_t c = level->view.first; c < level->view.end;) {
		struct recommendation range = {
			.guarantee = level->guarantee, .first = c, .another_low = INFINITY};
		uint64_t set = unbeaten_in(level, c);

		for (c++; c < level->view.end; c++) {
			uint64_t next = unbeaten_in(level, c);

			if ((set == 0) != (next == 0) || (set != 0 && (set & next) == 0))
				break;
			set &= next;
		}
		range.last = c - 1;
		if (set == 0) {
			say_why_not(level->summary, &range);
		} else {
			range.arm = pick(level, &range, set);
			range.take = result->arms[range.arm].name;
			range.only = most_that_reach(level, &range) == 1;
			range.flush = find_flush(level, &range);
			find_gain(level, &range);
			if (range.only)
				snprintf(range.gain, sizeof(range.gain),
					"the only one measured that is %s",
					guarantee_words.names[range.guarantee]);
			for (size_t a = 0; a < result->n_arms; a++)
				if (a != range.arm && (set >> a & 1))
					append(range.alike, result->arms[a].name);
		}
		each(arg, &range);
	}
}

/* Some copy of the view that was measured gives just this. */
static bool is_given(const struct summary *summary, struct view view, enum guarantee level)
{
	for (size_t c = view.first; c < view.end; c++)
		for (size_t a = 0; a < summary->result->n_arms; a++) {
			const struct summary_case *row = summary_at(summary, c, a);

			if (row->guarantee == level && standing_ranks(summary, row))
				return true;
		}
	return false;
}

void recommend(const struct summary *summary, struct view view,
	void (*each)(void *arg, const struct recommendation *recommendation), void *arg)
{
	const struct result *result = summary->result;
	enum operation operation = result->comparisons[view.first].setting.operation;
	enum guarantee main = summary_level(result, operation);
	struct level level = {.summary = summary, .view = view};

	level.standings =
		calloc((view.end - view.first) * result->n_arms, sizeof(level.standings[0]));
	for (unsigned guarantee = GUARANTEE_COUNT; guarantee-- > 0 && level.standings != NULL;) {
		bool asked = result->asked != GUARANTEE_NONE;
		bool ok = true;

		level.guarantee = (enum guarantee)guarantee;
		/* What nothing reaches is said too, where it was asked for or all else is none. */
		if (level.guarantee != main && (asked || guarantee == GUARANTEE_NONE ||
						       !is_given(summary, view, level.guarantee)))
			continue;
		for (size_t c = view.first; c < view.end && ok; c++)
			ok = standing_find(summary, c, level.guarantee,
				&level.standings[(c - view.first) * result->n_arms]);
		if (ok)
			recommend_level(&level, each, arg);
	}
	free(level.standings);
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
