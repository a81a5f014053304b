/* SPDX-License-Identifier: MIT */
/*
 * Do non-temporal stores leave the caches when the line is already in one? The
 * manuals leave it to the processor; this looks.
 */
#ifndef DAXMARK_MEASURE_NOCACHE_H
#define DAXMARK_MEASURE_NOCACHE_H

#include <stddef.h>

#include "sys/clock.h"

/*
 * Median time, without the clock's own, of a non-temporal store of one line
 * and its fence: to a line just loaded (*hit_ns) and to one just flushed
 * (*miss_ns). NAN where the instruction set has no such store. Overwrites
 * lines of [window, window + bytes).
 */
void nocache_probe(
	const struct clock *clock, char *window, size_t bytes, double *hit_ns, double *miss_ns);

#endif
