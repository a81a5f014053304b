/* SPDX-License-Identifier: MIT */
/* How the runs of a comparison differ, beside what they measured. */
#ifndef DAXMARK_ANALYSE_DIFFERENCES_H
#define DAXMARK_ANALYSE_DIFFERENCES_H

#include "analyse/side.h"
#include "base/err.h"

/* Why results of two of the runs' targets say nothing about each other; NULL when they do. */
const char *differences_of_targets(const struct side *base, const struct side *new);

/* Some run's aliases are at other distances. */
bool differences_of_aliases(const struct side *base, const struct side *new);

/* Another machine, kernel or program is no fault; but who reads the ratios must know. */
void differences_note(const struct side *base, const struct side *new, char *text, size_t bytes);

/* One run given twice would make a variance of nothing: false names the files. */
bool differences_are_all(const struct side *side, struct err *e);

#endif
