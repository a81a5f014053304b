// SPDX-License-Identifier: MIT
#include "report/answer_figure.h"

#include <stdio.h>
#include <string.h>

#include "report/pairs.h"

/* Small, and of type that is read there. */
static const struct picture small = {125, 100, "DejaVu Sans", 8.5};

static struct view first_shown(const struct writer *writer)
{
	const struct result *result = writer->summary->result;

	for (size_t c = 0; c < result->n_comparisons; c++)
		if (choice_shows(writer->choice, &result->comparisons[c].setting) &&
			result->comparisons[c].n_visits > 0)
			return view_of(result, c);
	return (struct view){0, 0};
}

bool answer_figure(struct writer *writer, struct err *e)
{
	const struct result *result = writer->summary->result;
	struct view view = first_shown(writer);
	char names[PAIRS_CONTESTANTS * 50] = "";
	size_t arms[PAIRS_CONTESTANTS], used = 0, n;
	struct choice choice = *writer->choice;

	if (view.end == view.first)
		return true;
	n = pairs_contestants(writer->summary, view, writer->choice, arms);
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
			i > 0 ? "," : "", result->arms[arms[i]].name);
	if (n == 0)
		return true;
	choice.strategies = names;
	return figures_first(writer, view, &choice, &small, e);
}
