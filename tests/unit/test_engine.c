// SPDX-License-Identifier: MIT
/* The engine on a clock that only moves when a fake strategy says so. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "measure/engine.h"

#define WINDOW (1u << 20)

/* The fake machine: time, and what the loops saw. */
static _Atomic uint64_t now; /* several threads move it in one test */
static char window[WINDOW];
static char source[WINDOW];
static struct walk last;
static size_t calls, prepared_operations;
static bool out_of_window;
static int stop_after;
static double ran[4000]; /* what each call took: who it was */
static size_t n_ran;

static uint64_t fake_clock(void)
{
	return now;
}

static const struct clock clock_fake = {
	.name = "fake", .begin = fake_clock, .end = fake_clock, .tick_ns = 0.5};

static void spend(const struct walk *walk, double ns)
{
	const char *end = walk->dst + (walk->n - 1) * walk->dst_step + walk->len;
	const char *src_end = walk->src + (walk->n - 1) * walk->src_step + walk->len;

	now += (uint64_t)(ns * (double)walk->n / clock_fake.tick_ns);
	calls++;
	if (n_ran < sizeof(ran) / sizeof(ran[0]))
		ran[n_ran++] = ns;
	last = *walk;
	out_of_window |= walk->dst < window || end > window + WINDOW || walk->src < source ||
			 src_end > source + WINDOW || walk->user - walk->dst != 0;
}

static void takes_100(const struct walk *walk)
{
	spend(walk, 100);
}

static void takes_150(const struct walk *walk)
{
	spend(walk, 150);
}

static void takes_200(const struct walk *walk)
{
	spend(walk, 200);
}

static void takes_1ms(const struct walk *walk)
{
	spend(walk, 1e6);
}

static void takes_nothing(const struct walk *walk)
{
	calls++;
	(void)walk;
}

/* 30 % slower right after leaves_a_mess ran: carry-over to be found. */
static void suffers(const struct walk *walk)
{
	bool after = last.n > 0 && last.user == NULL;

	spend(walk, after ? 130 : 100);
}

static void leaves_a_mess(const struct walk *walk)
{
	spend(walk, 100);
	last.user = NULL;
}

static void prepare(void *arg, const struct walk *slice)
{
	(void)arg;
	prepared_operations += slice->n;
}

static bool stop(void *arg)
{
	(void)arg;
	return stop_after > 0 && --stop_after == 0;
}

static struct engine make(const struct engine_arm *arms, size_t n, size_t len)
{
	struct engine engine = {.clock = &clock_fake,
		.rng = gsl_rng_alloc(gsl_rng_taus2),
		.arms = arms,
		.n_arms = n,
		.dst = window,
		.user = window,
		.dst_bytes = WINDOW,
		.src = source,
		.src_bytes = WINDOW,
		.len = len,
		.prepare = prepare,
		.stop = stop};

	now = 1000;
	memset(&last, 0, sizeof(last));
	calls = 0;
	prepared_operations = 0;
	out_of_window = false;
	stop_after = 0;
	return engine;
}

static struct engine_rounds rounds_for(size_t n)
{
	struct engine_rounds rounds;
	struct err e;

	assert_true(engine_rounds_init(&rounds, n, 500, &e));
	return rounds;
}

static void slices_are_calibrated(void **state)
{
	const struct engine_arm arms[] = {
		{.loop = takes_100}, {.loop = takes_150}, {.loop = takes_1ms}};
	struct engine engine = make(arms, 3, 64);

	(void)state;
	assert_true(engine_calibrate(&engine));
	assert_int_equal(engine.iterations[0], (size_t)(ENGINE_SLICE_NS / 100));
	assert_int_equal(engine.iterations[1], (size_t)round(ENGINE_SLICE_NS / 150));
	assert_int_equal(engine.iterations[2], 1);
	assert_false(out_of_window);
	gsl_rng_free(engine.rng);
}

static void ratios_are_exact_without_noise(void **state)
{
	const struct engine_arm arms[] = {{.loop = takes_100}, {.loop = takes_150}};
	struct engine engine = make(arms, 2, 100);
	struct engine_rounds rounds = rounds_for(2);
	double scratch[2000];

	(void)state;
	assert_true(engine_calibrate(&engine));
	assert_true(engine_visit(&engine, 1000000000000, &rounds));
	assert_int_equal(rounds.n, 500);
	assert_true(fabs(engine_log_ratio_estimate(&rounds, 1, 0, scratch) - log(1.5)) < 1e-6);
	assert_true(fabs(engine_log_ns(&rounds, 0, scratch) - log(100)) < 1e-6);
	assert_false(out_of_window);
	assert_true(prepared_operations > 0);
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

static void an_arm_that_takes_no_time_is_survived(void **state)
{
	const struct engine_arm arms[] = {
		{.loop = takes_nothing, .idle = true}, {.loop = takes_100}};
	struct engine engine = make(arms, 2, 64);
	struct engine_rounds rounds = rounds_for(2);
	double scratch[2000];

	(void)state;
	/* The clock never moves for it: the growth of iterations must end. */
	engine.arms = &arms[1];
	engine.n_arms = 1;
	assert_true(engine_calibrate(&engine));
	engine.arms = arms;
	engine.n_arms = 2;
	engine.iterations[1] = engine.iterations[0];
	engine.iterations[0] = 1000;
	assert_true(engine_visit(&engine, 1000000, &rounds));
	assert_true(isfinite(engine_log_ns(&rounds, 0, scratch)));
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

/* In each round every arm runs once, warm-up and slice, and each comes first now and then. */
static void every_order_is_a_permutation(void **state)
{
	const struct engine_arm arms[] = {
		{.loop = takes_100}, {.loop = takes_150}, {.loop = takes_200}};
	struct engine engine = make(arms, 3, 64);
	struct engine_rounds rounds = rounds_for(3);
	size_t came_first[3] = {0};

	(void)state;
	assert_true(engine_calibrate(&engine));
	n_ran = 0;
	assert_true(engine_visit(&engine, 1000000000000, &rounds));
	assert_int_equal(n_ran, 6 * rounds.n);
	for (size_t r = 0; r < rounds.n; r++) {
		unsigned seen = 0;

		for (size_t slice = 0; slice < 3; slice++) {
			double warm = ran[6 * r + 2 * slice], timed = ran[6 * r + 2 * slice + 1];

			assert_true(warm == timed);
			seen |= 1u << (size_t)((timed - 100) / 50);
		}
		assert_int_equal(seen, 7);
		came_first[(size_t)((ran[6 * r] - 100) / 50)]++;
	}
	for (size_t i = 0; i < 3; i++)
		assert_true(came_first[i] > rounds.n / 6); /* a third, more or less */
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

static void carry_over_is_found(void **state)
{
	const struct engine_arm arms[] = {
		{.loop = suffers}, {.loop = leaves_a_mess}, {.loop = takes_100}};
	struct engine engine = make(arms, 3, 64);
	struct engine_rounds rounds = rounds_for(3);
	double scratch[2000], log_ns[3];

	(void)state;
	/* Without a warm-up, or it would hide what this is about. */
	assert_true(engine_calibrate(&engine));
	for (size_t i = 0; i < 3; i++)
		engine.iterations[i] = 1;
	assert_true(engine_visit(&engine, 1000000000000, &rounds));
	for (size_t i = 0; i < 3; i++)
		log_ns[i] = engine_log_ns(&rounds, i, scratch);
	assert_true(engine_after(&rounds, 1, log_ns, scratch) >
		    engine_after(&rounds, 2, log_ns, scratch) + 0.05);
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

static void an_operation_as_large_as_the_window_fits(void **state)
{
	const struct engine_arm arms[] = {{.loop = takes_1ms}, {.loop = takes_1ms}};
	struct engine engine = make(arms, 2, WINDOW);
	struct engine_rounds rounds = rounds_for(2);

	(void)state;
	assert_true(engine_fits(&engine));
	assert_true(engine_calibrate(&engine));
	assert_true(engine_visit(&engine, 1000, &rounds)); /* at least one round all the same */
	assert_true(rounds.n >= 1);
	assert_false(out_of_window);
	engine.len = WINDOW + 1;
	assert_false(engine_fits(&engine));
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

static void a_stop_keeps_whole_rounds(void **state)
{
	const struct engine_arm arms[] = {{.loop = takes_100}, {.loop = takes_150}};
	struct engine engine = make(arms, 2, 64);
	struct engine_rounds rounds = rounds_for(2);

	(void)state;
	assert_true(engine_calibrate(&engine));
	stop_after = 7; /* in the fourth round */
	assert_false(engine_visit(&engine, 1000000000000, &rounds));
	assert_int_equal(rounds.n, 3);
	stop_after = 1;
	assert_false(engine_calibrate(&engine));
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

/* Real threads: what each was given in the slice at hand, and whether all were there. */
#define TEAM 4
static struct walk given[64];
static atomic_uint n_given, met;

static void notes_its_range(const struct walk *walk)
{
	given[atomic_fetch_add(&n_given, 1) % 64] = *walk;
	now += 1; /* some time must pass; who wins does not matter */
}

static size_t overlaps;

/* After each slice: no two loops of it may have touched the same operation. */
static void check_ranges(void *arg, const struct walk *slice)
{
	(void)arg;
	(void)slice;
	if (atomic_fetch_add(&met, 1) % TEAM != TEAM - 1)
		return;
	for (unsigned i = 0; i < atomic_load(&n_given) && i < 64; i++)
		for (unsigned j = 0; j < i; j++)
			overlaps += given[i].dst < given[j].dst + given[j].n * given[j].dst_step &&
				    given[j].dst < given[i].dst + given[i].n * given[i].dst_step;
	atomic_store(&n_given, 0);
}

static void threads_share_a_slice_without_sharing_a_line(void **state)
{
	const struct engine_arm arms[] = {{.loop = notes_its_range}, {.loop = notes_its_range}};
	struct engine engine = make(arms, 2, 100);
	struct engine_rounds rounds;
	struct team team;
	struct err e;
	int cpus[TEAM] = {0};

	(void)state;
	assert_true(team_start(&team, TEAM, &e));
	team_place(&team, cpus, TEAM);
	assert_true(engine_rounds_init(&rounds, 2, 50, &e));
	engine.team = &team;
	engine.threads = TEAM;
	engine.prepare = NULL;
	engine.restore = check_ranges;
	assert_true(engine_fits(&engine));
	engine.iterations[0] = engine.iterations[1] = 20;
	atomic_store(&n_given, 0);
	atomic_store(&met, 0);
	overlaps = 0;
	engine_visit(&engine, UINT64_MAX, &rounds);
	assert_int_equal(rounds.n, 50);
	assert_int_equal(atomic_load(&met), 50 * 2 * TEAM);
	assert_int_equal(overlaps, 0);
	team_stop(&team);
	engine_rounds_free(&rounds);
	gsl_rng_free(engine.rng);
}

static void counts(void *arg, unsigned member)
{
	struct team *team = arg;

	atomic_fetch_add(&n_given, 1u << (8 * member));
	team_meet(team);
	if (atomic_load(&n_given) % 256 == 0)
		fail_msg("member %u did not wait for member 0", member);
	team_meet(team);
}

static void a_team_calls_those_it_needs(void **state)
{
	struct team team;
	struct err e;
	int cpus[TEAM] = {0};

	(void)state;
	assert_true(team_start(&team, TEAM, &e));
	team_place(&team, cpus, TEAM);
	for (unsigned workers = 1; workers <= TEAM; workers++) {
		for (int turn = 0; turn < 20; turn++) {
			unsigned expected = 0;

			for (unsigned i = 0; i < workers; i++)
				expected |= 1u << (8 * i);
			atomic_store(&n_given, 0);
			team_run(&team, workers, counts, &team);
			assert_int_equal(atomic_load(&n_given), expected);
		}
	}
	team_stop(&team);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_a_slice_without_sharing_a_line),
		cmocka_unit_test(a_team_calls_those_it_needs),
		cmocka_unit_test(slices_are_calibrated),
		cmocka_unit_test(ratios_are_exact_without_noise),
		cmocka_unit_test(an_arm_that_takes_no_time_is_survived),
		cmocka_unit_test(every_order_is_a_permutation),
		cmocka_unit_test(carry_over_is_found),
		cmocka_unit_test(an_operation_as_large_as_the_window_fits),
		cmocka_unit_test(a_stop_keeps_whole_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
