/* SPDX-License-Identifier: MIT */
/*
 * From which size on one kind of copy pays: a threshold such as libpmem's
 * PMEM_MOVNT_THRESHOLD, and between which sizes it is not told.
 */
#ifndef DAXMARK_ANALYSE_THRESHOLD_H
#define DAXMARK_ANALYSE_THRESHOLD_H

#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct threshold {
	/*
	 * At joint 95 % the best threshold is within these, sizes that were measured: from
	 * `low` on the copy is nowhere surely slower, below `high` nowhere surely faster. 0:
	 * it may pay from the least size on; UINT64_MAX: it may pay nowhere. low is above
	 * high where faster and slower take turns: no one threshold fits.
	 */
	uint64_t low, high;
	uint64_t value; /* within, and `usual` where that is; `low` where they cross over */
};

/* What each of n intervals must hold with, so that all do in 95 % (Bonferroni). */
double threshold_confidence(size_t n);

/*
 * sizes[n] ascending; log_ratio[i]: the time of the copy over that of the other at sizes[i],
 * below 0 where it pays, at threshold_confidence(n). What is within SUMMARY_LEAST_CLAIM of
 * 0 is not told. A mean that is 0.1 % the wrong way at one size is no reason to leave
 * `usual`.
 */
struct threshold threshold_find(
	const uint64_t *sizes, const struct interval *log_ratio, size_t n, uint64_t usual);

#endif
