/* SPDX-License-Identifier: MIT */
/*
 * Times one strategy through libdaxmark: the median of 1001 runs, each alone.
 *
 *   cc time_one.c $(pkg-config --cflags --libs daxmark) -o time_one
 *   ./time_one nt-avx512 4096
 */
#include <daxmark/daxmark.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RUNS 1001
#define OPERATIONS 16 /* so many share the clock's own cost */

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *strategy = argc > 1 ? argv[1] : "memcpy";
	struct daxmark_setting setting = {.size = 4096, .operations = OPERATIONS, .state = "dirty"};
	struct daxmark_error error;
	double ns[RUNS];
	daxmark_stage *stage;
	daxmark_copy *copy = NULL;
	int ok, i;

	if (argc > 2)
		setting.size = strtoull(argv[2], NULL, 10);
	stage = daxmark_stage_open("memfd", 64u << 20, 1, 0, &error);
	if (stage != NULL)
		copy = daxmark_copy_new(stage, strategy, &setting, 0, &error);
	ok = copy != NULL && daxmark_check(copy, &error);
	for (i = 0; ok && i < RUNS; i++) {
		double start;

		daxmark_prepare(copy);
		start = now_ns();
		ok = daxmark_run(copy, &error);
		ns[i] = (now_ns() - start) / OPERATIONS;
		daxmark_restore(copy);
	}
	if (ok) {
		qsort(ns, RUNS, sizeof(ns[0]), by_value);
		printf("%s on %s%s: %.1f ns an operation of %llu bytes, %s\n", strategy,
			daxmark_stage_target(stage),
			daxmark_stage_emulated(stage) ? " (emulated)" : "", ns[RUNS / 2],
			(unsigned long long)setting.size, daxmark_copy_guarantee(copy));
	} else {
		fprintf(stderr, "time_one: %s\n", error.text);
	}
	daxmark_copy_free(copy);
	daxmark_stage_close(stage);
	return ok ? 0 : 1;
}
