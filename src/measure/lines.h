/* SPDX-License-Identifier: MIT */
/*
 * Where is a line after an instruction that writes it back, or past the caches? The manuals
 * say "may" (clwb) or nothing; a load afterwards tells.
 */
#ifndef DAXMARK_MEASURE_LINES_H
#define DAXMARK_MEASURE_LINES_H

#include <stddef.h>

#include "sys/clock.h"
#include "sys/facts.h"

/*
 * Median time, without the clock's own, of a load of a line: just stored to, just evicted,
 * and after each of this CPU's instructions. None where no line can be evicted. Overwrites
 * lines of [window, window + bytes).
 */
void lines_probe(const struct clock *clock, char *window, size_t bytes, struct facts_lines *lines);

#endif
