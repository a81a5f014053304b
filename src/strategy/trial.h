/* SPDX-License-Identifier: MIT */
/* Code that nobody vouches for is first run in a child, so that what it breaks is the child's. */
#ifndef DAXMARK_STRATEGY_TRIAL_H
#define DAXMARK_STRATEGY_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

typedef void trial_copy(void *dst, const void *src, size_t len);

/*
 * Does `work(arg)` end, without a fault, within TRIAL_SECONDS, in a child? False fills
 * *why: "it crashed (Segmentation fault)". What it wrote into `said` (shared memory of
 * TRIAL_SAID bytes, empty before) stands behind that.
 */
#define TRIAL_SECONDS 10
#define TRIAL_SAID 200
bool trial_run(void (*work)(void *arg, char *said), void *arg, struct err *why);

/*
 * A copy at sizes and alignments around lines and pages, byte for byte, its destination and
 * source between guard pages. False names the first that is wrong.
 */
bool trial_copies(trial_copy *copy, struct err *why);

#endif
