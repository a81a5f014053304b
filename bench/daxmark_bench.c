// SPDX-License-Identifier: MIT
/*
 * daxmark's strategies under Google Benchmark: each operation and size by its stable name, on
 * the stage of libdaxmark. An iteration is an operation; a batch is nine slices of some 10 us
 * (lines are prepared, as many operations run untimed, then it is timed), at their median.
 *
 *     daxmark_bench [--target=T] [--size=64,4096] [--state=absent] [--benchmark_..]
 */
#include <daxmark/bench.h>
#include <daxmark/daxmark.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STAGE_BYTES (64ul << 20)
#define SLICE_NS 10000.0
#define SLICES 9 /* of a batch */
#define SIZES_MOST 64

struct options {
	const char *target, *sizes, *state;
};

/* One benchmark. */
struct subject {
	daxmark_stage *stage;
	const char *strategy;
	struct daxmark_setting setting; /* operations and warm: 0 until it is calibrated */
	daxmark_copy *copy;		/* between set-up and tear-down */
	struct subject *next;
};

static const char *const operations[] = {"write", "write+consume", "read"};

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ns of one timed run; below 0: it failed. */
static double time_once(daxmark_copy *copy, struct daxmark_error *error)
{
	double start, end;
	bool ok;

	daxmark_prepare(copy);
	if (!daxmark_warm(copy, error))
		return -1;
	start = now_ns();
	ok = daxmark_run(copy, error);
	end = now_ns();
	daxmark_restore(copy);
	return ok ? end - start : -1;
}

/* Operations that fill a slice, as far as half of the stage holds them. */
static bool calibrate(struct subject *subject, struct daxmark_error *error)
{
	uint64_t n = 1, most = STAGE_BYTES / 4 / (subject->setting.size + 128);

	for (;;) {
		double best = 1e18;

		subject->setting.operations = n;
		subject->copy = daxmark_copy_new(
			subject->stage, subject->strategy, &subject->setting, 0, error);
		if (subject->copy == NULL)
			return false;
		for (int i = 0; i < 5; i++) {
			double ns = time_once(subject->copy, error);

			if (ns < 0)
				return false;
			best = ns < best ? ns : best;
		}
		daxmark_copy_free(subject->copy);
		subject->copy = NULL;
		if (best >= SLICE_NS / 2 || n * 2 > most) {
			double per = best / (double)n;

			n = per > 0 && SLICE_NS / per < (double)most ? (uint64_t)(SLICE_NS / per)
								     : most;
			subject->setting.operations = n > 0 ? n : 1;
			subject->setting.warm = n > 1 ? n : 0;
			return true;
		}
		n *= 2;
	}
}

static bool set_up(daxmark_bench_state *state, void *user)
{
	struct subject *subject = user;
	struct daxmark_error error = {"it cannot be calibrated"};

	if (subject->setting.operations > 0 || calibrate(subject, &error))
		subject->copy = daxmark_copy_new(
			subject->stage, subject->strategy, &subject->setting, 0, &error);
	if (subject->copy != NULL && daxmark_check(subject->copy, &error))
		return true;
	daxmark_bench_skip(state, error.text);
	return false;
}

static void tear_down(daxmark_bench_state *state, void *user)
{
	struct subject *subject = user;

	(void)state;
	daxmark_copy_free(subject->copy);
	subject->copy = NULL;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * Google Benchmark's figure is a mean, which one interrupted slice in a hundred moves by
 * several per cent: a batch is some, and each of its operations takes their median.
 */
static double median_slice(daxmark_copy *copy, struct daxmark_error *error)
{
	double ns[SLICES];

	for (size_t i = 0; i < SLICES; i++) {
		ns[i] = time_once(copy, error);
		if (ns[i] < 0)
			return -1;
	}
	qsort(ns, SLICES, sizeof(ns[0]), by_value);
	return ns[SLICES / 2];
}

static void slices(daxmark_bench_state *state, void *user)
{
	const struct subject *subject = user;
	uint64_t n = subject->setting.operations;
	struct daxmark_error error;
	int64_t done;

	while ((done = daxmark_bench_batch(state, SLICES * (int64_t)n)) > 0) {
		double ns = median_slice(subject->copy, &error);

		if (ns < 0) {
			daxmark_bench_skip(state, error.text);
			return;
		}
		daxmark_bench_took(state, ns / 1e9 / (double)n * (double)done);
	}
	daxmark_bench_bytes(
		state, daxmark_bench_iterations(state) * (int64_t)subject->setting.size);
	daxmark_bench_count(state, "operations_a_slice", (double)n, DAXMARK_COUNT);
}

static void add(struct subject **subjects, daxmark_stage *stage, const char *strategy,
	const struct daxmark_setting *setting)
{
	struct daxmark_error error;
	daxmark_copy *copy = daxmark_copy_new(stage, strategy, setting, 0, &error);
	struct subject *subject;
	daxmark_bench *bench;
	char name[200];

	if (copy == NULL) /* it does no such operation, or not here: decided now, not in a body */
		return;
	subject = calloc(1, sizeof(*subject));
	if (subject == NULL)
		abort();
	*subject = (struct subject){stage, strategy, *setting, NULL, *subjects};
	*subjects = subject;
	snprintf(name, sizeof(name), "%s/%s/%s/%llu/%s", operations[setting->operation],
		daxmark_copy_guarantee(copy), strategy, (unsigned long long)setting->size,
		setting->state);
	daxmark_copy_free(copy);
	bench = daxmark_bench_new(name, slices, subject);
	daxmark_bench_setup(bench, set_up, tear_down);
	daxmark_bench_manual_time(bench);
}

/* Absent, as daxmark run has it, or dirty where no program can drop a line. */
static const char *usual_state(daxmark_stage *stage)
{
	const struct daxmark_setting absent = {.size = 64, .state = "absent"};
	daxmark_copy *copy = daxmark_copy_new(stage, "memcpy", &absent, 0, NULL);

	daxmark_copy_free(copy);
	return copy != NULL ? "absent" : "dirty";
}

/* "64,4096": whole numbers of bytes. */
static size_t read_sizes(const char *text, uint64_t sizes[SIZES_MOST])
{
	size_t n = 0;

	for (;;) {
		char *end;

		errno = 0;
		sizes[n] = strtoull(text, &end, 10);
		if (end == text || errno != 0 || sizes[n] == 0 || (*end != ',' && *end != '\0') ||
			++n == SIZES_MOST)
			return 0;
		if (*end == '\0')
			return n;
		text = end + 1;
	}
}

/* Ours are taken out; all others are Google Benchmark's. */
static int take_options(int argc, char **argv, struct options *options)
{
	const struct {
		const char *name;
		const char **value;
	} ours[] = {{"--target=", &options->target}, {"--size=", &options->sizes},
		{"--state=", &options->state}};
	int kept = 1;

	for (int i = 1; i < argc; i++) {
		bool taken = false;

		for (size_t o = 0; o < sizeof(ours) / sizeof(ours[0]); o++)
			if (strncmp(argv[i], ours[o].name, strlen(ours[o].name)) == 0) {
				*ours[o].value = argv[i] + strlen(ours[o].name);
				taken = true;
			}
		if (!taken)
			argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	return kept;
}

int main(int argc, char **argv)
{
	struct options options = {"memfd", "64,256,4096,65536,1048576", NULL};
	struct subject *subjects = NULL;
	struct daxmark_error error;
	uint64_t sizes[SIZES_MOST];
	daxmark_stage *stage;
	size_t n_sizes;
	int status;

	argc = take_options(argc, argv, &options);
	n_sizes = read_sizes(options.sizes, sizes);
	if (n_sizes == 0) {
		fprintf(stderr, "daxmark_bench: --size: '%s': bytes, by commas\n", options.sizes);
		return 2;
	}
	stage = daxmark_stage_open(options.target, STAGE_BYTES, 1, 0, &error);
	if (stage == NULL) {
		fprintf(stderr, "daxmark_bench: %s\n", error.text);
		return 1;
	}
	options.state = options.state != NULL ? options.state : usual_state(stage);
	daxmark_bench_context("daxmark_version", daxmark_version());
	daxmark_bench_context("daxmark_target", daxmark_stage_target(stage));
	daxmark_bench_context("daxmark_emulated", daxmark_stage_emulated(stage) ? "true" : "false");
	for (int op = DAXMARK_WRITE; op <= DAXMARK_READ; op++)
		for (size_t s = 0; s < n_sizes; s++)
			for (size_t i = 0; i < daxmark_strategies(); i++)
				add(&subjects, stage, daxmark_strategy_name(i),
					&(struct daxmark_setting){
						.operation = (enum daxmark_operation)op,
						.size = sizes[s],
						.state = options.state,
						.source = op == DAXMARK_READ ? "walk" : "hot"});
	status = daxmark_bench_main(argc, argv);
	while (subjects != NULL) {
		struct subject *first = subjects;

		subjects = first->next;
		free(first);
	}
	daxmark_stage_close(stage);
	return status;
}
