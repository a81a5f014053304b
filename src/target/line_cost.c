// SPDX-License-Identifier: MIT
#include "target/line_cost.h"

#include <stddef.h>
#include <stdint.h>

#define LINE 64
#define LINES (LINE_COST_BYTES / LINE)
#define REPEATS 8

/* The loads wait for one another: the page holds zeros, which only the compiler does not know. */
static __attribute__((noinline)) uint64_t store_load(char *u, char *k, int repeats)
{
	uint64_t sum = 0;

	for (int r = 0; r < repeats; r++) {
		for (size_t i = 0; i < LINES; i++)
			*(volatile uint64_t *)(void *)(k + i * LINE) = sum;
		for (size_t i = 0; i < LINES; i++)
			sum += *(volatile uint64_t *)(void *)(u + i * LINE + sum);
	}
	return sum;
}

static __attribute__((noinline)) uint64_t load_load(char *u, char *k, int repeats)
{
	uint64_t sum = 0;

	for (int r = 0; r < repeats; r++)
		for (size_t i = 0; i < LINES; i++) {
			sum += *(volatile uint64_t *)(void *)(k + i * LINE + sum);
			sum += *(volatile uint64_t *)(void *)(u + i * LINE + sum);
		}
	return sum;
}

double line_cost(const struct clock *clock, char *u, char *k, enum line_use use)
{
	uint64_t (*body)(char *, char *, int) = use == LINE_LOAD_LOAD ? load_load : store_load;
	uint64_t start, ticks;

	body(u, k, 2);
	start = clock->begin();
	body(u, k, REPEATS);
	ticks = clock->end() - start;
	return (double)ticks * clock->tick_ns / (REPEATS * LINES);
}
