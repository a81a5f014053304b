/* SPDX-License-Identifier: MIT */
/* What a user window costs: to map, to copy through for the first time and again, to unmap. */
#ifndef DAXMARK_STUDY_WINDOWS_H
#define DAXMARK_STUDY_WINDOWS_H

#include "sys/clock.h"
#include "target/alias.h"

#define WINDOWS_LARGEST (2ull << 20)
#define WINDOWS_MOST 16

/* Medians of one size, in ns. */
struct window_cost {
	uint64_t bytes;
	double map_ns, remap_ns; /* by mmap of the file; by mremap of the user's mapping */
	double first_ns;	 /* a copy into it that takes the faults */
	double copy_ns;		 /* the same copy again */
	double unmap_ns;
};

/*
 * Windows from a granule to 2 MiB onto a target of at least that, each size 4 times the
 * last; how many in *n.
 */
bool windows_measure(const struct target *target, const struct clock *clock,
	struct window_cost costs[WINDOWS_MOST], size_t *n, struct err *e);

#endif
