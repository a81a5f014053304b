/* SPDX-License-Identifier: MIT */
/* For summary.c alone: what is said of the run as a whole. */
#ifndef DAXMARK_ANALYSE_SUMMARY_RUN_H
#define DAXMARK_ANALYSE_SUMMARY_RUN_H

#include "analyse/summary.h"

/* How sure it is that what wanders does so more slowly than the run lasts: stat/witness.h. */
double summary_slow(const struct result *result);

void summary_note_visits(struct summary *summary);
bool summary_note_cases(struct summary *summary); /* false: out of memory */
void summary_note_machine(struct summary *summary);

#endif
