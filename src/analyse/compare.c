// SPDX-License-Identifier: MIT
#include "analyse/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/differences.h"
#include "analyse/side.h"
#include "analyse/summary.h"
#include "stat/moderate.h"
#include "stat/strata.h"

static const char *const verdict_names[COMPARE_VERDICTS] = {
	"same", "faster", "slower", "not comparable"};
const struct words compare_words = {"verdict", verdict_names, COMPARE_VERDICTS, NULL};

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
				!side_ran(&side->runs[r], comparison, name))
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
	if (in_all(base, new, CASE_BASELINE, kind))
		return CASE_BASELINE;
	for (size_t a = 0; a < first->n_arms; a++)
		if (first->arms[a].copies && in_all(base, new, first->arms[a].name, kind))
			return first->arms[a].name;
	return CASE_BASELINE;
}

/* Of `family` intervals that hold together in 95 %. */
static struct interval interval_of(
	const struct side_contrast *contrast, const struct stat_prior *prior, size_t family)
{
	double confidence = 1 - (1 - SUMMARY_CONFIDENCE) / (double)(family ? family : 1);
	double error = contrast->error, degrees = contrast->error_degrees, half = INFINITY;

	if (contrast->degrees > 0) {
		double variance =
			stat_moderated(prior, contrast->variance, contrast->degrees, &degrees);

		error = sqrt(
			variance * (1 / (double)contrast->n_base + 1 / (double)contrast->n_new));
	}
	if (isfinite(error) && degrees > 0)
		half = stat_t_quantile(confidence, fmin(degrees, 1e6)) * error;
	return (struct interval){
		contrast->difference, contrast->difference - half, contrast->difference + half};
}

static bool side_has(const struct side *side, const struct setting *setting, const char *arm)
{
	struct side_record record;

	side_record(side, setting, arm, &record);
	return record.runs > 0;
}

/* The case is missing from a side: is it there under another operation or state? */
static void why_absent(struct compare_case *row, const struct side *lacks)
{
	struct setting other = *row->setting;

	row->absent = true;
	snprintf(row->why, sizeof(row->why), "no such case in %s", lacks->name);
	for (unsigned op = 0; op < OP_COUNT; op++) {
		other.operation = (enum operation)op;
		if (side_has(lacks, &other, row->arm->name))
			snprintf(row->why, sizeof(row->why), "another operation in %s: %s",
				lacks->name, operation_words.names[op]);
	}
	other.operation = row->setting->operation;
	for (unsigned state = 0; state < STATE_COUNT; state++) {
		other.state = (enum state)state;
		if (side_has(lacks, &other, row->arm->name))
			snprintf(row->why, sizeof(row->why), "another destination state in %s: %s",
				lacks->name, state_words.names[state]);
	}
}

/* Why its speeds say nothing about each other, in row->why; false when they do. */
static bool is_not_comparable(
	struct compare_case *row, const struct side *base, const struct side *new)
{
	const char *differ = differences_of_targets(base, new);
	struct side_record before, after;

	side_record(base, row->setting, row->arm->name, &before);
	side_record(new, row->setting, row->arm->name, &after);
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
	else if (row->arm->family == FAMILY_ALIAS && differences_of_aliases(base, new))
		snprintf(row->why, sizeof(row->why), "its aliases are at other distances");
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
		itself &= !side_ran(
			&lacks->runs[r], side_find(&lacks->runs[r], row->setting), row->arm->name);
	row->broken = itself && lacks == new;
	snprintf(row->why, sizeof(row->why), "%s%s was not measured in %s",
		itself ? "it" : "the anchor ", itself ? "" : row->anchor, lacks->name);
}

/* All that is judged together, while it is. */
struct judging {
	struct compare *compare;
	const struct side *base, *new;
	struct side_contrast *ratios, *absolutes; /* of each case */
	struct stat_prior ratio_prior, absolute_prior;
};

/* What can be said before the others are known: whether there is anything to judge. */
static void weigh(struct judging *judging, size_t c)
{
	struct compare_case *row = &judging->compare->cases[c];
	struct side_contrast *ratio = &judging->ratios[c], *absolute = &judging->absolutes[c];

	row->verdict = row->absolute_verdict = COMPARE_NOT_COMPARABLE;
	row->ratio = row->absolute = (struct interval){NAN, NAN, NAN};
	row->base_ns = row->new_ns = NAN;
	if (is_not_comparable(row, judging->base, judging->new))
		return;
	*absolute = side_contrast(judging->base, judging->new, row->setting, row->arm->name, NULL);
	if (absolute->n_base > 0)
		row->base_ns = exp(-absolute->base);
	if (absolute->n_new > 0)
		row->new_ns = exp(-absolute->new);
	*ratio = side_contrast(
		judging->base, judging->new, row->setting, row->arm->name, row->anchor);
	if (ratio->n_base == 0 || ratio->n_new == 0) {
		why_unmeasured(row, judging->base, judging->new, ratio->n_base);
		return;
	}
	row->verdict = row->absolute_verdict = COMPARE_SAME;
	row->provisional = !(ratio->degrees > 0);
	judging->compare->family += !row->is_anchor;
	judging->compare->absolute_family++;
}

static struct stat_prior prior_of(const struct side_contrast *contrasts, size_t n)
{
	double *variances = malloc((2 * n + 1) * sizeof(variances[0]));
	struct stat_prior prior = {NAN, 0};
	size_t known = 0;

	if (variances == NULL)
		return prior;
	for (size_t i = 0; i < n; i++) {
		if (!(contrasts[i].degrees > 0) || !(contrasts[i].variance > 0))
			continue;
		variances[known] = contrasts[i].variance;
		variances[n + known++] = contrasts[i].degrees;
	}
	prior = stat_prior(variances, variances + n, known);
	free(variances);
	return prior;
}

static enum compare_verdict verdict_of(const struct interval *log_ratio, double claim)
{
	int sign = summary_sign(log_ratio, claim);

	return sign > 0 ? COMPARE_FASTER : sign < 0 ? COMPARE_SLOWER : COMPARE_SAME;
}

/* Nothing smaller than what the runs carry over from arm to arm is claimed. */
static double least_claim(const struct judging *judging, const struct setting *setting)
{
	double least = SUMMARY_LEAST_CLAIM;

	for (size_t r = 0; r < judging->base->n + judging->new->n; r++) {
		const struct result *run = r < judging->base->n
						   ? &judging->base->runs[r]
						   : &judging->new->runs[r - judging->base->n];
		const struct result_comparison *comparison = side_find(run, setting);

		if (comparison != NULL)
			least = fmax(least, summary_least_claim(comparison));
	}
	return least;
}

static void judge(struct judging *judging, size_t c)
{
	struct compare_case *row = &judging->compare->cases[c];
	size_t family = judging->compare->family;
	struct interval ratio, absolute;

	if (row->verdict == COMPARE_NOT_COMPARABLE)
		return;
	absolute = interval_of(&judging->absolutes[c], &judging->absolute_prior,
		judging->compare->absolute_family);
	row->absolute = stat_raised(absolute);
	row->absolute_verdict = verdict_of(&absolute,
		row->provisional ? COMPARE_ABSOLUTE_PROVISIONAL : COMPARE_ABSOLUTE_CLAIM);
	if (row->is_anchor) {
		row->ratio = (struct interval){1, 1, 1};
		return;
	}
	ratio = interval_of(&judging->ratios[c], &judging->ratio_prior, family);
	row->ratio = stat_raised(ratio);
	row->verdict = verdict_of(&ratio,
		row->provisional ? COMPARE_PROVISIONAL_CLAIM : least_claim(judging, row->setting));
}

/* The case is in one of the first n runs of a side, and so in the list. */
static bool had(const struct side *side, size_t n, const struct setting *setting, const char *arm)
{
	struct side first = {side->runs, n, side->name};

	return side_has(&first, setting, arm);
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

	if (!result_does(result, comparison, a) || arm->family == FAMILY_EMPTY)
		return;
	if (had(base, r < base->n ? r : base->n, &comparison->setting, arm->name) ||
		(r >= base->n && had(new, r - base->n, &comparison->setting, arm->name)))
		return;
	memset(row, 0, sizeof(*row));
	row->setting = &comparison->setting;
	row->arm = arm;
	row->guarantee = comparison->guarantee[a];
	row->anchor = anchor;
	row->is_anchor = strcmp(arm->name, anchor) == 0;
	/* What was available on neither side is no case at all. */
	if (!available_in(base, arm->name) && !available_in(new, arm->name))
		return;
	compare->n++;
}

/* The anchor's own time at a setting of this kind, which both sides measured. */
static bool tells_of_anchor(const struct judging *judging, size_t c, enum compare_kind kind)
{
	const struct compare_case *row = &judging->compare->cases[c];

	return row->is_anchor && compare_kind_of(row->setting) == kind &&
	       row->verdict != COMPARE_NOT_COMPARABLE && judging->absolutes[c].n_base > 0 &&
	       judging->absolutes[c].n_new > 0;
}

/*
 * How much faster the anchor itself became, over all its settings as one: what every ratio
 * leaves out. A run's mean over the settings is one number; runs tell how those differ.
 */
static void judge_anchor(struct judging *judging, enum compare_kind kind)
{
	struct compare *compare = judging->compare;
	struct stat_prior none = {NAN, 0};
	struct side_contrast all = {0};
	struct interval speed;
	bool enough = false;
	size_t n = 0;

	/* Settings of which the runs are too few say nothing where others have enough. */
	for (size_t c = 0; c < compare->n; c++)
		enough |= tells_of_anchor(judging, c, kind) && judging->absolutes[c].degrees > 0;
	compare->anchor_speed[kind] = (struct interval){NAN, NAN, NAN};
	compare->anchor_verdict[kind] = COMPARE_NOT_COMPARABLE;
	for (size_t c = 0; c < compare->n; c++) {
		const struct side_contrast *one = &judging->absolutes[c];

		if (!tells_of_anchor(judging, c, kind) || (enough && !(one->degrees > 0)))
			continue;
		/* The settings of a run move together: their errors are not averaged away. */
		all.n_base = n == 0 || one->n_base < all.n_base ? one->n_base : all.n_base;
		all.n_new = n == 0 || one->n_new < all.n_new ? one->n_new : all.n_new;
		n++;
		all.difference += (one->difference - all.difference) / (double)n;
		all.variance += (one->variance - all.variance) / (double)n;
		all.error += (one->error - all.error) / (double)n;
		all.degrees = n == 1 ? one->degrees : fmin(all.degrees, one->degrees);
		all.error_degrees =
			n == 1 ? one->error_degrees : fmin(all.error_degrees, one->error_degrees);
	}
	if (n == 0)
		return;
	speed = interval_of(&all, &none, 1);
	compare->anchor_speed[kind] = stat_raised(speed);
	compare->anchor_verdict[kind] = verdict_of(
		&speed, all.degrees > 0 ? COMPARE_ABSOLUTE_CLAIM : COMPARE_ABSOLUTE_PROVISIONAL);
}

static double effect(const struct compare_case *row)
{
	return isfinite(row->ratio.estimate) ? fabs(log(row->ratio.estimate)) : -1;
}

/* What changed most comes first; what cannot be compared last. */
static int by_effect(const void *a, const void *b)
{
	const struct compare_case *x = a, *y = b;
	bool x_tells = x->verdict == COMPARE_FASTER || x->verdict == COMPARE_SLOWER;
	bool y_tells = y->verdict == COMPARE_FASTER || y->verdict == COMPARE_SLOWER;

	if (x_tells != y_tells)
		return x_tells ? -1 : 1;
	return (effect(x) < effect(y)) - (effect(x) > effect(y));
}

static bool judge_all(
	struct compare *compare, const struct side *base, const struct side *new, struct err *e)
{
	struct judging judging = {.compare = compare, .base = base, .new = new};

	judging.ratios = calloc(compare->n + 1, sizeof(judging.ratios[0]));
	judging.absolutes = calloc(compare->n + 1, sizeof(judging.absolutes[0]));
	if (judging.ratios == NULL || judging.absolutes == NULL) {
		free(judging.ratios);
		free(judging.absolutes);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	for (size_t c = 0; c < compare->n; c++)
		weigh(&judging, c);
	judging.ratio_prior = prior_of(judging.ratios, compare->n);
	judging.absolute_prior = prior_of(judging.absolutes, compare->n);
	for (size_t c = 0; c < compare->n; c++)
		judge(&judging, c);
	for (unsigned kind = 0; kind < COMPARE_KINDS; kind++)
		judge_anchor(&judging, (enum compare_kind)kind);
	for (size_t c = 0; c < compare->n; c++)
		if (!compare->cases[c].is_anchor)
			compare->counts[compare->cases[c].verdict]++;
	free(judging.ratios);
	free(judging.absolutes);
	qsort(compare->cases, compare->n, sizeof(compare->cases[0]), by_effect);
	return true;
}

bool compare_make(struct compare *compare, const struct result *base, size_t n_base,
	const struct result *new, size_t n_new, const char *anchor, struct err *e)
{
	const struct side before = {base, n_base, "the base runs"},
			  after = {new, n_new, "the new runs"};
	size_t room = 1;

	memset(compare, 0, sizeof(*compare));
	if (!differences_are_all(&before, e) || !differences_are_all(&after, e))
		return false;
	for (size_t r = 0; r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		if (anchor != NULL && result_arm_named(run, anchor) == run->n_arms)
			return err_set(e, ERR_USAGE,
				ERR_OF("anchor") ": strategy '%s' is not in every run", anchor);
		room += run->n_comparisons * run->n_arms;
	}
	for (unsigned kind = 0; kind < COMPARE_KINDS; kind++) {
		snprintf(compare->anchors[kind], sizeof(compare->anchors[kind]), "%.47s",
			choose_anchor(&before, &after, anchor, (enum compare_kind)kind));
	}
	differences_note(&before, &after, compare->differ, sizeof(compare->differ));
	compare->cases = calloc(room, sizeof(compare->cases[0]));
	if (compare->cases == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t r = 0; r < n_base + n_new; r++) {
		const struct result *run = r < n_base ? &base[r] : &new[r - n_base];

		for (size_t c = 0; c < run->n_comparisons; c++)
			for (size_t a = 0; a < run->n_arms; a++)
				add(compare, run, r, c, a, &before, &after);
	}
	return judge_all(compare, &before, &after, e);
}

void compare_free(struct compare *compare)
{
	free(compare->cases);
	memset(compare, 0, sizeof(*compare));
}
