/* SPDX-License-Identifier: MIT */
/* Every case of every machine and target over time, and which of them have changed. */
#ifndef DAXMARK_COMMAND_HISTORY_WATCH_H
#define DAXMARK_COMMAND_HISTORY_WATCH_H

#include "analyse/drift.h"
#include "base/units.h"
#include "command/history_plot.h"

struct watch_point {
	char created[40], commit[64];
	double ns, low, high; /* of one operation; NAN unknown */
	double over;	      /* speed over memcpy; NAN unknown */
};

struct watch_series {
	char name[192];		    /* the case */
	char series[SERIES_BYTES];  /* machine and target */
	struct watch_point *points; /* oldest first */
	size_t n, room;
	bool by_ratio; /* judged by its speed over memcpy; else by the clock */
	struct drift drift;
};

struct watch {
	struct watch_series *all;
	size_t n, room;
	size_t known, slower, faster;
	double least; /* the least change that is told, log */
};

/*
 * Those whose names match one of the patterns (none: all), judged together. Free with
 * watch_free(), also after failure.
 */
bool watch_make(struct watch *watch, struct history *history, const struct history_filter *filter,
	char **patterns, int n_patterns, double least, struct err *e);
void watch_free(struct watch *watch);

/* +1: it has become faster, -1: slower; 0: not told. */
int watch_sign(const struct watch_series *series);

/* "0.91 [0.88, 0.94]": speed since the change over that before; "-" where not known. */
void watch_change(const struct watch_series *series, char text[UNITS_SPEED_BYTES]);

/* history check: those that changed as a table, or all as JSON; an alarm where one is slower. */
bool history_check(struct history *history, const struct history_filter *filter, char **patterns,
	int n, double least, bool json, struct err *e);

/* history page: all of them on one page, with small curves. */
bool history_page(struct history *history, const struct history_filter *filter, char **patterns,
	int n, double least, const char *wanted, bool force, struct err *e);

#endif
