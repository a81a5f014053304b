// SPDX-License-Identifier: MIT
#include "case/setting.h"

#include <stdarg.h>
#include <stdio.h>

#define KEYS 12

/* All but the size, the most telling first. */
static void fill_keys(const struct setting *setting, long long keys[KEYS])
{
	const long long all[KEYS] = {setting->operation, setting->pages, setting->background,
		setting->state, setting->source, setting->dst_align, setting->src_align,
		setting->cpu_node, setting->mem_node, setting->target_node, setting->threads,
		setting->background_percent};

	for (size_t i = 0; i < KEYS; i++)
		keys[i] = all[i];
}

int setting_compare(const struct setting *a, const struct setting *b)
{
	long long left[KEYS], right[KEYS];

	fill_keys(a, left);
	fill_keys(b, right);
	for (size_t i = 0; i < KEYS; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return (a->size > b->size) - (a->size < b->size);
}

bool setting_same_curve(const struct setting *a, const struct setting *b)
{
	struct setting same_size = *b;

	same_size.size = a->size;
	return setting_compare(a, &same_size) == 0;
}

static const char *const axis_names[AXIS_COUNT] = {
	"operation", "state", "pages", "threads", "nodes", "background"};
const struct words axis_words = {"axis", axis_names, AXIS_COUNT};

void setting_take(struct setting *to, const struct setting *from, enum setting_axis axis)
{
	switch (axis) {
	case AXIS_OPERATION:
		to->operation = from->operation;
		break;
	case AXIS_STATE:
		to->state = from->state;
		break;
	case AXIS_PAGES:
		to->pages = from->pages;
		break;
	case AXIS_THREADS:
		to->threads = from->threads;
		break;
	case AXIS_NODES:
		to->cpu_node = from->cpu_node;
		to->mem_node = from->mem_node;
		to->target_node = from->target_node;
		break;
	case AXIS_BACKGROUND:
		to->background = from->background;
		to->background_percent = from->background_percent;
		break;
	case AXIS_COUNT:
		break;
	}
}

bool setting_same_but(const struct setting *a, const struct setting *b, enum setting_axis axis)
{
	struct setting other = *b;

	/* A read is another journey, not another way; no background is 0 % of any kind. */
	if ((axis == AXIS_OPERATION && (a->operation == OP_READ) != (b->operation == OP_READ)) ||
		(axis == AXIS_BACKGROUND && a->background != b->background &&
			a->background != BACKGROUND_NONE && b->background != BACKGROUND_NONE))
		return false;
	setting_take(&other, a, axis);
	return setting_compare(a, &other) == 0;
}

struct text {
	char *at;
	size_t left;
};

static __attribute__((format(printf, 2, 3))) void append(struct text *text, const char *format, ...)
{
	va_list args;
	int used;

	va_start(args, format);
	used = vsnprintf(text->at, text->left, format, args);
	va_end(args);
	if (used < 0 || (size_t)used >= text->left)
		used = text->left > 0 ? (int)text->left - 1 : 0;
	text->at += used;
	text->left -= (size_t)used;
}

void setting_title(const struct setting *setting, char text[SETTING_TITLE_BYTES])
{
	setting_title_but(setting, AXIS_COUNT, text);
}

void setting_title_but(
	const struct setting *setting, enum setting_axis axis, char text[SETTING_TITLE_BYTES])
{
	struct text out = {text, SETTING_TITLE_BYTES};

	text[0] = '\0';
	if (axis != AXIS_OPERATION)
		append(&out, "%s, ", operation_words.names[setting->operation]);
	if (axis != AXIS_STATE)
		append(&out, "destination lines %s, ", state_words.names[setting->state]);
	append(&out, "source %s", source_words.names[setting->source]);
	if (setting->dst_align != 0 || setting->src_align != 0)
		append(&out, ", destination %u and source %u bytes past a line", setting->dst_align,
			setting->src_align);
	if (setting->pages != PAGES_MAPPED)
		append(&out, ", pages %s", page_state_words.names[setting->pages]);
	if (setting->cpu_node >= 0)
		append(&out, ", CPU on node %d", setting->cpu_node);
	if (setting->mem_node >= 0)
		append(&out, ", DRAM on node %d", setting->mem_node);
	if (setting->target_node >= 0)
		append(&out, ", target on node %d", setting->target_node);
	if (setting->threads != 1)
		append(&out, ", %u threads", setting->threads);
	if (setting->background != BACKGROUND_NONE)
		append(&out, ", other CPUs %s %u %% of the time",
			background_words.names[setting->background], setting->background_percent);
}

void case_name(const struct setting *setting, const char *strategy, enum guarantee guarantee,
	char name[CASE_NAME_BYTES])
{
	struct text out = {name, CASE_NAME_BYTES};

	append(&out, "%s/%s/%s/%llu/%s", operation_words.names[setting->operation],
		guarantee_words.names[guarantee], strategy, (unsigned long long)setting->size,
		state_words.names[setting->state]);
	if (setting->source != SOURCE_HOT)
		append(&out, "/source-%s", source_words.names[setting->source]);
	if (setting->dst_align != 0)
		append(&out, "/dst+%u", setting->dst_align);
	if (setting->src_align != 0)
		append(&out, "/src+%u", setting->src_align);
	if (setting->pages != PAGES_MAPPED)
		append(&out, "/page-%s", page_state_words.names[setting->pages]);
	if (setting->threads != 1)
		append(&out, "/threads-%u", setting->threads);
	if (setting->cpu_node >= 0)
		append(&out, "/cpu-node-%d", setting->cpu_node);
	if (setting->mem_node >= 0)
		append(&out, "/mem-node-%d", setting->mem_node);
	if (setting->target_node >= 0)
		append(&out, "/target-node-%d", setting->target_node);
	if (setting->background != BACKGROUND_NONE)
		append(&out, "/beside-%s-%u", background_words.names[setting->background],
			setting->background_percent);
}
