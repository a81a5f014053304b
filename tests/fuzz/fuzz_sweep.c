// SPDX-License-Identifier: MIT
/* Any bytes at all as a sweep: read and inferred from without a crash, a leak or undefined behaviour. */
#include <stdint.h>

#include <stdlib.h>

#include "analyse/colour.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct colour colour;
	struct sweep sweep;
	struct err e;

	if (sweep_parse(&sweep, (const char *)data, size, "fuzz", &e)) {
		colour_infer(&colour, &sweep, &e);
		for (int kind = 0; kind < SWEEP_KINDS; kind++)
			free(colour_costs(&sweep, (enum sweep_kind)kind, &e));
	}
	sweep_free(&sweep);
	return 0;
}
