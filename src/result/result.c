// SPDX-License-Identifier: MIT
#include "result/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result/latency.h"

static const char *const verdict_names[VERDICT_COUNT] = {"unchecked", "passed", "failed"};
const struct words verdict_words = {"verification", verdict_names, VERDICT_COUNT, NULL};

bool result_init(struct result *result, size_t n_comparisons, struct err *e)
{
	memset(result, 0, sizeof(*result));
	result->comparisons =
		calloc(n_comparisons ? n_comparisons : 1, sizeof(result->comparisons[0]));
	if (result->comparisons == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = 0; c < n_comparisons; c++)
		result->comparisons[c].roster = UINT64_MAX;
	result->n_comparisons = n_comparisons;
	return true;
}

void result_free(struct result *result)
{
	for (size_t c = 0; result->comparisons != NULL && c < result->n_comparisons; c++) {
		struct result_comparison *comparison = &result->comparisons[c];

		for (size_t v = 0; v < comparison->n_visits; v++)
			free(comparison->visits[v].log_ns);
		free(comparison->visits);
		free(comparison->failures);
		latency_free(comparison);
	}
	free(result->comparisons);
	result->comparisons = NULL;
	result->n_comparisons = 0;
}

bool result_does(const struct result *result, const struct result_comparison *comparison, size_t a)
{
	const struct result_arm *arm = &result->arms[a];

	return (comparison->roster >> a & 1) != 0 &&
	       (arm->operations >> comparison->setting.operation & 1) != 0 &&
	       (arm->copies || comparison->setting.workload != WORKLOAD_RING);
}

void result_choose_measured(struct result *result)
{
	for (size_t c = 0; c < result->n_comparisons; c++) {
		struct result_comparison *comparison = &result->comparisons[c];

		comparison->n_measured = 0;
		for (size_t a = 0; a < result->n_arms; a++)
			if (result->arms[a].available && result_does(result, comparison, a))
				comparison->measured[comparison->n_measured++] = a;
	}
}

size_t result_arm_named(const struct result *result, const char *name)
{
	for (size_t a = 0; a < result->n_arms; a++)
		if (strcmp(result->arms[a].name, name) == 0)
			return a;
	return result->n_arms;
}

size_t result_position(const struct result_comparison *comparison, size_t arm)
{
	for (size_t i = 0; i < comparison->n_measured; i++)
		if (comparison->measured[i] == arm)
			return i;
	return comparison->n_measured;
}

struct result_visit *result_add_visit(struct result_comparison *comparison)
{
	size_t k = comparison->n_measured;
	struct result_visit *visit;
	double *numbers;

	if (comparison->n_visits == comparison->room) {
		size_t room = comparison->room ? comparison->room * 2 : 16;

		visit = realloc(comparison->visits, room * sizeof(visit[0]));
		if (visit == NULL)
			return NULL;
		comparison->visits = visit;
		comparison->room = room;
	}
	/* One block for the three arrays; log_ns is its start. */
	numbers = calloc(2 * k + k * (k - 1) / 2, sizeof(numbers[0]));
	if (numbers == NULL)
		return NULL;
	visit = &comparison->visits[comparison->n_visits++];
	memset(visit, 0, sizeof(*visit));
	visit->log_ns = numbers;
	visit->after = numbers + k;
	visit->log_ratio = numbers + 2 * k;
	return visit;
}

/* The numbers of one visit without those of arm i of k. */
static void forget(struct result_visit *visit, size_t i, size_t k)
{
	size_t to = 0;

	for (size_t a = 0; a < k; a++)
		for (size_t b = a + 1; b < k; b++)
			if (a != i && b != i)
				visit->log_ratio[to++] = visit->log_ratio[result_pair(a, b, k)];
	for (size_t a = i; a + 1 < k; a++) {
		visit->log_ns[a] = visit->log_ns[a + 1];
		visit->after[a] = visit->after[a + 1];
	}
}

bool result_fail_arm(struct result_comparison *comparison, size_t arm, const char *why)
{
	size_t k = comparison->n_measured, i = result_position(comparison, arm);
	struct result_failure *failures =
		realloc(comparison->failures, (comparison->n_failures + 1) * sizeof(failures[0]));

	if (failures == NULL)
		return false;
	comparison->failures = failures;
	failures[comparison->n_failures].arm = arm;
	snprintf(failures[comparison->n_failures].why, sizeof(failures[0].why), "%s", why);
	comparison->n_failures++;
	latency_forget(comparison, arm);
	if (i == k)
		return true;
	for (size_t v = 0; v < comparison->n_visits; v++)
		forget(&comparison->visits[v], i, k);
	for (size_t a = i; a + 1 < k; a++) {
		comparison->measured[a] = comparison->measured[a + 1];
		comparison->iterations[a] = comparison->iterations[a + 1];
		comparison->verdict[a] = comparison->verdict[a + 1];
	}
	comparison->n_measured--;
	return true;
}

const char *result_guarantee(const struct result_comparison *comparison, size_t arm)
{
	return (comparison->unproved >> arm & 1) != 0
		       ? "declared, not proved"
		       : guarantee_words.names[comparison->guarantee[arm]];
}

const char *result_failure_of(const struct result_comparison *comparison, size_t arm)
{
	for (size_t i = 0; i < comparison->n_failures; i++)
		if (comparison->failures[i].arm == arm)
			return comparison->failures[i].why;
	return NULL;
}

void result_drop_visit(struct result_comparison *comparison)
{
	free(comparison->visits[--comparison->n_visits].log_ns);
}

size_t result_pair(size_t a, size_t b, size_t k)
{
	return a * k - a * (a + 1) / 2 + (b - a - 1);
}

double result_log_ratio(const struct result_visit *visit, size_t a, size_t b, size_t k)
{
	if (a == b)
		return 0;
	return a < b ? visit->log_ratio[result_pair(a, b, k)]
		     : -visit->log_ratio[result_pair(b, a, k)];
}

void result_log_ratios(
	const struct result_comparison *comparison, size_t a, size_t b, double *log_ratios)
{
	for (size_t v = 0; v < comparison->n_visits; v++)
		log_ratios[v] =
			result_log_ratio(&comparison->visits[v], a, b, comparison->n_measured);
}

double result_grain(
	const struct result *result, const struct result_comparison *comparison, size_t i)
{
	double log_ns = 0, slice_ns;

	for (size_t v = 0; v < comparison->n_visits; v++)
		log_ns += comparison->visits[v].log_ns[i] / (double)comparison->n_visits;
	slice_ns = exp(log_ns) * (double)comparison->iterations[i];
	return comparison->n_visits > 0 && slice_ns > 0 ? result->facts.clock_tick_ns / slice_ns
							: 0;
}

double result_ratio_grain(
	const struct result *result, const struct result_comparison *comparison, size_t i, size_t j)
{
	return i == j ? 0
		      : result_grain(result, comparison, i) + result_grain(result, comparison, j);
}

static int by_setting(const void *left, const void *right)
{
	return setting_compare(&((const struct result_comparison *)left)->setting,
		&((const struct result_comparison *)right)->setting);
}

void result_sort(struct result *result)
{
	qsort(result->comparisons, result->n_comparisons, sizeof(result->comparisons[0]),
		by_setting);
}
