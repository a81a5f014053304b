// SPDX-License-Identifier: MIT
#include "base/words.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WORDS(variable, description, count, ...)                          \
	static const char *const variable##_names[count] = {__VA_ARGS__}; \
	const struct words variable##_words = {description, variable##_names, count, NULL}

WORDS(operation, "operation", OP_COUNT, "write", "write+consume", "read");
WORDS(guarantee, "guarantee", GUARANTEE_COUNT, "none", "fresh", "visible", "durable-data",
	"durable-file");
WORDS(state, "destination state", STATE_COUNT, "absent", "clean", "dirty", "dirty-elsewhere");
WORDS(source, "source", SOURCE_COUNT, "hot", "walk", "absent");
WORDS(page_state, "page state", PAGE_STATE_COUNT, "mapped", "unmapped", "write-protected",
	"unwritten", "populated", "shared");
WORDS(background, "background", BACKGROUND_COUNT, "none", "load", "store", "nt-store", "mix");
WORDS(workload, "workload", WORKLOAD_COUNT, "stream", "random", "values", "updates", "log", "ring");
WORDS(access, "access", ACCESS_COUNT, "shared memory", "page cache", "fsdax without MAP_SYNC",
	"fsdax with MAP_SYNC", "devdax");
WORDS(medium, "medium", MEDIUM_COUNT, "DRAM", "DRAM set aside by memmap=", "pmem", "CXL",
	"emulated machine");
WORDS(domain, "domain", DOMAIN_COUNT, "none", "unknown", "memory controller", "CPU cache",
	"fsync only");
WORDS(family, "family", FAMILY_COUNT, "baseline", "nocache", "flush", "alias", "libpmem", "kernel",
	"roof", "empty");

WORDS(alias, "alias", ALIAS_KINDS, "none", "congruent", "incongruent", "window");

static char section_texts[SECTIONS_MOST][SECTION_BYTES];
static const char *section_names[SECTIONS_MOST] = {section_texts[0]};

static bool learn_section(const char *name, unsigned *value, struct err *e)
{
	size_t length = strlen(name), n = section_words.n;

	if (length == 0 || length >= SECTION_BYTES ||
		name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return err_set(e, ERR_USAGE,
			"section '%.40s': a name has 1 to %d small letters, digits and dashes",
			name, SECTION_BYTES - 1);
	if (n == SECTIONS_MOST)
		return err_set(e, ERR_USAGE, "section '%s': more than %d of them", name,
			SECTIONS_MOST - 1);
	memcpy(section_texts[n], name, length + 1);
	section_names[n] = section_texts[n];
	section_words.n++;
	*value = (unsigned)n;
	return true;
}

struct words section_words = {"section", section_names, 1, learn_section};

const struct access_traits access_traits[ACCESS_COUNT] = {
	[ACCESS_SHARED_MEMORY] = {.calls = true, .unwritten = true, .splits = true},
	[ACCESS_PAGE_CACHE] = {.calls = true, .ranks_calls = true, .unwritten = true},
	[ACCESS_FSDAX] = {.calls = true, .ranks_calls = true, .dax = true, .unwritten = true},
	[ACCESS_FSDAX_SYNC] = {.calls = true, .ranks_calls = true, .dax = true, .unwritten = true},
	[ACCESS_DEVDAX] = {.ranks_calls = true},
};

bool guarantee_meets(enum operation operation, enum guarantee given, enum guarantee asked)
{
	if (operation == OP_READ && asked != GUARANTEE_NONE)
		return given != GUARANTEE_NONE;
	return given >= asked;
}

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
	if (words->learn != NULL)
		return words->learn(name, value, e);
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
