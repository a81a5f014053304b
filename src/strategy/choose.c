// SPDX-License-Identifier: MIT
#include "strategy/choose.h"

#include <stdio.h>
#include <string.h>

#include "base/pattern.h"
#include "base/words.h"

static const char prefix[] = "family:";

/* Whether an item that is more than a name means a strategy. */
static bool means(const char *item, unsigned family, const struct strategy *strategy)
{
	if (family < FAMILY_COUNT)
		return strategy->family == family;
	return strcmp(item, "all") == 0 || pattern_matches(item, strategy->name);
}

static bool each_meant(const char *item, unsigned family,
	bool (*each)(void *arg, const struct strategy *strategy, bool named), void *arg,
	struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < strategies_n; i++) {
		if (!means(item, family, strategies[i]))
			continue;
		n++;
		if (!each(arg, strategies[i], false))
			return false;
	}
	return n > 0 || family < FAMILY_COUNT ||
	       err_set(e, ERR_USAGE, "no strategy matches '%s'", item);
}

bool strategy_choose(const char *list,
	bool (*each)(void *arg, const struct strategy *strategy, bool named), void *arg,
	struct err *e)
{
	char item[PATTERN_BYTES];

	while (pattern_next(&list, item)) {
		unsigned family = FAMILY_COUNT;
		const struct strategy *strategy;

		if (!pattern_check(item, e))
			return false;
		if (strncmp(item, prefix, strlen(prefix)) == 0) {
			if (!words_find(&family_words, item + strlen(prefix), &family, e))
				return false;
		} else if (strcmp(item, "all") != 0 && !pattern_is(item)) {
			strategy = strategy_find(item, e);
			if (strategy == NULL || !each(arg, strategy, true))
				return false;
			continue;
		}
		if (!each_meant(item, family, each, arg, e))
			return false;
	}
	return true;
}
