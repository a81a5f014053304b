/* SPDX-License-Identifier: MIT */
/* When does a congruent alias beat flushing, and nocache copies? By size, in a report. */
#ifndef DAXMARK_REPORT_ALIASES_H
#define DAXMARK_REPORT_ALIASES_H

#include "report/document.h"
#include "report/recommend.h"

/* A table for a view in which a standing congruent alias was measured; else nothing. */
void aliases_write(struct document *document, const struct summary *summary, struct view view);

#endif
