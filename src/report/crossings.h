/* SPDX-License-Identifier: MIT */
/* The tables of crossovers in a report. */
#ifndef DAXMARK_REPORT_CROSSINGS_H
#define DAXMARK_REPORT_CROSSINGS_H

#include "analyse/crossover.h"
#include "report/document.h"

/* Over sizes, or over load; members as in crossings_find(). Nothing where nothing crosses. */
void crossings_write(struct document *document, const struct summary *summary,
	enum crossover_axis axis, const size_t *members, size_t n);

#endif
