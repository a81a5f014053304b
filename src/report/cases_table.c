// SPDX-License-Identifier: MIT
#include "report/cases_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define ROWS_MOST 4000
#define CELLS 10
#define TEXTS 3 /* columns of text; but sizes come in their own order */

static const char *const headings[CELLS] = {"copies", "strategy", "guarantee", "size", "verdict",
	"throughput", "one operation", "over baseline", "over the fastest", "of the roof"};

static void write_measured(
	struct document *document, const struct summary_case *row, const char *title)
{
	char size[UNITS_TEXT_BYTES], gbps[UNITS_TEXT_BYTES] = "–", ns[UNITS_TEXT_BYTES];
	char baseline[UNITS_SPEED_BYTES], best[UNITS_SPEED_BYTES], roof[24] = "–";
	const char *verdict = row->described->copies ? rank_words.names[row->rank]
						     : family_words.names[row->described->family];
	const char *cells[CELLS] = {title, row->described->name,
		row->described->copies ? row->gives : "–", units_bytes(row->setting->size, size),
		verdict, gbps, units_ns(row->ns.estimate, ns), baseline, best, roof};
	const double values[CELLS] = {NAN, NAN, NAN, (double)row->setting->size, NAN,
		row->gbps.estimate, row->ns.estimate, row->vs_baseline.estimate,
		row->vs_best.estimate, row->roof_share};

	if (isfinite(row->gbps.estimate))
		units_gbps(row->gbps.estimate, gbps);
	units_speed(
		row->vs_baseline.estimate, row->vs_baseline.low, row->vs_baseline.high, baseline);
	units_speed(row->vs_best.estimate, row->vs_best.low, row->vs_best.high, best);
	if (isfinite(row->roof_share))
		snprintf(roof, sizeof(roof), "%.0f %%", 100 * row->roof_share);
	document_row_sorted(document, cells, values, CELLS, TEXTS, row->rank == RANK_FASTEST);
}

static void write_missing(
	struct document *document, const struct summary_case *row, const char *title)
{
	char size[UNITS_TEXT_BYTES];
	const char *cells[CELLS] = {title, row->described->name, "–",
		units_bytes(row->setting->size, size), row->status, "–", "–", "–", "–", "–"};
	const double values[CELLS] = {
		NAN, NAN, NAN, (double)row->setting->size, NAN, NAN, NAN, NAN, NAN, NAN};

	document_row_sorted(document, cells, values, CELLS, TEXTS, false);
}

/* What has a row: all that copies or is a roof, and was there to be measured. */
static bool has_row(const struct summary_case *row, const struct choice *choice)
{
	if (row->described->family == FAMILY_EMPTY) /* among the facts: it has no throughput */
		return false;
	return choice_shows_arm(choice, row->described) && choice_shows(choice, row->setting) &&
	       (summary_measured(row) ||
		       (row->described->available && strcmp(row->status, "not offered") != 0));
}

void cases_table_write(struct document *document, const struct summary *summary,
	const struct choice *choice, const char *file)
{
	const struct result *result = summary->result;
	size_t n = 0, all = 0;

	document_heading(document, 2, "All cases");
	document_table_begin_sorted(document, headings, CELLS, TEXTS);
	for (size_t c = 0; c < result->n_comparisons; c++) {
		char title[SETTING_TITLE_BYTES];

		setting_title(&result->comparisons[c].setting, title);
		for (size_t a = 0; a < result->n_arms; a++) {
			const struct summary_case *row = summary_at(summary, c, a);

			if (!has_row(row, choice))
				continue;
			all++;
			if (n == ROWS_MOST)
				continue;
			n++;
			if (summary_measured(row))
				write_measured(document, row, title);
			else
				write_missing(document, row, title);
		}
	}
	document_table_end(document);
	if (n < all)
		document_paragraph(
			document, "The first %zu of %zu; all rows are in %s.", n, all, file);
	for (size_t c = 0; c < result->n_comparisons; c++)
		if (result->comparisons[c].why[0] != '\0') {
			char title[SETTING_TITLE_BYTES];

			setting_title(&result->comparisons[c].setting, title);
			document_paragraph(document, "Not measured: %s: %s.", title,
				result->comparisons[c].why);
			break; /* one setting's sizes share the reason; the table has them all */
		}
}
