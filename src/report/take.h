/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_TAKE_H
#define DAXMARK_REPORT_TAKE_H

#include "report/drawing.h"

/*
 * One plot taken out for a paper: every figure of it that is shown, as "BASE.FORMAT", or
 * "BASE-1.FORMAT", "BASE-2.FORMAT" of several. Refuses a file that is there unless `force`;
 * calls `made` with each path, and what is to be said of it. An error where there is nothing to draw.
 */
bool take_plot(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const char *base, bool force,
	void (*made)(void *arg, const char *path, const char *note), void *arg, struct err *e);

#endif
