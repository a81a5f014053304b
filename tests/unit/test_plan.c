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

static const struct plan_machine all = {ALL_FEATURES, 64};

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
	assert_non_null(strategy_kernel(strategy_find("memcpy", &e), 0, &e));
	if (strategy == NULL) { /* another instruction set's: that is said */
		strategy_find("nt-avx512", &e);
		assert_non_null(strstr(e.text, "made of x86_64 instructions"));
		return;
	}
	assert_null(strategy_kernel(strategy, CPU_SSE2 | CPU_AVX, &e));
	assert_non_null(strstr(e.text, "avx512f"));
	assert_non_null(strategy_kernel(strategy, CPU_AVX512F, &e));
}

static bool has(const struct plan *plan, const char *name, bool available)
{
	for (size_t i = 0; i < plan->n_arms; i++)
		if (strcmp(plan->arms[i].strategy->name, name) == 0)
			return (plan->arms[i].kernel != NULL) == available;
	return false;
}

static void ask(struct plan_request *request, enum setting_axis axis, const char *text)
{
	struct err e;

	assert_true(axis_parse(axis, text, &request->values[axis], &e));
}

static void the_default_plan(void **state)
{
	struct plan_request request = {.seed = 1};
	struct plan plan;
	struct err e;

	(void)state;
	assert_true(plan_make(&plan, &request, 1, &all, &memory, &e));
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
	assert_true(plan_make(&plan, &request, 1,
		&(struct plan_machine){CPU_SSE2 | CPU_CLFLUSH, 64}, &memory, &e));
	assert_true(has(&plan, "nt-avx512", false));
	assert_true(has(&plan, "nt-avx", false));
	assert_true(has(&plan, "nt-sse2", true));
	assert_true(has(&plan, "memcpy+clwb", false));
	plan_free(&plan);
	assert_true(plan_make(&plan, &request, 1, &all, &memory, &e));
	assert_false(has(&plan, "nt-sse2", true) || has(&plan, "nt-sse2", false));
	plan_free(&plan);
}
#endif

static void axes_multiply(void **state)
{
	struct plan_request request = {.seed = 1};
	struct plan plan;
	struct err e;

	(void)state;
	ask(&request, AXIS_OPERATION, "write");
	ask(&request, AXIS_SIZE, "64,4K");
	ask(&request, AXIS_STATE, "absent,dirty");
	ask(&request, AXIS_SOURCE, "hot,walk");
	ask(&request, AXIS_DST_ALIGN, "0,3");
	ask(&request, AXIS_SRC_ALIGN, "0,1,63");
	assert_true(plan_make(&plan, &request, 1, &all, &memory, &e));
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
	assert_true(plan_make(&a, &request, 1, &all, &memory, &e));
	assert_true(plan_make(&b, &request, 1, &all, &memory, &e));
	request.seed = 43;
	assert_true(plan_make(&c, &request, 1, &all, &memory, &e));
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
		{.budget_s = 3.6e12},
		{.window_bytes = 4096},
		{.passes = 10001},
	};
	/* 128: a line of this machine has 64 bytes. */
	static const struct {
		enum setting_axis axis;
		const char *text, *strategies;
	} refused[] = {{AXIS_OPERATION, "read", "memcpy+fence"}, {AXIS_DST_ALIGN, "64", NULL},
		{AXIS_SRC_ALIGN, "128", NULL}, {AXIS_PAGES, "unwritten", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {ERR_NONE, ""};
		struct plan plan;

		assert_false(plan_make(&plan, &bad[i], 1, &all, &memory, &e));
		assert_int_not_equal(e.code, ERR_NONE);
		assert_true(e.text[0] != '\0');
		plan_free(&plan);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct plan_request request = {.strategies = refused[i].strategies};
		struct err e = {ERR_NONE, ""};
		struct plan plan;

		ask(&request, refused[i].axis, refused[i].text);
		if (refused[i].axis == AXIS_PAGES)
			ask(&request, AXIS_STATE, "dirty");
		assert_false(plan_make(&plan, &request, 1, &all, &memory, &e));
		assert_int_equal(e.code, ERR_USAGE);
		plan_free(&plan);
	}
}

static void bad_values_are_refused(void **state)
{
	static const struct {
		enum setting_axis axis;
		const char *text, *says;
	} bad[] = {
		{AXIS_OPERATION, "erase", "unknown operation 'erase'"},
		{AXIS_PAGES, "gone", "unknown page state 'gone'"},
		{AXIS_STATE, "wet", "unknown destination state 'wet'"},
		{AXIS_SOURCE, "cold", "unknown source 'cold'"},
		{AXIS_THREADS, "0", ERR_OF("threads") ": 0: must be 1..512"},
		{AXIS_THREADS, "1000", "must be 1..512"},
		{AXIS_THREADS, "two", ERR_OF("threads") ": 'two'"},
		{AXIS_BACKGROUND, "noise", "unknown background 'noise'"},
		{AXIS_BACKGROUND, "load@0", "percent of the time, 1..100"},
		{AXIS_BACKGROUND, "load@101", "percent of the time, 1..100"},
		{AXIS_BACKGROUND, "load@", "percent of the time, 1..100"},
		{AXIS_SIZE, "0", ERR_OF("size") ": 0"},
		{AXIS_SIZE, "2T", ERR_OF("size")},
		{AXIS_SIZE, "x", ERR_OF("size") ": 'x' is not a size"},
		{AXIS_DST_ALIGN, "256", ERR_OF("destination alignment") ": 256"},
		{AXIS_SRC_ALIGN, "-1", ERR_OF("source alignment")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct axis_values values;
		struct err e = {ERR_NONE, ""};

		assert_false(axis_parse(bad[i].axis, bad[i].text, &values, &e));
		assert_int_equal(e.code, ERR_USAGE);
		if (strstr(e.text, bad[i].says) == NULL)
			fail_msg("%s: says: %s", bad[i].text, e.text);
	}
}

/* What is parsed and written again is the same; once is enough. */
static void values_are_read_as_written(void **state)
{
	static const struct {
		enum setting_axis axis;
		const char *text, *again;
		size_t n;
	} lists[] = {
		{AXIS_OPERATION, "read,write", "write,read", 2},
		{AXIS_SIZE, "4K,64..256*2,64", "4096,64,128,256", 4},
		{AXIS_BACKGROUND, "store,load@50,store@100,none", "store@100,load@50,none", 3},
		{AXIS_THREADS, "2,1", "2,1", 2},
		{AXIS_PAGES, "unwritten", "unwritten", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct axis_values values;
		char text[100];
		struct err e;

		assert_true(axis_parse(lists[i].axis, lists[i].text, &values, &e));
		assert_int_equal(values.n, lists[i].n);
		assert_true(axis_text(lists[i].axis, &values, text, sizeof(text)));
		assert_string_equal(text, lists[i].again);
		assert_false(axis_text(lists[i].axis, &values, text, strlen(lists[i].again)));
	}
}

/* Ranks, places and keys are of one field each; what is usual lies within the limits. */
static void axes_are_whole(void **state)
{
	const struct axis_field *field;
	unsigned ranks = 0, nests = 0, fields = 0, section;
	struct err e;

	(void)state;
	assert_true(words_find(&section_words, "commits", &section, &e));
	assert_int_equal(section, 1);
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++) {
		assert_int_equal(setting_axis_named(axes[axis].name), axis);
		nests |= 1u << axes[axis].nest;
	}
	assert_int_equal(nests, (1u << AXIS_COUNT) - 1);
	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL; fields++) {
		struct setting a = {SETTING_DEFAULTS, .size = 64}, b = a;
		char one[CASE_NAME_BYTES], other[CASE_NAME_BYTES];
		long long off = field->words != NULL ? 1 : field->most;

		ranks |= 1u << field->telling;
		if (strcmp(field->key, "size_bytes") != 0)
			assert_int_equal(axis_get(field, &a), field->usual);
		axis_put(field, &b, off);
		assert_int_equal(axis_get(field, &b), off);
		assert_int_not_equal(setting_compare(&a, &b), 0);
		/* Whatever differs is another case; a percentage alone is of nothing. */
		case_name(&a, "memcpy", GUARANTEE_VISIBLE, one);
		case_name(&b, "memcpy", GUARANTEE_VISIBLE, other);
		if (strcmp(field->key, "background_percent") != 0)
			assert_string_not_equal(one, other);
	}
	assert_int_equal(ranks, (1u << fields) - 1);
	assert_int_equal(fields, 15);
}

static void devdax_has_no_system_calls(void **state)
{
	const struct target_facts devdax = {.access = ACCESS_DEVDAX, .domain = DOMAIN_UNKNOWN};
	struct plan_request request = {.seed = 1, .strategies = "all"};
	struct plan plan;
	struct err e;

	(void)state;
	assert_true(plan_make(&plan, &request, 1, &all, &memory, &e));
	assert_true(has(&plan, "pwrite", true));
	plan_free(&plan);
	assert_true(plan_make(&plan, &request, 1, &all, &devdax, &e));
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
		cmocka_unit_test(bad_values_are_refused),
		cmocka_unit_test(values_are_read_as_written),
		cmocka_unit_test(axes_are_whole),
		cmocka_unit_test(devdax_has_no_system_calls),
		cmocka_unit_test(targets_are_parsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
