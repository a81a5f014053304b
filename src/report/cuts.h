/* SPDX-License-Identifier: MIT */
/*
 * Cuts across the curves: comparisons of one size that differ in one thing only,
 * threads or background or the destination's state, for the plots over it.
 */
#ifndef DAXMARK_REPORT_CUTS_H
#define DAXMARK_REPORT_CUTS_H

#include <stddef.h>

#include "case/setting.h"
#include "result/result.h"

#define CUTS_MOST 8 /* of one axis in a report */
#define CUT_SIZES 3 /* of one group: the smallest, one in the middle, the largest */
#define CUT_MEMBERS 256

struct cut {
	enum setting_axis axis;
	size_t members[CUT_MEMBERS]; /* comparisons, in the result's order */
	size_t n;
};

/*
 * The cuts along one axis of a sorted result that have two or more measured
 * members; at most `room`, which is what it returns the number of.
 */
size_t cuts_find(
	const struct result *result, enum setting_axis axis, struct cut *cuts, size_t room);

#endif
