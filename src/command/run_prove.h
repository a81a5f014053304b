/* SPDX-License-Identifier: MIT */
/* Before a run: what loaded routines declare is proved at the sizes that it measures. */
#ifndef DAXMARK_COMMAND_RUN_PROVE_H
#define DAXMARK_COMMAND_RUN_PROVE_H

#include "base/tell.h"
#include "plan/plan.h"

#define RUN_PROVE_MOST (1ul << 20) /* bytes of an operation that is traced: about a second */

/*
 * Trace every loaded routine of the plan in the settings that it is asked for, and note in
 * plan->unproved where what it declares was not proved; a note tells why. False when out of
 * memory or interrupted: that there is no tracing here only leaves all unproved.
 */
bool run_prove(struct plan *plan, struct tell *tell, struct err *e);

#endif
