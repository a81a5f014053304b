// SPDX-License-Identifier: MIT
#include "analyse/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/standing.h"
#include "analyse/summary_run.h"
#include "base/text.h"
#include "case/workload.h"
#include "stat/strata.h"
#include "stat/witness.h"

static const char *const rank_names[RANK_COUNT] = {
	"not ranked", "fastest", "not told from the fastest", "slower", "nothing to compare with"};
const struct words rank_words = {"rank", rank_names, RANK_COUNT, NULL};

struct maker {
	struct summary *summary;
	const struct result *result;
	enum guarantee levels[OP_COUNT];
	size_t curve;	 /* of the comparison at hand */
	double *scratch; /* most_visits numbers */
};

static const struct interval unknown = {NAN, NAN, NAN};

/* c / interval, for a positive interval. */
static struct interval inverse(double c, struct interval x)
{
	return (struct interval){c / x.estimate, c / x.high, c / x.low};
}

/* A quantity in this run and in another, from the logs of its visits. */
struct twice {
	struct interval run, another;
};

static struct twice twice(const struct summary *summary, const struct result_comparison *comparison,
	const double *logs, double grain)
{
	struct sure sure = sure_of(summary->sure, comparison, logs);
	struct twice both = {.another = unknown};

	both.run = stat_raised(stat_widen(stat_interval(sure.run, SUMMARY_CONFIDENCE), grain));
	if (sure_elsewhere(&sure.another))
		both.another = stat_raised(
			stat_widen(stat_interval(sure.another.level, SUMMARY_CONFIDENCE), grain));
	return both;
}

/* Speed of measured arm i over arm j: time j over time i. scratch: [n_visits]. */
static struct twice speed_over(const struct summary *summary,
	const struct result_comparison *comparison, size_t i, size_t j, double *scratch)
{
	result_log_ratios(comparison, j, i, scratch);
	return twice(summary, comparison, scratch,
		result_ratio_grain(summary->result, comparison, i, j));
}

double summary_carry_over(const struct result_comparison *comparison)
{
	size_t k = comparison->n_measured;
	double low = INFINITY, high = -INFINITY;

	if (k < 2)
		return 0;
	for (size_t a = 0; a < k; a++) {
		double sum = 0;
		size_t n = 0;

		for (size_t v = 0; v < comparison->n_visits; v++) {
			if (isnan(comparison->visits[v].after[a]))
				continue;
			sum += comparison->visits[v].after[a];
			n++;
		}
		if (n == 0)
			continue;
		low = fmin(low, sum / (double)n);
		high = fmax(high, sum / (double)n);
	}
	/*
	 * In random order arm i comes after arm j as often as after any other of
	 * k - 1, and arm j after i; the rest they share. So a ratio of the two can
	 * be off by the difference of what i and j leave behind, over k - 1.
	 */
	return high > low ? (high - low) / (double)(k - 1) : 0;
}

double summary_least_claim(const struct result_comparison *comparison)
{
	return fmax(SUMMARY_LEAST_CLAIM, summary_carry_over(comparison));
}

static void describe_case(struct maker *maker, size_t c, size_t a)
{
	const struct result *result = maker->result;
	const struct result_comparison *comparison = &result->comparisons[c];
	struct summary_case *row = &maker->summary->cases[c * result->n_arms + a];
	size_t i = result_position(comparison, a);
	struct twice both;

	row->comparison = c;
	row->arm = a;
	row->curve = maker->curve;
	row->setting = &comparison->setting;
	row->described = &result->arms[a];
	row->guarantee = comparison->guarantee[a];
	row->meets = guarantee_meets(comparison->setting.operation, row->guarantee,
		maker->levels[comparison->setting.operation]);
	row->gives = result_guarantee(comparison, a);
	row->n_visits = 0;
	row->ns = row->gbps = row->vs_baseline = row->vs_best = unknown;
	row->ns_another = row->vs_baseline_another = row->vs_best_another = unknown;
	row->roof_share = row->visit_deviation = NAN;
	row->beside_gbps = 0;
	row->status = "measured";
	if (!result_does(result, comparison, a))
		row->status = "not offered";
	else if (i == comparison->n_measured || comparison->why[0] != '\0')
		row->status = "unavailable";
	else if (comparison->verdict[i] == VERDICT_FAILED)
		row->status = "wrong data";
	else if (comparison->n_visits == 0)
		row->status = "not reached";
	if (!summary_measured(row))
		return;
	row->n_visits = comparison->n_visits;
	for (size_t v = 0; v < comparison->n_visits; v++) {
		maker->scratch[v] = comparison->visits[v].log_ns[i];
		row->n_rounds += comparison->visits[v].rounds;
		row->beside_gbps +=
			comparison->visits[v].beside_gbps / (double)comparison->n_visits;
	}
	row->visit_deviation = stat_deviation(maker->scratch, comparison->n_visits);
	both = twice(
		maker->summary, comparison, maker->scratch, result_grain(result, comparison, i));
	row->ns = both.run;
	row->ns_another = both.another;
	if (row->described->family != FAMILY_EMPTY)
		row->gbps = inverse(workload_bytes(&comparison->setting), row->ns);
}

static struct summary_case *case_at(struct maker *maker, size_t c, size_t a)
{
	return &maker->summary->cases[c * maker->result->n_arms + a];
}

enum guarantee summary_level(const struct result *result, enum operation operation)
{
	size_t count[GUARANTEE_COUNT] = {0};
	unsigned most = 0;

	if (result->asked != GUARANTEE_NONE)
		return operation == OP_READ ? GUARANTEE_FRESH : result->asked;
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		if ((comparison->setting.operation == OP_READ) != (operation == OP_READ))
			continue;
		for (size_t i = 0; i < comparison->n_measured; i++)
			if (result->arms[comparison->measured[i]].copies)
				count[comparison->guarantee[comparison->measured[i]]]++;
	}
	for (unsigned level = 1; level < GUARANTEE_COUNT; level++)
		if (count[level] > 0 && (most == GUARANTEE_NONE || count[level] >= count[most]))
			most = level;
	return (enum guarantee)most;
}

bool summary_measured(const struct summary_case *row)
{
	return strcmp(row->status, "measured") == 0;
}

int summary_sign(const struct interval *log_ratio, double least)
{
	if (log_ratio->low > 0 && log_ratio->estimate >= least)
		return 1;
	return log_ratio->high < 0 && log_ratio->estimate <= -least ? -1 : 0;
}

/*
 * The place of the roof over a case: a copy cannot load faster than loads alone, nor
 * put bytes behind a memory controller faster than non-temporal stores alone, nor
 * into caches faster than plain stores alone. What consumes its data has none.
 */
static size_t roof_of(const struct maker *maker, const struct result_comparison *comparison,
	const struct summary_case *row)
{
	enum operation operation = comparison->setting.operation;
	const char *name = operation == OP_READ			      ? "roof-load"
			   : row->guarantee >= GUARANTEE_DURABLE_DATA ? "roof-nt-store"
								      : "roof-store";

	for (size_t i = 0; i < comparison->n_measured && operation != OP_WRITE_CONSUME; i++)
		if (strcmp(maker->result->arms[comparison->measured[i]].name, name) == 0 &&
			row->described->copies)
			return i;
	return comparison->n_measured;
}

/* Ratios to the baseline and to the roof. */
static void relate(struct maker *maker, size_t c)
{
	const struct result *result = maker->result;
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t base = comparison->n_measured;

	for (size_t i = 0; i < comparison->n_measured; i++) {
		const struct result_arm *arm = &result->arms[comparison->measured[i]];

		if (arm == maker->summary->baseline && comparison->verdict[i] != VERDICT_FAILED)
			base = i;
	}
	for (size_t i = 0; i < comparison->n_measured; i++) {
		struct summary_case *row = case_at(maker, c, comparison->measured[i]);
		size_t roof;

		if (!summary_measured(row) || row->described->family == FAMILY_EMPTY)
			continue;
		if (base < comparison->n_measured) {
			struct twice both =
				speed_over(maker->summary, comparison, i, base, maker->scratch);

			row->vs_baseline = both.run;
			row->vs_baseline_another = both.another;
		}
		roof = roof_of(maker, comparison, row);
		if (roof < comparison->n_measured) {
			result_log_ratios(comparison, roof, i, maker->scratch);
			row->roof_share = exp(stat_mean(maker->scratch, comparison->n_visits));
		}
	}
}

bool summary_ranks(const struct result *result)
{
	return result->target.medium != MEDIUM_EMULATED_MACHINE;
}

/* Each case among those that guarantee at least as much as it does. */
static bool rank(struct maker *maker, size_t c)
{
	const struct result *result = maker->result;
	const struct result_comparison *comparison = &result->comparisons[c];
	struct standing standings[CASE_MOST_ARMS];

	for (unsigned level = 0; level < GUARANTEE_COUNT; level++) {
		bool any = false;

		for (size_t i = 0; i < comparison->n_measured; i++)
			any |= comparison->guarantee[comparison->measured[i]] == level;
		if (!any)
			continue;
		if (!standing_find(maker->summary, c, (enum guarantee)level, standings))
			return false;
		for (size_t i = 0; i < comparison->n_measured; i++) {
			struct summary_case *row = case_at(maker, c, comparison->measured[i]);

			if (row->guarantee != level)
				continue;
			row->rank = standings[row->arm].rank;
			row->vs_best = standings[row->arm].vs_best;
			row->vs_best_another = standings[row->arm].vs_best_another;
		}
	}
	return true;
}

static bool find_baseline(struct summary *summary, const char *name, struct err *e)
{
	const struct result *result = summary->result;
	const char *names[CASE_MOST_ARMS], *nearest;

	for (size_t a = 0; a < result->n_arms; a++) {
		names[a] = result->arms[a].name;
		if (strcmp(names[a], name != NULL ? name : CASE_BASELINE) == 0)
			summary->baseline = &result->arms[a];
	}
	if (summary->baseline != NULL || name == NULL)
		return true;
	nearest = text_nearest(name, names, result->n_arms);
	return err_set(e, ERR_USAGE, ERR_OF("baseline") ": no strategy '%s' in this result%s%s%s",
		name, nearest ? ": did you mean '" : "", nearest ? nearest : "",
		nearest ? "'?" : "");
}

bool summary_make(
	struct summary *summary, const struct result *result, const char *baseline, struct err *e)
{
	struct maker maker = {.summary = summary, .result = result};
	size_t most = 1;
	bool ok = true;

	memset(summary, 0, sizeof(*summary));
	summary->result = result;
	summary->n_cases = result->n_comparisons * result->n_arms;
	if (!find_baseline(summary, baseline, e))
		return false;
	for (size_t c = 0; c < result->n_comparisons; c++)
		if (result->comparisons[c].n_visits > most)
			most = result->comparisons[c].n_visits;
	summary->cases = calloc(summary->n_cases + 1, sizeof(summary->cases[0]));
	summary->sure = calloc(1, sizeof(summary->sure[0]));
	maker.scratch = malloc(most * sizeof(maker.scratch[0]));
	if (summary->cases == NULL || summary->sure == NULL || maker.scratch == NULL) {
		free(maker.scratch);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	summary->slow = summary_slow(result);
	summary->sure->alone = !(summary->slow <= WEATHER_DOUBT_OF_ALL);
	for (unsigned op = 0; op < OP_COUNT; op++)
		maker.levels[op] = summary_level(result, (enum operation)op);
	for (size_t c = 0; c < result->n_comparisons; c++) {
		if (c == 0 || !setting_same_curve(&result->comparisons[c - 1].setting,
				      &result->comparisons[c].setting))
			maker.curve++;
		for (size_t a = 0; a < result->n_arms; a++)
			describe_case(&maker, c, a);
		relate(&maker, c);
		ok = ok && rank(&maker, c);
	}
	free(maker.scratch);
	summary_note_machine(summary);
	summary_note_visits(summary);
	return (ok && summary_note_cases(summary)) || err_set(e, ERR_FAILED, "out of memory");
}

void summary_free(struct summary *summary)
{
	free(summary->cases);
	if (summary->sure != NULL)
		sure_drop(summary->sure);
	free(summary->sure);
	summary->cases = NULL;
	summary->sure = NULL;
}

const struct summary_case *summary_at(const struct summary *summary, size_t comparison, size_t arm)
{
	return &summary->cases[comparison * summary->result->n_arms + arm];
}

const struct summary_case *summary_best(
	const struct summary *summary, size_t comparison, enum guarantee guarantee)
{
	const struct summary_case *best = NULL;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, comparison, a);

		if (!standing_ranks(summary, row) ||
			!guarantee_meets(row->setting->operation, row->guarantee, guarantee))
			continue;
		if (best == NULL || row->ns.estimate < best->ns.estimate)
			best = row;
	}
	return best;
}

struct interval summary_speed_over(const struct summary *summary, const struct summary_case *row,
	const struct summary_case *than)
{
	const struct result_comparison *comparison = &summary->result->comparisons[row->comparison];
	double *ratios = malloc((comparison->n_visits + 1) * sizeof(ratios[0]));
	struct interval interval;

	if (ratios == NULL)
		return unknown;
	interval = speed_over(summary, comparison, result_position(comparison, row->arm),
		result_position(comparison, than->arm), ratios)
			   .run;
	free(ratios);
	return interval;
}
