/* SPDX-License-Identifier: MIT */
/*
 * Google Benchmark from C:
 *
 *     cc time_many.c $(pkg-config --cflags --libs daxmark-bench) -o time_many
 *     ./time_many --benchmark_filter=copy --benchmark_format=json
 */
#include <daxmark/bench.h>
#include <stdlib.h>
#include <string.h>

struct buffers {
	char *from, *to;
};

/* Untimed, before each call of the body, by one thread. */
static bool take(daxmark_bench_state *state, void *user)
{
	struct buffers *buffers = user;
	size_t bytes = (size_t)daxmark_bench_arg(state, 0);

	buffers->from = calloc(1, bytes);
	buffers->to = calloc(1, bytes);
	if (buffers->from != NULL && buffers->to != NULL)
		return true;
	daxmark_bench_skip(state, "out of memory");
	return false;
}

static void release(daxmark_bench_state *state, void *user)
{
	struct buffers *buffers = user;

	(void)state;
	free(buffers->from);
	free(buffers->to);
}

static void copy(daxmark_bench_state *state, void *user)
{
	const struct buffers *buffers = user;
	int64_t bytes = daxmark_bench_arg(state, 0), n;

	while ((n = daxmark_bench_batch(state, 256)) > 0)
		for (int64_t i = 0; i < n; i++) {
			memcpy(buffers->to, buffers->from, (size_t)bytes);
			__asm__ volatile("" ::: "memory"); /* or the copies are one */
		}
	daxmark_bench_bytes(state, daxmark_bench_iterations(state) * bytes);
}

int main(int argc, char **argv)
{
	static struct buffers buffers;
	daxmark_bench *bench = daxmark_bench_new("copy", copy, &buffers);

	daxmark_bench_setup(bench, take, release);
	daxmark_bench_range(bench, 64, 1 << 20);
	return daxmark_bench_main(argc, argv);
}
