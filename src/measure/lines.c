// SPDX-License-Identifier: MIT
#include "measure/lines.h"

#include <math.h>
#include <stdio.h>

#include "arch/arch.h"
#include "stat/stat.h"
#include "sys/cpu.h"

#define SAMPLES 501
#define PAGE 4096 /* one line a page, so that no prefetcher helps */

/* Load it after this was done to it (NULL: nothing was), and after it was evicted (NULL: it was not). */
static double sample(
	const struct clock *clock, char *line, void (*done)(char *line), arch_evict *evict)
{
	volatile char *at = line;
	uint64_t start;

	*at = (char)(*at + 1);
	if (done != NULL)
		done(line);
	if (evict != NULL)
		evict(line, 1);
	arch_store_fence();
	start = clock->begin();
	(void)*at;
	return fmax(0, (double)(clock->end() - start) * clock->tick_ns - clock->cost_ns);
}

static double median(const struct clock *clock, char *window, size_t pages, size_t first,
	void (*done)(char *line), arch_evict *evict)
{
	size_t line = arch_line_bytes(), lines = PAGE / line;
	double ns[SAMPLES];

	for (size_t i = 0; i < SAMPLES; i++)
		ns[i] = sample(clock, window + (7 * i % pages) * PAGE + (first + i) % lines * line,
			done, evict);
	stat_sort(ns, SAMPLES);
	return ns[SAMPLES / 2];
}

void lines_probe(const struct clock *clock, char *window, size_t bytes, struct facts_lines *lines)
{
	size_t pages = bytes / PAGE;
	unsigned features = cpu_features();
	arch_evict *evict = arch_evictor();

	lines->n = 0;
	lines->hit_ns = lines->miss_ns = NAN;
	if (pages == 0 || evict == NULL)
		return;
	lines->hit_ns = median(clock, window, pages, 0, NULL, NULL);
	lines->miss_ns = median(clock, window, pages, 11, NULL, evict);
	for (const struct arch_line_op *op = arch_line_ops; op->name != NULL; op++) {
		struct facts_line *after = &lines->after[lines->n];

		if ((op->needs & ~features) != 0 || lines->n == FACTS_LINES)
			continue;
		snprintf(after->name, sizeof(after->name), "%s", op->name);
		after->ns = median(clock, window, pages, 22 + 5 * lines->n, op->run, NULL);
		lines->n++;
	}
}
