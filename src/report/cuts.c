// SPDX-License-Identifier: MIT
#include "report/cuts.h"

#include <string.h>

static bool usable(const struct result_comparison *comparison)
{
	return comparison->why[0] == '\0' && comparison->n_visits > 0;
}

/* An earlier comparison is of the same cut: it was begun there. */
static bool begun(const struct result *result, size_t c, enum setting_axis axis)
{
	for (size_t i = 0; i < c; i++)
		if (usable(&result->comparisons[i]) &&
			setting_same_but(&result->comparisons[i].setting,
				&result->comparisons[c].setting, axis))
			return true;
	return false;
}

static void gather(const struct result *result, size_t first, struct cut *cut)
{
	cut->n = 0;
	for (size_t i = first; i < result->n_comparisons && cut->n < CUT_MEMBERS; i++)
		if (usable(&result->comparisons[i]) &&
			setting_same_but(&result->comparisons[first].setting,
				&result->comparisons[i].setting, cut->axis))
			cut->members[cut->n++] = i;
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

	if (!varies(result, axis))
		return 0;
	for (size_t c = 0; c < result->n_comparisons && n < room; c++) {
		if (!usable(&result->comparisons[c]) || !chosen(result, c) ||
			begun(result, c, axis))
			continue;
		cuts[n].axis = axis;
		gather(result, c, &cuts[n]);
		n += cuts[n].n > 1;
	}
	return n;
}
