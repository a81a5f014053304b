/* SPDX-License-Identifier: MIT */
/*
 * From a sweep to the colour function: which address bits must agree for a second
 * address of a page to cost nothing. The masks that cost nothing form a linear space
 * where hardware hashes address bits with exclusive or, so this is linear algebra
 * over GF(2) on noisy data. No table of CPU names decides anything here.
 */
#ifndef DAXMARK_ANALYSE_COLOUR_H
#define DAXMARK_ANALYSE_COLOUR_H

#include "analyse/gf2.h"
#include "result/sweep.h"

enum colour_verdict {
	COLOUR_CANNOT_TELL,
	COLOUR_FREE,   /* aliases cost nothing at any distance */
	COLOUR_HASHED, /* some parities of address bits must agree */
	COLOUR_NEVER,  /* nothing but the same address is free */
	COLOUR_VERDICTS
};
extern const struct words colour_words;

/* Of what is below, nothing but `why` holds when it cannot tell. */
struct colour {
	enum colour_verdict verdict;
	char why[200];		   /* it cannot tell, or what else there is to say; may be empty */
	uint64_t bits;		   /* the address bits that it is about */
	uint64_t refused;	   /* those that the kernel let no two mappings differ in alone */
	struct gf2_space free;	   /* the masks that cost nothing */
	struct gf2_space parities; /* the colour: parities of address bits, reduced */
	uint64_t sufficient_bytes; /* addresses congruent modulo this have one colour */
	double free_ns;		   /* a line, without penalty */
	double penalty_ns;	   /* a line, on top of that; NAN where there is none */
	size_t masks, agree;	   /* measured, and those that cost what the function says */
	size_t held_out, held_out_agree;
};

/* False only when out of memory. */
bool colour_infer(struct colour *colour, const struct sweep *sweep, struct err *e);

/* What it says of a mask. */
bool colour_says_free(const struct colour *colour, uint64_t mask);

/*
 * What each of the sweep's n masks cost over one address alone, log, median over
 * rounds; NAN where it was refused. free() it. NULL when out of memory.
 */
double *colour_costs(const struct sweep *sweep, enum sweep_kind kind, struct err *e);

#endif
