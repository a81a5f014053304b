/* SPDX-License-Identifier: MIT */
/* Names as people ask for them: themselves, shell globs, /regular expressions/. */
#ifndef DAXMARK_BASE_PATTERN_H
#define DAXMARK_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PATTERN_BYTES 200

/* It is more than a name: has one of * ? [, or stands between slashes. */
bool pattern_is(const char *text);

/* "/^nt-(avx|sse2)$/" is a POSIX extended regular expression that may match any part of a name. */
bool pattern_check(const char *text, struct err *e);

/* A name is meant by a name, a glob or a regular expression; false too where the latter is wrong. */
bool pattern_matches(const char *pattern, const char *name);

/*
 * The next item of a comma-separated list into `item`, and *list after it, NULL after the last;
 * false then. An empty item is one, too.
 * A comma between slashes belongs to the item. Too long a one is cut.
 */
bool pattern_next(const char **list, char item[PATTERN_BYTES]);

/* Some item of a list means the name. */
bool pattern_list_matches(const char *list, const char *name);

#endif
