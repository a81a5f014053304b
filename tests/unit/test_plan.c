// SPDX-License-Identifier: MIT
/* Guarantees from steps, the registry, and plans from requests. */
#include "test.h"

#include <string.h>

#include "plan/plan.h"
#include "protocol/protocol.h"
#include "sys/cpu.h"
#include "target/target.h"

#define ALL_FEATURES 0xffffffffu

static const struct target_facts memory = {.access = ACCESS_SHARED_MEMORY, .domain = DOMAIN_NONE};

static enum guarantee writes(const struct step *steps, enum domain domain, bool leaves)
{
	const struct protocol_facts facts = {.domain = domain, .nocache_leaves = leaves};

	return steps_write_guarantee(steps, &facts);
}

static void guarantees_follow_from_steps(void **state)
{
	static const struct step copy[] = {STEP_COPY, STEP_END};
	static const struct step fenced[] = {STEP_COPY, STEP_FENCE, STEP_END};
	static const struct step written_back[] = {
		STEP_COPY, STEP_WRITE_BACK, STEP_FENCE, STEP_END};
	static const struct step unfenced[] = {STEP_COPY, STEP_FLUSH, STEP_END};
	static const struct step too_early[] = {STEP_WRITE_BACK, STEP_COPY, STEP_FENCE, STEP_END};
	static const struct step nocache[] = {STEP_COPY_NOCACHE, STEP_FENCE, STEP_END};
	static const struct step nocache_open[] = {STEP_COPY_NOCACHE, STEP_END};
	static const struct step synced[] = {STEP_KERNEL_COPY, STEP_KERNEL_SYNC, STEP_END};
	static const struct step stored_synced[] = {STEP_COPY, STEP_KERNEL_SYNC, STEP_END};
	static const struct step none[] = {STEP_FENCE, STEP_END};
	enum domain adr = DOMAIN_MEMORY_CONTROLLER, eadr = DOMAIN_CPU_CACHE;

	(void)state;
	assert_int_equal(writes(copy, adr, true), GUARANTEE_VISIBLE);
	assert_int_equal(writes(copy, eadr, true), GUARANTEE_VISIBLE);
	assert_int_equal(writes(fenced, adr, true), GUARANTEE_VISIBLE);
	assert_int_equal(writes(fenced, eadr, true), GUARANTEE_DURABLE_DATA);
	assert_int_equal(writes(written_back, adr, true), GUARANTEE_DURABLE_DATA);
	assert_int_equal(writes(unfenced, adr, true), GUARANTEE_VISIBLE);
	assert_int_equal(writes(too_early, adr, true), GUARANTEE_VISIBLE);
	assert_int_equal(writes(nocache, adr, true), GUARANTEE_DURABLE_DATA);
	assert_int_equal(writes(nocache, DOMAIN_NONE, true), GUARANTEE_DURABLE_DATA);
	assert_int_equal(writes(nocache_open, adr, true), GUARANTEE_VISIBLE);
	assert_int_equal(writes(none, eadr, true), GUARANTEE_NONE);
	/* A sync makes data and file durable where there is something to sync to. */
	assert_int_equal(writes(synced, DOMAIN_FSYNC_ONLY, true), GUARANTEE_DURABLE_FILE);
	assert_int_equal(writes(synced, adr, true), GUARANTEE_DURABLE_FILE);
	assert_int_equal(writes(synced, DOMAIN_NONE, true), GUARANTEE_VISIBLE);
	/* Behind a page cache nothing else that a copy can do is durable. */
	assert_int_equal(writes(nocache, DOMAIN_FSYNC_ONLY, true), GUARANTEE_VISIBLE);
	/* Where a non-temporal store to a cached line stays in the cache, it is a cached store. */
	assert_int_equal(writes(nocache, adr, false), GUARANTEE_VISIBLE);
	assert_int_equal(writes(nocache, eadr, false), GUARANTEE_DURABLE_DATA);
	assert_int_equal(writes(written_back, adr, false), GUARANTEE_DURABLE_DATA);
	/* And a sync does not look for what the kernel copied so: only mappings dirty an entry. */
	assert_int_equal(writes(synced, adr, false), GUARANTEE_VISIBLE);
	assert_int_equal(writes(synced, DOMAIN_UNKNOWN, false), GUARANTEE_VISIBLE);
	assert_int_equal(writes(synced, DOMAIN_FSYNC_ONLY, false), GUARANTEE_DURABLE_FILE);
	assert_int_equal(writes(stored_synced, adr, false), GUARANTEE_DURABLE_FILE);
}

static void others_past_the_caches_see_only_what_left_them(void **state)
{
	static const struct step copy[] = {STEP_COPY, STEP_END};
	static const struct step written_back[] = {
		STEP_COPY, STEP_WRITE_BACK, STEP_FENCE, STEP_END};
	static const struct step synced[] = {STEP_KERNEL_COPY, STEP_KERNEL_SYNC, STEP_END};
	static const struct step dropped[] = {STEP_DROP_SOURCE, STEP_COPY, STEP_END};
	static const struct step too_late[] = {STEP_COPY, STEP_DROP_SOURCE, STEP_END};
	struct protocol_facts facts = {.domain = DOMAIN_CPU_CACHE, .nocache_leaves = true};

	(void)state;
	assert_int_equal(steps_read_guarantee(copy, &facts), GUARANTEE_FRESH);
	facts.incoherent = true;
	assert_int_equal(steps_write_guarantee(copy, &facts), GUARANTEE_NONE);
	assert_int_equal(steps_write_guarantee(written_back, &facts), GUARANTEE_DURABLE_DATA);
	/* A sync writes nothing back where the caches are persistent, nor where there is nothing to sync. */
	assert_int_equal(steps_write_guarantee(synced, &facts), GUARANTEE_NONE);
	facts.domain = DOMAIN_NONE;
	assert_int_equal(steps_write_guarantee(synced, &facts), GUARANTEE_NONE);
	facts.domain = DOMAIN_MEMORY_CONTROLLER;
	assert_int_equal(steps_write_guarantee(synced, &facts), GUARANTEE_DURABLE_FILE);
	assert_int_equal(steps_read_guarantee(copy, &facts), GUARANTEE_NONE);
	assert_int_equal(steps_read_guarantee(too_late, &facts), GUARANTEE_NONE);
	assert_int_equal(steps_read_guarantee(dropped, &facts), GUARANTEE_FRESH);
}

static void strategies_are_registered_once(void **state)
{
	struct err e;

	(void)state;
	assert_true(strategies_n >= 9);
	for (size_t i = 0; i < strategies_n; i++) {
		assert_ptr_equal(strategy_find(strategies[i]->name, &e), strategies[i]);
		if (strategies[i]->fallback != NULL)
			assert_non_null(strategy_find(strategies[i]->fallback, &e));
		if (strategies[i]->copies && !steps_none(strategies[i]->steps))
			assert_true(writes(strategies[i]->steps, DOMAIN_NONE, true) >=
				    GUARANTEE_VISIBLE);
		if (strategies[i]->copies) /* a roof without a kernel does nothing at all */
			assert_int_not_equal(strategy_operations(strategies[i]), 0);
	}
	assert_null(strategy_find("nt-avx521", &e));
	assert_non_null(strstr(e.text, "nt-avx512"));
}

static void a_lacking_cpu_says_what_it_lacks(void **state)
{
	struct err e;
	const struct strategy *strategy = strategy_find("nt-avx512", &e);

	(void)state;
	assert_null(strategy_kernel(strategy, CPU_SSE2 | CPU_AVX, &e));
#if defined(ARCH_X86_64)
	assert_non_null(strstr(e.text, "avx512f"));
	assert_non_null(strategy_kernel(strategy, CPU_AVX512F, &e));
#endif
	assert_non_null(strategy_kernel(strategy_find("memcpy", &e), 0, &e));
}

static bool has(const struct plan *plan, const char *name, bool available)
{
	for (size_t i = 0; i < plan->n_arms; i++)
		if (strcmp(plan->arms[i].strategy->name, name) == 0)
			return (plan->arms[i].kernel != NULL) == available;
	return false;
}

static void the_default_plan(void **state)
{
	struct plan_request request = {.seed = 1};
	struct plan plan;
	struct err e;

	(void)state;
	assert_true(plan_make(&plan, &request, ALL_FEATURES, &memory, &e));
	assert_int_equal(plan.n_settings, 2 * 11);
	/* 22 settings: visits of 0.1 s fill a minute in 27 passes, and 30 are the least. */
	assert_int_equal(plan.passes, 30);
	assert_int_equal(plan_passes(60, 10), 60);
	assert_false(plan.passes_asked);
	assert_int_equal(plan_passes(6, 2), 30);
	assert_int_equal(plan_passes(6, 1000), 30);
	assert_int_equal(plan_passes(60, 1), 600);
	assert_int_equal(plan_passes(600, 1), 1000);
	assert_int_equal(plan_passes(600, 10), 200);
	assert_int_equal(plan_passes(48 * 3600, 10), PLAN_MAX_PASSES);
	assert_true(plan.window_bytes >= 2 * (64ull << 20));
	assert_true(has(&plan, "memcpy", true));
	assert_true(has(&plan, "empty", true));
	plan_free(&plan);
}

#if defined(ARCH_X86_64)
static void fallbacks_take_the_place_of_what_is_lacking(void **state)
{
	struct plan_request request = {.seed = 1};
	struct plan plan;
	struct err e;

	(void)state;
	assert_true(plan_make(&plan, &request, CPU_SSE2 | CPU_CLFLUSH, &memory, &e));
	assert_true(has(&plan, "nt-avx512", false));
	assert_true(has(&plan, "nt-avx", false));
	assert_true(has(&plan, "nt-sse2", true));
	assert_true(has(&plan, "memcpy+clwb", false));
	plan_free(&plan);
	assert_true(plan_make(&plan, &request, ALL_FEATURES, &memory, &e));
	assert_false(has(&plan, "nt-sse2", true) || has(&plan, "nt-sse2", false));
	plan_free(&plan);
}
#endif

static void axes_multiply(void **state)
{
	struct plan_request request = {.seed = 1,
		.operations = "write",
		.sizes = "64,4K",
		.states = "absent,dirty",
		.sources = "hot,walk",
		.dst_aligns = "0,3",
		.src_aligns = "0,1,63"};
	struct plan plan;
	struct err e;

	(void)state;
	assert_true(plan_make(&plan, &request, ALL_FEATURES, &memory, &e));
	assert_int_equal(plan.n_settings, 1 * 2 * 2 * 2 * 2 * 3);
	for (size_t i = 0; i < plan.n_settings; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(memcmp(&plan.settings[i], &plan.settings[j],
					    sizeof(plan.settings[0])) != 0);
	plan_free(&plan);
}

static void one_seed_is_one_order(void **state)
{
	struct plan_request request = {.seed = 42};
	struct plan a, b, c;
	struct err e;

	(void)state;
	assert_true(plan_make(&a, &request, ALL_FEATURES, &memory, &e));
	assert_true(plan_make(&b, &request, ALL_FEATURES, &memory, &e));
	request.seed = 43;
	assert_true(plan_make(&c, &request, ALL_FEATURES, &memory, &e));
	assert_memory_equal(a.settings, b.settings, a.n_settings * sizeof(a.settings[0]));
	assert_memory_not_equal(a.settings, c.settings, a.n_settings * sizeof(a.settings[0]));
	plan_free(&a);
	plan_free(&b);
	plan_free(&c);
}

static void bad_requests_are_refused(void **state)
{
	static const struct plan_request bad[] = {
		{.strategies = "memcpi"},
		{.strategies = ""},
		{.strategies = "memcpy,"},
		{.operations = "erase"},
		{.operations = "read", .strategies = "memcpy+clwb"},
		{.page_states = "gone"},
		{.threads = "0"},
		{.threads = "1000"},
		{.threads = "two"},
		{.background = "noise"},
		{.background = "load@0"},
		{.background = "load@101"},
		{.background = "load@"},
		{.sizes = "0"},
		{.sizes = "2T"},
		{.sizes = "x"},
		{.states = "wet"},
		{.sources = "cold"},
		{.dst_aligns = "64"},
		{.src_aligns = "-1"},
		{.guarantee = "durable"},
		{.guarantee = "none"},
		{.budget_s = 3.6e12},
		{.sizes = "1M", .window_bytes = 4096},
		{.passes = 10001},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {ERR_NONE, ""};
		struct plan plan;

		assert_false(plan_make(&plan, &bad[i], ALL_FEATURES, &memory, &e));
		assert_int_not_equal(e.code, ERR_NONE);
		assert_true(e.text[0] != '\0');
		plan_free(&plan);
	}
}

static void devdax_has_no_system_calls(void **state)
{
	const struct target_facts devdax = {.access = ACCESS_DEVDAX, .domain = DOMAIN_UNKNOWN};
	struct plan_request request = {.seed = 1, .strategies = "all"};
	struct plan plan;
	struct err e;

	(void)state;
	assert_true(plan_make(&plan, &request, ALL_FEATURES, &memory, &e));
	assert_true(has(&plan, "pwrite", true));
	plan_free(&plan);
	assert_true(plan_make(&plan, &request, ALL_FEATURES, &devdax, &e));
	assert_true(has(&plan, "pwrite", false));
	assert_true(has(&plan, "mmap+msync", false));
	assert_true(has(&plan, "memcpy", true));
	plan_free(&plan);
}

static void targets_are_parsed(void **state)
{
	static const char *const bad[] = {"memfd:", "memfd:0", "memfd:100", "memdf", "dram",
		"dram:x", "dram:9999", "", "nothing-of-the-kind"};
	struct target_request request;
	struct target_facts facts;
	struct err e;

	(void)state;
	assert_true(target_parse("memfd", 0, &request, &e));
	assert_int_equal(request.bytes, 0);
	assert_true(target_parse("memfd:256M", 0, &request, &e));
	assert_int_equal(request.bytes, 256 << 20);
	assert_true(target_describe(&request, &facts, &e));
	assert_true(facts.emulated);
	assert_string_equal(facts.name, "memfd:256MiB");
	assert_true(target_parse("dram:1", 0, &request, &e));
	assert_int_equal(request.node, 1);
	assert_true(target_parse("/tmp", 0, &request, &e));
	assert_ptr_equal(request.ops, &target_file);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(target_parse(bad[i], 0, &request, &e));
		assert_int_equal(e.code, ERR_USAGE);
	}
	/* /dev/null is a character device, and no devdax. */
	assert_true(target_parse("/dev/null", TARGET_OVERWRITE, &request, &e));
	assert_false(target_describe(&request, &facts, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guarantees_follow_from_steps),
		cmocka_unit_test(others_past_the_caches_see_only_what_left_them),
		cmocka_unit_test(strategies_are_registered_once),
		cmocka_unit_test(a_lacking_cpu_says_what_it_lacks),
		cmocka_unit_test(the_default_plan),
#if defined(ARCH_X86_64)
		cmocka_unit_test(fallbacks_take_the_place_of_what_is_lacking),
#endif
		cmocka_unit_test(axes_multiply),
		cmocka_unit_test(one_seed_is_one_order),
		cmocka_unit_test(bad_requests_are_refused),
		cmocka_unit_test(devdax_has_no_system_calls),
		cmocka_unit_test(targets_are_parsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
