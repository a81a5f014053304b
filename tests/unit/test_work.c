// SPDX-License-Identifier: MIT
/* Workloads: what an operation covers, where it goes, and what a check of it notices. */
#include "test.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "case/workload.h"
#include "stage/verify.h"
#include "stage/work.h"

#define STEP 256ul
#define SLOTS 64ul

static char window[(SLOTS + 2) * STEP] __attribute__((aligned(256)));
static char source[(SLOTS + 2) * STEP] __attribute__((aligned(256)));
static struct walk_failure failure;

/* What loops were asked for. */
static struct walk asked[4 * 4096];
static size_t n_asked, n_reads;
static void (*plant)(const struct walk *walk); /* instead of the copy; NULL: the copy */

static void copy(const struct walk *walk)
{
	if (n_asked < sizeof(asked) / sizeof(asked[0]))
		asked[n_asked++] = *walk;
	if (plant != NULL)
		plant(walk);
	else
		memcpy(walk->dst, walk->src, walk->len);
}

static void copy_back(const struct walk *walk)
{
	n_reads++;
	memcpy(walk->dst, walk->src, walk->len);
}

static const struct work_loops loops = {copy, copy_back};

static struct setting setting_of(enum workload workload, uint64_t size)
{
	return (struct setting){SETTING_DEFAULTS, .size = size, .workload = workload};
}

static struct walk walk_of(size_t n, size_t len)
{
	for (size_t i = 0; i < sizeof(source); i++)
		source[i] = (char)(i * 7 + i / 256);
	n_asked = n_reads = 0;
	failure = (struct walk_failure){0};
	return (struct walk){.dst = window,
		.user = window,
		.src = source,
		.dst_step = STEP,
		.src_step = STEP,
		.len = len,
		.n = n,
		.failed = &failure};
}

static void values_are_of_the_distribution(void **state)
{
	double sum = 0;
	const size_t n = 1000000;
	struct setting setting = setting_of(WORKLOAD_VALUES, 65536);

	(void)state;
	/* x = 214.476 ((1 - u)^-0.348238 - 1) / 0.348238: 168.1 at u = 1/2, 757.4 at u = 9/10. */
	assert_int_equal(workload_value(0, 1000), 1);
	assert_int_equal(workload_value(0.5, 1000), 169);
	assert_int_equal(workload_value(0.9, 10000), 758);
	assert_int_equal(workload_value(0.9, 700), 700);
	for (size_t i = 0; i < n; i++)
		sum += (double)workload_value(((double)i + 0.5) / (double)n, 65536);
	assert_true(fabs(workload_bytes(&setting) / (sum / (double)n) - 1) < 1e-3);
	setting.size = 100;
	setting.threads = 3;
	sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)workload_value(((double)i + 0.5) / (double)n, 100);
	assert_true(fabs(workload_bytes(&setting) / (3 * sum / (double)n) - 1) < 1e-3);
}

static void commits_are_behind_the_data(void **state)
{
	static const struct {
		unsigned align;
		uint64_t size, at;
	} cases[] = {{0, 64, 64}, {0, 100, 104}, {3, 5, 5}, {3, 6, 13}, {7, 1, 1}, {0, 1, 8}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct setting setting = setting_of(WORKLOAD_LOG, cases[i].size);

		setting.dst_align = cases[i].align;
		assert_int_equal(workload_commit_at(&setting), cases[i].at);
		assert_int_equal(workload_span(&setting), cases[i].at + 8);
		assert_true(workload_bytes(&setting) == (double)cases[i].size + 8);
		setting.workload = WORKLOAD_RANDOM;
		assert_int_equal(workload_span(&setting), cases[i].size);
	}
}

/* What cannot be is no comparison. */
static void workloads_have_their_settings(void **state)
{
	struct setting ring = setting_of(WORKLOAD_RING, 64), read = setting_of(WORKLOAD_RANDOM, 64);
	struct setting log = setting_of(WORKLOAD_LOG, 64);

	(void)state;
	assert_false(setting_makes_sense(&ring));
	ring.threads = 2;
	assert_true(setting_makes_sense(&ring));
	ring.state = STATE_CLEAN;
	assert_false(setting_makes_sense(&ring));
	read.operation = OP_READ;
	assert_false(setting_makes_sense(&read));
	read.source = SOURCE_WALK;
	assert_true(setting_makes_sense(&read));
	assert_true(setting_makes_sense(&log));
	log.operation = OP_READ;
	assert_false(setting_makes_sense(&log));
}

static void every_place_is_visited_once(void **state)
{
	const struct setting setting = setting_of(WORKLOAD_RANDOM, 200);
	unsigned seen[SLOTS] = {0};
	size_t in_order = 0;
	struct work work;
	struct walk walk = walk_of(SLOTS / 2, 200);
	struct err e;

	(void)state;
	assert_true(work_init(&work, &setting, window, STEP, SLOTS, 7, &e));
	/* Two threads' halves of a window are no less disjoint than one's whole. */
	work_run(&work, &loops, &walk, 0);
	walk.dst += SLOTS / 2 * STEP;
	walk.user += SLOTS / 2 * STEP;
	work_run(&work, &loops, &walk, 1);
	assert_int_equal(n_asked, SLOTS);
	for (size_t i = 0; i < SLOTS; i++) {
		size_t at = (size_t)(asked[i].dst - window);

		assert_int_equal(at % STEP, 0);
		assert_int_equal(asked[i].len, 200);
		assert_int_equal(asked[i].n, 1);
		assert_ptr_equal(asked[i].user, asked[i].dst);
		seen[at / STEP]++;
		in_order += at / STEP == i;
	}
	for (size_t i = 0; i < SLOTS; i++)
		assert_int_equal(seen[i], 1);
	assert_true(in_order < SLOTS / 4);
	work_free(&work);
}

static void values_are_drawn_in_one_stream(void **state)
{
	const struct setting setting = setting_of(WORKLOAD_VALUES, STEP);
	struct work work;
	struct walk walk = walk_of(SLOTS, STEP);
	size_t different = 0;
	struct err e;

	(void)state;
	assert_true(work_init(&work, &setting, window, STEP, SLOTS, 7, &e));
	work_run(&work, &loops, &walk, 0);
	assert_int_equal(n_asked, SLOTS);
	for (size_t i = 1; i < SLOTS; i++) {
		assert_in_range(asked[i].len, 1, STEP);
		different += asked[i].len != asked[i - 1].len;
	}
	assert_true(different > SLOTS / 2);
	work_free(&work);
}

static void most_updates_are_reads(void **state)
{
	const struct setting setting = setting_of(WORKLOAD_UPDATES, 100);
	struct work work;
	struct walk walk = walk_of(SLOTS, 100);
	struct err e;

	(void)state;
	assert_true(work_init(&work, &setting, window, STEP, SLOTS, 7, &e));
	for (size_t i = 0, reads = 0; i < WORK_DRAWS; i++) {
		reads += work.draws[i];
		if (i + 1 == WORK_DRAWS) /* 95 % of 4096, whole ones */
			assert_in_range(reads, 3890, 3892);
	}
	work_run(&work, &loops, &walk, 0);
	assert_int_equal(n_asked + n_reads, SLOTS);
	assert_true(n_asked >= 1 && n_reads > SLOTS / 2);
	work_free(&work);
}

static void a_log_commits_each_record(void **state)
{
	const struct setting setting = setting_of(WORKLOAD_LOG, 100);
	struct work work;
	struct walk walk = walk_of(5, 112);
	struct err e;

	(void)state;
	assert_true(work_init(&work, &setting, window, STEP, SLOTS, 7, &e));
	walk.dst += 3 * STEP;
	work_run(&work, &loops, &walk, 0);
	assert_int_equal(n_asked, 10);
	for (uint64_t i = 0; i < 5; i++) {
		uint64_t commit;

		assert_ptr_equal(asked[2 * i].dst, window + (3 + i) * STEP);
		assert_int_equal(asked[2 * i].len, 100);
		assert_ptr_equal(asked[2 * i + 1].dst, window + (3 + i) * STEP + 104);
		assert_int_equal(asked[2 * i + 1].len, 8);
		memcpy(&commit, window + (3 + i) * STEP + 104, 8);
		assert_int_equal(commit, 3 + i + 1);
	}
	work_free(&work);
}

struct end {
	struct work *work;
	const struct walk *walk;
};

static void *receive(void *arg)
{
	const struct end *end = arg;

	work_run(end->work, &loops, end->walk, 1);
	return NULL;
}

static void run_both(void *arg)
{
	struct end *end = arg;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, receive, end), 0);
	work_run(end->work, &loops, end->walk, 0);
	pthread_join(thread, NULL);
}

static void a_ring_hands_over(void **state)
{
	struct setting setting = setting_of(WORKLOAD_RING, 100);
	struct work work;
	struct walk walk = walk_of(1000, 112);
	struct end end = {&work, &walk};
	uint64_t count;
	struct err e;

	(void)state;
	setting.threads = 2;
	walk.src_step = 0;
	assert_true(work_init(&work, &setting, window, STEP, 8, 7, &e));
	assert_int_equal(work.ring.slots, 7);
	work_begin(&work);
	work.check = true;
	run_both(&end);
	assert_int_equal(failure.error, 0);
	assert_int_equal(work.wrong, 0);
	memcpy(&count, window + 7 * STEP, sizeof(count));
	assert_int_equal(count, 1000);
	/* 7 slots at most are ahead of the receiver: all messages went through them. */
	for (size_t i = 0; i < n_asked; i++)
		assert_true(asked[i].dst < window + 7 * STEP);
	assert_false(work_init(&work, &setting, window, STEP, 1, 7, &e));
}

static void lose_commits(const struct walk *walk)
{
	if (walk->len != WORKLOAD_COMMIT_BYTES)
		memcpy(walk->dst, walk->src, walk->len);
}

/* The planted fault: what is sent never arrives. It ends, and is told. */
static void a_ring_notices_what_does_not_arrive(void **state)
{
	struct setting setting = setting_of(WORKLOAD_RING, 100);
	struct work work;
	struct walk walk = walk_of(3, 112);
	struct end end = {&work, &walk};
	struct err e;

	(void)state;
	setting.threads = 2;
	assert_true(work_init(&work, &setting, window, STEP, 8, 7, &e));
	work_begin(&work);
	plant = lose_commits;
	run_both(&end);
	plant = NULL;
	assert_int_equal(failure.error, ETIMEDOUT);
	assert_string_equal(failure.call, "waiting for a message of a ring");
}

static void short_by_one(const struct walk *walk)
{
	memcpy(walk->dst, walk->src, walk->len - 1);
}

static void long_by_one(const struct walk *walk)
{
	memcpy(walk->dst, walk->src, walk->len);
	walk->dst[walk->len] = 0x11;
}

static void run_one(void *arg)
{
	struct end *end = arg;

	work_run(end->work, &loops, end->walk, 0);
}

/* Each workload's check passes a copy, and neither one that is short nor one that is long. */
static void checks_notice(void **state)
{
	static const enum workload kinds[] = {
		WORKLOAD_RANDOM, WORKLOAD_VALUES, WORKLOAD_UPDATES, WORKLOAD_LOG, WORKLOAD_RING};
	static void (*const plants[])(const struct walk *) = {NULL, short_by_one, long_by_one};
	struct err e;

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t p = 0; p < 3; p++) {
			struct setting setting = setting_of(kinds[k], 100);
			bool ring = kinds[k] == WORKLOAD_RING;
			struct walk walk = walk_of(5, 112);
			struct work whole, work;
			struct end end = {&work, &walk};

			setting.threads = ring ? 2 : 1;
			assert_true(work_init(&whole, &setting, window, STEP, SLOTS, 7, &e));
			work = work_within(&whole, window, STEP, 5 + ring);
			plant = plants[p];
			assert_int_equal(work_verify(&work, &walk, window, (5 + ring) * STEP,
						 ring ? run_both : run_one, &end, &e),
				plants[p] == NULL);
			plant = NULL;
			work_free(&whole);
		}
}

/* Reads take from the places, and leave the target as it is. */
static void reads_are_at_places(void **state)
{
	struct setting setting = setting_of(WORKLOAD_VALUES, 100);
	struct work whole, work;
	struct walk walk = walk_of(5, 100);
	struct end end = {&work, &walk};
	struct err e;

	(void)state;
	setting.operation = OP_READ;
	setting.source = SOURCE_WALK;
	assert_true(work_init(&whole, &setting, source, STEP, SLOTS, 7, &e));
	work = work_within(&whole, source, STEP, 5);
	assert_true(work_verify(&work, &walk, window, 5 * STEP, run_one, &end, &e));
	plant = short_by_one;
	assert_false(work_verify(&work, &walk, window, 5 * STEP, run_one, &end, &e));
	plant = NULL;
	work_free(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_of_the_distribution),
		cmocka_unit_test(commits_are_behind_the_data),
		cmocka_unit_test(workloads_have_their_settings),
		cmocka_unit_test(every_place_is_visited_once),
		cmocka_unit_test(values_are_drawn_in_one_stream),
		cmocka_unit_test(most_updates_are_reads),
		cmocka_unit_test(a_log_commits_each_record),
		cmocka_unit_test(a_ring_hands_over),
		cmocka_unit_test(a_ring_notices_what_does_not_arrive),
		cmocka_unit_test(checks_notice),
		cmocka_unit_test(reads_are_at_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
