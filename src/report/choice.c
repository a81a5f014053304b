// SPDX-License-Identifier: MIT
#include "report/choice.h"

#include <string.h>

#include "base/pattern.h"

bool choice_names(const struct choice *choice, const struct result_arm *arm)
{
	return choice->strategies != NULL && pattern_list_matches(choice->strategies, arm->name);
}

bool choice_shows_arm(const struct choice *choice, const struct result_arm *arm)
{
	return choice->strategies == NULL || choice_names(choice, arm);
}

static bool has_value(
	const struct axis_values *values, enum setting_axis axis, const struct setting *setting)
{
	for (size_t i = 0; i < values->n; i++) {
		struct setting probe = *setting;

		setting_take(&probe, &values->values[i], axis);
		if (setting_compare(&probe, setting) == 0)
			return true;
	}
	return false;
}

bool choice_shows(const struct choice *choice, const struct setting *setting)
{
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		if (choice->of[axis] != NULL &&
			!has_value(choice->of[axis], (enum setting_axis)axis, setting))
			return false;
	return true;
}

static bool any_arm(const char *item, const struct result *const *results, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t a = 0; a < results[i]->n_arms; a++)
			if (pattern_matches(item, results[i]->arms[a].name))
				return true;
	return false;
}

bool choice_shows_any(
	const struct choice *choice, const struct result *result, size_t first, size_t end)
{
	for (size_t c = first; c < end; c++)
		if (choice_shows(choice, &result->comparisons[c].setting))
			return true;
	return false;
}

static bool any_comparison(
	const struct choice *choice, const struct result *const *results, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (choice_shows_any(choice, results[i], 0, results[i]->n_comparisons))
			return true;
	return false;
}

/* Anything but all settings. */
static bool asks(const struct choice *choice)
{
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		if (choice->of[axis] != NULL)
			return true;
	return false;
}

bool choice_check(
	const struct choice *choice, const struct result *const *results, size_t n, struct err *e)
{
	const char *list = choice->strategies;
	char item[PATTERN_BYTES];

	while (pattern_next(&list, item)) {
		if (!pattern_check(item, e))
			return false;
		if (!any_arm(item, results, n))
			return err_set(e, ERR_USAGE,
				ERR_OF("strategies") ": no strategy '%s' in %s", item,
				n == 1 ? "this result" : "these results");
	}
	return !asks(choice) || any_comparison(choice, results, n) ||
	       err_set(e, ERR_USAGE, "nothing was measured of the sizes and operations asked for");
}
