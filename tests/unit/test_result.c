// SPDX-License-Identifier: MIT
/* Results to JSON and back, hostile files, and what the analysis says of known data. */
#include "test.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/summary.h"
#include "analyse/table.h"
#include "base/file.h"
#include "report/recommend.h"
#include "case/axis.h"
#include "result/result.h"

static void add_arm(struct result *result, const char *name, enum family family,
	enum guarantee guarantee, bool available)
{
	struct result_arm *arm = &result->arms[result->n_arms++];

	snprintf(arm->name, sizeof(arm->name), "%s", name);
	snprintf(arm->variant, sizeof(arm->variant), "made up");
	snprintf(arm->steps, sizeof(arm->steps), "copy");
	arm->family = family;
	arm->guarantee = guarantee;
	arm->operations = 1u << OP_WRITE | 1u << OP_WRITE_CONSUME;
	arm->copies = family != FAMILY_EMPTY && family != FAMILY_ROOF;
	arm->available = available;
	if (!available)
		snprintf(arm->why, sizeof(arm->why), "this CPU has no \"clwb\" \\ at all");
}

/*
 * Three durable arms and a baseline, `visits` visits a comparison; arm a takes
 * base[a] ns with log deviation `noise` of its own on every visit.
 */
static void make_result(
	struct result *result, size_t comparisons, size_t visits, const double *ns, double noise)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct err e;
	size_t k;

	assert_true(result_init(result, comparisons, &e));
	add_arm(result, "memcpy", FAMILY_BASELINE, GUARANTEE_VISIBLE, true);
	add_arm(result, "memcpy+clwb", FAMILY_FLUSH, GUARANTEE_DURABLE_DATA, false);
	add_arm(result, "one", FAMILY_NOCACHE, GUARANTEE_DURABLE_DATA, true);
	add_arm(result, "two", FAMILY_FLUSH, GUARANTEE_DURABLE_DATA, true);
	add_arm(result, "three", FAMILY_LIBPMEM, GUARANTEE_DURABLE_DATA, true);
	add_arm(result, "roof-nt-store", FAMILY_ROOF, GUARANTEE_NONE, true);
	add_arm(result, "empty", FAMILY_EMPTY, GUARANTEE_NONE, true);
	snprintf(result->created, sizeof(result->created), "2026-11-23T05:22:00+00:00");
	snprintf(result->command, sizeof(result->command), "daxmark run -o 'a file'");
	snprintf(result->facts.cpu_model, FACTS_TEXT, "Made-up CPU <\"&'>");
	snprintf(result->target.name, sizeof(result->target.name), "memfd:128MiB");
	result->target.emulated = true;
	result->target.node = -1;
	result->passes = 15;
	result->seed = INT64_MAX;
	result->complete = true;
	for (size_t c = 0; c < comparisons; c++)
		result->comparisons[c].setting =
			(struct setting){.size = 64ull << 2 * (c % 16), SETTING_DEFAULTS};
	result_choose_measured(result);
	for (size_t c = 0; c < comparisons; c++) {
		struct result_comparison *comparison = &result->comparisons[c];

		k = comparison->n_measured;
		for (size_t v = 0; v < visits; v++) {
			struct result_visit *visit = result_add_visit(comparison);

			assert_non_null(visit);
			visit->rounds = 10;
			visit->pass = (unsigned)v;
			visit->at_s = 1000.0 * (double)v; /* so far apart that they share nothing */
			for (size_t i = 0; i < k; i++) {
				visit->log_ns[i] = log(ns[i]) + gsl_ran_gaussian(rng, noise);
				visit->after[i] = i == 0 ? NAN : 0.001;
			}
			for (size_t a = 0; a < k; a++)
				for (size_t b = a + 1; b < k; b++)
					visit->log_ratio[result_pair(a, b, k)] =
						visit->log_ns[a] - visit->log_ns[b];
		}
		for (size_t a = 0; a < result->n_arms; a++)
			comparison->guarantee[a] = result->arms[a].guarantee;
		for (size_t i = 0; i < k; i++)
			comparison->verdict[i] = i < 4 ? VERDICT_PASSED : VERDICT_UNCHECKED;
	}
	gsl_rng_free(rng);
}

static const double clear[] = {100, 100, 120, 150, 50, 1};

static char *temporary(const char *text)
{
	static char path[] = "/tmp/daxmark-test-XXXXXX";
	struct err e;

	strcpy(path, "/tmp/daxmark-test-XXXXXX");
	close(mkstemp(path));
	assert_true(file_replace(path, text, strlen(text), &e));
	return path;
}

static void pairs_are_numbered_without_gaps(void **state)
{
	(void)state;
	for (size_t k = 2; k < 20; k++) {
		size_t next = 0;

		for (size_t a = 0; a < k; a++)
			for (size_t b = a + 1; b < k; b++)
				assert_int_equal(result_pair(a, b, k), next++);
		assert_int_equal(next, k * (k - 1) / 2);
	}
}

static void json_round_trip(void **state)
{
	struct result result, back;
	char *first, *second, *path;
	struct err e;

	(void)state;
	make_result(&result, 3, 5, clear, 0.01);
	first = result_to_json(&result);
	assert_non_null(first);
	path = temporary(first);
	if (!result_read(&back, path, &e))
		fail_msg("%s", e.text);
	second = result_to_json(&back);
	unlink(path);
	/* The first writing rounds the logarithms; from then on nothing changes. */
	path = temporary(second);
	free(first);
	result_free(&result);
	assert_true(result_read(&result, path, &e));
	first = result_to_json(&result);
	assert_string_equal(first, second);
	assert_int_equal(back.n_comparisons, 3);
	assert_int_equal(back.comparisons[2].n_visits, 5);
	assert_int_equal(back.comparisons[2].setting.size, 1024);
	assert_string_equal(back.facts.cpu_model, "Made-up CPU <\"&'>");
	assert_string_equal(back.arms[1].why, "this CPU has no \"clwb\" \\ at all");
	assert_int_equal(back.seed, INT64_MAX);
	assert_true(isnan(back.comparisons[0].visits[0].after[0]));
	unlink(path);
	free(first);
	free(second);
	result_free(&result);
	result_free(&back);
}

/* Put another value where `pointer` leads ("comparisons/0/size_bytes"); NULL removes it. */
static void change(json_t *root, const char *pointer, const char *value)
{
	char copy[100], *save = NULL, *key, *next;

	snprintf(copy, sizeof(copy), "%s", pointer);
	key = strtok_r(copy, "/", &save);
	while ((next = strtok_r(NULL, "/", &save)) != NULL) {
		root = json_is_array(root) ? json_array_get(root, strtoul(key, NULL, 10))
					   : json_object_get(root, key);
		assert_non_null(root);
		key = next;
	}
	if (value == NULL)
		json_object_del(root, key);
	else if (json_is_array(root))
		json_array_set_new(
			root, strtoul(key, NULL, 10), json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_set_new(root, key, json_loads(value, JSON_DECODE_ANY, NULL));
}

static void hostile_files_are_refused(void **state)
{
	static const char *const changes[][2] = {
		{"format", "\"other\""},
		{"format", NULL},
		{"version", "1"},
		{"version", "3"},
		{"version", "\"2\""},
		{"complete", "1"},
		{"created", NULL},
		{"created", "\"yesterday\""},
		{"created", "\"2026-11-23 05:22:00+00:00\""},
		{"command", "\"turned \\u202e\""},
		{"facts/host", "\"a\\u009bm\""},
		{"comparisons/1/size_bytes", "64"},
		{"comparisons/0/iterations/0", "4611686018427387904"},
		{"command", "7"},
		{"facts", "[]"},
		{"facts/host", "null"},
		{"facts/cpus_online", "-1"},
		{"facts/caches", "{}"},
		{"target/access", "\"telepathy\""},
		{"target/bytes", "1.5"},
		{"target/name", "\"a\\tb\""},
		{"plan/passes", "0"},
		{"plan/seed", "\"x\""},
		{"noise/wall_s", "null"},
		{"arms", "[]"},
		{"arms/0/name", "\"\\n\""},
		{"arms/0/name", "\"a b'c\""},
		{"arms/1/name", "\"memcpy\""},
		{"arms/0/available", "false"},
		{"arms/0/operations", "[\"erase\"]"},
		{"arms/0/operations", "[]"},
		{"arms/0/read_guarantee", "\"old\""},
		{"comparisons/0/arms", "[0, 0, 2, 3, 4, 5]"},
		{"comparisons/0/arms", "[1, 2, 3, 4, 5, 6]"},
		{"comparisons/0/arms/0", "99"},
		{"comparisons/0/threads", "0"},
		{"comparisons/0/cpu_node", "-2"},
		{"comparisons/0/pages", "\"torn\""},
		{"comparisons/0/background_percent", "101"},
		{"comparisons/0/visits/0/beside_gb_per_s", "null"},
		{"target/page_share", "null"},
		{"arms/0/family", "\"royal\""},
		{"comparisons", "null"},
		{"comparisons/0/size_bytes", "0"},
		{"comparisons/0/size_bytes", "-4096"},
		{"comparisons/0/operation", "\"erase\""},
		{"comparisons/0/dst_align_bytes", "256"},
		{"comparisons/0/iterations", "[1]"},
		{"comparisons/0/guarantees", "[]"},
		{"comparisons/0/guarantees/0", "\"eternal\""},
		{"facts/nocache_hit_ns", "\"fast\""},
		{"comparisons/0/verified", "[1,2,3,4,5,6]"},
		{"comparisons/0/visits", "[7]"},
		{"comparisons/0/visits/0/rounds", "0"},
		{"comparisons/0/visits/0/log_ns", "[1]"},
		{"comparisons/0/visits/0/log_ns/0", "1e300"},
		{"comparisons/0/visits/0/log_ratio/0", "null"},
		{"comparisons/0/visits/0/after", "\"x\""},
	};
	static const char *const texts[] = {
		"", "{", "[]", "null", "7", "{}", "\xff\xfe", "{\"a\":1,\"a\":2}"};
	struct result result;
	char *json;
	struct err e;

	(void)state;
	make_result(&result, 2, 3, clear, 0.01);
	json = result_to_json(&result);
	result_free(&result);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		json_t *root = json_loads(json, 0, NULL);
		char *changed, *path;

		change(root, changes[i][0], changes[i][1]);
		changed = json_dumps(root, 0);
		path = temporary(changed);
		if (result_read(&result, path, &e))
			fail_msg("%s = %s was accepted", changes[i][0], changes[i][1]);
		assert_non_null(strstr(e.text, path)); /* the message names the file */
		result_free(&result);
		unlink(path);
		free(changed);
		json_decref(root);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *path = temporary(texts[i]);

		assert_false(result_read(&result, path, &e));
		result_free(&result);
		unlink(path);
	}
	free(json);
}

static const struct summary_case *case_of(const struct summary *summary, const char *name)
{
	for (size_t i = 0; i < summary->n_cases; i++)
		if (strcmp(summary->cases[i].described->name, name) == 0)
			return &summary->cases[i];
	return NULL;
}

static void clear_differences_are_ranked(void **state)
{
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, clear, 0.01);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_int_equal(case_of(&summary, "one")->rank, RANK_FASTEST);
	assert_int_equal(case_of(&summary, "two")->rank, RANK_SLOWER);
	assert_int_equal(case_of(&summary, "three")->rank, RANK_SLOWER);
	/* What is durable is visible, too. */
	assert_int_equal(case_of(&summary, "memcpy")->rank, RANK_TIED);
	assert_int_equal(case_of(&summary, "roof-nt-store")->rank, RANK_NONE);
	assert_string_equal(case_of(&summary, "memcpy+clwb")->status, "unavailable");
	assert_true(fabs(case_of(&summary, "two")->vs_baseline.estimate - 100.0 / 120) < 0.02);
	assert_true(case_of(&summary, "two")->vs_baseline.low < 100.0 / 120);
	assert_true(case_of(&summary, "two")->vs_baseline.high > 100.0 / 120);
	assert_true(fabs(case_of(&summary, "two")->roof_share - 50.0 / 120) < 0.02);
	assert_true(isnan(case_of(&summary, "memcpy")->roof_share)); /* not its roof */
	assert_true(fabs(case_of(&summary, "one")->gbps.estimate - 0.64) < 0.02);
	assert_true(fabs(summary.empty_ns - 1) < 0.1);
	summary_free(&summary);
	result_free(&result);
}

static void like_arms_are_not_told_apart(void **state)
{
	static const double alike[] = {100, 100, 100.1, 100.2, 50, 1};
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, alike, 0.05);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_int_equal(case_of(&summary, "one")->rank, RANK_TIED);
	assert_int_equal(case_of(&summary, "two")->rank, RANK_TIED);
	assert_int_equal(case_of(&summary, "three")->rank, RANK_TIED);
	summary_free(&summary);
	result_free(&result);
}

/* 0.3 % measured without noise: the interval excludes zero, the claim is too small. */
static void small_differences_are_not_claimed(void **state)
{
	static const double close[] = {100, 100, 100.3, 101, 50, 1};
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, close, 1e-6);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_int_equal(case_of(&summary, "two")->rank, RANK_TIED);
	assert_int_equal(case_of(&summary, "three")->rank, RANK_SLOWER);
	summary_free(&summary);
	result_free(&result);
}

static void one_visit_claims_nothing(void **state)
{
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 1, clear, 0.01);
	assert_true(summary_make(&summary, &result, NULL, &e));
	for (size_t i = 0; i < summary.n_cases; i++)
		assert_true(
			summary.cases[i].rank == RANK_NONE || summary.cases[i].rank == RANK_ALONE);
	assert_false(isfinite(case_of(&summary, "one")->ns.high));
	assert_string_equal(
		summary_best(&summary, 0, GUARANTEE_DURABLE_DATA)->described->name, "one");
	summary_free(&summary);
	result_free(&result);
}

static void wrong_data_is_never_ranked(void **state)
{
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, clear, 0.01);
	result.comparisons[0].verdict[1] = VERDICT_FAILED; /* "one", the fastest */
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_string_equal(case_of(&summary, "one")->status, "wrong data");
	assert_int_equal(case_of(&summary, "one")->rank, RANK_NONE);
	assert_int_equal(case_of(&summary, "two")->rank, RANK_FASTEST);
	summary_free(&summary);
	result_free(&result);
}

/* A machine made of software: verified, never ranked. */
static void emulated_machines_are_not_ranked(void **state)
{
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, clear, 0.01);
	result.target.medium = MEDIUM_EMULATED_MACHINE;
	assert_true(summary_make(&summary, &result, NULL, &e));
	for (size_t i = 0; i < summary.n_cases; i++)
		assert_int_equal(summary.cases[i].rank, RANK_NONE);
	summary_free(&summary);
	result_free(&result);
}

/* All three alike: how often is one of them called slower at joint 95 %? */
static void the_joint_error_rate_is_kept(void **state)
{
	static const double alike[] = {100, 100, 100, 100, 50, 1};
	struct result result;
	struct summary summary;
	struct err e;
	size_t slower = 0, n = 1500;

	(void)state;
	make_result(&result, n, 12, alike, 0.05);
	assert_true(summary_make(&summary, &result, NULL, &e));
	for (size_t c = 0; c < n; c++) {
		bool any = false;

		for (size_t a = 0; a < result.n_arms; a++)
			any |= summary_at(&summary, c, a)->rank == RANK_SLOWER &&
			       strcmp(summary_at(&summary, c, a)->described->name, "one") == 0;
		slower += any;
	}
	/* A best arm is dismissed in at most 2.5 %: each side of a joint interval of 95 %. */
	assert_true((double)slower / (double)n < 0.037);
	assert_true((double)slower / (double)n > 0.013);
	summary_free(&summary);
	result_free(&result);
}

static void unknown_baselines_are_refused(void **state)
{
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 3, clear, 0.01);
	assert_false(summary_make(&summary, &result, "memcpi", &e));
	assert_non_null(strstr(e.text, "memcpy"));
	assert_true(summary_make(&summary, &result, "two", &e));
	assert_true(fabs(case_of(&summary, "two")->vs_baseline.estimate - 1) < 1e-12);
	summary_free(&summary);
	result_free(&result);
}

struct answers {
	size_t n;
	struct recommendation all[8];
};

static void collect(void *arg, const struct recommendation *recommendation)
{
	struct answers *answers = arg;

	assert_true(answers->n < 8);
	answers->all[answers->n++] = *recommendation;
}

static void recommendations_join_sizes(void **state)
{
	struct answers answers = {0};
	struct result result;
	struct summary summary;
	char sizes[100];
	struct err e;

	(void)state;
	make_result(&result, 3, 12, clear, 0.005);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_int_equal(summary_level(&result, OP_WRITE), GUARANTEE_DURABLE_DATA);
	recommend(&summary, view_at(&result, 0), collect, &answers);
	assert_true(answers.n >= 1);
	assert_int_equal(answers.all[0].guarantee, GUARANTEE_DURABLE_DATA);
	assert_string_equal(answers.all[0].take, "one");
	recommend_sizes(&result, &answers.all[0], sizes, sizeof(sizes));
	assert_string_equal(sizes, "64 B to 1 KiB");
	assert_string_equal(answers.all[0].alike, "");
	if (strncmp(answers.all[0].gain, "1.", 2) != 0 ||
		strstr(answers.all[0].gain, "] times two") == NULL)
		fail_msg("%s", answers.all[0].gain);
	summary_free(&summary);
	result_free(&result);
}

/* Of those that cannot be told apart one is taken for all sizes, and the others are named. */
static void ties_make_one_range(void **state)
{
	static const double alike[] = {100, 100, 100, 140, 50, 1};
	struct answers answers = {0};
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 4, 12, alike, 0.001); /* less than is ever claimed */
	assert_true(summary_make(&summary, &result, NULL, &e));
	recommend(&summary, view_at(&result, 0), collect, &answers);
	assert_int_equal(answers.all[0].first, 0);
	assert_int_equal(answers.all[0].last, 3);
	assert_true(answers.all[0].alike[0] != '\0');
	summary_free(&summary);
	result_free(&result);
}

/* Reads: one that is fresh is worth more than two that are not. */
static void no_guarantee_is_never_the_main_one(void **state)
{
	struct result result;

	(void)state;
	make_result(&result, 1, 3, clear, 0.01);
	for (size_t a = 0; a < result.n_arms; a++)
		result.comparisons[0].guarantee[a] = GUARANTEE_NONE;
	assert_int_equal(summary_level(&result, OP_WRITE), GUARANTEE_NONE);
	result.comparisons[0].guarantee[result.comparisons[0].measured[0]] = GUARANTEE_VISIBLE;
	assert_int_equal(summary_level(&result, OP_WRITE), GUARANTEE_VISIBLE);
	result_free(&result);
}

/* What is called slower is shown with an interval that says so. */
static void verdicts_and_intervals_agree(void **state)
{
	static const double near[] = {100, 101, 102, 100.4, 50, 1};
	struct result result;
	struct summary summary;
	struct err e;
	size_t slower = 0;

	(void)state;
	make_result(&result, 200, 12, near, 0.02);
	assert_true(summary_make(&summary, &result, NULL, &e));
	for (size_t i = 0; i < summary.n_cases; i++) {
		const struct summary_case *row = &summary.cases[i];

		slower += row->rank == RANK_SLOWER;
		if (row->rank == RANK_SLOWER)
			assert_true(row->vs_best.high < 1);
	}
	assert_true(slower > 0);
	summary_free(&summary);
	result_free(&result);
}

static void tables_are_rectangular(void **state)
{
	struct result result;
	struct summary summary;
	char *text = NULL, *line, *save = NULL;
	size_t bytes, lines = 0, columns = 0;
	FILE *out;
	struct err e;

	(void)state;
	make_result(&result, 3, 12, clear, 0.005);
	assert_true(summary_make(&summary, &result, NULL, &e));
	out = open_memstream(&text, &bytes);
	table_write(out, &summary, '\t');
	fclose(out);
	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		size_t tabs = 0;

		for (const char *c = line; *c != '\0'; c++)
			tabs += *c == '\t';
		if (lines++ == 0)
			columns = tabs;
		assert_int_equal(tabs, columns);
	}
	assert_int_equal(lines, 1 + 3 * 7);
	assert_true(table_has(&summary, 0, 3, "speed_over_baseline"));
	assert_false(table_has(&summary, 0, 3, "no_such_column"));
	free(text);
	summary_free(&summary);
	result_free(&result);
}

/* Taken out of a comparison: the others' numbers stand, in file and memory. */
static void an_arm_that_fails_takes_no_other_with_it(void **state)
{
	struct result result, again;
	struct result_comparison *comparison;
	double before[3], after[3];
	struct err e;
	char *json;

	(void)state;
	make_result(&result, 1, 3, clear, 0.01);
	comparison = &result.comparisons[0];
	for (size_t v = 0; v < 3; v++) /* "two" over "roof-nt-store", positions 2 and 4 of 6 */
		before[v] = result_log_ratio(&comparison->visits[v], 2, 4, comparison->n_measured);
	assert_int_equal(comparison->n_measured, 6);
	assert_true(result_fail_arm(comparison, 2, "pwrite: No space left on device"));
	assert_int_equal(comparison->n_measured, 5);
	assert_int_equal(result_position(comparison, 2), 5);
	for (size_t v = 0; v < 3; v++) { /* now 1 and 3 of 5 */
		after[v] = result_log_ratio(&comparison->visits[v], 1, 3, comparison->n_measured);
		assert_true(before[v] == after[v]);
		assert_true(fabs(comparison->visits[v].log_ns[1] - log(120)) < 0.1);
	}
	assert_string_equal(result_failure_of(comparison, 2), "pwrite: No space left on device");
	assert_null(result_failure_of(comparison, 3));
	json = result_to_json(&result);
	assert_true(result_parse(&again, json, strlen(json), "again", &e));
	assert_string_equal(
		result_failure_of(&again.comparisons[0], 2), "pwrite: No space left on device");
	free(json);
	result_free(&again);
	result_free(&result);
}

/* A bias that strategies leave to one another is never claimed as a difference. */
static void nothing_below_the_carry_over_is_claimed(void **state)
{
	static const double close[] = {100, 100, 102, 150, 50, 1};
	struct result result;
	struct summary summary;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, close, 0.0005);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_int_equal(case_of(&summary, "two")->rank, RANK_SLOWER);
	summary_free(&summary);
	/* One arm leaves the next ones 20 % slower: over 5 others, 4 % of bias. */
	for (size_t v = 0; v < 12; v++)
		result.comparisons[0].visits[v].after[1] = 0.2;
	assert_true(summary_carry_over(&result.comparisons[0]) > 0.03);
	assert_true(summary_make(&summary, &result, NULL, &e));
	assert_int_equal(case_of(&summary, "two")->rank, RANK_TIED);
	assert_int_equal(case_of(&summary, "three")->rank, RANK_SLOWER);
	summary_free(&summary);
	result_free(&result);
}

/* No interval is narrower than a tick over its slice. */
static void the_clock_has_a_grain(void **state)
{
	struct result result;
	struct summary summary;
	struct interval ns;
	struct err e;

	(void)state;
	make_result(&result, 1, 12, clear, 0);
	result.facts.clock_tick_ns = 10;
	for (size_t i = 0; i < 6; i++)
		result.comparisons[0].iterations[i] = 10; /* slices of 1000 ns: a grain of 1 % */
	assert_true(summary_make(&summary, &result, NULL, &e));
	ns = case_of(&summary, "one")->ns;
	assert_true(fabs(log(ns.high / ns.estimate) - 0.01) < 1e-6);
	assert_true(fabs(log(ns.estimate / ns.low) - 0.01) < 1e-6);
	assert_true(log(case_of(&summary, "two")->vs_best.high /
			    case_of(&summary, "two")->vs_best.estimate) > 0.018);
	summary_free(&summary);
	result_free(&result);
}

/* A file from before arms said what they are: its names and steps do. */
static void old_files_have_roles(void **state)
{
	static const struct {
		const char *name, *steps;
		enum alias_kind alias;
		bool flushes;
	} arms[] = {{"alias-congruent", "copy (through the alias)", ALIAS_CONGRUENT, false},
		{"alias-incongruent+clwb", "copy (through the alias), write back lines",
			ALIAS_INCONGRUENT, true},
		{"alias-incongruent-user-window", "map a window", ALIAS_WINDOW, false},
		{"nt-avx", "copy (non-temporal stores), fence", ALIAS_NONE, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(arms) / sizeof(arms[0]); i++) {
		struct result made, read;
		char value[100], *json, *path;
		json_t *root;
		struct err e;

		make_result(&made, 2, 3, clear, 0.01);
		json = result_to_json(&made);
		root = json_loads(json, 0, NULL);
		free(json);
		change(root, "arms/0/alias", NULL);
		change(root, "arms/0/flushes", NULL);
		snprintf(value, sizeof(value), "\"%s\"", arms[i].name);
		change(root, "arms/0/name", value);
		snprintf(value, sizeof(value), "\"%s\"", arms[i].steps);
		change(root, "arms/0/steps", value);
		json = json_dumps(root, 0);
		json_decref(root);
		path = temporary(json);
		assert_true(result_read(&read, path, &e));
		unlink(path);
		free(json);
		assert_int_equal(read.arms[0].alias, arms[i].alias);
		assert_int_equal(read.arms[0].flushes, arms[i].flushes);
		result_free(&read);
		result_free(&made);
	}
}

/* The published schema has every field of a setting, with its words or its limits. */
static void the_schema_knows_every_axis(void **state)
{
	const char *folder = getenv("srcdir");
	const struct axis_field *field;
	const json_t *comparison, *properties;
	char path[600];
	json_t *schema;

	(void)state;
	snprintf(path, sizeof(path), "%s/docs/daxmark-result.schema.json",
		folder != NULL ? folder : ".");
	schema = json_load_file(path, 0, NULL);
	assert_non_null(schema);
	comparison = json_object_get(
		json_object_get(json_object_get(schema, "properties"), "comparisons"), "items");
	properties = json_object_get(comparison, "properties");
	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;) {
		const json_t *property = json_object_get(properties, field->key);
		const json_t *words = json_object_get(property, "enum");
		bool required = false;

		if (property == NULL)
			fail_msg("%s is not in the schema", field->key);
		for (size_t i = 0; i < json_array_size(json_object_get(comparison, "required"));
			i++)
			required |= strcmp(json_string_value(json_array_get(
						   json_object_get(comparison, "required"), i)),
					    field->key) == 0;
		assert_int_equal(required, !field->added);
		if (field->words == NULL) {
			assert_int_equal(json_integer_value(json_object_get(property, "minimum")),
				field->least);
			assert_int_equal(json_integer_value(json_object_get(property, "maximum")),
				field->most);
			continue;
		}
		if (field->words->learn != NULL) { /* names are their users' own */
			assert_string_equal(json_string_value(json_object_get(property, "pattern")),
				"^[a-z0-9-]{0,31}$");
			continue;
		}
		assert_int_equal(json_array_size(words), field->words->n);
		for (size_t i = 0; i < field->words->n; i++)
			assert_string_equal(json_string_value(json_array_get(words, i)),
				field->words->names[i]);
	}
	json_decref(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_knows_every_axis),
		cmocka_unit_test(old_files_have_roles),
		cmocka_unit_test(an_arm_that_fails_takes_no_other_with_it),
		cmocka_unit_test(nothing_below_the_carry_over_is_claimed),
		cmocka_unit_test(the_clock_has_a_grain),
		cmocka_unit_test(pairs_are_numbered_without_gaps),
		cmocka_unit_test(json_round_trip),
		cmocka_unit_test(hostile_files_are_refused),
		cmocka_unit_test(clear_differences_are_ranked),
		cmocka_unit_test(like_arms_are_not_told_apart),
		cmocka_unit_test(small_differences_are_not_claimed),
		cmocka_unit_test(one_visit_claims_nothing),
		cmocka_unit_test(wrong_data_is_never_ranked),
		cmocka_unit_test(emulated_machines_are_not_ranked),
		cmocka_unit_test(the_joint_error_rate_is_kept),
		cmocka_unit_test(unknown_baselines_are_refused),
		cmocka_unit_test(recommendations_join_sizes),
		cmocka_unit_test(ties_make_one_range),
		cmocka_unit_test(no_guarantee_is_never_the_main_one),
		cmocka_unit_test(verdicts_and_intervals_agree),
		cmocka_unit_test(tables_are_rectangular),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
