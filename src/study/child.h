/* SPDX-License-Identifier: MIT */
/*
 * A measurement by a run of this program in a process of its own: for commands that need
 * several of them, or another environment, which libraries read when they are loaded.
 */
#ifndef DAXMARK_STUDY_CHILD_H
#define DAXMARK_STUDY_CHILD_H

#include "result/result.h"

/* Options of "daxmark run"; NULL: its default. */
struct child {
	const char *target, *strategies, *operations, *sizes, *states, *footprint;
	double budget_s;
	bool overwrite, create;	      /* what the target allows */
	const char *variable, *value; /* of the environment: set to this, or taken out (NULL) */
};

/* Run it and read its result, sorted; free with result_free(). What the child says is the error. */
bool child_measure(const struct child *child, struct result *result, struct err *e);

#endif
