/* SPDX-License-Identifier: MIT */
/* From one figure of a result to a picture: what is drawn of it, in which look, and in which formats. */
#ifndef DAXMARK_REPORT_DRAWING_H
#define DAXMARK_REPORT_DRAWING_H

#include "report/choice.h"
#include "report/gnuplot.h"
#include "report/plots.h"

#define DRAWING_NOTE 600

/* How figures of one report are drawn. */
struct drawing {
	const struct plots *plots;
	const struct picture *picture;
	const struct choice *choice;
	const enum picture_format *formats;
	size_t n_formats;
	unsigned most;	  /* strategies in one; 0: CURVES_MOST */
	double low, high; /* of the y axis; 0: as the plot has it */
	bool keep;	  /* the table and the script of each, "BASE.tsv" and "BASE.gp" */
};

/*
 * Draw one plot of one figure into "BASE.svg" and what other formats are wanted. Drawn are
 * the strategies that were chosen, or the baseline, the fastest of each family and the
 * fastest of all. Those that lie within 5 % of another at every size are thin beneath it.
 * `note` says in words which, and how many were left out; empty: nothing to say.
 */
bool drawing_draw(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const struct figure *figure, const char *base,
	char note[DRAWING_NOTE], struct err *e);

/*
 * Draw plots/NAME.gp, which needs no result, from a table of its own. `series` are the
 * names of its curves, separated by spaces, each between double quotes where it holds one.
 */
bool drawing_draw_table(const struct plots *plots, const char *name, const char *table,
	const char *base, const enum picture_format *formats, size_t n_formats, const char *caption,
	const char *series, struct err *e);

/* Strategies of a result, in the look that each has, from a table of the page's own. */
struct drawing_table {
	const char *plot;  /* plots/NAME.gp */
	const char *table; /* its path */
	const char *caption;
	const char *extra; /* what the script is told beside, as gnuplot reads it: "rate=0; " */
	const struct result_arm *arms;
	const size_t *chosen; /* [n] of them */
	size_t n;
};
bool drawing_draw_strategies(const struct plots *plots, const struct drawing_table *table,
	const char *base, const enum picture_format *formats, size_t n_formats, struct err *e);

#endif
