/* SPDX-License-Identifier: MIT */
/*
 * What each arm guarantees in each setting, from the facts of the target that is open:
 * the one place where guarantees, and a level that was asked for, are judged.
 */
#ifndef DAXMARK_MEASURE_JUDGE_H
#define DAXMARK_MEASURE_JUDGE_H

#include "base/err.h"
#include "plan/plan.h"
#include "result/result.h"

/*
 * Fills the guarantees of the result's comparisons and arms from result->target and
 * result->facts. With plan->least other than none, copies that give less in every setting
 * become unavailable, with the reason; but the baseline stays, as what ratios are to.
 * False where a strategy that was named gives less (a usage error), or where no copy
 * gives the level in some setting.
 */
bool judge(struct result *result, const struct plan *plan, struct err *e);

#endif
