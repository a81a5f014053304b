// SPDX-License-Identifier: MIT
/*
 * Any bytes at all as a result file: read, summarised, compared with itself, reported,
 * tabulated and written again without a crash, a leak or undefined behaviour; and
 * what was accepted reads back. Built by scripts/check with clang's libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/compare.h"
#include "analyse/summary.h"
#include "analyse/table.h"
#include "report/aliases.h"
#include "report/answer.h"
#include "report/cases_table.h"
#include "report/caveats.h"
#include "report/crossings.h"
#include "exchange/format.h"
#include "report/facts_table.h"
#include "report/pairs.h"
#include "report/recommend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_answer(void *arg, const struct recommendation *recommendation)
{
	struct document *document = arg;
	const char *cells[] = {recommendation->take != NULL ? recommendation->take : "",
		recommendation->gain, recommendation->alike};

	document_row(document, cells, 3, 3, false);
}

/* Every part of a page that is made from a result's own words and numbers. */
static void report(const struct summary *summary, FILE *nowhere)
{
	struct document document = {.html = nowhere, .markdown = nowhere};
	const struct result *result = summary->result;
	const struct choice everything = {.strategies = NULL};

	document_begin(&document, result->target.name, "");
	document_subtitle(&document, "", result->facts.host);
	document_contents_here(&document);
	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);
		size_t members[64], n = 0;
		char sizes[100], title[SETTING_TITLE_BYTES];
		const struct recommendation all = {.first = view.first, .last = view.end - 1};

		for (size_t i = view.first; i < view.end && n < 64; i++)
			if (result->comparisons[i].n_visits > 0)
				members[n++] = i;
		setting_title(&result->comparisons[c].setting, title);
		document_heading(&document, 2, title);
		recommend_sizes(result, &all, sizes, sizeof(sizes));
		recommend(summary, view, write_answer, &document);
		pairs_write(&document, summary, view, &everything, 4);
		crossings_write(&document, summary, CROSSOVER_SIZE, members, n);
		aliases_write(&document, summary, view);
		c = view.end;
	}
	if (answer_write(&document, summary, &everything))
		answer_table(&document, summary, &everything);
	caveats_write(&document, summary);
	cases_table_write(&document, summary, &everything, "cases.tsv");
	facts_table_arms(&document, result);
	facts_table_facts(&document, summary);
	document_end(&document);
	free(document_contents(&document, "cases.tsv"));
}

static void use(struct result *result, FILE *nowhere)
{
	struct summary summary;
	struct compare compare;
	struct err e;

	result_sort(result);
	if (summary_make(&summary, result, NULL, &e)) {
		table_write(nowhere, &summary, ',');
		report(&summary, nowhere);
	}
	summary_free(&summary);
	for (size_t i = 0; i < exchange_formats_n; i++)
		exchange_formats[i]->write(nowhere, result, NULL, &e);
	compare_make(&compare, result, 1, result, 1, NULL, &e);
	compare_free(&compare);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct result result, again;
	struct err e;
	char *json;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (!result_parse(&result, (const char *)data, size, "fuzz", &e)) {
		result_free(&result);
		return 0;
	}
	use(&result, nowhere);
	json = result_to_json(&result);
	if (json == NULL || !result_parse(&again, json, strlen(json), "again", &e))
		abort(); /* what we write we must read */
	result_free(&again);
	free(json);
	result_free(&result);
	return 0;
}
