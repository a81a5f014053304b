/* SPDX-License-Identifier: MIT */
/*
 * Small services on strings that several commands need: the nearest name to a
 * mistyped one, and walking a comma-separated list.
 */
#ifndef DAXMARK_BASE_TEXT_H
#define DAXMARK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The name with the smallest edit distance (Levenshtein) to `typed`; NULL when
 * even that one differs in more than a third of its letters.
 */
const char *text_nearest(const char *typed, const char *const *names, size_t n);

/*
 * Call `each` for every item of a comma-separated list; an empty list or an
 * empty item is passed on as "". Stops at, and returns, the first false.
 */
bool text_each_item(const char *list, bool (*each)(const char *item, void *arg), void *arg);

#endif
