// SPDX-License-Identifier: MIT
/*
 * What the binding costs. The same iteration is done through <daxmark/bench.h>, by Google
 * Benchmark's C++ interface and by a loop written by hand, in one process and in turn, in batches
 * of 1 to 4096. An iteration in a batch of b takes s + c / b: c is what asking for a batch
 * costs, s what is left of an iteration however long it is. Ends 1 where s through the
 * binding is not surely within 0.1 ns of the one by hand.
 *
 *     binding_cost [ROUNDS]
 */
#include <daxmark/bench.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "stat/stat.h"

#define ITERATIONS (1 << 19) /* a multiple of every batch */
#define BATCHES 7
#define ROUNDS_MOST 200
#define GOAL_NS 0.1

void peer_register(int64_t most, int64_t iterations, double *ns);

static const int64_t batches[BATCHES] = {1, 4, 16, 64, 256, 1024, 4096};

/* ns an iteration, each way. */
struct round {
	double hand[BATCHES], binding[BATCHES], peer[BATCHES];
};
static struct round rounds[ROUNDS_MOST];

struct one {
	int64_t most;
	double *hand, *binding;
};
static struct one ones[ROUNDS_MOST][BATCHES];

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* A batch at a time, as a program would that has no harness. */
static double by_hand(int64_t most)
{
	double start = now_ns();
	uint64_t x = 0;

	for (int64_t left = ITERATIONS; left > 0; left -= most) {
		int64_t n = most;

		__asm__ volatile("" : "+r"(n)); /* no more is known of it than of the binding's */
		for (int64_t i = 0; i < n; i++) {
			__asm__ volatile("" : "+r"(x));
			x++;
		}
	}
	__asm__ volatile("" ::"r"(x));
	return (now_ns() - start) / ITERATIONS;
}

static void body(daxmark_bench_state *state, void *user)
{
	const struct one *one = user;
	double start;
	uint64_t x = 0;
	int64_t n;

	*one->hand = by_hand(one->most);
	start = now_ns();
	while ((n = daxmark_bench_batch(state, one->most)) > 0)
		for (int64_t i = 0; i < n; i++) {
			__asm__ volatile("" : "+r"(x));
			x++;
		}
	__asm__ volatile("" ::"r"(x));
	*one->binding = (now_ns() - start) / ITERATIONS;
}

/* s and c of s + c / b by least squares over 1 / b. */
static void fit(const double *ns, double *slope, double *ask)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0;

	for (size_t b = 0; b < BATCHES; b++) {
		double x = 1 / (double)batches[b];

		sx += x;
		sy += ns[b];
		sxx += x * x;
		sxy += x * ns[b];
	}
	*ask = (BATCHES * sxy - sx * sy) / (BATCHES * sxx - sx * sx);
	*slope = (sy - *ask * sx) / BATCHES;
}

static void say(const char *what, double *differences, size_t n)
{
	struct interval interval = stat_signed_rank(differences, n, 0.95);

	printf("%-52s %7.3f [%6.3f, %6.3f] ns\n", what, interval.estimate, interval.low,
		interval.high);
}

int main(int argc, char **argv)
{
	static double more[ROUNDS_MOST], peer[ROUNDS_MOST], asks[ROUNDS_MOST],
		peer_asks[ROUNDS_MOST];
	char json[] = "--benchmark_format=json", *flags[] = {argv[0], json, NULL};
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 40;
	int screen = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY), status;
	struct interval cost;

	n = n < 6 ? 6 : n > ROUNDS_MOST ? ROUNDS_MOST : n;
	for (size_t r = 0; r < n; r++)
		for (size_t b = 0; b < BATCHES; b++) {
			ones[r][b] =
				(struct one){batches[b], &rounds[r].hand[b], &rounds[r].binding[b]};
			daxmark_bench_fixed_iterations(
				daxmark_bench_new("binding", body, &ones[r][b]), ITERATIONS);
			peer_register(batches[b], ITERATIONS, &rounds[r].peer[b]);
		}
	/* Google Benchmark's own report is not what is asked for here. */
	dup2(nowhere, STDOUT_FILENO);
	status = daxmark_bench_main(2, flags);
	fflush(stdout);
	dup2(screen, STDOUT_FILENO);
	if (status != 0)
		return status;
	for (size_t r = 0; r < n; r++) {
		double s[3], c[3];

		fit(rounds[r].hand, &s[0], &c[0]);
		fit(rounds[r].binding, &s[1], &c[1]);
		fit(rounds[r].peer, &s[2], &c[2]);
		more[r] = s[1] - s[0];
		peer[r] = s[2] - s[0];
		asks[r] = c[1] - c[0];
		peer_asks[r] = c[2] - c[0];
	}
	cost = stat_signed_rank(more, n, 0.95);
	say("an iteration through the binding, over one by hand", more, n);
	say("an iteration by the C++ interface, over one by hand", peer, n);
	say("a batch through the binding, over one by hand", asks, n);
	say("a batch by the C++ interface, over one by hand", peer_asks, n);
	return cost.high < GOAL_NS && cost.low > -GOAL_NS ? 0 : 1;
}
