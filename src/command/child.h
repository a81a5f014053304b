/* SPDX-License-Identifier: MIT */
/* What a study wants to have measured, by a run of this program in a process of its own. */
#ifndef DAXMARK_COMMAND_CHILD_H
#define DAXMARK_COMMAND_CHILD_H

#include "command/command.h"
#include "study/run.h"

struct child {
	const char *target; /* as typed */
	struct command_may may;
};

/* As study_runner.measure, of a struct child. What the child says is the error. */
bool child_measure(void *arg, const struct study_run *run, struct result *result, struct err *e);

#endif
