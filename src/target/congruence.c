// SPDX-License-Identifier: MIT
#include "target/congruence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "target/alias.h"

#define SAMPLES 41

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *x)
{
	qsort(x, SAMPLES, sizeof(x[0]), by_value);
	return x[SAMPLES / 2];
}

/*
 * Log of the cost under two addresses over that under one, medians of samples taken in
 * turn: a disturbance meets both. NAN where they cannot be had.
 */
static double extra(congruence_cost *cost, void *arg, uint64_t distance, enum line_use use,
	double *one_ns, double *two_ns)
{
	double one[SAMPLES], two[SAMPLES];

	for (size_t i = 0; i < SAMPLES; i++) {
		one[i] = cost(arg, 0, use);
		two[i] = cost(arg, distance, use);
		if (isnan(one[i]) || isnan(two[i]))
			return NAN;
	}
	*one_ns = median(one);
	*two_ns = median(two);
	return log(*two_ns / *one_ns);
}

enum answer { CANNOT_BE_HAD, COSTS, FREE };

static enum answer ask(
	struct alias_facts *facts, congruence_cost *cost, void *arg, uint64_t distance)
{
	enum answer answer = FREE;

	for (unsigned use = 0; use < LINE_USES; use++) {
		double one_ns, two_ns;
		double more = extra(cost, arg, distance, (enum line_use)use, &one_ns, &two_ns);

		if (isnan(more))
			return CANNOT_BE_HAD;
		if (use == LINE_STORE_LOAD || more > CONGRUENCE_FREE) {
			facts->one_ns = one_ns;
			facts->two_ns = two_ns;
		}
		if (more > CONGRUENCE_FREE)
			answer = COSTS;
	}
	return answer;
}

void congruence_derive(struct alias_facts *facts, congruence_cost *cost, void *arg)
{
	facts->held = 0;
	facts->modulus = 1ull << CONGRUENCE_FIRST;
	for (int bit = CONGRUENCE_FIRST; bit <= CONGRUENCE_LAST; bit++) {
		struct alias_facts tried = *facts;
		enum answer answer = FREE;

		/* Windows and further aliases are multiples of it away. */
		for (int more = 2; more >= 0 && answer == FREE; more--)
			answer = ask(&tried, cost, arg, 1ull << (bit + more));
		if (answer == CANNOT_BE_HAD)
			return;
		*facts = tried;
		facts->modulus = 1ull << bit;
		facts->held = answer == FREE;
		if (answer == FREE)
			return;
	}
}

/* The first page of a target, once more, so far from itself. */
struct twin {
	const struct target *target;
	const struct clock *clock;
	uint64_t distance; /* of the mapping there is */
	char *page;
};

static void unmap(struct twin *twin)
{
	if (twin->page != NULL)
		munmap(twin->page, alias_granule(twin->target));
	twin->page = NULL;
}

static double twin_cost(void *arg, uint64_t distance, enum line_use use)
{
	struct twin *twin = arg;
	char *u = twin->target->base;

	if (distance == 0)
		return line_cost(twin->clock, u, u, use);
	if (twin->page == NULL || twin->distance != distance) {
		unmap(twin);
		twin->page = alias_page(twin->target, distance);
		twin->distance = distance;
	}
	return twin->page != NULL ? line_cost(twin->clock, u, twin->page, use) : NAN;
}

void congruence_of(
	struct alias_facts *facts, const struct target *target, const struct clock *clock)
{
	struct twin twin = {.target = target, .clock = clock};

	if (target->facts.medium == MEDIUM_EMULATED_MACHINE) {
		facts->modulus = 1ull << CONGRUENCE_UNCHECKED;
		facts->held = -1;
		facts->one_ns = facts->two_ns = NAN;
		return;
	}
	memset(target->base, 0, LINE_COST_BYTES);
	congruence_derive(facts, twin_cost, &twin);
	unmap(&twin);
}
