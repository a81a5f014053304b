// SPDX-License-Identifier: MIT
/*
 * Are the product's verdicts as rare as promised where nothing differs? Whole runs of one
 * strategy under two names, judged by the summary; and comparisons of sides of such runs,
 * beside a change of 5 % planted in one of their 40 cases. Prints "name value bound
 * ok|short" lines as bench/honesty does; exit 1 when one falls short.
 *
 *   verdicts RUNS SECONDS [short]   of either kind; short: figures decide nothing
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/compare.h"
#include "analyse/summary.h"
#include "arch/arch.h"
#include "measure/session.h"
#include "sys/clock.h"
#include "stage/state.h"
#include "sys/cpu.h"

#define CASES 40
#define SIDE 4	  /* runs of a side */
#define PAIRS 40  /* of sides */
#define PLANTED 3 /* the size, in steps of 64 bytes, of the case that is slowed */
#define MOST_RUNS 200

static const struct strategy *original;

/* What the original does, 5 % longer where the case is the planted one. */
static void slowed(const struct walk *walk)
{
	const struct clock *clock;
	static struct clock made;
	uint64_t start, end;

	if (made.begin == NULL)
		clock_init(&made);
	clock = &made;
	start = clock->begin();
	original->kernels[0].loop[OP_WRITE](walk);
	end = clock->end();
	if (walk->len != PLANTED * 64)
		return;
	end = start + (uint64_t)(1.05 * (double)(end - start));
	while (clock->end() < end)
		;
}

static bool keep(void *arg, const struct result *result, struct err *e)
{
	(void)arg;
	(void)result;
	(void)e;
	return true;
}

/* One run of the baseline and the strategy under two names; the second one may be slowed. */
static bool run_once(
	struct result *result, double seconds, uint64_t seed, bool plant, struct err *e)
{
	const struct target_request memory = {.ops = &target_memfd, .node = -1};
	const struct plan_machine machine = {cpu_features(), arch_line_bytes()};
	struct plan_request request = {
		.strategies = "memcpy,memcpy+clflush", .budget_s = seconds, .seed = seed};
	struct strategy twin;
	struct kernel kernel;
	struct target_facts facts;
	struct plan plan;
	struct tell tell;
	struct session_request session = {
		.plan = &plan, .target = &memory, .cpu = -1, .command = "verdicts", .tell = &tell};
	char sizes[CASES * 8] = "";
	bool ok;

	for (size_t i = 1; i <= CASES; i++)
		snprintf(sizes + strlen(sizes), sizeof(sizes) - strlen(sizes), "%s%zu",
			i > 1 ? "," : "", i * 64);
	session.checkpoint = keep;
	tell_init(&tell, true);
	memset(result, 0, sizeof(*result));
	ok = axis_parse(AXIS_OPERATION, "write", &request.values[AXIS_OPERATION], e) &&
	     axis_parse(AXIS_STATE, state_usual(), &request.values[AXIS_STATE], e) &&
	     axis_parse(AXIS_SIZE, sizes, &request.values[AXIS_SIZE], e) &&
	     target_describe(&memory, &facts, e) &&
	     plan_make(&plan, &request, 1, &machine, &facts, e);
	if (!ok)
		return false;
	/* The same machine code once more, under another name. */
	original = plan.arms[1].strategy;
	twin = *original;
	twin.name = "twin";
	kernel = *plan.arms[1].kernel;
	if (plant)
		kernel.loop[OP_WRITE] = slowed;
	plan.arms[plan.n_arms] = plan.arms[1];
	plan.arms[plan.n_arms].strategy = &twin;
	plan.arms[plan.n_arms++].kernel = &kernel;
	ok = session_run(&session, result, e);
	plan_free(&plan);
	result_sort(result);
	return ok;
}

static bool short_of;

static void line(const char *name, double value, double bound, bool ok)
{
	printf("%s %.4g %.4g %s\n", name, value, bound, ok ? "ok" : "short");
	fflush(stdout);
	short_of |= !ok;
}

/* The most that chance gives in 99 of 100 times where each of n has this probability. */
static double quantile(size_t n, double probability)
{
	unsigned k = 0;

	while (gsl_cdf_binomial_P(k, probability, (unsigned)n) < 0.99)
		k++;
	return k;
}

/* Cases of a run in which one name of the strategy is called slower than the other. */
static size_t told_apart(const struct result *result, size_t *cases, struct err *e)
{
	struct summary summary;
	size_t n = 0;

	if (!summary_make(&summary, result, NULL, e))
		return 0;
	for (size_t c = 0; c < result->n_comparisons; c++) {
		if (result->comparisons[c].n_visits < 2)
			continue;
		(*cases)++;
		n += summary_at(&summary, c, 1)->rank == RANK_SLOWER ||
		     summary_at(&summary, c, 2)->rank == RANK_SLOWER;
	}
	summary_free(&summary);
	return n;
}

static void same_under_two_names(const struct result *runs, size_t n, struct err *e)
{
	size_t cases = 0, apart = 0;

	for (size_t r = 0; r < n; r++)
		apart += told_apart(&runs[r], &cases, e);
	printf("# %zu runs, %zu cases\n", n, cases);
	line("one-strategy-under-two-names/called-different", (double)apart, quantile(cases, 0.05),
		(double)apart <= quantile(cases, 0.05));
}

/* SIDE different runs of `from`, and SIDE others of `to`, which may be the same runs. */
static bool compare_sides(const struct result *from, const struct result *to, size_t n,
	gsl_rng *rng, bool *any, bool *found, struct err *e)
{
	struct result base[SIDE], new[SIDE];
	size_t order[MOST_RUNS];
	struct compare compare;

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	gsl_ran_shuffle(rng, order, n, sizeof(order[0]));
	for (size_t i = 0; i < SIDE; i++) {
		base[i] = from[order[i]];
		new[i] = to[order[SIDE + i]];
	}
	*any = *found = false;
	if (!compare_make(&compare, base, SIDE, new, SIDE, "memcpy", e))
		return false;
	for (size_t i = 0; i < compare.n; i++) {
		const struct compare_case *row = &compare.cases[i];
		bool planted =
			row->setting->size == PLANTED * 64 && strcmp(row->arm->name, "twin") == 0;

		if (row->is_anchor)
			continue;
		*found |= planted && row->verdict == COMPARE_SLOWER;
		*any |= !planted &&
			(row->verdict == COMPARE_SLOWER || row->verdict == COMPARE_FASTER);
	}
	compare_free(&compare);
	return true;
}

static bool compare_all(const struct result *runs, const struct result *planted, size_t n,
	gsl_rng *rng, struct err *e)
{
	size_t false_pairs = 0, found_pairs = 0;
	bool any, found;

	for (size_t p = 0; p < PAIRS; p++) {
		if (!compare_sides(runs, runs, n, rng, &any, &found, e))
			return false;
		false_pairs += any;
		if (!compare_sides(runs, planted, n, rng, &any, &found, e))
			return false;
		found_pairs += found;
	}
	line("compare/unchanged/pairs-with-a-false-verdict", (double)false_pairs,
		quantile(PAIRS, 0.05), (double)false_pairs <= quantile(PAIRS, 0.05));
	/* The power for it is the machine's: how much its runs differ. It decides nothing. */
	line("compare/planted-5-percent-in-one-case/found", (double)found_pairs, 0, true);
	return true;
}

int main(int argc, char **argv)
{
	size_t n = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 0;
	struct result *runs, *planted;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct err e = {ERR_NONE, ""};
	bool ok;

	if (n < 2 * SIDE || n > MOST_RUNS || !(seconds > 0)) {
		fprintf(stderr, "usage: verdicts RUNS SECONDS [short], at least %d runs\n",
			2 * SIDE);
		return 2;
	}
	runs = calloc(n, sizeof(runs[0]));
	planted = calloc(n, sizeof(planted[0]));
	ok = runs != NULL && planted != NULL && rng != NULL;
	for (size_t r = 0; ok && r < n; r++)
		ok = run_once(&runs[r], seconds, 2 * r + 1, false, &e) &&
		     run_once(&planted[r], seconds, 2 * r + 2, true, &e);
	if (ok) {
		same_under_two_names(runs, n, &e);
		ok = compare_all(runs, planted, n, rng, &e);
	}
	if (!ok)
		fprintf(stderr, "verdicts: %s\n", e.text);
	for (size_t r = 0; r < n && runs != NULL && planted != NULL; r++) {
		result_free(&runs[r]);
		result_free(&planted[r]);
	}
	free(runs);
	free(planted);
	if (rng != NULL)
		gsl_rng_free(rng);
	return ok && (!short_of || argc > 3) ? 0 : 1;
}
