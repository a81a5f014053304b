/* SPDX-License-Identifier: MIT */
/* When does congruence help a copy? Copies through aliases over footprints, each in a run of its own. */
#ifndef DAXMARK_STUDY_COPIES_H
#define DAXMARK_STUDY_COPIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/tell.h"
#include "base/words.h"
#include "stat/stat.h"
#include "study/run.h"

#define ALIAS_COPIES_MOST 64

/* One operation of one size over one footprint, lines left in the caches. */
struct alias_copy {
	uint64_t footprint_bytes, size_bytes;
	enum operation operation;
	struct interval over_incongruent; /* speed of a congruent alias over one that is not */
	struct interval over_memcpy;	  /* and over no alias at all */
};

/*
 * Measure for about budget_s seconds on a target that a footprint can be chosen of. Returns how many, 0 after failure.
 */
size_t copies_measure(const struct study_runner *runner, double budget_s, struct tell *tell,
	struct alias_copy copies[ALIAS_COPIES_MOST], struct err *e);

#endif
