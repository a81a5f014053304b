/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_MAIL_H
#define DAXMARK_REPORT_MAIL_H

#include <stdio.h>

#include "analyse/summary.h"
#include "report/choice.h"

#define MAIL_COLUMNS 72

/*
 * The answer for a mail: plain text of MAIL_COLUMNS columns, with a plot of characters where
 * gnuplot is there. False when that plot failed for another reason than that it is not.
 */
bool mail_write(
	FILE *out, const struct summary *summary, const struct choice *choice, struct err *e);

#endif
