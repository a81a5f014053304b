/* SPDX-License-Identifier: MIT */
/* What a run prints on stdout: its plan before, its answer afterwards. */
#ifndef DAXMARK_COMMAND_RUN_SHOW_H
#define DAXMARK_COMMAND_RUN_SHOW_H

#include <stdbool.h>

#include "base/err.h"
#include "plan/plan.h"
#include "result/result.h"

/* For --dry-run: roster, settings, budget. */
bool run_show_plan(const struct plan *plan, const char *target, struct err *e);

/* The fastest by setting, what was not measured, and where the file is. Sorts the result. */
bool run_show_result(struct result *result, const char *path, struct err *e);

#endif
