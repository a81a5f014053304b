/* SPDX-License-Identifier: MIT */
/* Every part of <daxmark/bench.h>, counting what happens, for tests/cli/binding.sh. */
#include <daxmark/bench.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_long setups, teardowns, bodies, iterations, inside, most_inside;
static atomic_int early;

static bool set_up(daxmark_bench_state *state, void *user)
{
	(void)state;
	if (atomic_load(&inside) != 0)
		atomic_store(&early, 1);
	atomic_fetch_add(&setups, 1);
	*(int *)user = 42;
	return true;
}

static void tear_down(daxmark_bench_state *state, void *user)
{
	(void)state;
	if (atomic_load(&inside) != 0)
		atomic_store(&early, 1);
	*(int *)user = 0;
	atomic_fetch_add(&teardowns, 1);
}

/* Counts its iterations itself, in batches that do not divide them. */
static void counts(daxmark_bench_state *state, void *user)
{
	long now = atomic_fetch_add(&inside, 1) + 1, most = atomic_load(&most_inside);
	int64_t mine = 0, n;

	while (now > most && !atomic_compare_exchange_weak(&most_inside, &most, now))
		;
	if (*(int *)user != 42)
		atomic_store(&early, 1);
	atomic_fetch_add(&bodies, 1);
	while ((n = daxmark_bench_batch(state, 7)) > 0)
		mine += n;
	if (mine != daxmark_bench_iterations(state))
		daxmark_bench_label(state, "MISCOUNTED");
	atomic_fetch_add(&iterations, mine);
	daxmark_bench_count(state, "threads_seen", 1, DAXMARK_COUNT);
	daxmark_bench_count(state, "share", 6, DAXMARK_OF_THREADS);
	atomic_fetch_sub(&inside, 1);
}

static void arguments(daxmark_bench_state *state, void *user)
{
	(void)user;
	while (daxmark_bench_batch(state, 10) > 0)
		;
	daxmark_bench_bytes(state, daxmark_bench_iterations(state) * 64);
	daxmark_bench_items(state, daxmark_bench_iterations(state));
	daxmark_bench_label(state, daxmark_bench_name(state));
	daxmark_bench_count(state, "sum",
		(double)(daxmark_bench_arg(state, 0) + daxmark_bench_arg(state, 1)), DAXMARK_COUNT);
}

/* 3 us an iteration, whatever the clock says; and O(N) of its argument. */
static void manual(daxmark_bench_state *state, void *user)
{
	int64_t n, size = daxmark_bench_arg(state, 0);

	(void)user;
	while ((n = daxmark_bench_batch(state, 4)) > 0)
		daxmark_bench_took(state, 3e-6 * (double)n * (double)size);
	daxmark_bench_complexity_n(state, size);
}

static bool refuses(daxmark_bench_state *state, void *user)
{
	(void)user;
	daxmark_bench_skip(state, "set-up says no");
	return false;
}

/* Ends inside its loop: the library would abort. */
static void leaves(daxmark_bench_state *state, void *user)
{
	(void)user;
	if (daxmark_bench_batch(state, 1) > 0)
		daxmark_bench_skip(state, "enough of this");
}

int main(int argc, char **argv)
{
	static const int64_t both[] = {3, 4}, a[] = {1, 2}, b[] = {10, 20, 30};
	static const int64_t *const lists[] = {a, b};
	static const size_t lengths[] = {2, 3};
	static const char *const names[] = {"x", "y"};
	static int state;
	daxmark_bench *bench = daxmark_bench_new("counts", counts, &state);
	int status;

	daxmark_bench_setup(bench, set_up, tear_down);
	daxmark_bench_threads(bench, 2);
	daxmark_bench_fixed_iterations(bench, 1000);
	daxmark_bench_real_time(bench);
	bench = daxmark_bench_new("arguments", arguments, NULL);
	daxmark_bench_names(bench, names, 2);
	daxmark_bench_with_all(bench, both, 2);
	daxmark_bench_product(bench, lists, lengths, 2);
	daxmark_bench_fixed_iterations(bench, 100);
	bench = daxmark_bench_new("manual", manual, NULL);
	daxmark_bench_manual_time(bench);
	daxmark_bench_unit(bench, DAXMARK_US);
	daxmark_bench_multiplier(bench, 4);
	daxmark_bench_range(bench, 1, 64);
	daxmark_bench_complexity(bench, DAXMARK_O_N);
	bench = daxmark_bench_new("refused", arguments, NULL);
	daxmark_bench_setup(bench, refuses, NULL);
	bench = daxmark_bench_new("leaves", leaves, NULL);
	daxmark_bench_fixed_iterations(bench, 1000000);
	daxmark_bench_unavailable("unavailable", "this machine has none");
	daxmark_bench_context("who", "a test");
	status = daxmark_bench_main(argc, argv);
	fprintf(stderr,
		"setups %ld teardowns %ld bodies %ld iterations %ld together %ld early %d\n",
		atomic_load(&setups), atomic_load(&teardowns), atomic_load(&bodies),
		atomic_load(&iterations), atomic_load(&most_inside), atomic_load(&early));
	return status;
}
