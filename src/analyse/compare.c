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
	i = result_position(comparison, result_arm_named(result, name));
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

enum compare_kind compare_kind_of(const struct setting *setting)
{
	return setting->operation == OP_READ ? COMPARE_READS : COMPARE_WRITES;
}

/* Everywhere the arm's kind of operation was measured, in every run. */
static bool everywhere(const struct side *side, const char *name, enum compare_kind kind)
{
	for (size_t r = 0; r < side->n; r++)
		for (size_t c = 0; c < side->runs[r].n_comparisons; c++) {
			const struct result_comparison *comparison = &side->runs[r].comparisons[c];

			if (compare_kind_of(&comparison->setting) == kind &&
				comparison->why[0] == '\0' && comparison->n_visits > 0 &&
				!ran(&side->runs[r], comparison, name))
				return false;
		}
	return true;
}

static bool in_all(
	const struct side *base, const struct side *new, const char *name, enum compare_kind kind)
{
	return everywhere(base, name, kind) && everywhere(new, name, kind);
}

static const char *choose_anchor(
	const struct side *base, const struct side *new, const char *named, enum compare_kind kind)
{
	const char *roof = kind == COMPARE_READS ? "roof-load" : "roof-nt-store";
	const struct result *first = &base->runs[0];

	if (named != NULL)
		return named;
	if (in_all(base, new, roof, kind))
		return roof;
	if (in_all(base, new, "memcpy", kind))
		return "memcpy";
	for (size_t a = 0; a < first->n_arms; a++)
		if (first->arms[a].copies && in_all(base, new, first->arms[a].name, kind))
			return first->arms[a].name;
	return "memcpy";
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

/* A side's mean over its runs, with what they differ by where there are enough of them; returns how many. */
static size_t pool(const struct side *side, const struct setting *setting, const char *arm,
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
		return 0;
	out->mean = stat_mean(means, n);
	if (n >= COMPARE_ENOUGH_RUNS) {
		out->error = stat_deviation(means, n) / sqrt((double)n);
		out->degrees = (double)n - 1;
	} else {
		out->error = sqrt(variance) / (double)n;
		out->degrees = degrees;
	}
	return n;
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

/* The same of any run with any other: whatever its side. */
static const char *any_target_differs(const struct side *base, const struct side *new)
{
	const struct target_facts *first = &base->runs[0].target;
	const char *differ = NULL;

	for (size_t r = 0; differ == NULL && r < base->n; r++)
		differ = targets_differ(first, &base->runs[r].target);
	for (size_t r = 0; differ == NULL && r < new->n; r++)
		differ = targets_differ(first, &new->runs[r].target);
	return differ;
}

/* What a side knows of a case. */
struct record {
	size_t runs; /* that have it in their plan */
	bool wrong;  /* one of them copied wrong data */
	bool mixed;  /* they guaranteed different things */
	enum guarantee guarantee;
};

static struct record look_up(
	const struct side *side, const struct setting *setting, const char *arm)
{
	struct record record = {0};

	for (size_t r = 0; r < side->n; r++) {
		const struct result *run = &side->runs[r];
		const struct result_comparison *comparison = find(run, setting);
		size_t a = result_arm_named(run, arm), i;

		if (comparison == NULL || a == run->n_arms)
			continue;
		record.mixed |= record.runs > 0 && comparison->guarantee[a] != record.guarantee;
		record.guarantee = comparison->guarantee[a];
		record.runs++;
		i = result_position(comparison, a);
		record.wrong |=
			i < comparison->n_measured && comparison->verdict[i] == VERDICT_FAILED;
	}
	return record;
}

/* The case is missing from a side: is it there under another operation or state? */
static void why_absent(struct compare_case *row, const struct side *lacks)
{
	struct setting other = *row->setting;

	row->absent = true;
	snprintf(row->why, sizeof(row->why), "no such case in %s", lacks->name);
	for (unsigned op = 0; op < OP_COUNT; op++) {
		other.operation = (enum operation)op;
		if (look_up(lacks, &other, row->arm->name).runs > 0)
			snprintf(row->why, sizeof(row->why), "another operation in %s: %s",
				lacks->name, operation_words.names[op]);
	}
	other.operation = row->setting->operation;
	for (unsigned state = 0; state < STATE_COUNT; state++) {
		other.state = (enum state)state;
		if (look_up(lacks, &other, row->arm->name).runs > 0)
			snprintf(row->why, sizeof(row->why), "another destination state in %s: %s",
				lacks->name, state_words.names[state]);
	}
}

/* Why its speeds say nothing about each other, in row->why; false when they do. */
static bool is_not_comparable(
	struct compare_case *row, const struct side *base, const struct side *new)
{
	struct record before = look_up(base, row->setting, row->arm->name);
	struct record after = look_up(new, row->setting, row->arm->name);
	const char *differ = any_target_differs(base, new);

	if (before.runs == 0 || after.runs == 0) {
		why_absent(row, before.runs == 0 ? base : new);
		return true;
	}
	row->guarantee = before.guarantee;
	row->broken = after.wrong && !before.wrong;
	if (before.wrong || after.wrong)
		snprintf(row->why, sizeof(row->why), "it copied wrong data in %s",
			after.wrong ? new->name : base->name);
	else if (differ != NULL)
		snprintf(row->why, sizeof(row->why), "%s", differ);
	else if (before.mixed || after.mixed)
		snprintf(row->why, sizeof(row->why), "its guarantee is not the same in all of %s",
			before.mixed ? base->name : new->name);
	else if (before.guarantee != after.guarantee)
		snprintf(row->why, sizeof(row->why), "it guaranteed %s, and now %s",
			guarantee_words.names[before.guarantee],
			guarantee_words.names[after.guarantee]);
	return row->why[0] != '\0';
}

/* It was planned on both sides and not measured on one, or the anchor was not. */
static void why_unmeasured(
	struct compare_case *row, const struct side *base, const struct side *new, size_t n_base)
{
	const struct side *lacks = n_base == 0 ? base : new;
	bool itself = true;

	for (size_t r = 0; r < lacks->n; r++)
		itself &=
			!ran(&lacks->runs[r], find(&lacks->runs[r], row->setting), row->arm->name);
	row->broken = itself && lacks == new;
	snprintf(row->why, sizeof(row->why), "%s%s was not measured in %s",
		itself ? "it" : "the anchor ", itself ? "" : row->anchor, lacks->name);
}

static void judge(struct compare_case *row, const struct side *base, const struct side *new)
{
	struct interval log_ratio;
	size_t n_base, n_new;
	struct estimate a, b;
	double claim;

	row->verdict = COMPARE_NOT_COMPARABLE;
	row->ratio = (struct interval){NAN, NAN, NAN};
	if (is_not_comparable(row, base, new))
		return;
	n_base = pool(base, row->setting, row->arm->name, row->anchor, &a);
	n_new = pool(new, row->setting, row->arm->name, row->anchor, &b);
	if (n_base == 0 || n_new == 0) {
		why_unmeasured(row, base, new, n_base);
		return;
	}
	row->provisional = n_base < COMPARE_ENOUGH_RUNS || n_new < COMPARE_ENOUGH_RUNS;
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

	return look_up(&first, setting, arm).runs > 0;
}

static bool available_in(const struct side *side, const char *arm)
{
	for (size_t r = 0; r < side->n; r++) {
		size_t a = result_arm_named(&side->runs[r], arm);

		if (a < side->runs[r].n_arms && side->runs[r].arms[a].available)
			return true;
	}
	return false;
}

/* A case of run r, base runs first, if no earlier run has it. */
static void add(struct compare *compare, const struct result *result, size_t r, size_t c, size_t a,
	const struct side *base, const struct side *new)
{
	const struct result_comparison *comparison = &result->comparisons[c];
	const struct result_arm *arm = &result->arms[a];
	const char *anchor = compare->anchors[compare_kind_of(&comparison->setting)];
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
	row->anchor = anchor;
	judge(row, base, new);
	/* What was available on neither side is no case at all. */
	if (row->verdict == COMPARE_NOT_COMPARABLE && !available_in(base, arm->name) &&
		!available_in(new, arm->name))
		return;
	compare->counts[row->verdict]++;
	compare->n++;
}

/* Mean log time of the anchor over a side's visits of a setting; NAN where it did not run. */
static double anchor_log_ns(
	const struct side *side, const struct setting *setting, const char *anchor)
{
	double sum = 0;
	size_t n = 0;

	for (size_t r = 0; r < side->n; r++) {
		const struct result_comparison *comparison = find(&side->runs[r], setting);

		if (!ran(&side->runs[r], comparison, anchor))
			continue;
		for (size_t v = 0; v < comparison->n_visits; v++, n++)
			sum += comparison->visits[v]
				       .log_ns[measured(&side->runs[r], comparison, anchor)];
	}
	return n > 0 ? sum / (double)n : NAN;
}

/* How much faster the anchor itself became: what every ratio leaves out. */
static bool judge_anchor(struct compare *compare, enum compare_kind kind, const struct side *base,
	const struct side *new)
{
	const struct result *run = &base->runs[0];
	double *moved = malloc((run->n_comparisons + 1) * sizeof(moved[0]));
	size_t n = 0;

	compare->anchor_speed[kind] = NAN;
	if (moved == NULL)
		return false;
	for (size_t c = 0; c < run->n_comparisons; c++) {
		const struct setting *setting = &run->comparisons[c].setting;
		double log_speed;

		if (compare_kind_of(setting) != kind)
			continue;
		log_speed = anchor_log_ns(base, setting, compare->anchors[kind]) -
			    anchor_log_ns(new, setting, compare->anchors[kind]);
		if (isfinite(log_speed))
			moved[n++] = log_speed;
	}
	stat_sort(moved, n);
	if (n > 0)
		compare->anchor_speed[kind] = exp(moved[n / 2]);
	free(moved);
	return true;
}

/* A fact of a run, by number. */
static const char *fact_of(const struct result *run, size_t number)
{
	const char *const facts[] = {run->facts.cpu_model, run->facts.kernel, run->facts.host,
		run->facts.build, run->facts.libraries};

	return facts[number];
}

/* Another machine, kernel or program is no fault; but who reads the ratios must know. */
static void note_differences(
	struct compare *compare, const struct side *base, const struct side *new)
{
	static const char *const names[] = {"CPU", "kernel", "host", "build", "libraries"};
	size_t used = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *first = fact_of(&base->runs[0], i), *other = NULL;

		for (size_t r = 0; r < base->n + new->n &&other == NULL; r++) {
			const char *its =
				fact_of(r < base->n ? &base->runs[r] : &new->runs[r - base->n], i);

			other = strcmp(its, first) != 0 ? its : NULL;
		}
		if (other != NULL && used < sizeof(compare->differ))
			used += (size_t)snprintf(compare->differ + used,
				sizeof(compare->differ) - used, "%s%s '%.80s' and '%.80s'",
				used > 0 ? "; " : "", names[i], first, other);
	}
}

/* One run given twice would make a variance of nothing. */
static bool all_different(const struct side *side, struct err *e)
{
	for (size_t i = 0; i < side->n; i++)
		for (size_t j = 0; j < i; j++) {
			const struct result *a = &side->runs[i], *b = &side->runs[j];

			if (a->seed == b->seed && a->wall_s == b->wall_s &&
				strcmp(a->created, b->created) == 0 &&
				strcmp(a->facts.host, b->facts.host) == 0)
				return err_set(e, ERR_USAGE,
					"%s hold one run twice (of %s, files %zu and %zu): runs of "
					"a side must be runs of their own",
					side->name, a->created, j + 1, i + 1);
		}
	return true;
}

bool compare_make(struct compare *compare, const struct result *base, size_t n_base,
	const struct result *new, size_t n_new, const char *anchor, struct err *e)
{
	const struct side before = {base, n_base, "the base runs"},
			  after = {new, n_new, "the new runs"};
	size_t room = 1;
	bool ok = true;

	memset(compare, 0, sizeof(*compare));
	if (!all_different(&before, e) || !all_different(&after, e))
		return false;
	for (size_t r = 0; r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		if (anchor != NULL && result_arm_named(run, anchor) == run->n_arms)
			return err_set(e, ERR_USAGE, "--anchor: strategy '%s' is not in every run",
				anchor);
		room += run->n_comparisons * run->n_arms;
	}
	for (unsigned kind = 0; kind < COMPARE_KINDS; kind++) {
		snprintf(compare->anchors[kind], sizeof(compare->anchors[kind]), "%.47s",
			choose_anchor(&before, &after, anchor, (enum compare_kind)kind));
		ok &= judge_anchor(compare, (enum compare_kind)kind, &before, &after);
	}
	note_differences(compare, &before, &after);
	compare->cases = calloc(room, sizeof(compare->cases[0]));
	if (compare->cases == NULL || !ok)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t r = 0; r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		for (size_t c = 0; c < run->n_comparisons; c++)
			for (size_t a = 0; a < run->n_arms; a++)
				add(compare, run, r, c, a, &before, &after);
	}
	return true;
}

void compare_free(struct compare *compare)
{
	free(compare->cases);
	memset(compare, 0, sizeof(*compare));
}
