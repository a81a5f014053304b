// SPDX-License-Identifier: MIT
#include "case/axis.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

#define MOST_THREADS 512
#define MOST_NODE (1 << 20)
#define MOST_ALIGN 255 /* lines of 256 bytes are the longest there are (s390x) */

/* A field's key, its place in a setting, and its rank. */
#define FIELD(its_key, member, rank)                                  \
	.key = (its_key), .offset = offsetof(struct setting, member), \
	.bytes = sizeof(((struct setting *)NULL)->member), .telling = (rank)
#define NUMBER(low, high, default_) .least = (low), .most = (high), .usual = (default_)

struct axis_reader {
	enum setting_axis axis;
	struct axis_values *values;
	struct err *e;
};

/* As far as one axis goes. */
static bool same(enum setting_axis axis, const struct setting *a, const struct setting *b)
{
	for (size_t f = 0; f < AXIS_FIELDS && axes[axis].fields[f].key != NULL; f++)
		if (axis_get(&axes[axis].fields[f], a) != axis_get(&axes[axis].fields[f], b))
			return false;
	return true;
}

/* Once is enough. */
static bool add(const struct axis_reader *reader, const struct setting *value)
{
	struct axis_values *values = reader->values;

	for (size_t i = 0; i < values->n; i++)
		if (same(reader->axis, &values->values[i], value))
			return true;
	if (values->n == AXIS_MOST_VALUES)
		return err_set(reader->e, ERR_USAGE, ERR_OF("%s") ": more than %d",
			axes[reader->axis].what, AXIS_MOST_VALUES);
	values->values[values->n++] = *value;
	return true;
}

/* "50" or "0..100+10", after the @. */
static bool parse_percents(const char *text, uint64_t *first, uint64_t *last, uint64_t *step)
{
	char head[24], *dots, *plus;
	struct err why;

	snprintf(head, sizeof(head), "%s", text);
	*step = 1;
	dots = strstr(head, "..");
	if (dots == NULL || strlen(text) >= sizeof(head)) {
		if (!units_parse_u64(text, first, &why) || *first < 1)
			return false;
		*last = *first;
		return *last <= 100;
	}
	*dots = '\0';
	plus = strchr(dots + 2, '+');
	if (plus == NULL)
		return false;
	*plus = '\0';
	return units_parse_u64(head, first, &why) && units_parse_u64(dots + 2, last, &why) &&
	       units_parse_u64(plus + 1, step, &why) && *first <= *last && *last <= 100 &&
	       *step >= 1 && *step <= 100;
}

/* "load@50", "store", which is all of the time, or "store@0..100+10", of which 0 is none. */
static bool parse_background(const struct axis_reader *reader, const char *item)
{
	const struct axis *axis = &axes[reader->axis];
	size_t word = strcspn(item, "@");
	uint64_t first = 100, last = 100, step = 1;
	char name[32];
	unsigned background;

	snprintf(name, sizeof(name), "%.*s", (int)(word < 31 ? word : 31), item);
	if (!words_find(&background_words, name, &background, reader->e))
		return false;
	if (item[word] == '@' && !parse_percents(item + word + 1, &first, &last, &step))
		return err_set(reader->e, ERR_USAGE,
			ERR_OF("%s") ": '%s': the part after @ is percent of the time, 1..100, or "
				     "a "
				     "range of them as 0..100+10",
			axis->what, item);
	for (uint64_t percent = first; percent <= last; percent += step) {
		struct setting value = {SETTING_DEFAULTS};

		value.background = percent > 0 ? (enum background)background : BACKGROUND_NONE;
		value.background_percent =
			value.background == BACKGROUND_NONE ? 0 : (unsigned)percent;
		if (!add(reader, &value))
			return false;
	}
	return true;
}

const struct axis axes[AXIS_COUNT] = {
	[AXIS_OPERATION] = {.name = "operation",
		.what = "operation",
		.fields = {{FIELD("operation", operation, 2), .words = &operation_words,
			.title = "{}", .titled = true}},
		.nest = 0,
		.usual = "write,write+consume"},
	[AXIS_SIZE] = {.name = "size",
		.what = "size",
		.fields = {{FIELD("size_bytes", size, 14), NUMBER(1, CASE_MOST_BYTES, 0)}},
		.counts_bytes = true,
		.nest = 1,
		.usual = "64..64M*4"},
	[AXIS_STATE] = {.name = "state",
		.what = "destination state",
		.fields = {{FIELD("state", state, 5), .words = &state_words,
			.title = "destination lines {}", .titled = true}},
		.nest = 3,
		.usual = "absent"},
	[AXIS_SOURCE] = {.name = "source",
		.what = "source",
		.fields = {{FIELD("source", source, 6), .words = &source_words,
			.part = "/source-{}", .title = "source {}", .titled = true}},
		.nest = 4,
		.usual = "hot"},
	[AXIS_DST_ALIGN] = {.name = "dst-align",
		.what = "destination alignment",
		.fields = {{FIELD("dst_align_bytes", dst_align, 7), NUMBER(0, MOST_ALIGN, 0),
			.part = "/dst+{}",
			.title = "destination {} and source {src_align_bytes} bytes past a line",
			.also = "src_align_bytes"}},
		.nest = 8,
		.usual = "0"},
	[AXIS_SRC_ALIGN] = {.name = "src-align",
		.what = "source alignment",
		.fields = {{FIELD("src_align_bytes", src_align, 8), NUMBER(0, MOST_ALIGN, 0),
			.part = "/src+{}"}},
		.nest = 9,
		.usual = "0"},
	[AXIS_PAGES] = {.name = "pages",
		.what = "page state",
		.fields = {{FIELD("pages", pages, 3), .words = &page_state_words,
			.part = "/page-{}", .title = "pages {}"}},
		.nest = 2,
		.usual = "mapped"},
	[AXIS_THREADS] = {.name = "threads",
		.what = "threads",
		.fields = {{FIELD("threads", threads, 12), NUMBER(1, MOST_THREADS, 1),
			.part = "/threads-{}", .title = "{} threads"}},
		.nest = 7,
		.usual = "1"},
	[AXIS_NODES] = {.name = "nodes",
		.what = "nodes",
		.fields = {{FIELD("cpu_node", cpu_node, 9), NUMBER(-1, MOST_NODE, -1),
				   .part = "/cpu-node-{}", .title = "CPU on node {}"},
			{FIELD("mem_node", mem_node, 10), NUMBER(-1, MOST_NODE, -1),
				.part = "/mem-node-{}", .title = "DRAM on node {}"},
			{FIELD("target_node", target_node, 11), NUMBER(-1, MOST_NODE, -1),
				.part = "/target-node-{}", .title = "target on node {}"}},
		.nest = 5,
		.usual = NULL},
	[AXIS_BACKGROUND] = {.name = "background",
		.what = "background",
		.fields = {{FIELD("background", background, 4), .words = &background_words,
				   .part = "/beside-{}-{background_percent}",
				   .title = "other CPUs {} {background_percent} % of the time"},
			{FIELD("background_percent", background_percent, 13), NUMBER(0, 100, 0)}},
		.nest = 6,
		.usual = "none",
		.parse_item = parse_background},
	[AXIS_WORKLOAD] = {.name = "workload",
		.what = "workload",
		.fields = {{FIELD("workload", workload, 1), .words = &workload_words,
			.part = "/workload-{}", .title = "workload {}", .added = true}},
		.nest = 10,
		.usual = "stream"},
	/* A section has its settings; nothing else is crossed with it. */
	[AXIS_SECTION] = {.name = "section",
		.what = "section",
		.fields = {{FIELD("section", section, 0), .words = &section_words,
			.part = "/section-{}", .title = "section {}", .added = true}},
		.nest = 11,
		.usual = NULL},
};

/* As the fields are: unsigned, an enumeration, or int, where -1 is not chosen. */
long long axis_get(const struct axis_field *field, const struct setting *setting)
{
	const char *at = (const char *)setting + field->offset;
	uint64_t large;
	int small;

	if (field->bytes == sizeof(large)) {
		memcpy(&large, at, sizeof(large));
		return (long long)large;
	}
	memcpy(&small, at, sizeof(small));
	return small;
}

void axis_put(const struct axis_field *field, struct setting *setting, long long value)
{
	char *at = (char *)setting + field->offset;
	uint64_t large = (uint64_t)value;
	int small = (int)value;

	if (field->bytes == sizeof(large))
		memcpy(at, &large, sizeof(large));
	else
		memcpy(at, &small, sizeof(small));
}

const struct axis_field *axis_next(unsigned *axis, unsigned *f)
{
	while (*axis < AXIS_COUNT && (*f == AXIS_FIELDS || axes[*axis].fields[*f].key == NULL)) {
		++*axis;
		*f = 0;
	}
	return *axis < AXIS_COUNT ? &axes[*axis].fields[(*f)++] : NULL;
}

static bool read_item(const char *item, void *arg)
{
	const struct axis_reader *reader = arg;

	return axes[reader->axis].parse_item(reader, item);
}

static bool read_words(const struct axis_reader *reader, const char *text)
{
	const struct axis_field *field = &axes[reader->axis].fields[0];
	unsigned mask;

	if (!words_find_list(field->words, text, &mask, reader->e))
		return false;
	for (unsigned word = 0; word < field->words->n; word++) {
		struct setting value = {SETTING_DEFAULTS};

		axis_put(field, &value, word);
		if ((mask >> word & 1) && !add(reader, &value))
			return false;
	}
	return true;
}

static bool out_of_limits(const struct axis *axis, uint64_t number, struct err *e)
{
	const struct axis_field *field = &axis->fields[0];
	char least[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES];

	if (!axis->counts_bytes)
		return err_set(e, ERR_USAGE, ERR_OF("%s") ": %llu: must be %lld..%lld", axis->what,
			(unsigned long long)number, field->least, field->most);
	return err_set(e, ERR_USAGE, ERR_OF("%s") ": %llu: must be %s..%s", axis->what,
		(unsigned long long)number, units_bytes((uint64_t)field->least, least),
		units_bytes((uint64_t)field->most, most));
}

static bool read_numbers(const struct axis_reader *reader, const char *text)
{
	const struct axis *axis = &axes[reader->axis];
	const struct axis_field *field = &axis->fields[0];
	uint64_t numbers[UNITS_MAX_SIZES];
	struct err why;
	size_t n;

	if (!units_parse_sizes(text, numbers, &n, &why))
		return err_set(reader->e, ERR_USAGE, ERR_OF("%s") ": %s", axis->what, why.text);
	for (size_t i = 0; i < n; i++) {
		struct setting value = {SETTING_DEFAULTS};

		if (numbers[i] < (uint64_t)field->least || numbers[i] > (uint64_t)field->most)
			return out_of_limits(axis, numbers[i], reader->e);
		axis_put(field, &value, (long long)numbers[i]);
		if (!add(reader, &value))
			return false;
	}
	return true;
}

bool axis_parse(enum setting_axis axis, const char *text, struct axis_values *values, struct err *e)
{
	struct axis_reader reader = {axis, values, e};

	values->n = 0;
	if (axes[axis].parse_item != NULL)
		return text_each_item(text, read_item, &reader);
	if (axes[axis].fields[0].words != NULL)
		return read_words(&reader, text);
	return read_numbers(&reader, text);
}

bool axis_text(enum setting_axis axis, const struct axis_values *values, char *text, size_t bytes)
{
	const struct axis_field *first = &axes[axis].fields[0], *second = &axes[axis].fields[1];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < values->n; i++) {
		long long value = axis_get(first, &values->values[i]);

		if (first->words != NULL)
			used += (size_t)snprintf(text + used, bytes - used, "%s%s",
				i > 0 ? "," : "", first->words->names[value]);
		else
			used += (size_t)snprintf(
				text + used, bytes - used, "%s%lld", i > 0 ? "," : "", value);
		if (used < bytes && second->key != NULL && value != first->usual)
			used += (size_t)snprintf(text + used, bytes - used, "@%lld",
				axis_get(second, &values->values[i]));
		if (used >= bytes)
			return false;
	}
	return true;
}
