/* SPDX-License-Identifier: MIT */
/*
 * The report: a folder with index.html (self-contained), report.md, the plots
 * as SVG and PNG, and the table they are drawn from. Needs a result and
 * nothing of the machine that made it.
 */
#ifndef DAXMARK_REPORT_REPORT_H
#define DAXMARK_REPORT_REPORT_H

#include <stdbool.h>

#include "analyse/summary.h"
#include "base/err.h"
#include "base/tell.h"
#include "report/choice.h"
#include "result/imported.h"

struct report_request {
	const struct summary *summaries; /* of sorted results */
	size_t n;
	const char *folder;   /* made when missing */
	struct choice choice; /* what is shown */
	bool force;	      /* into a folder that holds something else than a report, too */
	bool keep;	      /* each figure's table and script */
	const char *labels;   /* of several results, by commas; NULL: their own */
	const struct imported *imported; /* shown beside; n may be 0 where there are any */
	size_t n_imported;
};

/*
 * Write the report: of one result all about it, of several one page that has them side by
 * side. Refuses a folder that holds anything but an earlier report, unless
 * `force`. Without gnuplot the report has tables only, and a note says so.
 */
bool report_write(const struct report_request *request, struct tell *tell, struct err *e);

#endif
