// SPDX-License-Identifier: MIT
/* Guarantees by target, size and state, and what is asked for; the golden list of strategies. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "measure/judge.h"
#include "strategy/strategy.h"

/* A plan of one setting a row, and a result as setup makes one, on a given target. */
static struct plan plan;
static struct result result;

static void add(const char *name, bool named)
{
	struct err e;
	struct plan_arm *arm = &plan.arms[plan.n_arms];
	struct result_arm *made = &result.arms[result.n_arms];

	memset(arm, 0, sizeof(*arm));
	memset(made, 0, sizeof(*made));
	arm->strategy = strategy_find(name, &e);
	assert_non_null(arm->strategy);
	arm->named = named;
	snprintf(made->name, sizeof(made->name), "%s", name);
	made->operations = strategy_operations(arm->strategy);
	made->copies = arm->strategy->copies;
	made->available = true;
	plan.n_arms++;
	result.n_arms++;
}

static void begin(enum access access, enum domain domain, bool leaves)
{
	static const struct setting settings[] = {
		{.operation = OP_WRITE, .size = 64, .state = STATE_ABSENT, SETTING_DEFAULTS},
		{.operation = OP_WRITE, .size = 4096, .state = STATE_ABSENT, SETTING_DEFAULTS},
		{.operation = OP_WRITE, .size = 64, .state = STATE_DIRTY, SETTING_DEFAULTS},
		{.operation = OP_WRITE, .size = 4096, .state = STATE_DIRTY, SETTING_DEFAULTS},
		{.operation = OP_READ, .size = 64, .state = STATE_ABSENT, SETTING_DEFAULTS},
	};
	struct err e;

	memset(&plan, 0, sizeof(plan));
	assert_true(result_init(&result, 5, &e));
	for (size_t c = 0; c < 5; c++)
		result.comparisons[c].setting = settings[c];
	result.target.access = access;
	result.target.domain = domain;
	result.facts.nocache_miss_ns = 100;
	result.facts.nocache_hit_ns = leaves ? 95 : 5;
}

/* What is judged here are x86-64's strategies. */
static bool has_them(void)
{
	struct err e;

	if (strategy_find("nt-movnti", &e) != NULL)
		return true;
	print_message("skipped: %s\n", e.text);
	return false;
}

static enum guarantee given(const char *name, size_t c)
{
	return result.comparisons[c].guarantee[result_arm_named(&result, name)];
}

static void a_copy_is_judged_by_its_size(void **state)
{
	struct err e;

	(void)state;
	begin(ACCESS_FSDAX_SYNC, DOMAIN_MEMORY_CONTROLLER, false);
	add("libpmem", false);
	add("libpmem-nt", false);
	add("libpmem-temporal", false);
	assert_true(judge(&result, &plan, &e));
	/* libpmem(7): non-temporal from 256 bytes on; those stay in this CPU's cache where lines are. */
	assert_int_equal(given("libpmem", 0), GUARANTEE_DURABLE_DATA);
	assert_int_equal(given("libpmem", 1), GUARANTEE_DURABLE_DATA);
	assert_int_equal(given("libpmem", 2), GUARANTEE_DURABLE_DATA);
	assert_int_equal(given("libpmem", 3), GUARANTEE_VISIBLE);
	assert_int_equal(given("libpmem-nt", 1), GUARANTEE_DURABLE_DATA);
	assert_int_equal(given("libpmem-nt", 3), GUARANTEE_VISIBLE);
	assert_int_equal(given("libpmem-temporal", 3), GUARANTEE_DURABLE_DATA);
	result_free(&result);
	begin(ACCESS_FSDAX_SYNC, DOMAIN_MEMORY_CONTROLLER, true);
	add("libpmem", false);
	assert_true(judge(&result, &plan, &e));
	assert_int_equal(given("libpmem", 3), GUARANTEE_DURABLE_DATA);
	result_free(&result);
}

static void arms_say_what_their_cases_do(void **state)
{
	struct err e;

	(void)state;
	if (!has_them())
		skip();
	/* A mount without DAX: the page cache, whatever the device could have been. */
	begin(ACCESS_PAGE_CACHE, DOMAIN_FSYNC_ONLY, true);
	add("memcpy+clwb", false);
	add("nt-sse2", false);
	add("pwrite+fdatasync", false);
	assert_true(judge(&result, &plan, &e));
	for (size_t a = 0; a < result.n_arms; a++)
		for (size_t c = 0; c < 4; c++)
			assert_int_equal(
				result.comparisons[c].guarantee[a], result.arms[a].guarantee);
	assert_int_equal(given("memcpy+clwb", 0), GUARANTEE_VISIBLE);
	assert_int_equal(given("pwrite+fdatasync", 0), GUARANTEE_DURABLE_FILE);
	result_free(&result);
}

static void what_is_asked_for_is_what_is_kept(void **state)
{
	struct err e = {0};

	(void)state;
	if (!has_them())
		skip();
	begin(ACCESS_FSDAX_SYNC, DOMAIN_MEMORY_CONTROLLER, true);
	plan.least = GUARANTEE_DURABLE_DATA;
	add("memcpy", true); /* what ratios are to, named or not */
	add("memcpy+fence", false);
	add("memcpy+clwb", false);
	add("drop+memcpy", false); /* reads */
	assert_true(judge(&result, &plan, &e));
	assert_true(result.arms[0].available);
	assert_false(result.arms[1].available);
	assert_non_null(strstr(result.arms[1].why, "only 'visible'"));
	assert_true(result.arms[2].available);
	assert_true(result.arms[3].available);
	result_free(&result);
	/* One that was named is an error; where nothing gives it, that is found before anything is timed. */
	begin(ACCESS_FSDAX_SYNC, DOMAIN_MEMORY_CONTROLLER, true);
	plan.least = GUARANTEE_DURABLE_DATA;
	add("memcpy+fence", true);
	add("memcpy+clwb", true);
	assert_false(judge(&result, &plan, &e));
	assert_int_equal(e.code, ERR_USAGE);
	result_free(&result);
	begin(ACCESS_PAGE_CACHE, DOMAIN_FSYNC_ONLY, true);
	plan.least = GUARANTEE_DURABLE_DATA;
	add("memcpy", false);
	add("memcpy+clwb", false);
	assert_false(judge(&result, &plan, &e));
	assert_int_equal(e.code, ERR_FAILED);
	assert_non_null(strstr(e.text, "no strategy of this run gives 'durable-data'"));
	result_free(&result);
	/* Non-temporal stores that stay are asked about setting by setting. */
	begin(ACCESS_FSDAX_SYNC, DOMAIN_MEMORY_CONTROLLER, false);
	plan.least = GUARANTEE_DURABLE_DATA;
	add("nt-sse2", false);
	add("drop+memcpy", false);
	assert_false(judge(&result, &plan, &e));
	assert_non_null(strstr(e.text, "dirty"));
	result_free(&result);
}

/* The roster, by name and by what each gives writes and reads behind a memory controller. */
static const struct {
	const char *name;
	enum guarantee writes, reads;
} golden[] = {
	{"memcpy", GUARANTEE_VISIBLE, GUARANTEE_FRESH},
	{"memcpy+fence", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"prefetchw+memcpy", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"memcpy+cldemote", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"memcpy+clwb", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"memcpy+clflushopt", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"memcpy+clflush", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"movsb+clflush", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"movsb+clflushopt", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"movsb+clwb", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"fused-clwb", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"fused-clwb-line", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"fused-clflushopt", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"fused-clflushopt-line", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx512", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx512-prefetch", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx512-prefetchnta", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx512-pages", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx-prefetch", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-avx-prefetchnta", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-sse2", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-sse2-prefetch", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-sse2-prefetchnta", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-movnti", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-movnti-prefetch", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-movnti-prefetchnta", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-movdir64b", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-movdir64b-prefetch", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"nt-movdir64b-prefetchnta", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"kernel-flushcache", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"libpmem-nt", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"libpmem-temporal", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"libpmem-nodrain", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"libpmem", GUARANTEE_DURABLE_DATA, GUARANTEE_NONE},
	{"pwrite", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"pwrite+fdatasync", GUARANTEE_DURABLE_FILE, GUARANTEE_NONE},
	{"pwrite-dsync", GUARANTEE_DURABLE_FILE, GUARANTEE_NONE},
	{"mmap+msync", GUARANTEE_DURABLE_FILE, GUARANTEE_NONE},
	{"process-vm-writev", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"splice", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"copy-file-range", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"io-uring-write", GUARANTEE_VISIBLE, GUARANTEE_NONE},
	{"io-uring-read", GUARANTEE_NONE, GUARANTEE_FRESH},
	{"drop+memcpy", GUARANTEE_NONE, GUARANTEE_FRESH},
	{"kernel-copy-mc", GUARANTEE_NONE, GUARANTEE_FRESH},
	{"kernel-copy-mc-fast", GUARANTEE_NONE, GUARANTEE_FRESH},
	{"read-prefetchnta", GUARANTEE_NONE, GUARANTEE_FRESH},
	{"pread", GUARANTEE_NONE, GUARANTEE_FRESH},
};

static void every_strategy_gives_what_it_gave(void **state)
{
	static const struct protocol_facts adr = {
		.domain = DOMAIN_MEMORY_CONTROLLER, .nocache_leaves = true};
	size_t others = 0, here = 0;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		const struct strategy *strategy = strategy_find(golden[i].name, &e);

		if (strategy == NULL && strstr(e.text, " instructions, this daxmark") != NULL)
			continue; /* in another build */
		assert_non_null(strategy);
		here++;
		assert_int_equal(
			strategy_least_guarantee(strategy, OP_WRITE, &adr), golden[i].writes);
		assert_int_equal(
			strategy_least_guarantee(strategy, OP_READ, &adr), golden[i].reads);
		assert_int_not_equal(strategy->plainness, PLAIN_LAST);
	}
	/* Aliases, roofs and the empty loop. */
	for (size_t i = 0; i < strategies_n; i++)
		others += strategies[i]->alias != ALIAS_NONE || !strategies[i]->copies;
	assert_int_equal(strategies_n, here + others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_is_judged_by_its_size),
		cmocka_unit_test(arms_say_what_their_cases_do),
		cmocka_unit_test(what_is_asked_for_is_what_is_kept),
		cmocka_unit_test(every_strategy_gives_what_it_gave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
