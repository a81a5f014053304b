// SPDX-License-Identifier: MIT
#include "report/crossings.h"

#include <math.h>
#include <stdio.h>

#include "base/words.h"

#define MOST 24
#define CELLS 5

/* "1.37 KiB" of log2 of bytes; "37 %". */
static void place_text(double x, enum crossover_axis axis, char text[CROSSINGS_TEXT_BYTES])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	int unit = (int)fmin(fmax(floor(x / 10), 0), 4);

	if (axis == CROSSOVER_BACKGROUND)
		snprintf(text, CROSSINGS_TEXT_BYTES, "%.0f %%", x);
	else
		snprintf(text, CROSSINGS_TEXT_BYTES, "%.3g %s", exp2(x - 10 * unit), units[unit]);
}

void crossings_text(const struct crossing *crossing, enum crossover_axis axis,
	char at[CROSSINGS_TEXT_BYTES], char *interval, size_t bytes)
{
	char low[CROSSINGS_TEXT_BYTES], high[CROSSINGS_TEXT_BYTES];

	place_text(crossing->at.x.estimate, axis, at);
	place_text(crossing->at.x.low, axis, low);
	place_text(crossing->at.x.high, axis, high);
	snprintf(interval, bytes, "%s to %s", low, high);
}

void crossings_write(struct document *document, const struct summary *summary,
	enum crossover_axis axis, const size_t *members, size_t n)
{
	static const char *const headings[CELLS] = {
		"faster below", "faster above", "guarantee", "equal at", "95 % interval"};
	const struct result *result = summary->result;
	struct crossing found[MOST];
	size_t n_found = crossings_find(summary, axis, members, n, found, MOST);

	if (n_found == 0)
		return;
	document_heading(document, 3, "Crossovers");
	document_table_begin(document, headings, CELLS, 3);
	for (size_t i = 0; i < n_found; i++) {
		const struct crossing *crossing = &found[i];
		char at[CROSSINGS_TEXT_BYTES], interval[2 * CROSSINGS_TEXT_BYTES + 4];
		const char *cells[CELLS] = {result->arms[crossing->before].name,
			result->arms[crossing->after].name,
			guarantee_words.names[crossing->guarantee], at, interval};

		crossings_text(crossing, axis, at, interval, sizeof(interval));
		document_row(document, cells, CELLS, 3, false);
	}
	document_table_end(document);
	if (n_found == MOST)
		document_paragraph(document, "Only the first %d are shown.", MOST);
}
