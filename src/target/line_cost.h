/* SPDX-License-Identifier: MIT */
/* What a line costs that is used under two addresses in turn. Knows nothing of mappings. */
#ifndef DAXMARK_TARGET_LINE_COST_H
#define DAXMARK_TARGET_LINE_COST_H

#include "sys/clock.h"

enum line_use { LINE_STORE_LOAD, LINE_LOAD_LOAD, LINE_USES };

#define LINE_COST_BYTES 4096 /* of either mapping: the first page, which must hold zeros */

/*
 * ns a line, of 64 of them, stored to through `k` and loaded through `u`, or loaded
 * through both. One sample: take many, in turn with what it is compared with.
 */
double line_cost(const struct clock *clock, char *u, char *k, enum line_use use);

#endif
