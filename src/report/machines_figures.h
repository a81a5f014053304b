/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_MACHINES_FIGURES_H
#define DAXMARK_REPORT_MACHINES_FIGURES_H

#include "report/machines.h"

/*
 * Figures of the settings [first, end), which are one curve: the fastest of every machine over
 * one another, as time and as speed over its own baseline, and a facet for each machine with
 * the same axes. A figure that cannot be drawn is said in the page.
 */
bool machines_figures(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e);

#endif
