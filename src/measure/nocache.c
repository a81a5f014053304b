// SPDX-License-Identifier: MIT
#include "measure/nocache.h"

#include <math.h>
#include <stdbool.h>

#include "arch/arch.h"
#include "stat/stat.h"

#define SAMPLES 1001
#define PAGE 4096 /* one line a page, so that no prefetcher helps */

/* What the instruction set offers for it. */
struct store {
	arch_evict *evict;
	arch_nt_fill *fill;
	size_t line;
};

static double sample(const struct clock *clock, const struct store *store, char *at, bool cached)
{
	uint64_t start;

	store->evict(at, store->line);
	if (cached)
		(void)*(volatile char *)at;
	start = clock->begin();
	store->fill(at, store->line);
	arch_store_fence();
	return fmax(0, (double)(clock->end() - start) * clock->tick_ns - clock->cost_ns);
}

void nocache_probe(
	const struct clock *clock, char *window, size_t bytes, double *hit_ns, double *miss_ns)
{
	const struct store store = {arch_evictor(), arch_nt_filler(), arch_line_bytes()};
	double hit[SAMPLES], miss[SAMPLES];
	size_t pages = bytes / PAGE, lines = PAGE / store.line - 3;

	*hit_ns = *miss_ns = NAN;
	if (pages == 0 || store.evict == NULL || store.fill == NULL)
		return;
	for (size_t i = 0; i < SAMPLES; i++) {
		char *page = window + (2 * i % pages) * PAGE;

		hit[i] = sample(clock, &store, page + (i % lines) * store.line, true);
		miss[i] = sample(clock, &store, page + ((i + 3) % lines) * store.line, false);
	}
	stat_sort(hit, SAMPLES);
	stat_sort(miss, SAMPLES);
	*hit_ns = hit[SAMPLES / 2];
	*miss_ns = miss[SAMPLES / 2];
}
