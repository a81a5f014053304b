/* SPDX-License-Identifier: MIT */
/* For colour.c alone: the measured masks, and which of them cost something. */
#ifndef DAXMARK_ANALYSE_COLOUR_LABEL_H
#define DAXMARK_ANALYSE_COLOUR_LABEL_H

#include "analyse/colour.h"

/* A measured mask and what it cost. */
struct sample {
	uint64_t mask;
	bool held_out, free;
	double cost[SWEEP_KINDS], ns[SWEEP_KINDS];
};

struct inference {
	const struct sweep *sweep;
	struct colour *colour;
	struct sample *samples; /* other than mask 0 */
	size_t n;
	double zero_ns[SWEEP_KINDS];
	double *reference[SWEEP_KINDS]; /* [stages][rounds] what one address alone cost then */
	double *scratch;
	bool split[SWEEP_KINDS]; /* its costs are of two kinds */
	double low[SWEEP_KINDS], high[SWEEP_KINDS];
};

/* The upper median; sorts x. */
double colour_median(double *x, size_t n);

/* Room and references for inference->sweep; false when out of memory. */
bool colour_begin(struct inference *inference, struct err *e);

/* What each mask cost over one address alone. */
void colour_take_samples(struct inference *inference);

/* Every mask's label; false, and why, when the costs say nothing. */
bool colour_label(struct inference *inference);

#endif
