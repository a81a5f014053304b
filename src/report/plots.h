/* SPDX-License-Identifier: MIT */
/*
 * Draws every plot there is a script for: plots/NAME.gp over the table of
 * cases, as SVG and PNG. A script's "#:" header lines say which columns it
 * needs and what it shows; one whose columns hold nothing is left out.
 */
#ifndef DAXMARK_REPORT_PLOTS_H
#define DAXMARK_REPORT_PLOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyse/summary.h"
#include "base/err.h"
#include "report/recommend.h"

#define PLOTS_MAX 32

struct plot {
	char name[64]; /* "throughput" */
	char path[512];
	char needs[128]; /* columns, separated by spaces */
	char title[128];
	char alt[256];
	char axis[32]; /* what it is over: "size", or another axis; empty with `of` */
	char of[32];   /* the command that draws it from a table of its own; empty: a report's */
};

struct plots {
	struct plot all[PLOTS_MAX];
	size_t n;
	char folder[480];
};

/* Find the scripts: beside the executable, or in ../share/daxmark of an installation. */
bool plots_find(struct plots *plots, struct err *e);

/* gnuplot can be started; false and the reason where not. */
bool plots_can_draw(struct err *why_not);

/* What one drawing shows: comparisons that are one curve, or a cut across curves. */
struct figure {
	const size_t *members; /* comparisons, ascending */
	size_t n;
	bool is_cut; /* one size, several curves */
	char title[SETTING_TITLE_BYTES + 80];
};

/* False when a column that the plot needs holds no number in this figure. */
bool plots_wanted(
	const struct plot *plot, const struct summary *summary, const struct figure *figure);

/*
 * Draw one plot of one figure into `file` (ending in .svg or .png) from the
 * table at `table`: at most ten strategies, the baseline and the fastest of each family
 * among them. The picture appears as one step, whole; gnuplot's own complaint becomes
 * the error.
 */
bool plots_draw(const struct plots *plots, const struct plot *plot, const struct summary *summary,
	const struct figure *figure, const char *table, const char *file, struct err *e);

/*
 * Draw plots/NAME.gp, which needs no result, from a table of its own. `series` are the
 * names of its curves, separated by spaces, each between double quotes where it holds one.
 */
bool plots_draw_table(const struct plots *plots, const char *name, const char *table,
	const char *file, const char *caption, const char *series, struct err *e);

#endif
