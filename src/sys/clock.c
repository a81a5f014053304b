// SPDX-License-Identifier: MIT
#include "sys/clock.h"

#include <stdlib.h>
#include <time.h>

#include "sys/cpu.h"

#define COST_SAMPLES 1001
#define CALIBRATION_NS 20000000

uint64_t clock_wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t wall_begin(void)
{
	__sync_synchronize();
	return clock_wall_ns();
}

static uint64_t wall_end(void)
{
	__sync_synchronize();
	return clock_wall_ns();
}

#if defined(__x86_64__)
#include <x86intrin.h>

/*
 * mfence: earlier stores and flushes are done; rdtscp waits for earlier
 * instructions; lfence keeps later ones from starting before it (Intel SDM
 * vol. 2B, RDTSCP).
 */
static uint64_t tsc_begin(void)
{
	unsigned cpu;
	uint64_t ticks;

	_mm_mfence();
	ticks = __rdtscp(&cpu);
	_mm_lfence();
	return ticks;
}

static uint64_t tsc_end(void)
{
	unsigned cpu;

	_mm_mfence();
	return __rdtscp(&cpu);
}

static bool use_tsc(struct clock *clock)
{
	unsigned needed = CPU_RDTSCP | CPU_INVARIANT_TSC;
	uint64_t wall, wall_end_ns, ticks;

	if ((cpu_features() & needed) != needed)
		return false;
	wall = clock_wall_ns();
	ticks = tsc_begin();
	do {
		wall_end_ns = clock_wall_ns();
	} while (wall_end_ns - wall < CALIBRATION_NS);
	ticks = tsc_end() - ticks;
	clock->name = "rdtscp";
	clock->begin = tsc_begin;
	clock->end = tsc_end;
	clock->tick_ns = (double)(wall_end_ns - wall) / (double)ticks;
	return true;
}
#else
static bool use_tsc(struct clock *clock)
{
	(void)clock;
	return false;
}
#endif

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void clock_init(struct clock *clock)
{
	uint64_t costs[COST_SAMPLES];

	if (!use_tsc(clock)) {
		clock->name = "clock_gettime";
		clock->begin = wall_begin;
		clock->end = wall_end;
		clock->tick_ns = 1;
	}
	for (int i = 0; i < COST_SAMPLES; i++) {
		uint64_t start = clock->begin();

		costs[i] = clock->end() - start;
	}
	qsort(costs, COST_SAMPLES, sizeof(costs[0]), by_value);
	clock->cost_ns = (double)costs[COST_SAMPLES / 2] * clock->tick_ns;
}
