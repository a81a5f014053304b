/* SPDX-License-Identifier: MIT */
/* The answer first: one sentence for each question that was measured, and the same as a table. */
#ifndef DAXMARK_REPORT_ANSWER_H
#define DAXMARK_REPORT_ANSWER_H

#include "report/choice.h"
#include "report/document.h"
#include "report/recommend.h"

#define ANSWER_TEXT 900

/* "durable", for people. */
const char *answer_level(enum guarantee guarantee);

/* One answer in three parts: before the name of what to take, the name, and after it. */
struct answer {
	char before[160], take[64], after[ANSWER_TEXT];
};
void answer_words(const struct summary *summary, const struct recommendation *recommendation,
	struct answer *answer);

/* "Every copy was verified", as far as that is so. */
const char *answer_verified(const struct result *result);

/* Some size of an answer's range is shown. */
bool answer_is_shown(const struct summary *summary, const struct recommendation *recommendation,
	const struct choice *choice);

/*
 * The sentences of all views that are shown, those beyond the first few folded, and what their
 * words mean. False and a callout where the result ranks nothing.
 */
bool answer_write(
	struct document *document, const struct summary *summary, const struct choice *choice);

/* The same as a table, with how the choice was made. */
void answer_table(
	struct document *document, const struct summary *summary, const struct choice *choice);

#endif
