/* SPDX-License-Identifier: MIT */
/*
 * How each strategy looks in every figure, for good: a reader who has seen one report reads the
 * next. The hue is the family and the mark its shape; shade and dashes are the member.
 */
#ifndef DAXMARK_REPORT_LOOK_H
#define DAXMARK_REPORT_LOOK_H

#include <stdio.h>

#include "result/result.h"

struct look {
	const char *colour;  /* "#0072b2", at least 3:1 on white */
	const char *in_dark; /* the same on a dark page */
	unsigned mark, dash; /* gnuplot's pointtype and dashtype */
};

/* Of a strategy that the table does not name: its family's hue, the rest from its name. */
struct look look_of(const char *strategy, enum family family);

/* CSS rules that give the colours of gnuplot's pictures their counterparts on a dark page. */
void look_style(FILE *out);

#endif
