/* SPDX-License-Identifier: MIT */
/* The section of what other tools measured: where it came from, a figure and a table of each. */
#ifndef DAXMARK_REPORT_BESIDE_H
#define DAXMARK_REPORT_BESIDE_H

#include "report/document.h"
#include "report/plots.h"
#include "result/imported.h"

/*
 * `plots` NULL: no figures. A figure is FOLDER/imported-N.svg, with the .png beside it. False
 * where one could not be drawn.
 */
bool beside_write(struct document *document, const struct imported *imported, size_t n,
	const struct plots *plots, const char *folder, struct err *e);

#endif
