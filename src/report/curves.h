/* SPDX-License-Identifier: MIT */
/* Which copies of a figure are drawn, and which of them lie on one another. */
#ifndef DAXMARK_REPORT_CURVES_H
#define DAXMARK_REPORT_CURVES_H

#include "report/choice.h"
#include "report/plots.h"

/* More nobody can tell apart. */
#define CURVES_MOST 10
/* Of the time, at every size: less than a line's width in most pictures. */
#define CURVES_ALIKE 0.05

struct curve {
	size_t arm;
	double log_ns; /* mean over the members that have it; infinite where none has */
	bool drawn;
	size_t under; /* arm of the curve that it lies on; its own when on none */
};

/* The curves of a figure, the fastest first. */
struct curves {
	struct curve all[CASE_MOST_ARMS];
	size_t n;
};

/*
 * The copies of a figure that `choice` shows: all, or, where they are more than `most` (0:
 * CURVES_MOST), the baseline, the fastest of each family, and then the fastest; the arm
 * `chosen` in any case. Those that are alike at every size of a curve lie under the chosen one,
 * or else under the fastest of them.
 */
void curves_find(struct curves *curves, const struct summary *summary, const struct figure *figure,
	const struct choice *choice, size_t most, size_t chosen);

/* How many lie under the curve of an arm. */
size_t curves_under(const struct curves *curves, size_t arm);

/* The arm that a figure is about: the fastest that reaches the level, at most of its members. */
size_t curves_chosen(const struct summary *summary, const struct figure *figure);

#endif
