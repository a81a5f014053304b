/* SPDX-License-Identifier: MIT */
/*
 * Which plots there are: plots/NAME.gp. A script's "#:" header lines say which columns of the
 * table of cases it needs and what it shows; one whose columns hold nothing is left out.
 */
#ifndef DAXMARK_REPORT_PLOTS_H
#define DAXMARK_REPORT_PLOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyse/summary.h"
#include "base/err.h"
#include "report/choice.h"

#define PLOTS_MAX 32

struct plot {
	char name[64]; /* "throughput" */
	char path[512];
	char needs[128]; /* columns, separated by spaces */
	char title[128];
	char alt[256];
	char axis[32]; /* what it is over: "size", or another axis; empty with `of` */
	char of[32];   /* the command that draws it from a table of its own; empty: a report's */
	unsigned least, most; /* how many sizes it is made for; most 0: any */
};

struct plots {
	struct plot all[PLOTS_MAX];
	size_t n;
	char folder[480];
};

/* What one drawing shows: comparisons that are one curve, or a cut across curves. */
struct figure {
	const size_t *members; /* comparisons, ascending */
	size_t n;
	bool is_cut; /* one size, several curves */
	char title[SETTING_TITLE_BYTES + 80];
};

/* Find the scripts: beside the executable, or in ../share/daxmark of an installation. */
bool plots_find(struct plots *plots, struct err *e);

/* The one of a report's plots with this name; a usage error with the nearest when there is none. */
const struct plot *plots_named(const struct plots *plots, const char *name, struct err *e);

/*
 * False when a column that the plot needs holds no number in this figure, when it is made for
 * more or fewer sizes, or when no copy of it is shown.
 */
bool plots_wanted(const struct plot *plot, const struct summary *summary,
	const struct figure *figure, const struct choice *choice);

#endif
