/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_FIGURES_H
#define DAXMARK_REPORT_FIGURES_H

#include "report/document.h"
#include "report/drawing.h"
#include "report/recommend.h"

/* A page that is being written. */
struct writer {
	const struct summary *summary;
	const struct plots *plots;
	const struct choice *choice;
	const char *folder;
	struct document *document;
	bool draw, keep;
	unsigned figure; /* number of the last one drawn */
	unsigned facets; /* and of how many the page has those of machines */
	bool has_cuts;	 /* this result differs along something else than the size */
	bool left_out;	 /* some were not drawn: FIGURES_MOST */
	size_t lost;	 /* could not be drawn, and why the first could not */
	struct err why_lost;
};

/*
 * Every figure that one plot could be of in a result, of what is shown of it: the curves of
 * views, or the cuts along the plot's axis. Stops at, and returns, the first false.
 */
bool figures_each(const struct result *result, const struct plot *plot, const struct choice *choice,
	bool (*each)(void *arg, const struct figure *figure, struct err *e), void *arg,
	struct err *e);

/* Draw the first plot that suits a view, as it is asked for here, as "0-answer". */
bool figures_first(struct writer *writer, struct view view, const struct choice *choice,
	const struct picture *picture, struct err *e);

/* One of several pictures of a kind that have the same axes. */
struct figures_facet {
	const struct picture *picture;
	unsigned most;	   /* curves */
	double low, high;  /* of the y axis */
	const char *label; /* which it is of */
};

/* Throughput over sizes of one view, as a facet; nothing where that is no curve. */
bool figures_facet(
	struct writer *writer, struct view view, const struct figures_facet *facet, struct err *e);

/* Draw a plot of a table of its own into the page, as drawing_draw_table(). */
bool figures_put_table(struct writer *writer, const char *plot, const char *table, const char *name,
	const char *caption, const char *series, struct err *e);

/* Draw every plot that a curve has something for, and put it into the document. */
bool figures_of_view(struct writer *writer, struct view view, struct err *e);

/* And those of cuts: one size, several settings along an axis. */
bool figures_of_cuts(struct writer *writer, struct err *e);

#endif
