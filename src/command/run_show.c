// SPDX-License-Identifier: MIT
#include "command/run_show.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/standing.h"
#include "analyse/summary.h"
#include "base/units.h"
#include "measure/schedule.h"
#include "report/recommend.h"
#include "stat/strata.h"
#include "command/run_latency.h"
#include "command/show.h"

/*
 * The deviation of a log ratio from visit to visit, on the quietest and the noisiest machine
 * that were recorded: memcpy+clwb against nt-avx512 at 4 KiB on a Zen 5 (25 ms a visit), and
 * the median over all pairs of a default run on an Emerald Rapids. Both had two virtual CPUs.
 */
#define VISIT_QUIET 0.0075
#define VISIT_NOISY 0.045

/* What so many visits will tell, in percent to either side. */
static double expected(unsigned visits, double deviation)
{
	return 100 * stat_t_quantile(SUMMARY_CONFIDENCE, stat_strata_degrees(visits)) * deviation /
	       sqrt(visits);
}

/* Visits of each comparison that the budget can hold: what set-up may leave of it, short ones. */
static unsigned affordable(const struct plan *plan)
{
	double left_ns = 0.9 * (1 - SCHEDULE_READY_SHARE) * plan->budget_s * 1e9;
	double most = left_ns / (SCHEDULE_LEAST_VISIT_NS * (double)plan->n_settings);

	return most < plan->passes ? (unsigned)most : plan->passes;
}

/* "latency: closed loop, arrivals at 100 K/s", of each section that asks for it. */
static void show_latencies(const struct plan *plan)
{
	for (unsigned section = 0; section < SECTIONS_MOST; section++) {
		const struct plan_latency *latency = &plan->latencies[section];
		char rate[UNITS_TEXT_BYTES];

		if (!latency->closed && latency->n_rates == 0)
			continue;
		printf("latency%s%s: half of each visit is for single operations:%s",
			section > 0 ? " of section " : "",
			section > 0 ? section_words.names[section] : "",
			latency->closed ? " closed loop" : "");
		for (size_t r = 0; r < latency->n_rates; r++)
			printf("%s %s",
				r > 0		  ? ","
				: latency->closed ? ", arrivals at"
						  : " arrivals at",
				units_rate(latency->rates[r], rate));
		printf("\n");
	}
}

bool run_show_plan(const struct plan *plan, const char *target, struct err *e)
{
	static const struct show_column columns[] = {{.name = "COMPARISON", .right = true},
		{.name = "SIZE", .right = true}, {.name = "WHAT"}};
	struct show_table *table = show_begin("comparisons", columns, 3, false);
	char size[UNITS_TEXT_BYTES];

	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	printf("target %s, window %s\nbudget %g s, %u passes, seed %llu\n", target,
		units_bytes(plan->window_bytes, size), plan->budget_s, plan->passes,
		(unsigned long long)plan->seed);
	printf("time: about %.0f s; each of the %zu comparisons is visited about %u times\n",
		plan->budget_s, plan->n_settings, affordable(plan));
	if (affordable(plan) > 1)
		show_line("expected: a ratio known within %.2g %% to either side where the machine "
			  "is "
			  "quiet, %.2g %% where it is noisy, in this run",
			expected(affordable(plan), VISIT_QUIET),
			expected(affordable(plan), VISIT_NOISY));
	show_latencies(plan);
	printf("strategies:\n");
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
			return show_finish(table, false, e);
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

/* ---- few copies: each with its time, and the fastest against the others ---- */

#define CONTESTANTS_MOST 12 /* copies of a comparison */
#define CONTESTANT_ROWS 40  /* of all comparisons */

static size_t copies_of(const struct result *result, const struct result_comparison *comparison)
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_measured; i++)
		n += result->arms[comparison->measured[i]].copies;
	return n;
}

static bool few(const struct result *result)
{
	size_t rows = 0;

	for (size_t c = 0; c < result->n_comparisons; c++) {
		size_t n = copies_of(result, &result->comparisons[c]);

		if (n > CONTESTANTS_MOST)
			return false;
		rows += n;
	}
	return rows <= CONTESTANT_ROWS;
}

static int by_time(const void *a, const void *b)
{
	const struct summary_case *const *x = a, *const *y = b;

	return ((*x)->ns.estimate > (*y)->ns.estimate) - ((*x)->ns.estimate < (*y)->ns.estimate);
}

/* The copies of a comparison, the fastest first; returns how many. */
static size_t sort_cases(
	const struct summary *summary, size_t c, const struct summary_case *sorted[CASE_MOST_ARMS])
{
	size_t n = 0;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, c, a);

		if (summary_measured(row) && row->described->copies)
			sorted[n++] = row;
	}
	qsort(sorted, n, sizeof(sorted[0]), by_time);
	return n;
}

static void time_text(const struct interval *ns, char text[100])
{
	char low[UNITS_TEXT_BYTES], high[UNITS_TEXT_BYTES];

	text[0] = '\0';
	if (isfinite(ns->low) && isfinite(ns->high))
		snprintf(text, 100, "%s to %s", units_ns(ns->low, low), units_ns(ns->high, high));
}

static bool print_contestants(const struct summary *summary, size_t c, struct err *e)
{
	static const struct show_column columns[] = {{.name = "  COPY"},
		{.name = "TIME OF ONE", .right = true}, {.name = "95 % INTERVAL"},
		{.name = "THROUGHPUT", .right = true, .spare = 1}, {.name = "GUARANTEE"}};
	const struct summary_case *sorted[CASE_MOST_ARMS];
	struct show_table *table = show_begin("contestants", columns, 5, false);
	size_t n = sort_cases(summary, c, sorted);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		char name[60], ns[UNITS_TEXT_BYTES], gbps[UNITS_TEXT_BYTES], interval[100];
		const char *cells[] = {name, units_ns(sorted[i]->ns.estimate, ns), interval,
			units_gbps(sorted[i]->gbps.estimate, gbps), sorted[i]->gives};

		snprintf(name, sizeof(name), "  %s", sorted[i]->described->name);
		time_text(&sorted[i]->ns, interval);
		ok = show_row(table, cells, 5);
	}
	return show_finish(table, ok, e);
}

struct sentence {
	const struct summary *summary;
	size_t c;
};

/* "; another run like it: [1.90, 2.40]", or that it is not known. */
static void another_text(const struct interval *log_speed, char text[UNITS_SPEED_BYTES + 30])
{
	char interval[UNITS_SPEED_BYTES];

	units_interval(exp(log_speed->low), exp(log_speed->high), interval);
	snprintf(text, UNITS_SPEED_BYTES + 30, "; another run like it: %.80s",
		interval[0] != '\0' ? interval : "not known");
}

/* "fast, for durable-data: A is 2.17 [2.13, 2.22] times as fast as B". */
static void print_sentence(void *arg, const struct recommendation *answer)
{
	const struct sentence *sentence = arg;
	const struct summary *summary = sentence->summary;
	size_t n = standing_count(summary, sentence->c, answer->guarantee);
	const char *level = guarantee_words.names[answer->guarantee];

	if (answer->take == NULL) {
		printf("%s: %s\n", level, answer->gain);
		return;
	}
	if (answer->only) {
		printf("%s: %s, the only one measured that is\n", level, answer->take);
		return;
	}
	printf("%s: %s is\n", level, answer->take);
	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, sentence->c, a);
		double least = summary_least_claim(&summary->result->comparisons[sentence->c]);
		struct standing_pair over;
		char speed[UNITS_SPEED_BYTES], another[UNITS_SPEED_BYTES + 30] = "";

		if (a == answer->arm || !standing_ranks(summary, row) ||
			!guarantee_meets(
				row->setting->operation, row->guarantee, answer->guarantee))
			continue;
		over = standing_over(summary, sentence->c, n, answer->arm, a);
		units_speed(exp(over.run.estimate), exp(over.run.low), exp(over.run.high), speed);
		if (summary->machine)
			another_text(&over.another, another);
		if (summary->result->comparisons[sentence->c].n_visits < 2)
			show_line("    %s times as fast as %s (one visit: no interval)", speed,
				row->described->name);
		else if (summary_sign(&over.run, least) > 0)
			show_line("    %s times as fast as %s%s", speed, row->described->name,
				another);
		else
			show_line("    as fast as %s, as far as can be told: %s%s",
				row->described->name, speed, another);
	}
}

static bool print_comparison(const struct summary *summary, size_t c, struct err *e)
{
	const struct result_comparison *comparison = &summary->result->comparisons[c];
	struct sentence sentence = {summary, c};
	char what[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES];

	describe_setting(&comparison->setting, what);
	printf("\n%s of %s\n", what, units_bytes(comparison->setting.size, size));
	if (!print_contestants(summary, c, e))
		return false;
	recommend(summary, (struct view){c, c + 1}, print_sentence, &sentence);
	return true;
}

/* ---- many: the answers by range of sizes ---- */

struct answers {
	const struct summary *summary;
	struct show_table *table;
	char what[SETTING_TITLE_BYTES];
	bool ok;
};

static void add_answer(void *arg, const struct recommendation *answer)
{
	struct answers *answers = arg;
	char sizes[2 * UNITS_TEXT_BYTES + 8];
	const char *cells[] = {answers->what, sizes, guarantee_words.names[answer->guarantee],
		answer->take != NULL ? answer->take : "-", answer->gain, answer->another,
		answer->alike};

	recommend_sizes(answers->summary->result, answer, sizes, sizeof(sizes));
	answers->ok = answers->ok && show_row(answers->table, cells, 7);
}

static bool print_answers(const struct summary *summary, struct err *e)
{
	static const struct show_column columns[] = {{.name = "OPERATION"}, {.name = "SIZE"},
		{.name = "GUARANTEE"}, {.name = "TAKE"}, {.name = "SPEED OVER ANOTHER FAMILY"},
		{.name = "IN ANOTHER RUN LIKE IT", .spare = 1}, {.name = "AS FAST", .spare = 2}};
	const struct result *result = summary->result;
	struct answers answers = {.summary = summary, .ok = true};

	answers.table = show_begin("answers", columns, 7, false);
	if (answers.table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);

		describe_setting(&result->comparisons[c].setting, answers.what);
		recommend(summary, view, add_answer, &answers);
		c = view.end;
	}
	return show_finish(answers.table, answers.ok, e);
}

static bool print_fastest(const struct summary *summary, struct err *e)
{
	const struct result *result = summary->result;

	if (result->question[0] != '\0')
		show_line("Suite %s: %s", result->suite, result->question);
	if (result->provisional)
		printf("PROVISIONAL: a first look of %.0f s; a longer suite says more.\n",
			result->wall_s);
	printf("Fastest strategy in this run on %s (%s%s%s)\n", result->target.name,
		access_words.names[result->target.access],
		result->target.emulated ? ", emulated pmem" : "",
		result->target.domain == DOMAIN_UNKNOWN
			? ", persistence domain unknown: durable if it begins at the memory "
			  "controller"
			: "");
	if (!few(result)) {
		printf("\n");
		return print_answers(summary, e);
	}
	for (size_t c = 0; c < result->n_comparisons; c++)
		if (result->comparisons[c].n_visits > 0 && !print_comparison(summary, c, e))
			return false;
	return true;
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
		summary_best(summary, c, summary_level(summary->result, operation));

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
	printf("\nThroughput of the fastest that reaches the level%s:\n",
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

/* Why a comparison has no numbers; empty where it has some. */
static const char *unmeasured(const struct result_comparison *comparison)
{
	if (comparison->why[0] != '\0')
		return comparison->why;
	return comparison->n_visits == 0 ? "not reached: the budget was too short" : "";
}

#define NAMED_MOST 6

/* Each reason once, with the settings that it holds for. */
static void print_unmeasured(const struct result *result)
{
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const char *why = unmeasured(&result->comparisons[c]);
		size_t first = 0, n = 0;

		while (strcmp(unmeasured(&result->comparisons[first]), why) != 0)
			first++;
		if (why[0] == '\0' || first < c)
			continue;
		printf("\nNot measured (%s):\n", why);
		for (size_t i = c; i < result->n_comparisons; i++) {
			char what[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES];

			if (strcmp(unmeasured(&result->comparisons[i]), why) != 0 ||
				n++ >= NAMED_MOST)
				continue;
			describe_setting(&result->comparisons[i].setting, what);
			printf("  %s, %s\n", what,
				units_bytes(result->comparisons[i].setting.size, size));
		}
		if (n > NAMED_MOST)
			printf("  and %zu more: the result file has them all\n", n - NAMED_MOST);
	}
}

/* Strategies that could not do some setting, each reason once. */
static void print_failures(const struct result *result)
{
	for (size_t c = 0; c < result->n_comparisons; c++)
		for (size_t i = 0; i < result->comparisons[c].n_failures; i++) {
			const struct result_failure *failure = &result->comparisons[c].failures[i];
			char what[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES];
			bool told = false;

			for (size_t before = 0; before < c && !told; before++) {
				const char *why = result_failure_of(
					&result->comparisons[before], failure->arm);

				told = why != NULL && strcmp(why, failure->why) == 0;
			}
			if (told)
				continue;
			describe_setting(&result->comparisons[c].setting, what);
			printf("\n%s cannot do this here (%s, %s): %s\n",
				result->arms[failure->arm].name, what,
				units_bytes(result->comparisons[c].setting.size, size),
				failure->why);
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
	else if ((ok = print_fastest(&summary, e))) {
		print_bars(&summary);
		ok = run_show_latencies(result, e);
	}
	if (ok && summary_ranks(result)) {
		printf("\n");
		show_line("%s", summary_scope(&summary));
	}
	print_failures(result);
	print_unmeasured(result);
	printf("\nResult: %s%s\nPlots:  daxmark report %s\n", path,
		result->complete ? "" : " (incomplete)", path);
	summary_free(&summary);
	return ok;
}
