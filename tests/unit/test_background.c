// SPDX-License-Identifier: MIT
/* The load beside a measurement is there from its begin to its end, however short that is. */
#include "test.h"

#include <string.h>

#include "measure/background.h"
#include "sys/cpu.h"

/* Two CPUs at most: each thread takes memory of twice the last cache's size. */
static struct cpu_place place;
static int cpus[2];
static struct background_work work;

static struct setting loaded(enum background kind, unsigned percent)
{
	struct setting setting = {
		SETTING_DEFAULTS, .background = kind, .background_percent = percent};

	return setting;
}

static void every_load_moves_data(void **state)
{
	static const unsigned percents[] = {1, 50, 100};
	size_t tried = 0;
	struct err e;

	(void)state;
	for (int kind = 0; kind < BACKGROUND_COUNT; kind++)
		for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
			struct setting setting = loaded((enum background)kind, percents[i]);

			if (kind == BACKGROUND_NONE ||
				!background_usable(setting.background, 1, &e))
				continue;
			/* Again at once: a thread may not have come to rest in between. */
			for (int again = 0; again < 20; again++) {
				background_begin(&work, &setting, NULL, 0);
				assert_true(background_end(&work) > 0);
			}
			tried++;
		}
	assert_true(tried >= 6); /* loads and stores everywhere */
}

static void every_thread_takes_part(void **state)
{
	const struct setting setting = loaded(BACKGROUND_STORE, 100);

	(void)state;
	background_begin(&work, &setting, NULL, 0);
	for (size_t i = 0; i < work.n; i++)
		assert_true(work.threads[i].begun_bytes > 0);
	background_end(&work);
	for (size_t i = 0; i < work.n; i++)
		assert_true(atomic_load(&work.threads[i].bytes) > work.threads[i].begun_bytes);
}

/* One loader: the others do nothing. */
static void as_many_as_were_asked_for(void **state)
{
	const struct setting setting = loaded(BACKGROUND_STORE, 100);

	(void)state;
	work.most = 1;
	background_begin(&work, &setting, NULL, 0);
	assert_false(atomic_load(&work.threads[0].idle));
	for (size_t i = 1; i < work.n; i++)
		assert_true(atomic_load(&work.threads[i].idle));
	assert_true(background_end(&work) > 0);
	work.most = 0;
}

/* Where something is measured, nothing else runs: not even after a wake that came too late to be used. */
static void taken_cpus_stay_idle(void **state)
{
	const struct setting setting = loaded(BACKGROUND_MIX, 100);
	uint64_t before;

	(void)state;
	if (work.n < 2) {
		print_message("skipped: taken CPUs: there is one CPU\n");
		skip();
	}
	for (int again = 0; again < 20; again++) {
		background_begin(&work, &setting, NULL, 0);
		background_end(&work);
	}
	background_begin(&work, &setting, &work.threads[0].cpu, 1);
	before = atomic_load(&work.threads[0].bytes);
	assert_true(background_end(&work) > 0);
	assert_true(
		atomic_load(&work.threads[0].bytes) - before <= 64 << 10); /* what was under way */
	before = atomic_load(&work.threads[0].bytes);
	background_begin(&work, &setting, &work.threads[0].cpu, 1);
	background_end(&work);
	assert_int_equal(atomic_load(&work.threads[0].bytes), before);
}

static void no_load_moves_nothing(void **state)
{
	const struct setting none = loaded(BACKGROUND_NONE, 0);

	(void)state;
	background_begin(&work, &none, NULL, 0);
	assert_true(background_end(&work) == 0);
}

static void it_needs_a_cpu_of_its_own(void **state)
{
	struct err e;

	(void)state;
	assert_false(background_usable(BACKGROUND_LOAD, 0, &e));
	assert_non_null(strstr(e.text, "needs a CPU beside"));
	assert_true(background_usable(BACKGROUND_NONE, 0, &e));
}

static int start(void **state)
{
	struct err e;
	bool ok;

	(void)state;
	ok = cpu_pin(-1, &place, &e);
	for (size_t i = 0; ok && i < 2 && i < place.n_allowed; i++)
		cpus[i] = place.allowed[i].cpu;
	ok = ok && background_start(&work, cpus, place.n_allowed < 2 ? place.n_allowed : 2, &e);
	if (!ok)
		print_error("%s\n", e.text);
	return ok ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	background_stop(&work);
	cpu_free(&place);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_load_moves_data),
		cmocka_unit_test(every_thread_takes_part),
		cmocka_unit_test(as_many_as_were_asked_for),
		cmocka_unit_test(taken_cpus_stay_idle),
		cmocka_unit_test(no_load_moves_nothing),
		cmocka_unit_test(it_needs_a_cpu_of_its_own),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
