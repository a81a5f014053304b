/* SPDX-License-Identifier: MIT */
/*
 * While a run goes on: which comparisons still want time, because something in them is
 * neither told nor known to be alike, or because an interval is wider than was asked for.
 */
#ifndef DAXMARK_ANALYSE_CONTEST_H
#define DAXMARK_ANALYSE_CONTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "result/result.h"

/*
 * The widest half-width (log) of the joint intervals, in this run, of the copies of
 * comparison c over the fastest that guarantees at least as much; infinite for fewer than
 * two visits, 0 where there is nothing to compare. *contested: that of those that are
 * neither told from the fastest nor within the least claim of it for sure.
 */
double contest_width(const struct result *result, size_t c, double *contested);

/*
 * A run that ends when its interval happens to be narrow ends too early on average: at a
 * look it must be narrower than was asked for by so much, and then covers as often as it
 * says (make bench-coverage, "until").
 */
#define CONTEST_STOP 1.15

/*
 * Comparison c wants its full share of the time: it has not what it needs. `until` is the
 * half-width (log) that was asked for; 0: what tells the copies apart.
 */
bool contest_wants(const struct result *result, size_t c, double until);

#endif
