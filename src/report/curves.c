// SPDX-License-Identifier: MIT
#include "report/curves.h"

#include <math.h>
#include <stdlib.h>

static double mean_log_ns(const struct summary *summary, const struct figure *figure, size_t arm)
{
	double sum = 0;
	size_t n = 0;

	for (size_t m = 0; m < figure->n; m++) {
		const struct summary_case *row = summary_at(summary, figure->members[m], arm);

		if (!summary_measured(row))
			continue;
		sum += log(row->ns.estimate);
		n++;
	}
	return n > 0 ? sum / (double)n : INFINITY;
}

static int by_time(const void *a, const void *b)
{
	const struct curve *x = a, *y = b;

	return (x->log_ns > y->log_ns) - (x->log_ns < y->log_ns);
}

static void mark_drawn(const struct summary *summary, const struct choice *choice, size_t most,
	struct curves *curves)
{
	size_t n = 0;
	bool families[FAMILY_COUNT] = {false};

	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < curves->n && n < most; i++) {
			struct curve *curve = &curves->all[i];
			const struct result_arm *arm = &summary->result->arms[curve->arm];
			bool wanted = turn == 1 || curves->n <= most || arm == summary->baseline ||
				      !families[arm->family] || choice_names(choice, arm);

			families[arm->family] = true;
			n += wanted && !curve->drawn;
			curve->drawn |= wanted;
		}
	}
}

/* Within CURVES_ALIKE of one another at every member, and of the same guarantee's kind. */
static bool are_alike(
	const struct summary *summary, const struct figure *figure, size_t a, size_t b)
{
	for (size_t m = 0; m < figure->n; m++) {
		const struct summary_case *x = summary_at(summary, figure->members[m], a);
		const struct summary_case *y = summary_at(summary, figure->members[m], b);

		if (summary_measured(x) != summary_measured(y) || x->meets != y->meets)
			return false;
		if (summary_measured(x) &&
			fabs(log(x->ns.estimate / y->ns.estimate)) > log1p(CURVES_ALIKE))
			return false;
	}
	return true;
}

/* `first` and then the fastest take those that lie on them. */
static void bundle(const struct summary *summary, const struct figure *figure,
	struct curves *curves, size_t first)
{
	for (size_t turn = 0; turn <= curves->n; turn++) {
		size_t h = turn == 0 ? first : turn - 1;

		if (h == curves->n || !curves->all[h].drawn ||
			curves->all[h].under != curves->all[h].arm)
			continue;
		for (size_t i = 0; i < curves->n; i++) {
			struct curve *curve = &curves->all[i];

			if (i != h && i != first && curve->drawn && curve->under == curve->arm &&
				summary->result->arms + curve->arm != summary->baseline &&
				are_alike(summary, figure, curves->all[h].arm, curve->arm))
				curve->under = curves->all[h].arm;
		}
	}
}

size_t curves_under(const struct curves *curves, size_t head)
{
	size_t n = 0;

	for (size_t i = 0; i < curves->n; i++)
		n += curves->all[i].drawn && curves->all[i].arm != head &&
		     curves->all[i].under == head;
	return n;
}

void curves_find(struct curves *curves, const struct summary *summary, const struct figure *figure,
	const struct choice *choice, size_t most, size_t chosen)
{
	const struct result *result = summary->result;
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	size_t at;

	curves->n = 0;
	for (size_t i = 0; i < first->n_measured; i++) {
		size_t a = first->measured[i];

		if (result->arms[a].copies && choice_shows_arm(choice, &result->arms[a]))
			curves->all[curves->n++] =
				(struct curve){a, mean_log_ns(summary, figure, a), false, a};
	}
	qsort(curves->all, curves->n, sizeof(curves->all[0]), by_time);
	mark_drawn(summary, choice, most > 0 ? most : CURVES_MOST, curves);
	for (at = 0; at < curves->n && curves->all[at].arm != chosen; at++)
		;
	if (at < curves->n)
		curves->all[at].drawn = true;
	if (!figure->is_cut && figure->n > 2)
		bundle(summary, figure, curves, at);
}

size_t curves_chosen(const struct summary *summary, const struct figure *figure)
{
	const struct result *result = summary->result;
	size_t times[CASE_MOST_ARMS] = {0}, chosen = result->n_arms;

	for (size_t m = 0; m < figure->n; m++) {
		enum operation operation =
			result->comparisons[figure->members[m]].setting.operation;
		const struct summary_case *best =
			summary_best(summary, figure->members[m], summary_level(result, operation));

		if (best == NULL)
			continue;
		times[best->arm]++;
		if (chosen == result->n_arms || times[best->arm] > times[chosen])
			chosen = best->arm;
	}
	return chosen;
}
