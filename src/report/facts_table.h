/* SPDX-License-Identifier: MIT */
/* The tables at the end of a report: strategies, and every fact about machine, target and run. */
#ifndef DAXMARK_REPORT_FACTS_TABLE_H
#define DAXMARK_REPORT_FACTS_TABLE_H

#include "analyse/summary.h"
#include "report/document.h"

void facts_table_arms(struct document *document, const struct result *result);
void facts_table_facts(struct document *document, const struct summary *summary);

#endif
