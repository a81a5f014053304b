// SPDX-License-Identifier: MIT
#include "report/aliases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

#define CELLS 6

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_congruent(const struct result_arm *arm)
{
	return begins(arm->name, "alias-congruent") && strstr(arm->name, "user-window") == NULL;
}

static bool is_flush(const struct result_arm *arm)
{
	return arm->family == FAMILY_FLUSH || begins(arm->name, "alias-incongruent+");
}

static bool is_nocache(const struct result_arm *arm)
{
	return arm->family == FAMILY_NOCACHE;
}

/* The fastest of a kind that guarantees no less; NULL when none was measured. */
static const struct summary_case *best_of(const struct summary *summary,
	const struct summary_case *alias, bool (*kind)(const struct result_arm *))
{
	const struct summary_case *best = NULL;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, alias->comparison, a);

		if (summary_measured(row) && kind(row->described) &&
			row->guarantee >= alias->guarantee &&
			(best == NULL || row->ns.estimate < best->ns.estimate))
			best = row;
	}
	return best;
}

/* Log of the time of one case over another's of the same comparison; NAN when out of memory. */
static struct interval log_time(const struct result_comparison *comparison,
	const struct summary_case *over, const struct summary_case *under)
{
	double *ratios = malloc(comparison->n_visits * sizeof(ratios[0]));
	struct interval interval = {NAN, NAN, NAN};

	if (ratios == NULL)
		return interval;
	result_log_ratios(comparison, result_position(comparison, over->arm),
		result_position(comparison, under->arm), ratios);
	interval = stat_spread_interval(
		ratios, comparison->n_visits, result_spread(comparison), SUMMARY_CONFIDENCE);
	free(ratios);
	return interval;
}

/* +1: the alias is faster for sure, -1: slower, 0: not told or nothing there. */
static int compare(const struct summary *summary, const struct summary_case *alias,
	const struct summary_case *other, char *text, size_t bytes)
{
	struct interval log;

	snprintf(text, bytes, "–");
	if (other == NULL)
		return 0;
	log = log_time(&summary->result->comparisons[alias->comparison], other, alias);
	snprintf(text, bytes, "%.3g [%.3g, %.3g] of %s", exp(log.estimate), exp(log.low),
		exp(log.high), other->described->name);
	return summary_sign(&log, SUMMARY_LEAST_CLAIM);
}

static const char *verdict(int flush, int nocache)
{
	if (flush > 0 && nocache > 0)
		return "beats both";
	if (flush > 0)
		return nocache < 0 ? "beats flushing only" : "beats flushing";
	if (nocache > 0)
		return flush < 0 ? "beats nocache only" : "beats nocache";
	return flush == 0 && nocache == 0 ? "not told" : "beats neither";
}

static void write_row(
	struct document *document, const struct summary *summary, const struct summary_case *alias)
{
	char size[UNITS_TEXT_BYTES], flush[120], nocache[120];
	const struct summary_case *best_flush = best_of(summary, alias, is_flush);
	const struct summary_case *best_nocache = best_of(summary, alias, is_nocache);
	int over_flush = compare(summary, alias, best_flush, flush, sizeof(flush));
	int over_nocache = compare(summary, alias, best_nocache, nocache, sizeof(nocache));
	const char *cells[CELLS] = {units_bytes(alias->setting->size, size), alias->described->name,
		guarantee_words.names[alias->guarantee], verdict(over_flush, over_nocache), flush,
		nocache};

	document_row(document, cells, CELLS, 4, over_flush > 0 && over_nocache > 0);
}

void aliases_write(struct document *document, const struct summary *summary, struct view view)
{
	static const char *const headings[CELLS] = {"size", "alias", "guarantee", "verdict",
		"speed over the best flush", "speed over the best nocache copy"};
	bool begun = false;

	for (size_t c = view.first; c < view.end; c++) {
		for (size_t a = 0; a < summary->result->n_arms; a++) {
			const struct summary_case *row = summary_at(summary, c, a);

			if (!summary_measured(row) || !is_congruent(row->described))
				continue;
			if (!begun) {
				document_heading(document, 3,
					"Does a congruent alias beat flushing and nocache copies?");
				document_table_begin(document, headings, CELLS, 4);
			}
			begun = true;
			write_row(document, summary, row);
		}
	}
	if (!begun)
		return;
	document_table_end(document);
	document_paragraph(document,
		"Each congruent alias against the fastest that guarantees no less: flushes, those "
		"of an incongruent alias among them, and nocache copies.");
}
