/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_COMMAND_RUN_REPEAT_H
#define DAXMARK_COMMAND_RUN_REPEAT_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Do `one` so often, each in a process of its own, one after the other: memory, pages and
 * caches are new each time, as they are when somebody comes back another day. Returns in every
 * child, with what `one` returned, and in the parent after the last; there the first that
 * failed is a failure, which it has said itself. A signal to the parent is passed on, and ends
 * them all.
 */
bool run_repeat(unsigned runs, bool (*one)(void *arg, unsigned number, struct err *e), void *arg,
	struct err *e);

/* "R.json" -> "R-2.json" */
void run_repeat_name(const char *path, unsigned number, char *name, unsigned bytes);

#endif
