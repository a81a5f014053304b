// SPDX-License-Identifier: MIT
#include "base/words.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WORDS(variable, description, count, ...)                          \
	static const char *const variable##_names[count] = {__VA_ARGS__}; \
	const struct words variable##_words = {description, variable##_names, count}

WORDS(operation, "operation", OP_COUNT, "write", "write+consume");
WORDS(guarantee, "guarantee", GUARANTEE_COUNT, "none", "visible", "durable-data", "durable-file");
WORDS(state, "destination state", STATE_COUNT, "absent", "clean", "dirty", "dirty-elsewhere");
WORDS(source, "source", SOURCE_COUNT, "hot", "walk", "absent");
WORDS(access, "access", ACCESS_COUNT, "shared memory", "page cache", "fsdax without MAP_SYNC",
	"fsdax with MAP_SYNC", "devdax");
WORDS(medium, "medium", MEDIUM_COUNT, "DRAM", "DRAM set aside by memmap=", "pmem", "CXL",
	"emulated machine");
WORDS(domain, "domain", DOMAIN_COUNT, "none", "unknown", "memory controller", "CPU cache",
	"fsync only");
WORDS(family, "family", FAMILY_COUNT, "baseline", "nocache", "flush", "alias", "libpmem", "kernel",
	"roof", "empty");

bool words_find(const struct words *words, const char *name, unsigned *value, struct err *e)
{
	const char *nearest;
	char all[200] = "";

	for (size_t i = 0; i < words->n; i++) {
		size_t used = strlen(all);

		if (strcmp(words->names[i], name) == 0) {
			*value = (unsigned)i;
			return true;
		}
		snprintf(all + used, sizeof(all) - used, "%s%s", i ? ", " : "", words->names[i]);
	}
	nearest = text_nearest(name, words->names, words->n);
	if (nearest != NULL)
		return err_set(e, ERR_USAGE, "unknown %s '%s': did you mean '%s'?", words->what,
			name, nearest);
	return err_set(e, ERR_USAGE, "unknown %s '%s': it is one of %s", words->what, name, all);
}

struct list_state {
	const struct words *words;
	unsigned mask;
	struct err *e;
};

static bool find_one(const char *item, void *arg)
{
	struct list_state *list = arg;
	unsigned value;

	if (!words_find(list->words, item, &value, list->e))
		return false;
	list->mask |= 1u << value;
	return true;
}

bool words_find_list(const struct words *words, const char *list, unsigned *mask, struct err *e)
{
	struct list_state state = {words, 0, e};

	if (!text_each_item(list, find_one, &state))
		return false;
	*mask = state.mask;
	return true;
}

void case_name(const struct setting *setting, const char *strategy, enum guarantee guarantee,
	char name[CASE_NAME_BYTES])
{
	char source[24] = "", dst[12] = "", src[12] = "";

	if (setting->source != SOURCE_HOT)
		snprintf(source, sizeof(source), "/source-%s", source_words.names[setting->source]);
	if (setting->dst_align != 0)
		snprintf(dst, sizeof(dst), "/dst+%u", setting->dst_align % 64);
	if (setting->src_align != 0)
		snprintf(src, sizeof(src), "/src+%u", setting->src_align % 64);
	snprintf(name, CASE_NAME_BYTES, "%s/%s/%s/%llu/%s%s%s%s",
		operation_words.names[setting->operation], guarantee_words.names[guarantee],
		strategy, (unsigned long long)setting->size, state_words.names[setting->state],
		source, dst, src);
}
