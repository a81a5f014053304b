// SPDX-License-Identifier: MIT
/* daxmark run: how long single operations took, at a terminal. */
#include "command/run_latency.h"

#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "command/show.h"
#include "result/latency.h"

#define ROWS_MOST 60

enum { WHAT, SIZE, STRATEGY, LOOP, P50, P90, P99, P999, P9999, MOST, COLUMNS };

static bool show_one(struct show_table *table, const struct result *result,
	const struct result_comparison *comparison, const struct result_latency *latency)
{
	char what[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES], loop[LATENCY_LOOP_BYTES];
	char times[LATENCY_SHARES + 1][UNITS_TEXT_BYTES];
	const char *cells[COLUMNS] = {[WHAT] = what,
		[SIZE] = units_bytes(comparison->setting.size, size),
		[STRATEGY] = result->arms[latency->arm].name,
		[LOOP] = latency_loop(latency, loop)};

	setting_title(&comparison->setting, what);
	for (size_t p = 0; p < LATENCY_SHARES; p++) {
		double ns = latency_ns(latency, latency_shares[p]);

		cells[P50 + p] = isnan(ns) ? "-" : units_ns(ns, times[p]);
	}
	cells[MOST] = units_ns((double)latency->counts.most / LATENCY_UNITS, times[LATENCY_SHARES]);
	return show_row(table, cells, COLUMNS);
}

static size_t count(const struct result *result)
{
	size_t n = 0;

	for (size_t c = 0; c < result->n_comparisons; c++)
		n += result->comparisons[c].n_latencies;
	return n;
}

bool run_show_latencies(const struct result *result, struct err *e)
{
	static const struct show_column columns[COLUMNS] = {{.name = "COPIES", .spare = 3},
		{.name = "SIZE", .right = true}, {.name = "STRATEGY"}, {.name = "LOOP"},
		{.name = "P50", .right = true}, {.name = "P90", .right = true, .spare = 2},
		{.name = "P99", .right = true}, {.name = "P99.9", .right = true, .spare = 1},
		{.name = "P99.99", .right = true}, {.name = "MAX", .right = true}};
	size_t all = count(result), n = 0;
	struct show_table *table;
	bool ok = true;

	if (all == 0)
		return true;
	table = show_begin("latencies", columns, COLUMNS, false);
	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	printf("\n");
	show_line("Latency of single operations; reading the clock is %.3g ns of each",
		result->facts.clock_cost_ns);
	for (size_t c = 0; c < result->n_comparisons; c++)
		for (size_t i = 0; i < result->comparisons[c].n_latencies; i++)
			if (n++ < ROWS_MOST && ok)
				ok = show_one(table, result, &result->comparisons[c],
					result->comparisons[c].latencies[i]);
	if (!show_finish(table, ok, e))
		return false;
	if (all > ROWS_MOST)
		printf("and %zu more: daxmark report shows them all\n", all - ROWS_MOST);
	return true;
}
