// SPDX-License-Identifier: MIT
#include "report/aliases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

#define CELLS 8

static bool is_congruent(const struct result_arm *arm)
{
	return arm->alias == ALIAS_CONGRUENT;
}

/* What an aliasing cache would need in its place. */
static bool is_flushed_alias(const struct result_arm *arm)
{
	return arm->alias == ALIAS_INCONGRUENT && arm->flushes;
}

static bool is_flush(const struct result_arm *arm)
{
	return arm->family == FAMILY_FLUSH || is_flushed_alias(arm);
}

static bool is_bare_incongruent(const struct result_arm *arm)
{
	return arm->alias == ALIAS_INCONGRUENT && !arm->flushes;
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

/* +1: the alias is faster for sure, -1: slower, 0: not told or nothing there. */
static int compare(const struct summary *summary, const struct summary_case *alias,
	const struct summary_case *other, char *text, size_t bytes)
{
	char ratio[UNITS_SPEED_BYTES];
	struct interval speed, log_speed;

	snprintf(text, bytes, "–");
	if (other == NULL)
		return 0;
	speed = summary_speed_over(summary, alias, other);
	snprintf(text, bytes, "%s of %s", units_speed(speed.estimate, speed.low, speed.high, ratio),
		other->described->name);
	log_speed = (struct interval){log(speed.estimate), log(speed.low), log(speed.high)};
	return summary_sign(&log_speed, SUMMARY_LEAST_CLAIM);
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
	char size[UNITS_TEXT_BYTES], flush[160], nocache[160], bare[160], flushed[160];
	int over_flush =
		compare(summary, alias, best_of(summary, alias, is_flush), flush, sizeof(flush));
	int over_nocache = compare(
		summary, alias, best_of(summary, alias, is_nocache), nocache, sizeof(nocache));
	const char *cells[CELLS] = {units_bytes(alias->setting->size, size), alias->described->name,
		guarantee_words.names[alias->guarantee], verdict(over_flush, over_nocache), flush,
		nocache, flushed, bare};

	compare(summary, alias, best_of(summary, alias, is_flushed_alias), flushed,
		sizeof(flushed));
	compare(summary, alias, best_of(summary, alias, is_bare_incongruent), bare, sizeof(bare));
	document_row(document, cells, CELLS, 4, over_flush > 0 && over_nocache > 0);
}

void aliases_write(struct document *document, const struct summary *summary, struct view view)
{
	static const char *const headings[CELLS] = {"size", "alias", "guarantee", "verdict",
		"speed over the best flush", "over the best nocache copy",
		"over flushing an incongruent alias", "over an incongruent alias as it is"};
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
		"of an incongruent alias among them, and nocache copies; \"only\" says that the "
		"other kind is faster than it. Flushing an incongruent alias is what a virtually "
		"indexed cache needs in its place; an incongruent alias as it is shows what the "
		"distance costs where hardware keeps aliases coherent.");
}
