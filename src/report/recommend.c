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
		if (count[level] > 0 && count[level] >= count[most])
			most = level;
	return (enum guarantee)most;
}

/* The slowest that is of the same guarantee but another family: what one gains by choosing. */
static const struct summary_case *other_family(
	const struct summary *summary, size_t comparison, const struct summary_case *best)
{
	const struct summary_case *other = NULL;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, comparison, a);

		if (row->rank == RANK_SLOWER && row->guarantee == best->guarantee &&
			row->described->family != best->described->family &&
			row->described->family != FAMILY_LIBPMEM &&
			(other == NULL || row->vs_best.estimate > other->vs_best.estimate))
			other = row;
	}
	return other;
}

/* "a, b at 4 KiB, 64 KiB": those tied with the winner, by size. */
static void write_ties(FILE *out, const struct summary *summary, struct view range,
	const struct summary_case *winner)
{
	for (size_t a = 0; a < summary->result->n_arms; a++) {
		bool any = false;

		for (size_t c = range.first; c < range.end; c++) {
			const struct summary_case *row = summary_at(summary, c, a);
			char size[UNITS_TEXT_BYTES];

			if (row->arm == winner->arm || row->rank != RANK_TIED ||
				row->guarantee != winner->guarantee)
				continue;
			if (!any)
				fprintf(out, "; %s cannot be told from it at ",
					row->described->name);
			fprintf(out, "%s%s", any ? ", " : "",
				units_bytes(row->setting->size, size));
			any = true;
		}
	}
}

static void write_gain(
	FILE *out, const struct summary *summary, struct view range, enum guarantee guarantee)
{
	double low = INFINITY, high = 0;
	const char *name = NULL;

	for (size_t c = range.first; c < range.end; c++) {
		const struct summary_case *best = summary_best(summary, c, guarantee);
		const struct summary_case *other = best ? other_family(summary, c, best) : NULL;

		if (other == NULL)
			continue;
		if (name == NULL)
			name = other->described->name;
		else if (strcmp(name, other->described->name) != 0)
			name = "the best of another family";
		low = fmin(low, 1 / other->vs_best.estimate);
		high = fmax(high, 1 / other->vs_best.estimate);
	}
	if (name == NULL)
		return;
	if (high - low < 0.005)
		fprintf(out, ", %.2f times as fast as %s", high, name);
	else
		fprintf(out, ", %.2f to %.2f times as fast as %s", low, high, name);
}

static void say_range(const struct summary *summary, struct view range,
	const struct summary_case *winner, void (*line)(void *, const char *), void *arg)
{
	const struct result *result = summary->result;
	char first[UNITS_TEXT_BYTES], last[UNITS_TEXT_BYTES], *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return;
	units_bytes(result->comparisons[range.first].setting.size, first);
	units_bytes(result->comparisons[range.end - 1].setting.size, last);
	if (range.end - range.first == 1)
		fprintf(out, "at %s: %s", first, winner->described->name);
	else
		fprintf(out, "from %s to %s: %s", first, last, winner->described->name);
	write_gain(out, summary, range, winner->guarantee);
	write_ties(out, summary, range, winner);
	fclose(out);
	line(arg, text);
	free(text);
}

void recommend(const struct summary *summary, struct view view, enum guarantee guarantee,
	void (*line)(void *arg, const char *text), void *arg)
{
	struct view range = {view.first, view.first};
	const struct summary_case *winner = NULL;
	bool said = false;

	for (size_t c = view.first; c <= view.end; c++) {
		const struct summary_case *best =
			c < view.end ? summary_best(summary, c, guarantee) : NULL;

		if (best != NULL && best->rank == RANK_NONE)
			best = NULL; /* too few visits to say anything */
		if (winner != NULL && (best == NULL || best->arm != winner->arm)) {
			range.end = c;
			say_range(summary, range, winner, line, arg);
			winner = NULL;
		}
		if (winner == NULL && best != NULL) {
			said = true;
			winner = best;
			range.first = c;
		}
	}
	if (!said)
		line(arg, "nothing can be said here: no strategy gives it, or there are too few "
			  "visits");
}
