// SPDX-License-Identifier: MIT
#include "case/setting.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "case/axis.h"
#include "case/workload.h"

#define MOST_FIELDS (AXIS_COUNT * AXIS_FIELDS)

/* All fields, the most telling first: the order of people, found once. */
static const struct axis_field *const *by_telling(void)
{
	static const struct axis_field *order[MOST_FIELDS + 1];
	static bool made;
	const struct axis_field *field;

	if (made)
		return order;
	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;)
		order[field->telling] = field;
	made = true;
	return order;
}

int setting_compare(const struct setting *a, const struct setting *b)
{
	for (const struct axis_field *const *field = by_telling(); *field != NULL; field++) {
		long long left = axis_get(*field, a), right = axis_get(*field, b);

		if (left != right)
			return left < right ? -1 : 1;
	}
	return 0;
}

bool setting_same_curve(const struct setting *a, const struct setting *b)
{
	struct setting same_size = *b;

	same_size.size = a->size;
	return setting_compare(a, &same_size) == 0;
}

enum setting_axis setting_axis_named(const char *name)
{
	unsigned axis = 0;

	while (axis < AXIS_COUNT && strcmp(axes[axis].name, name) != 0)
		axis++;
	return (enum setting_axis)axis;
}

void setting_take(struct setting *to, const struct setting *from, enum setting_axis axis)
{
	const struct axis_field *fields = axes[axis].fields;

	for (size_t f = 0; f < AXIS_FIELDS && fields[f].key != NULL; f++)
		axis_put(&fields[f], to, axis_get(&fields[f], from));
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

bool setting_makes_sense(const struct setting *setting)
{
	/* The kernel drops lines where it takes pages away or copies them. */
	bool drops = setting->pages == PAGES_WRITE_PROTECTED || setting->pages == PAGES_UNWRITTEN ||
		     setting->pages == PAGES_SHARED;
	bool stores_only = drops || setting->pages == PAGES_POPULATED;

	if (!workload_makes_sense(setting))
		return false;
	if (setting->operation == OP_READ && setting->pages != PAGES_MAPPED)
		return !stores_only && setting->source != SOURCE_HOT;
	return !drops || setting->state == STATE_ABSENT;
}

bool setting_caches(const struct setting *setting)
{
	return setting->state != STATE_ABSENT || setting->operation == OP_WRITE_CONSUME;
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

static const struct axis_field *field_of(const char *key, size_t length)
{
	const struct axis_field *field;

	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;)
		if (strlen(field->key) == length && strncmp(field->key, key, length) == 0)
			break;
	return field;
}

static void append_value(
	struct text *out, const struct axis_field *field, const struct setting *setting)
{
	long long value = axis_get(field, setting);

	if (field->words != NULL)
		append(out, "%s", field->words->names[value]);
	else
		append(out, "%lld", value);
}

/* A field's words with the values that they name. */
static void append_filled(struct text *out, const char *words, const struct axis_field *field,
	const struct setting *setting)
{
	for (const char *open; (open = strchr(words, '{')) != NULL;) {
		size_t length = strcspn(open, "}") - 1;

		append(out, "%.*s", (int)(open - words), words);
		append_value(out, length > 0 ? field_of(open + 1, length) : field, setting);
		words = open + length + 2;
	}
	append(out, "%s", words);
}

static bool is_usual(const struct axis_field *field, const struct setting *setting)
{
	return axis_get(field, setting) == field->usual;
}

void setting_title(const struct setting *setting, char text[SETTING_TITLE_BYTES])
{
	setting_title_but(setting, AXIS_COUNT, text);
}

void setting_title_but(
	const struct setting *setting, enum setting_axis but, char text[SETTING_TITLE_BYTES])
{
	struct text out = {text, SETTING_TITLE_BYTES};
	const struct axis_field *field;

	text[0] = '\0';
	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;) {
		if (axis == (unsigned)but || field->title == NULL ||
			(!field->titled && is_usual(field, setting) &&
				(field->also == NULL ||
					is_usual(field_of(field->also, strlen(field->also)),
						setting))))
			continue;
		append(&out, "%s", out.at > text ? ", " : "");
		append_filled(&out, field->title, field, setting);
	}
}

void case_name(const struct setting *setting, const char *strategy, enum guarantee guarantee,
	char name[CASE_NAME_BYTES])
{
	struct text out = {name, CASE_NAME_BYTES};
	const struct axis_field *field;

	append(&out, "%s/%s/%s/%llu/%s", operation_words.names[setting->operation],
		guarantee_words.names[guarantee], strategy, (unsigned long long)setting->size,
		state_words.names[setting->state]);
	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;)
		if (field->part != NULL && !is_usual(field, setting))
			append_filled(&out, field->part, field, setting);
}
