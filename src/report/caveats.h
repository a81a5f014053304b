/* SPDX-License-Identifier: MIT */
/* What stands between a result's numbers and a claim about persistent memory. */
#ifndef DAXMARK_REPORT_CAVEATS_H
#define DAXMARK_REPORT_CAVEATS_H

#include "analyse/summary.h"
#include "report/document.h"

/* "EMULATED pmem (DRAM)": what every view of the result is marked with; empty: nothing. */
#define CAVEATS_LABEL 80
const char *caveats_label(const struct result *result, char label[CAVEATS_LABEL]);

/* Those that change what the answer means, in the open; then the others, folded. */
void caveats_write(struct document *document, const struct summary *summary);

#endif
