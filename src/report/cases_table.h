/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_CASES_TABLE_H
#define DAXMARK_REPORT_CASES_TABLE_H

#include "analyse/summary.h"
#include "report/choice.h"
#include "report/document.h"

/*
 * Every case that is shown as one table that a page sorts and filters: what was measured, and
 * why not where not. `file` has all of them, which a page of thousands does not.
 */
void cases_table_write(struct document *document, const struct summary *summary,
	const struct choice *choice, const char *file);

#endif
