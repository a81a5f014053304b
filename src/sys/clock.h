/* SPDX-License-Identifier: MIT */
/*
 * Two clocks. The wall clock (CLOCK_MONOTONIC) paces a run; the tick clock
 * times slices: begin and end are ordered against the loads, stores and
 * flushes around them, so that what is timed is inside and nothing else.
 */
#ifndef DAXMARK_SYS_CLOCK_H
#define DAXMARK_SYS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	const char *name;	 /* "rdtscp" or "clock_gettime" */
	uint64_t (*begin)(void); /* ticks; all that came before is complete */
	uint64_t (*end)(void);	 /* ticks; all that was timed is complete */
	double tick_ns;
	double cost_ns; /* of one begin and end around nothing: median of 1001 */
};

/* Nanoseconds on CLOCK_MONOTONIC. */
uint64_t clock_wall_ns(void);

/*
 * The best tick clock of this machine. Where the time-stamp counter is
 * invariant it is calibrated against CLOCK_MONOTONIC over 20 ms.
 */
void clock_init(struct clock *clock);

#endif
