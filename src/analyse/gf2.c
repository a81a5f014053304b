// SPDX-License-Identifier: MIT
#include "analyse/gf2.h"

static uint64_t lowest(uint64_t vector)
{
	return vector & -vector;
}

uint64_t gf2_reduce(const struct gf2_space *space, uint64_t vector)
{
	for (size_t i = 0; i < space->rank; i++)
		if (vector & lowest(space->rows[i]))
			vector ^= space->rows[i];
	return vector;
}

bool gf2_add(struct gf2_space *space, uint64_t vector)
{
	size_t at = 0;

	vector = gf2_reduce(space, vector);
	if (vector == 0)
		return false;
	for (size_t i = 0; i < space->rank; i++)
		if (space->rows[i] & lowest(vector))
			space->rows[i] ^= vector;
	while (at < space->rank && lowest(space->rows[at]) < lowest(vector))
		at++;
	for (size_t i = space->rank; i > at; i--)
		space->rows[i] = space->rows[i - 1];
	space->rows[at] = vector;
	space->rank++;
	return true;
}

/*
 * With the space's rows reduced to [pivots | free bits], the parities are one for
 * each free bit f: f itself and the pivots of the rows that hold it.
 */
struct gf2_space gf2_annihilator(const struct gf2_space *space, uint64_t bits)
{
	struct gf2_space parities = {.rank = 0};
	uint64_t pivots = 0;

	for (size_t i = 0; i < space->rank; i++)
		pivots |= lowest(space->rows[i]);
	for (uint64_t left = bits & ~pivots; left != 0; left &= left - 1) {
		uint64_t parity = lowest(left);

		for (size_t i = 0; i < space->rank; i++)
			if (space->rows[i] & lowest(left))
				parity |= lowest(space->rows[i]);
		gf2_add(&parities, parity);
	}
	return parities;
}
