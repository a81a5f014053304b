/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_COMMAND_RUN_LATENCY_H
#define DAXMARK_COMMAND_RUN_LATENCY_H

#include "base/err.h"
#include "result/result.h"

/* Print percentiles of single operations, where the run has some. */
bool run_show_latencies(const struct result *result, struct err *e);

#endif
