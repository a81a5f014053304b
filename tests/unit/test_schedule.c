// SPDX-License-Identifier: MIT
/* Budgets and checkpoints on a clock that moves only when fake work says so. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/schedule.h"

#define MS 1000000.0
#define S 1000000000.0

/* The fake run. */
static struct {
	double now; /* ns */
	double ready_ns, round_ns, save_ns, refresh_ns;
	size_t readied, visits, saves, refreshes;
	unsigned visited[4000];
	double last_save, longest_gap, visited_ns[4000];
	double longest_ns;
	size_t looks, clear_from;
	bool enough;
	bool measuring;
	struct schedule *schedule;
} run;

static uint64_t now_ns(void *arg)
{
	(void)arg;
	return (uint64_t)run.now;
}

static bool possible(void *arg, size_t c)
{
	(void)arg;
	return c % 10 != 9; /* some settings cannot be had */
}

static bool ready(void *arg, size_t c, double about_ns, double *round_ns)
{
	(void)arg;
	(void)c;
	(void)about_ns;
	run.now += run.ready_ns;
	run.readied++;
	*round_ns = run.round_ns;
	return true;
}

static bool refresh(void *arg)
{
	(void)arg;
	run.now += run.refresh_ns;
	run.refreshes++;
	return true;
}

static bool save(void *arg)
{
	(void)arg;
	if (run.saves > 0 && run.now - run.last_save > run.longest_gap)
		run.longest_gap = run.now - run.last_save;
	run.now += run.save_ns;
	run.last_save = run.now;
	run.saves++;
	return true;
}

/* Whole rounds, as the engine's are, and a checkpoint between them when one is due. */
static bool visit(void *arg, size_t c, unsigned pass, double ns)
{
	double end = run.now + ns;

	(void)arg;
	(void)pass;
	run.visits++;
	run.visited[c]++;
	run.visited_ns[c] += ns;
	run.longest_ns = ns > run.longest_ns ? ns : run.longest_ns;
	do {
		run.now += run.round_ns;
		if (schedule_due(run.schedule))
			schedule_save(run.schedule);
	} while (run.now < end);
	return true;
}

/* The even ones are clear from so many looks on. */
static bool wants(void *arg, size_t c)
{
	(void)arg;
	run.looks += c == 0;
	return c % 2 != 0 || run.looks < run.clear_from;
}

static void shuffle(void *arg, size_t *order, size_t n)
{
	(void)arg;
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)random() % i, kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
}

static void progress(void *arg, double done, double left_ns)
{
	(void)arg;
	(void)done;
	(void)left_ns;
}

static const struct schedule_work work = {
	now_ns, possible, ready, refresh, visit, save, wants, shuffle, progress, NULL};

/* The whole run, the last checkpoint too; returns how long it took. */
static double go_as(struct schedule schedule)
{
	schedule.work = &work;
	run.schedule = &schedule;
	schedule.start_ns = (uint64_t)run.now;
	run.now += 0.2 * S; /* set-up counts */
	assert_true(schedule_run(&schedule));
	assert_true(schedule_save(&schedule));
	run.enough = schedule.enough;
	schedule_free(&schedule);
	return run.now - (double)schedule.start_ns;
}

/* As many passes as are said; nothing is ever clear. */
static double go(size_t n, double budget_ns, unsigned passes)
{
	run.clear_from = SIZE_MAX;
	return go_as((struct schedule){
		.n = n, .budget_ns = budget_ns, .passes = passes, .exactly = true});
}

static void reset(double ready_ns, double round_ns, double save_ns)
{
	memset(&run, 0, sizeof(run));
	run.ready_ns = ready_ns;
	run.round_ns = round_ns;
	run.save_ns = save_ns;
	run.refresh_ns = 20 * MS;
	run.now = 5 * S;
}

/* Within 5 %, or one round; calibration, checks and checkpoints included. */
static void held(double took, double budget, double round)
{
	double over = 0.05 * budget > round ? 0.05 * budget : round;

	assert_true(took <= budget + over);
}

static void a_budget_is_kept_with_thousands_of_settings(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 30 * MS);
	held(go(3000, 10 * S, 10), 10 * S, 0.3 * MS);
	assert_true(run.readied > 50 && run.readied < 100); /* half of the time holds some 80 */
	for (size_t c = 0; c < 3000; c++)
		assert_true(c % 10 != 9 || run.visited[c] == 0);
	reset(60 * MS, 0.3 * MS, 30 * MS);
	held(go(22, 60 * S, 20), 60 * S, 0.3 * MS);
	assert_int_equal(run.readied, 20);
	assert_int_equal(run.refreshes, 20);
	for (size_t c = 0; c < 22; c++)
		assert_int_equal(run.visited[c], c % 10 == 9 ? 0 : 20);
}

static void a_budget_is_used(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 30 * MS);
	assert_true(go(22, 60 * S, 20) > 0.95 * 60 * S);
}

static void a_budget_is_kept_on_slow_storage(void **state)
{
	(void)state;
	/* Three seconds a checkpoint: the first and the last, and no third in 20 s. */
	reset(60 * MS, 0.3 * MS, 3 * S);
	held(go(6, 20 * S, 10), 20 * S, 0.3 * MS);
	assert_int_equal(run.saves, 2);
	/* In a quarter of an hour they take no more than a tenth of it. */
	reset(60 * MS, 0.3 * MS, 3 * S);
	held(go(6, 900 * S, 300), 900 * S, 0.3 * MS);
	assert_true((double)run.saves * 3 * S <= 0.11 * 900 * S);
	assert_true(run.saves > 20);
}

static void a_checkpoint_comes_every_five_seconds(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 10 * MS);
	go(1, 120 * S, 2); /* visits of a minute */
	assert_true(run.longest_gap < 5.1 * S);
	assert_true(run.saves >= 20);
}

static void long_rounds_go_over_by_at_most_one(void **state)
{
	(void)state;
	reset(2 * S, 4 * S, 10 * MS);
	held(go(3, 10 * S, 10), 10 * S, 4 * S);
	assert_true(run.visits >= 1);
}

static void something_is_measured_in_no_time(void **state)
{
	(void)state;
	reset(60 * MS, 1 * MS, 10 * MS);
	go(5, 50 * MS, 10); /* set-up alone takes longer */
	assert_int_equal(run.readied, 1);
	assert_int_equal(run.visits, 1);
}

static void what_is_clear_gets_less_time_and_as_many_visits(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.clear_from = 1;
	held(go_as((struct schedule){.n = 8, .budget_ns = 60 * S, .passes = 100}), 60 * S, 1 * S);
	for (size_t c = 0; c < 8; c++)
		assert_int_equal(run.visited[c], 100);
	/* Looks after 20, 30, .. 100 passes. */
	assert_int_equal(run.looks, 9);
	assert_false(run.enough);
	/* 20 passes alike, 80 with a quarter: (20 + 80 s / 4) / (20 + 80 s), s = 8 / 5. */
	assert_true(fabs(run.visited_ns[0] / run.visited_ns[1] - 52.0 / 148) < 0.02);
}

/* Nobody needs the time that one clear setting could leave: strata stay equal to the end. */
static void what_is_clear_alone_fills_the_passes(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.clear_from = 1;
	assert_true(go_as((struct schedule){.n = 1, .budget_ns = 60 * S, .passes = 100}) >
		    0.95 * 60 * S);
	assert_int_equal(run.visited[0], 100);
	assert_true(run.longest_ns < 1.2 * run.visited_ns[0] / 100);
}

static void a_run_ends_at_the_look_at_which_it_has_enough(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.clear_from = 2;
	go_as((struct schedule){.n = 1, .budget_ns = 600 * S, .passes = 1000, .until = true});
	assert_int_equal(run.visited[0], 30);
	assert_true(run.enough);
	/* Not while one wants more. */
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.clear_from = 2;
	go_as((struct schedule){.n = 2, .budget_ns = 60 * S, .passes = 100, .until = true});
	assert_int_equal(run.visited[0], 100);
	assert_false(run.enough);
}

static void changing_pages_takes_a_tenth_of_the_time(void **state)
{
	(void)state;
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.clear_from = SIZE_MAX;
	run.refresh_ns = 100 * MS;
	go_as((struct schedule){.n = 1, .budget_ns = 60 * S, .passes = 600});
	assert_true(run.refreshes >= 55 && run.refreshes <= 61);
	/* But 20 passes are made all the same, */
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.clear_from = SIZE_MAX;
	run.refresh_ns = 1 * S;
	go_as((struct schedule){.n = 1, .budget_ns = 60 * S, .passes = 600});
	assert_true(run.refreshes >= 20 && run.refreshes <= 22);
	/* and as many as somebody asked for. */
	reset(60 * MS, 0.3 * MS, 10 * MS);
	run.refresh_ns = 100 * MS;
	go(1, 60 * S, 200);
	assert_int_equal(run.refreshes, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_budget_is_kept_with_thousands_of_settings),
		cmocka_unit_test(a_budget_is_used),
		cmocka_unit_test(a_budget_is_kept_on_slow_storage),
		cmocka_unit_test(a_checkpoint_comes_every_five_seconds),
		cmocka_unit_test(long_rounds_go_over_by_at_most_one),
		cmocka_unit_test(something_is_measured_in_no_time),
		cmocka_unit_test(what_is_clear_gets_less_time_and_as_many_visits),
		cmocka_unit_test(what_is_clear_alone_fills_the_passes),
		cmocka_unit_test(a_run_ends_at_the_look_at_which_it_has_enough),
		cmocka_unit_test(changing_pages_takes_a_tenth_of_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
