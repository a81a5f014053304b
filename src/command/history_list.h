/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_COMMAND_HISTORY_LIST_H
#define DAXMARK_COMMAND_HISTORY_LIST_H

#include "history/history.h"

/* Every kept run, or one case in all of them, as a table or as JSON. */
bool history_list_runs(
	struct history *history, const struct history_filter *filter, bool json, struct err *e);
bool history_list_case(struct history *history, const char *name,
	const struct history_filter *filter, bool json, struct err *e);

#endif
