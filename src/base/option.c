// SPDX-License-Identifier: MIT
#include "base/option.h"

#include <getopt.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

#define FIRST_LONG 1000 /* getopt's value of specs[0]; letters are below */

bool option_store(const struct option_spec *spec, const char *text, void *config, struct err *e)
{
	char *field = (char *)config + spec->offset;
	struct err why;
	bool ok = true;

	switch (spec->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_TEXT:
		*(const char **)field = text;
		break;
	case OPTION_SIZE:
		ok = units_parse_bytes(text, (uint64_t *)field, &why);
		break;
	case OPTION_SECONDS:
		ok = units_parse_seconds(text, (double *)field, &why);
		break;
	case OPTION_NUMBER:
		ok = units_parse_u64(text, (uint64_t *)field, &why);
		break;
	}
	return ok || err_set(e, ERR_USAGE, "--%s: %s", spec->name, why.text);
}

static bool unknown(const char *typed, const struct option_spec *specs, size_t n, struct err *e)
{
	const char *names[OPTION_MAX], *nearest = NULL;
	char name[64];

	if (strncmp(typed, "--", 2) == 0) {
		for (size_t i = 0; i < n; i++)
			names[i] = specs[i].name;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(typed + 2, "="), typed + 2);
		nearest = text_nearest(name, names, n);
	}
	if (nearest != NULL)
		return err_set(e, ERR_USAGE,
			"unknown or ambiguous option '%s': did you mean '--%s'?", typed, nearest);
	return err_set(e, ERR_USAGE, "unknown or ambiguous option '%s': --help lists them", typed);
}

bool option_parse(int argc, char **argv, const struct option_spec *specs, size_t n, void *config,
	int *first, struct err *e)
{
	struct option longs[OPTION_MAX + 1];
	char letters[2 * OPTION_MAX + 2] = ":";
	int got;

	memset(longs, 0, sizeof(longs));
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(letters);

		longs[i].name = specs[i].name;
		longs[i].has_arg = specs[i].type == OPTION_FLAG ? no_argument : required_argument;
		longs[i].val = FIRST_LONG + (int)i;
		if (specs[i].letter != 0) {
			letters[used] = specs[i].letter;
			letters[used + 1] = specs[i].type == OPTION_FLAG ? '\0' : ':';
			letters[used + 2] = '\0';
		}
	}
	optind = 0; /* glibc: start afresh */
	opterr = 0;
	for (;;) {
		const struct option_spec *spec = NULL;
		char letter[3] = {'-', 0, 0};

		got = getopt_long(argc, argv, letters, longs, NULL);
		if (got == -1)
			break;
		if (got == ':')
			return err_set(e, ERR_USAGE, "option '%s' needs a value", argv[optind - 1]);
		if (got == '?') {
			if (optopt >= FIRST_LONG)
				return err_set(e, ERR_USAGE, "option '--%s' takes no value",
					specs[optopt - FIRST_LONG].name);
			letter[1] = (char)optopt;
			return unknown(optopt != 0 ? letter : argv[optind - 1], specs, n, e);
		}
		for (size_t i = 0; i < n; i++)
			if (got == FIRST_LONG + (int)i || got == specs[i].letter)
				spec = &specs[i];
		if (spec != NULL && !option_store(spec, optarg, config, e))
			return false;
	}
	*first = optind;
	return true;
}

const struct option_spec *option_named(const struct option_spec *specs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(specs[i].name, name) == 0)
			return &specs[i];
	return NULL;
}

static const struct option_spec *asks_for(
	const struct option_spec *specs, size_t n, const char *quantity, size_t length)
{
	for (size_t i = 0; i < n; i++) {
		const char *of = specs[i].of != NULL ? specs[i].of : specs[i].name;

		if (strlen(of) == length && strncmp(of, quantity, length) == 0)
			return &specs[i];
	}
	return NULL;
}

void option_spell(
	const struct option_spec *specs, size_t n, const char *message, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	while (*message != '\0' && used < bytes) {
		size_t plain = strcspn(message, ERR_OF_BEGIN ERR_OF_END), length;
		const struct option_spec *spec;

		used += (size_t)snprintf(text + used, bytes - used, "%.*s", (int)plain, message);
		message += plain;
		if (*message == '\0' || used >= bytes)
			break;
		if (*message++ == ERR_OF_END[0]) /* somebody's own, and no beginning before it */
			continue;
		length = strcspn(message, ERR_OF_BEGIN ERR_OF_END);
		if (message[length] != ERR_OF_END[0]) /* and no end behind it */
			continue;
		spec = asks_for(specs, n, message, length);
		if (spec != NULL)
			used += (size_t)snprintf(text + used, bytes - used, "--%s", spec->name);
		else
			used += (size_t)snprintf(
				text + used, bytes - used, "%.*s", (int)length, message);
		message += length + (message[length] != '\0');
	}
}

void option_help(FILE *out, const struct option_spec *specs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct option_spec *spec = &specs[i];
		char left[64], letter[5] = "    ";

		if (spec->letter != 0)
			snprintf(letter, sizeof(letter), "-%c, ", spec->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, spec->name,
			spec->metavar ? "=" : "", spec->metavar ? spec->metavar : "");
		fprintf(out, "  %-30s %s\n", left, spec->help);
	}
}
