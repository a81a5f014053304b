// SPDX-License-Identifier: MIT
#include "analyse/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/summary.h"

static const char *const verdict_names[COMPARE_VERDICTS] = {
	"same", "faster", "slower", "not comparable"};
const struct words compare_words = {"verdict", verdict_names, COMPARE_VERDICTS};

struct side {
	const struct result *runs;
	size_t n;
	const char *name;
};

static size_t arm_named(const struct result *result, const char *name)
{
	for (size_t a = 0; a < result->n_arms; a++)
		if (strcmp(result->arms[a].name, name) == 0)
			return a;
	return result->n_arms;
}

static const struct result_comparison *find(
	const struct result *result, const struct setting *setting)
{
	size_t low = 0, high = result->n_comparisons;

	while (low < high) { /* results are sorted by setting */
		size_t middle = (low + high) / 2;
		int order = setting_compare(&result->comparisons[middle].setting, setting);

		if (order == 0)
			return &result->comparisons[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* An arm's position in a comparison, if it ran, was right, and was visited; n_measured if not. */
static size_t measured(
	const struct result *result, const struct result_comparison *comparison, const char *name)
{
	size_t i;

	if (comparison == NULL)
		return 0;
	i = result_position(comparison, arm_named(result, name));
	if (i < comparison->n_measured &&
		(comparison->n_visits == 0 || comparison->verdict[i] == VERDICT_FAILED))
		return comparison->n_measured;
	return i;
}

static bool ran(
	const struct result *result, const struct result_comparison *comparison, const char *name)
{
	return comparison != NULL && measured(result, comparison, name) < comparison->n_measured;
}

/* Everywhere the arm's operation was measured, in every run. */
static bool everywhere(const struct side *side, const char *name, bool reads)
{
	for (size_t r = 0; r < side->n; r++)
		for (size_t c = 0; c < side->runs[r].n_comparisons; c++) {
			const struct result_comparison *comparison = &side->runs[r].comparisons[c];

			if ((comparison->setting.operation == OP_READ) == reads &&
				comparison->why[0] == '\0' && comparison->n_visits > 0 &&
				!ran(&side->runs[r], comparison, name))
				return false;
		}
	return true;
}

static const char *choose_anchor(
	const struct side *base, const struct side *new, const char *named, bool reads)
{
	const char *roof = reads ? "roof-load" : "roof-nt-store";

	if (named != NULL)
		return named;
	return everywhere(base, roof, reads) && everywhere(new, roof, reads) ? roof : "memcpy";
}

/* What one run says of a case: log speed over the anchor, and its own standard error. */
struct estimate {
	double mean, error, degrees;
};

static bool estimate(const struct result *result, const struct setting *setting, const char *arm,
	const char *anchor, struct estimate *out)
{
	const struct result_comparison *comparison = find(result, setting);
	struct stat_spread spread;
	double *logs;
	size_t i, j;

	if (!ran(result, comparison, arm) || !ran(result, comparison, anchor))
		return false;
	i = measured(result, comparison, arm);
	j = measured(result, comparison, anchor);
	logs = malloc(comparison->n_visits * sizeof(logs[0]));
	if (logs == NULL)
		return false;
	result_log_ratios(comparison, j, i, logs);
	spread = result_spread(comparison);
	out->mean = stat_mean(logs, comparison->n_visits);
	out->error = stat_deviation(logs, comparison->n_visits) * spread.factor;
	out->degrees = spread.degrees;
	free(logs);
	return true;
}

/* A side's mean over its runs, with what they differ by where there are enough of them. */
static bool pool(const struct side *side, const struct setting *setting, const char *arm,
	const char *anchor, struct estimate *out)
{
	double means[COMPARE_MOST_RUNS], variance = 0, degrees = 0;
	size_t n = 0;

	for (size_t r = 0; r < side->n; r++) {
		struct estimate one;

		if (!estimate(&side->runs[r], setting, arm, anchor, &one))
			continue;
		means[n++] = one.mean;
		variance += one.error * one.error;
		degrees += one.degrees;
	}
	if (n == 0)
		return false;
	out->mean = stat_mean(means, n);
	if (n >= COMPARE_ENOUGH_RUNS) {
		out->error = stat_deviation(means, n) / sqrt((double)n);
		out->degrees = (double)n - 1;
	} else {
		out->error = sqrt(variance) / (double)n;
		out->degrees = degrees;
	}
	return true;
}

/* Welch's interval of the difference of two means. */
static struct interval difference(const struct estimate *base, const struct estimate *new)
{
	double a = base->error * base->error, b = new->error *new->error;
	double error = sqrt(a + b), mean = new->mean - base->mean, half;
	double degrees =
		a + b > 0 ? (a + b) * (a + b) / (a * a / base->degrees + b * b / new->degrees) : 1;

	if (!(degrees >= 1))
		degrees = 1;
	half = isfinite(error) ? stat_t_quantile(SUMMARY_CONFIDENCE, degrees) * error : INFINITY;
	return (struct interval){mean, mean - half, mean + half};
}

static void not_comparable(struct compare_case *row, const char *why)
{
	row->verdict = COMPARE_NOT_COMPARABLE;
	row->ratio = (struct interval){NAN, NAN, NAN};
	snprintf(row->why, sizeof(row->why), "%s", why);
}

/* Why results of these two targets say nothing about each other; NULL when they do. */
static const char *targets_differ(const struct target_facts *a, const struct target_facts *b)
{
	if (a->medium == MEDIUM_EMULATED_MACHINE || b->medium == MEDIUM_EMULATED_MACHINE)
		return "a machine made of software: its times say nothing";
	if (a->emulated != b->emulated)
		return "one target is emulated, the other is real";
	if (a->medium != b->medium)
		return "the targets are of different media";
	if (a->access != b->access)
		return "the targets are mapped in different ways";
	if (a->page_bytes != b->page_bytes)
		return "the targets are mapped by pages of different sizes";
	return NULL;
}

/* The first run of a side that has the setting, and the arm in it. */
static bool has(const struct side *side, const struct setting *setting, const char *arm,
	enum guarantee *guarantee)
{
	for (size_t r = 0; r < side->n; r++) {
		const struct result_comparison *comparison = find(&side->runs[r], setting);
		size_t a = arm_named(&side->runs[r], arm);

		if (comparison == NULL || a == side->runs[r].n_arms)
			continue;
		*guarantee = comparison->guarantee[a];
		return true;
	}
	return false;
}

static void judge(struct compare_case *row, const struct side *base, const struct side *new,
	const char *anchor)
{
	const char *differ = targets_differ(&base->runs[0].target, &new->runs[0].target);
	enum guarantee before = GUARANTEE_NONE, after = GUARANTEE_NONE;
	struct estimate a, b;
	struct interval log_ratio;
	double claim;
	char why[200];

	row->provisional = base->n < COMPARE_ENOUGH_RUNS || new->n < COMPARE_ENOUGH_RUNS;
	if (!has(base, row->setting, row->arm->name, &before) ||
		!has(new, row->setting, row->arm->name, &after)) {
		snprintf(why, sizeof(why), "no such case in %s",
			has(base, row->setting, row->arm->name, &before) ? new->name : base->name);
		not_comparable(row, why);
		return;
	}
	row->guarantee = before;
	if (differ != NULL) {
		not_comparable(row, differ);
		return;
	}
	if (before != after) {
		snprintf(why, sizeof(why), "it guaranteed %s, and now %s",
			guarantee_words.names[before], guarantee_words.names[after]);
		not_comparable(row, why);
		return;
	}
	if (!pool(base, row->setting, row->arm->name, anchor, &a) ||
		!pool(new, row->setting, row->arm->name, anchor, &b)) {
		snprintf(why, sizeof(why), "it or the anchor %s was not measured in %s", anchor,
			pool(base, row->setting, row->arm->name, anchor, &a) ? new->name
									     : base->name);
		not_comparable(row, why);
		return;
	}
	log_ratio = difference(&a, &b);
	row->ratio =
		(struct interval){exp(log_ratio.estimate), exp(log_ratio.low), exp(log_ratio.high)};
	claim = row->provisional ? COMPARE_PROVISIONAL_CLAIM : SUMMARY_LEAST_CLAIM;
	row->verdict = COMPARE_SAME;
	if (log_ratio.low > 0 && log_ratio.estimate >= claim)
		row->verdict = COMPARE_FASTER;
	if (log_ratio.high < 0 && log_ratio.estimate <= -claim)
		row->verdict = COMPARE_SLOWER;
}

/* The case is in one of the first n runs of a side, and so in the list. */
static bool had(const struct side *side, size_t n, const struct setting *setting, const char *arm)
{
	struct side first = {side->runs, n, side->name};
	enum guarantee ignored;

	return has(&first, setting, arm, &ignored);
}

/* A case of run r, base runs first, if no earlier run has it. */
static void add(struct compare *compare, const struct result *result, size_t r, size_t c, size_t a,
	const struct side *base, const struct side *new, const char *const anchors[2])
{
	const struct result_comparison *comparison = &result->comparisons[c];
	const struct result_arm *arm = &result->arms[a];
	const char *anchor = anchors[comparison->setting.operation == OP_READ];
	struct compare_case *row = &compare->cases[compare->n];

	if (!result_does(comparison, arm) || arm->family == FAMILY_EMPTY ||
		strcmp(arm->name, anchor) == 0)
		return;
	if (had(base, r < base->n ? r : base->n, &comparison->setting, arm->name) ||
		(r >= base->n && had(new, r - base->n, &comparison->setting, arm->name)))
		return;
	memset(row, 0, sizeof(*row));
	row->setting = &comparison->setting;
	row->arm = arm;
	row->guarantee = comparison->guarantee[a];
	judge(row, base, new, anchor);
	/* What was available on neither side is no case at all. */
	if (row->verdict == COMPARE_NOT_COMPARABLE && !arm->available)
		return;
	compare->counts[row->verdict]++;
	compare->n++;
}

bool compare_make(struct compare *compare, const struct result *base, size_t n_base,
	const struct result *new, size_t n_new, const char *anchor, struct err *e)
{
	const struct side before = {base, n_base, "the base"}, after = {new, n_new, "the new runs"};
	const char *anchors[2] = {choose_anchor(&before, &after, anchor, false),
		choose_anchor(&before, &after, anchor, true)};
	size_t room = 1;

	memset(compare, 0, sizeof(*compare));
	snprintf(compare->anchor, sizeof(compare->anchor), "%.47s", anchors[0]);
	for (size_t r = 0; anchor != NULL && r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		if (arm_named(run, anchor) == run->n_arms)
			return err_set(e, ERR_USAGE, "--anchor: strategy '%s' is not in every run",
				anchor);
	}
	for (size_t r = 0; r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		room += run->n_comparisons * run->n_arms;
	}
	compare->cases = calloc(room, sizeof(compare->cases[0]));
	if (compare->cases == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t r = 0; r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		for (size_t c = 0; c < run->n_comparisons; c++)
			for (size_t a = 0; a < run->n_arms; a++)
				add(compare, run, r, c, a, &before, &after, anchors);
	}
	return true;
}

void compare_free(struct compare *compare)
{
	free(compare->cases);
	memset(compare, 0, sizeof(*compare));
}
