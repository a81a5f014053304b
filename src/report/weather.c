// SPDX-License-Identifier: MIT
#include "report/weather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/explain.h"
#include "analyse/standing.h"
#include "base/file.h"
#include "base/units.h"

#define CELLS 7
#define PATH_BYTES 4200 /* a folder of report.c, and a name */
#define CURVES_MOST 8

static const struct summary_case *best_of_another_family(
	const struct summary *summary, const struct summary_case *taken, enum guarantee level)
{
	const struct summary_case *best = NULL;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, taken->comparison, a);

		if (!standing_ranks(summary, row) ||
			!guarantee_meets(row->setting->operation, row->guarantee, level) ||
			row->described->family == taken->described->family ||
			row->described->family == FAMILY_LIBPMEM)
			continue;
		if (best == NULL || row->ns.estimate < best->ns.estimate)
			best = row;
	}
	return best;
}

/*
 * The pair of a comparison that answers are about: the fastest that reaches the level of its
 * operation, over the fastest of another family that does. False: there are no two.
 */
static bool find_pair(
	const struct summary *summary, size_t comparison, struct explanation *explanation)
{
	const struct result *result = summary->result;
	enum guarantee level =
		summary_level(result, result->comparisons[comparison].setting.operation);
	const struct summary_case *taken = summary_best(summary, comparison, level), *other;

	if (taken == NULL)
		return false;
	other = best_of_another_family(summary, taken, level);
	return other != NULL && explain(summary, comparison, taken->arm, other->arm, explanation);
}

static void speed_text(
	const struct explanation *explanation, size_t w, char text[UNITS_SPEED_BYTES])
{
	const struct interval *speed = &explanation->at[w].run;

	if (explanation->used)
		units_speed(speed->estimate, speed->low, speed->high, text);
	else
		strcpy(text, "–");
}

static void write_row(struct document *document, const struct summary *summary,
	const struct explanation *explanation)
{
	const struct result *result = summary->result;
	const struct setting *setting = &result->comparisons[explanation->comparison].setting;
	char what[SETTING_TITLE_BYTES + UNITS_TEXT_BYTES + 2], pair[120], share[80];
	char title[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES], plain[UNITS_SPEED_BYTES];
	char at[EXPLAIN_WEATHERS][UNITS_SPEED_BYTES];
	const char *cells[CELLS] = {what, pair, share, plain, at[0], at[1], at[2]};

	setting_title(setting, title);
	snprintf(what, sizeof(what), "%s, %s", units_bytes(setting->size, size), title);
	snprintf(pair, sizeof(pair), "%s over %s", result->arms[explanation->arm].name,
		result->arms[explanation->than].name);
	if (explanation->share > 0)
		snprintf(share, sizeof(share), "%s: %.0f %%%s",
			result->arms[explanation->reference].name, 100 * explanation->share,
			explanation->used ? "" : ", not used");
	else
		snprintf(share, sizeof(share), "none");
	units_speed(explanation->plain.estimate, explanation->plain.low, explanation->plain.high,
		plain);
	for (size_t w = 0; w < EXPLAIN_WEATHERS; w++)
		speed_text(explanation, w, at[w]);
	document_row(document, cells, CELLS, 3, explanation->used);
}

/* What the figure is drawn from. */
struct curves {
	FILE *table;
	char names[CURVES_MOST * 160];
	size_t n;
};

static void add_curve(
	struct curves *curves, const struct summary *summary, const struct explanation *explanation)
{
	const struct result *result = summary->result;
	size_t used = strlen(curves->names);
	const struct setting *setting = &result->comparisons[explanation->comparison].setting;
	char size[UNITS_TEXT_BYTES];

	if (!explanation->used || curves->n == CURVES_MOST)
		return;
	curves->n++;
	snprintf(curves->names + used, sizeof(curves->names) - used,
		"%s\"%s %s: %s over %s, by %s\"", used > 0 ? " " : "",
		operation_words.names[setting->operation], units_bytes(setting->size, size),
		result->arms[explanation->arm].name, result->arms[explanation->than].name,
		result->arms[explanation->reference].name);
	for (size_t w = 0; w < EXPLAIN_WEATHERS; w++) {
		const struct interval *another = &explanation->at[w].another;

		fprintf(curves->table, "%zu\t%s\t%.6g\t%.6g\t%.6g\t%.6g\t%.6g", curves->n,
			explain_words.names[w], explanation->at[w].roof_gbps,
			explanation->at[w].roof_gbps / explanation->at[WEATHER_QUIET].roof_gbps,
			explanation->at[w].run.estimate, explanation->at[w].run.low,
			explanation->at[w].run.high);
		if (isfinite(another->low) && isfinite(another->high))
			fprintf(curves->table, "\t%.6g\t%.6g\n", another->low, another->high);
		else
			fputs("\tNaN\tNaN\n", curves->table);
	}
}

/* Every comparison that can be tried, into the document and the figure's table; how many. */
static size_t write_rows(
	struct document *document, const struct summary *summary, struct curves *curves)
{
	static const char *const headings[CELLS] = {"copies", "speed of", "explained by",
		"in this run [95 %]", "at quiet weather", "at median weather", "at busy weather"};
	size_t n = 0;

	for (size_t c = 0; c < summary->result->n_comparisons; c++) {
		struct explanation explanation;

		if (!find_pair(summary, c, &explanation))
			continue;
		if (n++ == 0) {
			document_heading(document, 2, "Weather");
			document_table_begin(document, headings, CELLS, 3);
		}
		write_row(document, summary, &explanation);
		add_curve(curves, summary, &explanation);
	}
	if (n > 0)
		document_table_end(document);
	return n;
}

static bool write_figure(struct document *document, const struct plots *plots, const char *folder,
	const char *table, const char *names, struct err *e)
{
	static const enum picture_format formats[] = {PICTURE_SVG, PICTURE_PNG};
	static const char name[] = "0-weather-1";
	char base[PATH_BYTES];
	struct err why;

	snprintf(base, sizeof(base), "%s/%s", folder, name);
	if (!drawing_draw_table(plots, "weather", table, base, formats, 2,
		    "Speed at stated weather", names, &why)) {
		document_callout(document, "This figure could not be drawn: %s.", why.text);
		return true;
	}
	return document_picture(document, folder, name,
		"Speed of one strategy over another, with its interval, against what a roof of the "
		"same rounds reached at quiet, median and busy weather",
		"", e);
}

bool weather_write(struct document *document, const struct summary *summary,
	const struct plots *plots, const char *folder, struct err *e)
{
	struct curves curves = {.n = 0};
	char *text = NULL, path[PATH_BYTES];
	size_t bytes, n;
	bool ok;

	curves.table = open_memstream(&text, &bytes);
	if (curves.table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	fputs("curve\tweather\troof_gb_per_s\troof_of_quiet\tspeed\tlow\thigh\tanother_low\t"
	      "another_high\n",
		curves.table);
	n = write_rows(document, summary, &curves);
	if (n > 0)
		document_paragraph(document,
			"What makes a ratio wander is how hard neighbours use memory. A roof of "
			"the "
			"same rounds, which is no contestant, is slowed by that too: where its "
			"time "
			"explains at least %.0f %% of the ratio's variance, on visits that were "
			"held "
			"out, the ratio is told at the roof's 10, 50 and 90 %% time of this run. "
			"Elsewhere nothing is adjusted.",
			100 * EXPLAIN_LEAST);
	snprintf(path, sizeof(path), "%s/weather-1.tsv", folder);
	unlink(path); /* of an earlier report */
	ok = fclose(curves.table) == 0 || err_set(e, ERR_FAILED, "out of memory");
	if (ok && curves.n > 0) {
		ok = file_replace(path, text, bytes, e);
		if (ok && plots != NULL)
			ok = write_figure(document, plots, folder, path, curves.names, e);
	}
	free(text);
	return ok;
}
