// SPDX-License-Identifier: MIT
#include "measure/nocache.h"

#include <math.h>
#include <stdbool.h>

#include "arch/arch.h"
#include "arch/kernels.h"
#include "stat/stat.h"

#if defined(ARCH_X86_64)
#define SAMPLES 1001
#define PAGE 4096 /* one line a page, so that no prefetcher helps */

static double sample(const struct clock *clock, arch_evict *evict, char *line, bool cached)
{
	uint64_t start;

	evict(line, X86_LINE);
	if (cached)
		(void)*(volatile char *)line;
	start = clock->begin();
	x86_nt_fill_sse2(line, X86_LINE);
	x86_sfence();
	return fmax(0, (double)(clock->end() - start) * clock->tick_ns - clock->cost_ns);
}

void nocache_probe(
	const struct clock *clock, char *window, size_t bytes, double *hit_ns, double *miss_ns)
{
	double hit[SAMPLES], miss[SAMPLES];
	size_t pages = bytes / PAGE;
	arch_evict *evict = arch_evictor();

	*hit_ns = *miss_ns = NAN;
	if (pages == 0)
		return;
	for (size_t i = 0; i < SAMPLES; i++) {
		char *page = window + (2 * i % pages) * PAGE;

		hit[i] = sample(clock, evict, page + (i % 61) * X86_LINE, true);
		miss[i] = sample(clock, evict, page + ((i + 3) % 61) * X86_LINE, false);
	}
	stat_sort(hit, SAMPLES);
	stat_sort(miss, SAMPLES);
	*hit_ns = hit[SAMPLES / 2];
	*miss_ns = miss[SAMPLES / 2];
}
#else
void nocache_probe(
	const struct clock *clock, char *window, size_t bytes, double *hit_ns, double *miss_ns)
{
	(void)clock;
	(void)window;
	(void)bytes;
	*hit_ns = *miss_ns = NAN;
}
#endif
