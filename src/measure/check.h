/* SPDX-License-Identifier: MIT */
/*
 * Byte checks in a run: the loops that are timed, on the pages that are timed. Every arm
 * of every setting once, on every thread and its window; and again one operation of every
 * arm after each change of pages, threads in turn, as far as that costs little.
 */
#ifndef DAXMARK_MEASURE_CHECK_H
#define DAXMARK_MEASURE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct session;

/* All arms of the comparison at hand, on every thread. False when out of memory. */
bool check_first(struct session *session, size_t c);

/* The pages are new: every arm wants a check again. */
void check_renew(struct session *session);

/* Those arms of the comparison at hand that want one, within CHECK_SHARE of the time so far. */
#define CHECK_SHARE 0.05
bool check_again(struct session *session, size_t c);

#endif
