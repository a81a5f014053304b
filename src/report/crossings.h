/* SPDX-License-Identifier: MIT */
/* The tables of crossovers in a report. */
#ifndef DAXMARK_REPORT_CROSSINGS_H
#define DAXMARK_REPORT_CROSSINGS_H

#include "analyse/crossover.h"
#include "report/document.h"

#define CROSSINGS_TEXT_BYTES 32

/* Where two are equal and the interval: "1.37 KiB" and "1.2 KiB to 1.5 KiB", or percent. */
void crossings_text(const struct crossing *crossing, enum crossover_axis axis,
	char at[CROSSINGS_TEXT_BYTES], char *interval, size_t bytes);

/* Over sizes, or over load; members as in crossings_find(). Nothing where nothing crosses. */
void crossings_write(struct document *document, const struct summary *summary,
	enum crossover_axis axis, const size_t *members, size_t n);

#endif
