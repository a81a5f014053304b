// SPDX-License-Identifier: MIT
/* daxmark verify: random copies, compared byte by byte. */
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/tell.h"
#include "command/show.h"
#include "command/verify_subjects.h"
#include "stage/stage.h"
#include "stage/verify.h"
#include "sys/clock.h"
#include "target/congruence.h"

#define ROOM (1u << 20) /* of the target */
#define LARGEST_COPY (64u << 10)
#define GUARD 64
#define MODULUS (1ull << CONGRUENCE_FIRST)

/* One at random of those that the kernel does. */
static enum operation some_operation(const struct kernel *kernel, gsl_rng *rng)
{
	unsigned operation = (unsigned)gsl_rng_uniform_int(rng, OP_COUNT);

	while (kernel->loop[operation] == NULL)
		operation = (operation + 1) % OP_COUNT;
	return (enum operation)operation;
}

/* One random copy of a strategy, compared byte by byte. */
static void check_once(struct subject *subject, struct stage *stage, gsl_rng *rng)
{
	const struct setting setting = {
		SETTING_DEFAULTS, .operation = some_operation(subject->kernel, rng)};
	const struct stage_place place = stage_place(stage, &setting);
	char *from = (char *)(uintptr_t)place.src;
	size_t len = (size_t)exp2(gsl_rng_uniform(rng) * log2(LARGEST_COPY));
	struct walk walk = place.frame;
	struct err why;

	walk.len = len;
	walk.n = 1 + gsl_rng_uniform_int(rng, 4);
	walk.dst_step = (len + 2 * GUARD) / GUARD * GUARD + GUARD;
	walk.src_step = gsl_rng_uniform_int(rng, 2) * walk.dst_step;
	walk.dst = place.dst + GUARD + gsl_rng_uniform_int(rng, GUARD);
	walk.user = walk.dst;
	walk.src = from + gsl_rng_uniform_int(rng, GUARD);
	for (size_t i = 0; i < ROOM; i += 4096) /* other bytes than before in every page */
		from[i + gsl_rng_uniform_int(rng, 4096)] ^=
			(char)(1 + gsl_rng_uniform_int(rng, 255));
	subject->tried = true;
	subject->copies += walk.n;
	subject->bytes += walk.n * len;
	if (verify_loop(subject->kernel->loop[setting.operation], &walk, place.dst, ROOM, &why) &&
		stage->failure.error == 0)
		return;
	subject->failed = true;
	if (stage->failure.error != 0)
		err_errno(&why, stage->failure.error, "%s", stage->failure.call);
	stage->failure = (struct walk_failure){0};
	snprintf(subject->why, sizeof(subject->why), "%s of %zu bytes: %.300s",
		operation_words.names[setting.operation], len, why.text);
}

/* Where one cannot be had, those who need it cannot be tried. */
static void leave_out(struct subjects *subjects, enum alias_kind kind, const struct err *why)
{
	for (size_t i = 0; i < subjects->n; i++) {
		struct subject *subject = &subjects->all[i];

		if (subject->strategy->alias != kind || subject->kernel == NULL)
			continue;
		subject->kernel = NULL;
		snprintf(subject->why, sizeof(subject->why), "%s", why->text);
	}
}

/* The target's other mappings. Bytes are right or wrong at any distance: which is congruent is no matter here. */
static void map_aliases(struct subjects *subjects, struct stage *stage)
{
	for (unsigned kind = ALIAS_NONE + 1; kind < ALIAS_KINDS; kind++) {
		struct alias_facts facts = {.modulus = MODULUS};
		struct err why;

		if (!stage_map_alias(stage, (enum alias_kind)kind, 1, &facts, &why))
			leave_out(subjects, (enum alias_kind)kind, &why);
	}
}

static void check_for(struct subjects *subjects, struct stage *stage, gsl_rng *rng, double seconds,
	struct tell *tell)
{
	uint64_t start = clock_wall_ns(), end = start + (uint64_t)(seconds * 1e9);

	do { /* each at least once, however little time there is */
		for (size_t i = 0; i < subjects->n && !interrupt_pending(); i++) {
			struct subject *subject = &subjects->all[i];
			struct err why;

			if (subject->kernel == NULL || subject->failed)
				continue;
			if (strategy_reaches(subject->strategy, stage->targets[0].facts.access,
				    stage->source_is_file, &why))
				check_once(subject, stage, rng);
			else
				snprintf(subject->why, sizeof(subject->why), "%s", why.text);
		}
		tell_progress(tell, (double)(clock_wall_ns() - start) / (seconds * 1e9),
			(double)end / 1e9 - (double)clock_wall_ns() / 1e9, "verifying");
	} while (clock_wall_ns() < end && !interrupt_pending());
	tell_progress_end(tell);
}

bool verify_bytes(struct subjects *subjects, const struct target_request *target, double seconds,
	bool quiet, struct err *e)
{
	struct stage_request request = {
		.target = target, .target_bytes = ROOM, .source_bytes = ROOM, .sink_bytes = ROOM};
	struct stage stage = {.n_targets = 0};
	struct tell tell;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	bool ok = rng != NULL || err_set(e, ERR_FAILED, "out of memory");

	for (size_t i = 0; i < subjects->n; i++)
		request.source_is_file |= subjects->all[i].strategy->from_file;
	/* Other copies than last time; where there is no randomness, the time it stays. */
	if (getrandom(&request.seed, sizeof(request.seed), 0) < 0)
		request.seed = (uint64_t)time(NULL);
	interrupt_install();
	interrupt_guard_memory();
	ok = ok && stage_open(&stage, &request, e);
	tell_init(&tell, quiet);
	if (ok) {
		gsl_rng_set(rng, request.seed);
		map_aliases(subjects, &stage);
		check_for(subjects, &stage, rng, seconds, &tell);
	}
	stage_close(&stage);
	if (rng != NULL)
		gsl_rng_free(rng);
	return ok;
}

bool verify_show_bytes(const struct subjects *subjects, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "STRATEGY"},
		{.name = "KERNEL", .spare = 3}, {.name = "COPIES", .spare = 5, .right = true},
		{.name = "BYTES", .spare = 6, .right = true}, {.name = "VERDICT"}, {.name = "WHY"}};
	static const struct show_column fields[] = {{.name = "strategy"}, {.name = "kernel"},
		{.name = "copies", .number = true}, {.name = "bytes", .number = true},
		{.name = "verdict"}, {.name = "why"}};
	struct show_table *table = show_begin("verified", json ? fields : plain, 6, json);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < subjects->n; i++) {
		const struct subject *subject = &subjects->all[i];
		char copies[24], bytes[24];
		const char *cells[] = {subject->strategy->name, subject_variant(subject), copies,
			bytes, subject_verdict(subject, "right", "WRONG"), subject->why};

		snprintf(copies, sizeof(copies), "%zu", subject->copies);
		snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)subject->bytes);
		ok = show_row(table, cells, 6);
	}
	return show_finish(table, ok, e);
}
