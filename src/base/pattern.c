// SPDX-License-Identifier: MIT
#include "base/pattern.h"

#include <fnmatch.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

static bool is_regex(const char *text)
{
	size_t len = strlen(text);

	return len > 2 && text[0] == '/' && text[len - 1] == '/';
}

bool pattern_is(const char *text)
{
	return is_regex(text) || strpbrk(text, "*?[") != NULL;
}

/* Compile the inside of "/../". */
static int compile(regex_t *regex, const char *text)
{
	char inside[PATTERN_BYTES];

	snprintf(inside, sizeof(inside), "%.*s", (int)strlen(text) - 2, text + 1);
	return regcomp(regex, inside, REG_EXTENDED | REG_NOSUB);
}

bool pattern_check(const char *text, struct err *e)
{
	regex_t regex;
	char why[120];
	int failed;

	if (strlen(text) >= PATTERN_BYTES - 1) /* pattern_next() may have cut it */
		return err_set(e, ERR_USAGE, "'%.40s..': a pattern has at most %d characters", text,
			PATTERN_BYTES - 2);
	if (!is_regex(text))
		return true;
	failed = compile(&regex, text);
	if (failed == 0) {
		regfree(&regex);
		return true;
	}
	regerror(failed, &regex, why, sizeof(why));
	return err_set(e, ERR_USAGE, "'%s' is no regular expression: %s", text, why);
}

bool pattern_matches(const char *pattern, const char *name)
{
	regex_t regex;
	bool matches;

	if (strlen(pattern) >= PATTERN_BYTES)
		return false;
	if (!is_regex(pattern))
		return fnmatch(pattern, name, 0) == 0;
	if (compile(&regex, pattern) != 0)
		return false;
	matches = regexec(&regex, name, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

bool pattern_next(const char **list, char item[PATTERN_BYTES])
{
	const char *at = *list, *end;
	bool slashes;

	if (at == NULL)
		return false;
	slashes = *at == '/';
	end = slashes ? strstr(at + 1, "/,") : strchr(at, ',');
	if (end != NULL && slashes)
		end++;
	if (end == NULL)
		end = at + strlen(at);
	snprintf(item, PATTERN_BYTES, "%.*s", (int)(end - at), at);
	*list = *end == ',' ? end + 1 : NULL;
	return true;
}

bool pattern_list_matches(const char *list, const char *name)
{
	char item[PATTERN_BYTES];

	while (pattern_next(&list, item))
		if (pattern_matches(item, name))
			return true;
	return false;
}
