// SPDX-License-Identifier: MIT
#include "report/machines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The i-th of a list by commas; false where there is none, or an empty one. */
static bool item_of(const char *list, size_t i, char *item, size_t bytes)
{
	while (list != NULL && i-- > 0) {
		list = strchr(list, ',');
		list = list != NULL ? list + 1 : NULL;
	}
	if (list == NULL || strcspn(list, ",") == 0)
		return false;
	snprintf(item, bytes, "%.*s", (int)strcspn(list, ","), list);
	return true;
}

static bool is_taken(const struct machines *machines, size_t n, const char *label)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(machines->labels[i], label) == 0)
			return true;
	return false;
}

/* Two runs of one machine are told apart by their target, or by their number. */
static void name_one(struct machines *machines, size_t i, const char *labels)
{
	const struct result *result = machines->summaries[i].result;
	const char *mark = !summary_ranks(result)    ? " (EMULATED machine)"
			   : result->target.emulated ? " (EMULATED pmem)"
						     : "";
	char base[60], *label = machines->labels[i];

	if (!item_of(labels, i, base, sizeof(base)))
		snprintf(base, sizeof(base), "%.59s",
			result->label[0] != '\0' ? result->label : result->facts.host);
	snprintf(label, MACHINES_LABEL, "%s%s", base, mark);
	for (unsigned number = 2; is_taken(machines, i, label); number++)
		snprintf(label, MACHINES_LABEL, "%s #%u%s", base, number, mark);
}

static int by_setting(const void *a, const void *b)
{
	const struct machines_setting *x = a, *y = b;

	return setting_compare(x->setting, y->setting);
}

static struct machines_setting *find(const struct machines *machines, const struct setting *setting)
{
	struct machines_setting key = {.setting = setting};

	return bsearch(&key, machines->settings, machines->n_settings, sizeof(key), by_setting);
}

bool machines_make(struct machines *machines, const struct summary *summaries, size_t n,
	const char *labels, struct err *e)
{
	size_t all = 0, kept = 0;

	memset(machines, 0, sizeof(*machines));
	machines->summaries = summaries;
	machines->n = n;
	for (size_t i = 0; i < n; i++) {
		name_one(machines, i, labels);
		all += summaries[i].result->n_comparisons;
	}
	machines->settings = calloc(all + 1, sizeof(machines->settings[0]));
	if (machines->settings == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	all = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < summaries[i].result->n_comparisons; c++)
			machines->settings[all++].setting =
				&summaries[i].result->comparisons[c].setting;
	qsort(machines->settings, all, sizeof(machines->settings[0]), by_setting);
	for (size_t s = 0; s < all; s++)
		if (kept == 0 ||
			by_setting(&machines->settings[kept - 1], &machines->settings[s]) != 0)
			machines->settings[kept++] = machines->settings[s];
	machines->n_settings = kept;
	for (size_t s = 0; s < kept; s++)
		for (size_t i = 0; i < MACHINES_MOST; i++)
			machines->settings[s].at[i] = MACHINES_NONE;
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < summaries[i].result->n_comparisons; c++)
			find(machines, &summaries[i].result->comparisons[c].setting)->at[i] = c;
	return true;
}

void machines_free(struct machines *machines)
{
	free(machines->settings);
	machines->settings = NULL;
}

size_t machines_curve_end(const struct machines *machines, size_t first)
{
	size_t end = first;

	while (end < machines->n_settings && setting_same_curve(machines->settings[first].setting,
						     machines->settings[end].setting))
		end++;
	return end;
}

size_t machines_first(const struct machines *machines, size_t i, size_t first, size_t end)
{
	for (size_t s = first; s < end; s++)
		if (machines->settings[s].at[i] != MACHINES_NONE)
			return machines->settings[s].at[i];
	return MACHINES_NONE;
}
