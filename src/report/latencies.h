/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_LATENCIES_H
#define DAXMARK_REPORT_LATENCIES_H

#include "report/choice.h"
#include "report/document.h"
#include "report/plots.h"

/*
 * How long single operations took: latency.tsv in the folder, a table, and figures where
 * plots is not NULL. Nothing where the result has no latencies.
 */
bool latencies_write(struct document *document, const struct summary *summary,
	const struct choice *choice, const struct plots *plots, const char *folder, struct err *e);

#endif
