// SPDX-License-Identifier: MIT
#include "plan/suite.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * inih hands no line number to its handler, cuts long lines and takes an indented line for
 * more of the value before: so lines are read, counted and refused here, before it sees them.
 */
struct reader {
	struct suite *suite;
	FILE *file;
	unsigned line;
	struct err *e;
};

static bool refuse(struct reader *reader, const char *what)
{
	return err_set(reader->e, ERR_USAGE, "%s:%u: %s", reader->suite->path, reader->line, what);
}

static bool name_suite(struct suite *suite, const char *path, struct err *e)
{
	const char *base = strrchr(path, '/');
	size_t length;

	base = base != NULL ? base + 1 : path;
	length = strlen(base);
	if (length > 4 && strcmp(base + length - 4, ".ini") == 0)
		length -= 4;
	if (strlen(path) >= sizeof(suite->path) || length >= sizeof(suite->name))
		return err_set(e, ERR_USAGE, "suite '%.40s..': the path is too long", path);
	strcpy(suite->path, path);
	snprintf(suite->name, sizeof(suite->name), "%.*s", (int)length, base);
	return true;
}

static struct suite_section *section_named(struct suite *suite, const char *name)
{
	for (size_t s = 0; s < suite->n; s++)
		if (strcmp(suite->sections[s].name, name) == 0)
			return &suite->sections[s];
	return NULL;
}

/* A section as its line is read; its keys follow. */
static bool add_section(struct reader *reader, const char *line)
{
	struct suite *suite = reader->suite;
	size_t length = strcspn(line + 1, "]");
	struct suite_section *section;
	char name[SECTION_BYTES], what[100];

	if (length == 0 || length >= sizeof(name) ||
		strspn(line + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") != length) {
		snprintf(what, sizeof(what),
			"a section's name has 1 to %d small letters, digits and dashes",
			SECTION_BYTES - 1);
		return refuse(reader, what);
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, line + 1);
	section = section_named(suite, name);
	if (section != NULL && (section != suite->sections || section->line > 0)) {
		snprintf(what, sizeof(what), "section [%s] is there already, in line %u", name,
			section->line);
		return refuse(reader, what);
	}
	if (section == suite->sections && suite->n > 1)
		return refuse(reader, "[global] comes first: sections begin with what it says");
	if (section == NULL) {
		if (suite->n == SUITE_SECTIONS)
			return refuse(reader, "too many sections");
		section = &suite->sections[suite->n++];
	}
	strcpy(section->name, name);
	section->line = reader->line;
	return true;
}

/* For inih: one line at a time, as fgets(); NULL at the end, or where a line is refused. */
static char *next_line(char *to, int bytes, void *arg)
{
	struct reader *reader = arg;
	size_t length;

	if (reader->e->code != ERR_NONE || fgets(to, bytes, reader->file) == NULL)
		return NULL;
	reader->line++;
	length = strlen(to);
	if (length == 0 || (to[length - 1] != '\n' && !feof(reader->file)) || length > SUITE_LINE) {
		char what[80];

		snprintf(what, sizeof(what), "a line has %d characters at most, none of them zero",
			SUITE_LINE);
		refuse(reader, what);
		return NULL;
	}
	if (isspace((unsigned char)to[0]) && to[strspn(to, " \t\r\n\v\f")] != '\0') {
		refuse(reader, "an indented line: begin it at its left edge, and end a value "
			       "where its line ends");
		return NULL;
	}
	return to[0] == '[' && !add_section(reader, to) ? NULL : to;
}

static bool yes(const char *value, bool *out)
{
	*out = strcmp(value, "yes") == 0;
	return *out || strcmp(value, "no") == 0;
}

/* Keys that are the suite's own. */
static bool take_own(
	struct reader *reader, struct suite_section *section, const char *key, const char *value)
{
	struct suite *suite = reader->suite;
	const struct suite_section *from;

	if (strcmp(key, "inherit") == 0) {
		from = section_named(suite, value);
		if (section == suite->sections || from == NULL || from >= section)
			return refuse(reader, "inherit: not a section that comes before this one");
		section->begins_with = (size_t)(from - suite->sections);
		return true;
	}
	if (section != suite->sections)
		return refuse(reader, "question and provisional belong into [global]");
	if (strcmp(key, "question") == 0) {
		snprintf(suite->question, sizeof(suite->question), "%s", value);
		return true;
	}
	return yes(value, &suite->provisional) || refuse(reader, "provisional: yes or no");
}

static bool is_own(const char *key)
{
	return strcmp(key, "inherit") == 0 || strcmp(key, "question") == 0 ||
	       strcmp(key, "provisional") == 0;
}

/* Said before in the section, or NULL. */
static const struct suite_key *key_named(const struct suite_section *section, const char *key)
{
	for (size_t k = 0; k < section->n; k++)
		if (strcmp(section->keys[k].key, key) == 0)
			return &section->keys[k];
	return NULL;
}

static bool add_key(
	struct reader *reader, struct suite_section *section, const char *key, const char *value)
{
	const struct suite_key *before = key_named(section, key);
	struct suite_key *added;
	char what[120];

	if (before != NULL) {
		snprintf(what, sizeof(what), "%.40s: said already, in line %u", key, before->line);
		return refuse(reader, what);
	}
	if (section->n == SUITE_KEYS)
		return refuse(reader, "too many keys in this section");
	added = &section->keys[section->n++];
	added->line = reader->line;
	snprintf(added->key, sizeof(added->key), "%s", key);
	snprintf(added->value, sizeof(added->value), "%s", value);
	return true;
}

/* inih's handler: 0 is an error. */
static int take_key(void *arg, const char *section_name, const char *key, const char *value)
{
	struct reader *reader = arg;
	struct suite_section *section = section_named(reader->suite, section_name);

	if (reader->e->code != ERR_NONE)
		return 0;
	if (section == NULL || section->line == 0)
		return refuse(reader, "a key before the first section: put it into [global]");
	if (value[0] == '\0')
		return refuse(reader, "a key without a value: 'key = value'");
	if (is_own(key))
		return take_own(reader, section, key, value);
	return add_key(reader, section, key, value);
}

bool suite_read(struct suite *suite, const char *path, struct err *e)
{
	struct reader reader = {.suite = suite, .e = e};
	int failed;

	memset(suite, 0, sizeof(*suite));
	e->code = ERR_NONE;
	if (!name_suite(suite, path, e))
		return false;
	suite->sections = calloc(SUITE_SECTIONS, sizeof(suite->sections[0]));
	if (suite->sections == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	strcpy(suite->sections[suite->n++].name, SUITE_GLOBAL);
	reader.file = fopen(path, "r");
	if (reader.file == NULL)
		return err_errno(e, errno, "cannot read suite %s", path);
	failed = ini_parse_stream(next_line, &reader, take_key, &reader);
	if (e->code == ERR_NONE && ferror(reader.file))
		err_errno(e, errno, "cannot read suite %s", path);
	fclose(reader.file);
	if (e->code != ERR_NONE)
		return false;
	if (failed != 0) {
		reader.line = (unsigned)failed;
		return refuse(&reader, "neither 'key = value' nor '[section]' nor '; comment'");
	}
	return suite->n > 1 ||
	       err_set(e, ERR_USAGE, "%s: no section beside [global]: nothing to run", path);
}

void suite_free(struct suite *suite)
{
	free(suite->sections);
	suite->sections = NULL;
	suite->n = 0;
}

bool suite_each(const struct suite *suite, size_t section,
	bool (*each)(void *arg, const struct suite_key *key, struct err *e), void *arg,
	struct err *e)
{
	const struct suite_section *at = &suite->sections[section];

	if (section > 0 && !suite_each(suite, at->begins_with, each, arg, e))
		return false;
	for (size_t k = 0; k < at->n; k++)
		if (!each(arg, &at->keys[k], e))
			return false;
	return true;
}

bool suite_find(const struct suite *suite, const char *name, size_t *section, struct err *e)
{
	const char *names[SUITE_SECTIONS], *nearest;

	for (size_t s = 1; s < suite->n; s++) {
		names[s - 1] = suite->sections[s].name;
		if (strcmp(names[s - 1], name) == 0) {
			*section = s;
			return true;
		}
	}
	nearest = text_nearest(name, names, suite->n - 1);
	return err_set(e, ERR_USAGE, "%s has no section '%s'%s%s%s", suite->path, name,
		nearest != NULL ? ": did you mean '" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "'?" : "");
}
