/* SPDX-License-Identifier: MIT */
/* What listing a case and plotting it share, and the plot. */
#ifndef DAXMARK_COMMAND_HISTORY_PLOT_H
#define DAXMARK_COMMAND_HISTORY_PLOT_H

#include "history/history.h"

/* A machine and target make a curve of their own. */
#define MOST_SERIES 16
#define SERIES_BYTES 700

void history_series_name(const struct history_row *row, char name[SERIES_BYTES]);

/* Why no run has a case of this name: false, and the nearest one. */
bool history_unknown_case(struct history *history, const char *name, struct err *e);

/* Draw a case over time into `wanted` (.svg or .png; NULL: history.svg), and say where. */
bool history_plot(struct history *history, const char *name, const struct history_filter *filter,
	const char *wanted, bool force, struct err *e);

#endif
