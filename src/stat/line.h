/* SPDX-License-Identifier: MIT */
/*
 * A quantity over another that was seen at the same visits, as a straight line; and whether
 * that tells anything about visits that did not make the line.
 */
#ifndef DAXMARK_STAT_LINE_H
#define DAXMARK_STAT_LINE_H

#include <stddef.h>

#include "stat/stat.h"

#define LINE_BLOCKS 5 /* of neighbouring visits, each held out in turn */

/* y = level + slope (x - middle), by least squares. */
struct stat_line {
	double middle, level, slope;
	double squares; /* of x about its middle */
	size_t n;
};

/* x, y [n] in order of time; n >= 3. A constant x has slope 0. */
struct stat_line stat_line(const double *x, const double *y, size_t n);

/*
 * What the line explains of y on visits that it was not made from: 1 - sum of squares about
 * the line over those about the mean, both made without the block that is judged (Stone,
 * J. R. Stat. Soc. B 36 (1974) 111; whole blocks, because neighbours are alike). Below 0
 * where the line is worse than none; 0 for n < 2 LINE_BLOCKS.
 */
double stat_explained(const double *x, const double *y, size_t n);

/* y less the line at x, about the level: what is left, into left[n]. */
void stat_line_left(const struct stat_line *line, const double *x, const double *y, double *left);

/*
 * The line's value at x, where `left` is the estimate of the mean of what is left: its error
 * counts for the level, and with x's distance from the middle for the slope. Neighbouring
 * visits that are alike make both less sure, by the same factor.
 */
struct stat_estimate stat_line_at(
	const struct stat_line *line, struct stat_estimate left, double x);

#endif
