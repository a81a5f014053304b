/* SPDX-License-Identifier: MIT */
/* What a result says before anything is measured. */
#ifndef DAXMARK_MEASURE_DESCRIBE_H
#define DAXMARK_MEASURE_DESCRIBE_H

#include "plan/plan.h"
#include "result/result.h"

/* Fill *result with the plan's arms and settings; free with result_free() whatever is returned. */
bool describe_run(const struct plan *plan, const char *command, const char *label,
	const char *commit, struct result *result, struct err *e);

#endif
