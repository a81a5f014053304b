// SPDX-License-Identifier: MIT
#include "report/cuts.h"

#include <string.h>

static bool usable(const struct result_comparison *comparison)
{
	return comparison->why[0] == '\0' && comparison->n_visits > 0;
}

static bool in_cut(const struct cut *cuts, size_t n, size_t c)
{
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < cuts[i].n; m++)
			if (cuts[i].members[m] == c)
				return true;
	return false;
}

/*
 * All that go with comparison c, and with one another: none of a background goes
 * with every kind of it, but two kinds make two cuts.
 */
static void gather(const struct result *result, size_t c, struct cut *cut)
{
	const struct setting *first = &result->comparisons[c].setting, *last = first;

	cut->n = 0;
	for (size_t i = 0; i < result->n_comparisons && cut->n < CUT_MEMBERS; i++) {
		const struct setting *setting = &result->comparisons[i].setting;

		if (!usable(&result->comparisons[i]) ||
			!setting_same_but(first, setting, cut->axis) ||
			!setting_same_but(last, setting, cut->axis))
			continue;
		cut->members[cut->n++] = i;
		last = setting;
	}
}

/* Of a curve's sizes only some are cut, or a report has more plots than anybody looks at. */
static bool chosen(const struct result *result, size_t c)
{
	size_t first = c, last = c;

	while (first > 0 && setting_same_curve(&result->comparisons[first - 1].setting,
				    &result->comparisons[c].setting))
		first--;
	while (last + 1 < result->n_comparisons &&
		setting_same_curve(
			&result->comparisons[last + 1].setting, &result->comparisons[c].setting))
		last++;
	return last - first < CUT_SIZES || c == first || c == last || c == (first + last) / 2;
}

/* Most results differ along few axes: the others need no search. */
static bool varies(const struct result *result, enum setting_axis axis)
{
	for (size_t c = 1; c < result->n_comparisons; c++) {
		struct setting probe = result->comparisons[0].setting;

		setting_take(&probe, &result->comparisons[c].setting, axis);
		if (setting_compare(&probe, &result->comparisons[0].setting) != 0)
			return true;
	}
	return false;
}

size_t cuts_find(const struct result *result, enum setting_axis axis, struct cut *cuts, size_t room)
{
	size_t n = 0;

	/* Over sizes a curve is drawn, not a cut. */
	if (axis == AXIS_SIZE || !varies(result, axis))
		return 0;
	for (size_t c = 0; c < result->n_comparisons && n < room; c++) {
		if (!usable(&result->comparisons[c]) || !chosen(result, c) || in_cut(cuts, n, c))
			continue;
		cuts[n].axis = axis;
		gather(result, c, &cuts[n]);
		n += cuts[n].n > 1;
	}
	return n;
}
