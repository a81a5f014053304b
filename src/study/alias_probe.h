/* SPDX-License-Identifier: MIT */
/*
 * Measures a sweep: one page under two addresses that differ in chosen bits, both
 * inside one large aligned piece of address space, against one address alone.
 */
#ifndef DAXMARK_STUDY_ALIAS_PROBE_H
#define DAXMARK_STUDY_ALIAS_PROBE_H

#include <gsl/gsl_rng.h>

#include "analyse/colour.h"
#include "result/sweep.h"
#include "base/tell.h"
#include "sys/clock.h"
#include "target/alias.h"

#define PROBE_TOP_BIT 33
#define PROBE_ROUNDS 41

struct probe {
	const struct target *target;
	const struct clock *clock;
	gsl_rng *rng;
	struct tell *tell;
	char *room, *page; /* the address space; the page's own address in it */
	bool (*stop)(void);
};

/* Address space for the masks, and the target's first granule in it; probe_close() also after failure. */
bool probe_open(struct probe *probe, const struct target *target, const struct clock *clock,
	gsl_rng *rng, struct tell *tell, struct err *e);
void probe_close(struct probe *probe);

/*
 * Fill an empty sweep and infer from it: each single bit, all pairs and threes, random
 * masks; then combinations of four bits of unlike effect, up to a thousand; then at
 * least 64 random masks that the function is asked about before they are measured.
 * Randomised rounds, some seconds in all. False when stopped or when nothing could be
 * mapped.
 */
bool probe_run(struct probe *probe, struct sweep *sweep, struct colour *colour, struct err *e);

#endif
