// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST 64

static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], m = strlen(a), n = strlen(b);

	if (m > LONGEST || n > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			size_t best = row[j] + 1;

			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (change < best)
				best = change;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[n];
}

const char *text_nearest(const char *typed, const char *const *names, size_t n)
{
	const char *best = NULL;
	size_t best_distance = LONGEST;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(typed, names[i]);

		if (d < best_distance && 3 * d <= strlen(names[i]) + 2) {
			best = names[i];
			best_distance = d;
		}
	}
	return best;
}

bool text_each_item(const char *list, bool (*each)(const char *item, void *arg), void *arg)
{
	for (;;) {
		size_t len = strcspn(list, ",");
		char *item = strndup(list, len);
		bool ok = item != NULL && each(item, arg);

		free(item);
		if (!ok || list[len] == '\0')
			return ok;
		list += len + 1;
	}
}
