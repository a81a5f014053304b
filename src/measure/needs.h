/* SPDX-License-Identifier: MIT */
/* The stage that a plan needs. */
#ifndef DAXMARK_MEASURE_NEEDS_H
#define DAXMARK_MEASURE_NEEDS_H

#include "plan/plan.h"
#include "stage/stage.h"

/*
 * Fills *request; `target` must live as long. Fails where there are too many nodes.
 */
bool needs_of(const struct plan *plan, const struct target_request *target,
	struct stage_request *request, struct err *e);

#endif
