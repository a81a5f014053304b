/* SPDX-License-Identifier: MIT */
/* Random bits where speed counts and a library's generator would be one more to link. */
#ifndef DAXMARK_BASE_RANDOM_H
#define DAXMARK_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014): 64 bits; any state is one to begin with. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Fisher and Yates's shuffle; n is so far below 2^64 that the remainder is even enough. */
static inline void random_shuffle(uint64_t *state, uint32_t *values, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t other = random_next(state) % i;
		uint32_t kept = values[i - 1];

		values[i - 1] = values[other];
		values[other] = kept;
	}
}

#endif
