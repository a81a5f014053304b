/* SPDX-License-Identifier: MIT */
/* The part of a visit that times single operations, where the plan asks for it. */
#ifndef DAXMARK_MEASURE_LATENCIES_H
#define DAXMARK_MEASURE_LATENCIES_H

#include "measure/parts.h"

bool latencies_wanted(const struct session *session, size_t c);

/*
 * Those of all arms of the comparison at hand, for about so many ns, into the result. Arms
 * that fail on the way are lost. False: stopped, or session->e says why.
 */
bool latencies_measure(struct session *session, size_t c, double ns);

#endif
