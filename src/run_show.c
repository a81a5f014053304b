// SPDX-License-Identifier: MIT
#include "run_show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyse/summary.h"
#include "base/units.h"
#include "report/recommend.h"
#include "show.h"

bool run_show_plan(const struct plan *plan, const char *target, struct err *e)
{
	static const struct show_column columns[] = {{.name = "COMPARISON", .right = true},
		{.name = "SIZE", .right = true}, {.name = "WHAT"}};
	struct libscols_table *table = show_begin("comparisons", columns, 3, false);
	char size[UNITS_TEXT_BYTES];

	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	printf("target %s, window %s\nbudget %g s, %u passes, seed %llu\nstrategies:\n", target,
		units_bytes(plan->window_bytes, size), plan->budget_s, plan->passes,
		(unsigned long long)plan->seed);
	for (size_t a = 0; a < plan->n_arms; a++)
		printf("  %s%s%s\n", plan->arms[a].strategy->name,
			plan->arms[a].kernel ? "" : ": not available: ", plan->arms[a].why);
	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];
		char number[24], title[SETTING_TITLE_BYTES];
		const char *cells[] = {number, units_bytes(setting->size, size), title};

		snprintf(number, sizeof(number), "%zu", c + 1);
		setting_title(setting, title);
		if (!show_row(table, cells, 3))
			return err_set(e, ERR_FAILED, "out of memory");
	}
	return show_end(table, e);
}

/* Take `part` out of the text where it stands. */
static void leave_out(char *text, const char *part)
{
	char *at = strstr(text, part);

	if (at != NULL)
		memmove(at, at + strlen(part), strlen(at + strlen(part)) + 1);
}

/* The title without what is so by default: a row has little room. */
static void describe_setting(const struct setting *setting, char text[SETTING_TITLE_BYTES])
{
	setting_title(setting, text);
	if (setting->state == STATE_ABSENT)
		leave_out(text, ", destination lines absent");
	if (setting->source == SOURCE_HOT)
		leave_out(text, ", source hot");
}

static bool add_size_row(struct libscols_table *table, const struct summary *summary, size_t c)
{
	const struct setting *setting = &summary->result->comparisons[c].setting;
	enum guarantee guarantee = recommend_guarantee(summary->result, setting->operation);
	const struct summary_case *best = summary_best(summary, c, guarantee);
	char size[UNITS_TEXT_BYTES], gbps[UNITS_TEXT_BYTES] = "-", ns[UNITS_TEXT_BYTES] = "-";
	char ratio[UNITS_SPEED_BYTES] = "-", ties[200] = "", what[SETTING_TITLE_BYTES];
	bool few = best != NULL && best->rank == RANK_NONE;
	const char *cells[] = {what, units_bytes(setting->size, size),
		guarantee_words.names[guarantee], best == NULL ? "none" : best->described->name,
		gbps, ns, ratio, ties};

	describe_setting(setting, what);
	if (best != NULL) {
		units_gbps(best->gbps.estimate, gbps);
		units_ns(best->ns.estimate, ns);
		units_speed(best->vs_baseline.estimate, best->vs_baseline.low,
			best->vs_baseline.high, ratio);
	}
	if (few) /* the fastest that was seen, and no verdict */
		snprintf(ties, sizeof(ties), "(too few visits to tell)");
	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, c, a);
		size_t used = strlen(ties);

		if (row != best && row->rank == RANK_TIED && row->guarantee == guarantee)
			snprintf(ties + used, sizeof(ties) - used, "%s%s", used ? ", " : "",
				row->described->name);
	}
	return show_row(table, cells, 8);
}

/* The table on stdout: the fastest of the main guarantee by size. */
static bool print_fastest(const struct summary *summary, struct err *e)
{
	static const struct show_column columns[] = {{.name = "OPERATION"},
		{.name = "SIZE", .right = true}, {.name = "GUARANTEE"}, {.name = "FASTEST"},
		{.name = "THROUGHPUT", .right = true}, {.name = "ONE OPERATION", .right = true},
		{.name = "SPEED OVER MEMCPY", .right = true}, {.name = "NOT TOLD FROM IT"}};
	const struct result *result = summary->result;
	struct libscols_table *table = show_begin("fastest", columns, 8, false);
	bool ok = table != NULL;

	printf("Fastest strategy on %s (%s%s)\n\n", result->target.name,
		access_words.names[result->target.access],
		result->target.emulated ? ", emulated pmem" : "");
	for (size_t c = 0; ok && c < result->n_comparisons; c++)
		if (result->comparisons[c].why[0] == '\0')
			ok = add_size_row(table, summary, c);
	return ok ? show_end(table, e) : err_set(e, ERR_FAILED, "out of memory");
}

#define BAR_COLUMNS 44
#define BARS_MOST 48

/* "####|###" for the fastest at `gbps`, with the baseline's mark. */
static void print_bar(const struct summary_case *best, double baseline, double most)
{
	int columns = (int)lround(BAR_COLUMNS * best->gbps.estimate / most);
	int mark = isfinite(baseline) ? (int)lround(BAR_COLUMNS * baseline / most) : -1;
	char size[UNITS_TEXT_BYTES], gbps[UNITS_TEXT_BYTES];

	printf("%10s ", units_bytes(best->setting->size, size));
	for (int i = 0; i <= BAR_COLUMNS; i++)
		putchar(i == mark ? '|' : i < columns ? '#' : ' ');
	printf(" %s, %s\n", units_gbps(best->gbps.estimate, gbps), best->described->name);
}

/* The fastest of the main guarantee of a comparison that has one to show, else NULL. */
static const struct summary_case *to_draw(const struct summary *summary, size_t c)
{
	enum operation operation = summary->result->comparisons[c].setting.operation;
	const struct summary_case *best =
		summary_best(summary, c, recommend_guarantee(summary->result, operation));

	return best != NULL && best->rank != RANK_NONE && isfinite(best->gbps.estimate) ? best
											: NULL;
}

/* A picture of the same: how throughput goes with size. */
static void print_bars(const struct summary *summary)
{
	const struct result *result = summary->result;
	size_t curve = 0, drawn = 0;
	double most = 0;

	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct summary_case *best = to_draw(summary, c);

		drawn += best != NULL;
		if (best == NULL)
			continue;
		most = fmax(most, best->gbps.estimate);
		if (isfinite(best->vs_baseline.estimate))
			most = fmax(most, best->gbps.estimate / best->vs_baseline.estimate);
	}
	if (drawn < 2 || drawn > BARS_MOST)
		return;
	printf("\nThroughput of the fastest%s:\n",
		summary->baseline != NULL ? ", and where memcpy is (|)" : "");
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct summary_case *best = to_draw(summary, c);
		char what[SETTING_TITLE_BYTES];

		if (best == NULL)
			continue;
		if (best->curve != curve) {
			describe_setting(best->setting, what);
			printf("%s\n", what);
		}
		curve = best->curve;
		print_bar(best, best->gbps.estimate / best->vs_baseline.estimate, most);
	}
}

static void print_verified(const struct result *result)
{
	size_t passed = 0, failed = 0;

	for (size_t c = 0; c < result->n_comparisons; c++) {
		for (size_t i = 0; i < result->comparisons[c].n_measured; i++) {
			passed += result->comparisons[c].verdict[i] == VERDICT_PASSED;
			failed += result->comparisons[c].verdict[i] == VERDICT_FAILED;
		}
	}
	printf("%s: %zu cases verified byte by byte, %zu wrong.\n"
	       "This machine is made of software: times say nothing about hardware and rank "
	       "nothing.\n",
		result->target.name, passed, failed);
}

/* Each reason once, with the first setting that it holds for. */
static void print_unmeasured(const struct result *result)
{
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];
		char what[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES];
		size_t first = 0, n = 0;

		while (strcmp(result->comparisons[first].why, comparison->why) != 0)
			first++;
		if (comparison->why[0] == '\0' || first < c)
			continue;
		for (size_t i = c; i < result->n_comparisons; i++)
			n += strcmp(result->comparisons[i].why, comparison->why) == 0;
		describe_setting(&comparison->setting, what);
		printf("\nNot measured: %s, %s", what, units_bytes(comparison->setting.size, size));
		if (n > 1)
			printf(", and %zu more", n - 1);
		printf(": %s\n", comparison->why);
	}
}

bool run_show_result(struct result *result, const char *path, struct err *e)
{
	struct summary summary;
	bool ok = true;

	result_sort(result);
	if (!summary_make(&summary, result, NULL, e))
		return false;
	if (!summary_ranks(result))
		print_verified(result);
	else if ((ok = print_fastest(&summary, e)))
		print_bars(&summary);
	print_unmeasured(result);
	printf("\nResult: %s%s\nPlots:  daxmark report %s\n", path,
		result->complete ? "" : " (incomplete)", path);
	summary_free(&summary);
	return ok;
}
