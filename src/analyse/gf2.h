/* SPDX-License-Identifier: MIT */
/*
 * Linear algebra over GF(2) on sets of up to 64 address bits: a vector is a word,
 * addition is exclusive or.
 */
#ifndef DAXMARK_ANALYSE_GF2_H
#define DAXMARK_ANALYSE_GF2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A linear space by its reduced basis: ascending by lowest bit, and the lowest bit of
 * a row is in no other row. Two spaces are equal when their rows are.
 */
struct gf2_space {
	uint64_t rows[64];
	size_t rank;
};

/* What is left of a vector after adding rows to clear their lowest bits: 0 when it is in the space. */
uint64_t gf2_reduce(const struct gf2_space *space, uint64_t vector);

/* Extend the space by a vector; false when it was in it already. */
bool gf2_add(struct gf2_space *space, uint64_t vector);

/* All parities over `bits` (a set of them) that are even for every vector of the space. */
struct gf2_space gf2_annihilator(const struct gf2_space *space, uint64_t bits);

#endif
