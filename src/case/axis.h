/* SPDX-License-Identifier: MIT */
/*
 * The axes of a setting, a row each: plan, case names, titles, results, tables, plots and
 * the words of completion are all read from it.
 */
#ifndef DAXMARK_CASE_AXIS_H
#define DAXMARK_CASE_AXIS_H

#include "case/setting.h"

/* One number or word of a setting. */
struct axis_field {
	const char *key; /* in result files and tables; never changes */
	size_t offset, bytes;
	const struct words *words;    /* its values; NULL: a number */
	long long least, most, usual; /* usual: what is not said in names and titles */
	unsigned telling; /* rank among all fields when settings are sorted, the most telling 0 */
	/*
	 * In a case's name and in a title, where the value is not the usual one: {} is it,
	 * {KEY} another field's. NULL: said elsewhere, or always.
	 */
	const char *part, *title;
	bool titled;	  /* the title is said of the usual value, too */
	bool added;	  /* result files from before it was there lack it: the usual value */
	const char *also; /* the key of a field that, when unusual, has the title said as well */
};

#define AXIS_FIELDS 3

struct axis_reader;

struct axis {
	const char *name; /* "state": of plots over it; the order of axes is that of columns */
	const char *what; /* "destination state": in messages, where a command may spell it */
	struct axis_field fields[AXIS_FIELDS]; /* key NULL ends them */
	bool counts_bytes;		       /* its numbers are sizes */
	unsigned nest; /* in the order of a plan before it is shuffled, the outermost 0 */
	const char
		*usual; /* what a plan has where nothing is asked for, as axis_parse() reads it */
	/* Of an axis that is no list of words or numbers: the values of one item of a list. */
	bool (*parse_item)(const struct axis_reader *reader, const char *item);
};

extern const struct axis axes[AXIS_COUNT];

/* A field's value in a setting, and the other way; words as their numbers. */
long long axis_get(const struct axis_field *field, const struct setting *setting);
void axis_put(const struct axis_field *field, struct setting *setting, long long value);

/* One after the other in the order of columns: f is 0 at first; NULL after the last. */
const struct axis_field *axis_next(unsigned *axis, unsigned *f);

/* What is asked for along one axis: settings of which only the axis's fields count. */
#define AXIS_MOST_VALUES 256
struct axis_values {
	struct setting values[AXIS_MOST_VALUES];
	size_t n;
};

/*
 * Read "write,read", "64..64M*4", "load@50,store": each value once; words in the order of
 * the vocabulary, numbers as given. Usage error that names the axis and the item.
 */
bool axis_parse(
	enum setting_axis axis, const char *text, struct axis_values *values, struct err *e);

/* The values as axis_parse() reads them; not of nodes. False where they do not fit. */
bool axis_text(enum setting_axis axis, const struct axis_values *values, char *text, size_t bytes);

#endif
