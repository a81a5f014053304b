/* SPDX-License-Identifier: MIT */
/*
 * A result in other tools' dialects. They know nothing of pairs, states or
 * guarantees, so what they conclude may differ from what daxmark does.
 */
#ifndef DAXMARK_EXCHANGE_GBENCH_H
#define DAXMARK_EXCHANGE_GBENCH_H

#include <stdio.h>

#include "analyse/summary.h"
#include "base/err.h"

/*
 * Google Benchmark's JSON: one "iteration" entry for each visit of each measured
 * case, so that its compare.py can test repetitions. Unavailable cases are left
 * out: it has no word for them. real_time and cpu_time are ns an operation.
 */
bool export_gbench(FILE *out, const struct result *result, struct err *e);

#endif
