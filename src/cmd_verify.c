// SPDX-License-Identifier: MIT
/* daxmark verify: are the copies complete, and do their instructions do what they declare? */
#include <errno.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "base/units.h"
#include "command.h"
#include "measure/verify.h"
#include "show.h"
#include "strategy/strategy.h"
#include "sys/clock.h"
#include "sys/cpu.h"
#include "target/alias.h"
#include "trace/prove.h"

#define MOST_STRATEGIES 128
#define ROOM (1u << 20) /* of the target, for byte checks */
#define LARGEST_COPY (64u << 10)
#define GUARD 64

struct config {
	const char *target, *strategies;
	double seconds;
	bool overwrite, trace, json;
	uint64_t crash;
};

static const struct option_spec options[] = {
	{"target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to copy to (default memfd)"},
	{"overwrite", 0, OPTION_FLAG, offsetof(struct config, overwrite), NULL,
		"the target's content may be lost (devdax, a file that exists)"},
	{"strategies", 's', OPTION_TEXT, offsetof(struct config, strategies), "NAME,..",
		"strategies to verify (default all)"},
	{"time", 0, OPTION_SECONDS, offsetof(struct config, seconds), "TIME",
		"how long to copy and compare (default 10s)"},
	{"trace", 0, OPTION_FLAG, offsetof(struct config, trace), NULL,
		"run the machine code step by step and prove what it guarantees"},
	{"crash", 0, OPTION_SIZE, offsetof(struct config, crash), "SIZE",
		"show what a crash may leave after each instruction of one copy, 1..4K"},
	{"json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL, "one JSON document"},
};

/* A strategy, its kernel here, and what became of it. */
struct subject {
	const struct strategy *strategy;
	const struct kernel *kernel;
	size_t copies;
	uint64_t bytes;
	char why[500]; /* of the first fault, or why it was not tried */
	bool tried, failed;
};

struct subjects {
	struct subject all[MOST_STRATEGIES];
	size_t n;
	bool named;
	struct err *e;
};

static bool add_subject(struct subjects *subjects, const struct strategy *strategy)
{
	struct subject *subject = &subjects->all[subjects->n];
	struct err why;

	if (subjects->n == MOST_STRATEGIES)
		return err_set(subjects->e, ERR_USAGE, "more than %d strategies", MOST_STRATEGIES);
	subjects->n++;
	subject->strategy = strategy;
	subject->kernel = strategy_kernel(strategy, cpu_features(), &why);
	if (subject->kernel == NULL)
		snprintf(subject->why, sizeof(subject->why), "%s", why.text);
	return true;
}

static bool add_named(const char *name, void *arg)
{
	struct subjects *subjects = arg;
	const struct strategy *strategy = strategy_find(name, subjects->e);

	return strategy != NULL && add_subject(subjects, strategy);
}

static bool choose(struct subjects *subjects, const char *list)
{
	if (list != NULL && strcmp(list, "all") != 0) {
		subjects->named = true;
		return text_each_item(list, add_named, subjects);
	}
	for (size_t i = 0; i < strategies_n; i++)
		if (strategies[i]->copies && !add_subject(subjects, strategies[i]))
			return false;
	return true;
}

/* One at random of those that the kernel does. */
static enum operation some_operation(const struct kernel *kernel, gsl_rng *rng)
{
	unsigned operation = (unsigned)gsl_rng_uniform_int(rng, OP_COUNT);

	while (kernel->loop[operation] == NULL)
		operation = (operation + 1) % OP_COUNT;
	return (enum operation)operation;
}

/* One random copy of a strategy, compared byte by byte. */
static void check_once(struct subject *subject, const struct target *target, char *dram,
	gsl_rng *rng, const struct walk *frame, int *failed)
{
	enum operation operation = some_operation(subject->kernel, rng);
	bool read = operation == OP_READ;
	char *room = read ? dram : target->base, *from = read ? target->base : dram;
	size_t len = (size_t)exp2(gsl_rng_uniform(rng) * log2(LARGEST_COPY));
	struct walk walk = *frame;
	struct err why;

	walk.len = len;
	walk.failed = failed;
	walk.n = 1 + gsl_rng_uniform_int(rng, 4);
	walk.dst_step = (len + 2 * GUARD) / GUARD * GUARD + GUARD;
	walk.src_step = gsl_rng_uniform_int(rng, 2) * walk.dst_step;
	walk.dst = room + GUARD + gsl_rng_uniform_int(rng, GUARD);
	walk.user = walk.dst;
	walk.src = from + gsl_rng_uniform_int(rng, GUARD);
	for (size_t i = 0; i < ROOM; i += 4096) /* other bytes than before in every page */
		from[i + gsl_rng_uniform_int(rng, 4096)] ^=
			(char)(1 + gsl_rng_uniform_int(rng, 255));
	subject->tried = true;
	subject->copies += walk.n;
	subject->bytes += walk.n * len;
	if (verify_loop(subject->kernel->loop[operation], &walk, room, ROOM, &why) && *failed == 0)
		return;
	subject->failed = true;
	snprintf(subject->why, sizeof(subject->why), "%s of %zu bytes: %.300s",
		operation_words.names[operation], len, *failed != 0 ? strerror(*failed) : why.text);
	*failed = 0;
}

/* The target's other mappings, for those who copy through one. */
struct others {
	struct alias congruent, incongruent;
	char *window;
};

/* Where one cannot be had, those who need it cannot be tried. */
static void leave_out(struct subjects *subjects, enum strategy_alias kind, const struct err *why)
{
	for (size_t i = 0; i < subjects->n; i++) {
		struct subject *subject = &subjects->all[i];

		if (subject->strategy->alias != kind || subject->kernel == NULL)
			continue;
		subject->kernel = NULL;
		snprintf(subject->why, sizeof(subject->why), "%s", why->text);
	}
}

static struct walk open_others(
	struct subjects *subjects, const struct target *target, struct others *others)
{
	struct walk frame = {
		.fd = target->fd, .base = target->base, .granule = alias_granule(target)};
	struct err why;

	memset(others, 0, sizeof(*others));
	if (alias_map(&others->congruent, target, 0, &why))
		frame.congruent = others->congruent.base - target->base;
	else
		leave_out(subjects, STRATEGY_CONGRUENT, &why);
	if (alias_map(&others->incongruent, target, frame.granule, &why))
		frame.incongruent = others->incongruent.base - target->base;
	else
		leave_out(subjects, STRATEGY_INCONGRUENT, &why);
	frame.window = others->window = target_reserve(WALK_WINDOW_ROOM, WALK_WINDOW);
	if (frame.window == NULL) {
		err_errno(&why, errno, "no address space for windows");
		leave_out(subjects, STRATEGY_WINDOW, &why);
	}
	return frame;
}

static void close_others(struct others *others)
{
	alias_unmap(&others->congruent);
	alias_unmap(&others->incongruent);
	if (others->window != NULL)
		munmap(others->window, WALK_WINDOW_ROOM);
}

static void check_for(struct subjects *subjects, const struct target *target, char *dram,
	gsl_rng *rng, const struct walk *frame, double seconds)
{
	uint64_t end = clock_wall_ns() + (uint64_t)(seconds * 1e9);
	int failed = 0;

	for (size_t i = 0; i < ROOM; i++)
		dram[i] = target->base[i] = (char)(gsl_rng_get(rng) >> 8);
	do { /* each at least once, however little time there is */
		for (size_t i = 0; i < subjects->n && !interrupt_pending(); i++) {
			struct subject *subject = &subjects->all[i];

			if (subject->kernel == NULL || subject->failed)
				continue;
			if (subject->strategy->calls_kernel &&
				target->facts.access == ACCESS_DEVDAX)
				snprintf(subject->why, sizeof(subject->why),
					"devdax has no read, write, fsync or msync");
			else
				check_once(subject, target, dram, rng, frame, &failed);
		}
	} while (clock_wall_ns() < end && !interrupt_pending());
}

static bool check_bytes(struct subjects *subjects, const struct config *config, struct err *e)
{
	struct target_request request;
	struct target target;
	struct others others;
	struct walk frame;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	char *dram = malloc(ROOM);
	bool ok = rng != NULL && dram != NULL;

	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	ok = ok && target_parse(config->target, config->overwrite, &request, e) &&
	     target_open(&target, &request, ROOM, e);
	if (ok) {
		interrupt_install();
		interrupt_guard_memory();
		frame = open_others(subjects, &target, &others);
		check_for(subjects, &target, dram, rng, &frame, config->seconds);
		close_others(&others);
		target_close(&target);
	}
	if (rng != NULL)
		gsl_rng_free(rng);
	free(dram);
	return ok;
}

static const char *verdict(const struct subject *subject, const char *good, const char *bad)
{
	return subject->failed ? bad : subject->tried ? good : "not tried";
}

static bool show_bytes(const struct subjects *subjects, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "STRATEGY"},
		{.name = "COPIES", .right = true}, {.name = "BYTES", .right = true},
		{.name = "VERDICT"}, {.name = "WHY"}};
	static const struct show_column fields[] = {{.name = "strategy"},
		{.name = "copies", .number = true}, {.name = "bytes", .number = true},
		{.name = "verdict"}, {.name = "why"}};
	struct libscols_table *table = show_begin("verified", json ? fields : plain, 5, json);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < subjects->n; i++) {
		const struct subject *subject = &subjects->all[i];
		char copies[24], bytes[24];
		const char *cells[] = {subject->strategy->name, copies, bytes,
			verdict(subject, "right", "WRONG"), subject->why};

		snprintf(copies, sizeof(copies), "%zu", subject->copies);
		snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)subject->bytes);
		ok = show_row(table, cells, 5);
	}
	return ok ? show_end(table, e) : err_set(e, ERR_FAILED, "out of memory");
}

/* What a proof counted for the copy of 4 KiB, aligned. */
struct proof {
	struct prove_result whole;
	size_t cases;
};

/* Around every boundary the kernels treat apart, and some in between; at odd places fewer of them. */
static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64,
	65, 71, 100, 127, 128, 129, 191, 192, 255, 256, 257, 320, 511, 512, 513, 768, 1000, 1023,
	1024, 1025, 2047, 2048, 2049, 3000, 4095, 4096};
static const size_t ragged_sizes[] = {
	1, 3, 8, 15, 31, 63, 64, 65, 100, 129, 200, 257, 513, 1025, 2500};
static const size_t aligns[][2] = {{0, 0}, {1, 0}, {7, 3}, {8, 0}, {32, 5}, {57, 60}, {63, 63}};
#define N(array) (sizeof(array) / sizeof((array)[0]))

static bool prove_operation(struct prover *prover, struct subject *subject,
	enum operation operation, struct proof *proof, struct err *e)
{
	struct prove_case job = {subject->strategy, subject->kernel, operation, 0, 0, 0};
	struct prove_result result;

	for (size_t a = 0; a < N(aligns); a++) {
		for (size_t i = 0; i < (a == 0 ? N(sizes) : N(ragged_sizes)); i++) {
			job.len = a == 0 ? sizes[i] : ragged_sizes[i];
			job.dst_align = aligns[a][0];
			job.src_align = aligns[a][1];
			if (interrupt_pending() || !prove_one(prover, &job, &result, e))
				return false;
			subject->tried = true;
			proof->cases++;
			if (a == 0 && operation == OP_WRITE)
				proof->whole = result;
			if (result.proved)
				continue;
			subject->failed = true;
			snprintf(subject->why, sizeof(subject->why), "%s dst+%zu src+%zu: %.400s",
				operation_words.names[operation], job.dst_align, job.src_align,
				result.why);
			return true;
		}
	}
	return true;
}

/* The dynamic linker's work is done before anything is traced. */
static void warm_up(const struct kernel *kernel, enum operation operation)
{
	static char from[PROVE_MOST_BYTES + 64], to[PROVE_MOST_BYTES + 64];
	struct walk walk = {.dst = to + 1, .user = to + 1, .src = from + 1, .n = 1};

	for (walk.len = 1; walk.len <= PROVE_MOST_BYTES; walk.len *= 2)
		kernel->loop[operation](&walk);
}

static bool prove_subject(struct subject *subject, struct proof *proof, struct err *e)
{
	static const enum operation operations[] = {OP_WRITE, OP_READ};
	struct prover prover;
	struct err why;
	bool ok = true;

	if (subject->kernel == NULL)
		return true;
	for (size_t i = 0; i < 2 && ok && !subject->failed; i++) {
		if (!prove_possible(subject->strategy, subject->kernel, operations[i], &why)) {
			if (i == 0)
				snprintf(subject->why, sizeof(subject->why), "%s", why.text);
			continue;
		}
		subject->why[0] = '\0';
		warm_up(subject->kernel, operations[i]);
		ok = prove_open(&prover, e) &&
		     prove_operation(&prover, subject, operations[i], proof, e);
		prove_close(&prover);
	}
	return ok;
}

static bool add_proof(
	struct libscols_table *table, const struct subject *subject, const struct proof *proof)
{
	static const struct protocol_facts adr = {DOMAIN_MEMORY_CONTROLLER, true, false};
	static const struct protocol_facts eadr = {DOMAIN_CPU_CACHE, true, false};
	const struct persist_counts *counts = &proof->whole.counts;
	bool writes = subject->strategy->steps[0] != STEP_END;
	char number[7][24];
	const char *cells[] = {subject->strategy->name, verdict(subject, "proved", "REFUTED"),
		guarantee_words.names[strategy_guarantee(subject->strategy, OP_WRITE, &adr)],
		guarantee_words.names[strategy_guarantee(subject->strategy, OP_WRITE, &eadr)],
		number[0], number[1], number[2], number[3], number[4], number[5], subject->why};
	size_t values[] = {proof->cases, proof->whole.instructions, counts->flushes, counts->fences,
		counts->media_64, counts->media_256};

	for (size_t i = 0; i < 6; i++)
		snprintf(number[i], sizeof(number[i]), "%zu", values[i]);
	if (!writes)
		cells[2] = cells[3] =
			guarantee_words.names[strategy_guarantee(subject->strategy, OP_READ, &adr)];
	return show_row(table, cells, 11);
}

static bool prove_all(struct subjects *subjects, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "STRATEGY"}, {.name = "VERDICT"},
		{.name = "ADR"}, {.name = "EADR"}, {.name = "COPIES", .right = true},
		{.name = "INSTRUCTIONS", .right = true}, {.name = "FLUSHES", .right = true},
		{.name = "FENCES", .right = true}, {.name = "MEDIA64", .right = true},
		{.name = "MEDIA256", .right = true}, {.name = "WHY"}};
	static const struct show_column fields[] = {{.name = "strategy"}, {.name = "verdict"},
		{.name = "adr"}, {.name = "eadr"}, {.name = "copies", .number = true},
		{.name = "instructions", .number = true}, {.name = "flushes", .number = true},
		{.name = "fences", .number = true}, {.name = "media_64_bytes", .number = true},
		{.name = "media_256_bytes", .number = true}, {.name = "why"}};
	struct libscols_table *table;

	interrupt_install();
	if (!step_available(e))
		return false;
	table = show_begin("proofs", json ? fields : plain, 11, json);
	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; i < subjects->n; i++) {
		struct proof proof = {0};

		if (!prove_subject(&subjects->all[i], &proof, e) || interrupt_pending()) {
			show_drop(table);
			return false;
		}
		if (!add_proof(table, &subjects->all[i], &proof)) {
			show_drop(table);
			return err_set(e, ERR_FAILED, "out of memory");
		}
	}
	if (!show_end(table, e))
		return false;
	if (!json)
		printf("\nInstructions, flushes, fences and bytes to media (written by 64 or by "
		       "256 "
		       "bytes) are those of\none aligned copy of 4 KiB.\n");
	return true;
}

static void show_point(void *arg, const struct prove_point *point)
{
	char images[32], code[250];
	const char *cells[] = {code, images, point->unsure};

	step_describe(point->event, code, sizeof(code));
	if (point->images < 1e15)
		snprintf(images, sizeof(images), "%.0f", point->images);
	else
		snprintf(images, sizeof(images), "2^%.0f", log2(point->images));
	show_row(arg, cells, 3);
}

/* What a crash may leave, instruction by instruction. */
static bool show_crash(struct subject *subject, size_t bytes, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "AFTER"},
		{.name = "IMAGES", .right = true}, {.name = "BYTES THAT MAY BE MISSING"}};
	static const struct show_column fields[] = {
		{.name = "after"}, {.name = "images"}, {.name = "missing"}};
	struct prove_case job = {subject->strategy, subject->kernel, OP_WRITE, bytes, 0, 0};
	struct prove_result result;
	struct libscols_table *table;
	struct prover prover;
	bool ok;

	if (subject->kernel == NULL)
		return err_set(e, ERR_FAILED, "strategy %s is not available here: %s",
			subject->strategy->name, subject->why);
	if (!prove_possible(subject->strategy, subject->kernel, OP_WRITE, e))
		return false;
	warm_up(subject->kernel, OP_WRITE);
	ok = prove_open(&prover, e) && prove_one(&prover, &job, &result, e);
	table = ok ? show_begin("points", json ? fields : plain, 3, json) : NULL;
	if (table != NULL) {
		prove_points(&prover, &job, show_point, table);
		ok = show_end(table, e);
	}
	prove_close(&prover);
	return ok;
}

static bool all_right(const struct subjects *subjects, struct err *e)
{
	for (size_t i = 0; i < subjects->n; i++) {
		const struct subject *subject = &subjects->all[i];

		if (subject->failed)
			return err_set(
				e, ERR_FAILED, "%s: %s", subject->strategy->name, subject->why);
		if (subjects->named && !subject->tried)
			return err_set(e, ERR_FAILED, "%s was not tried: %s",
				subject->strategy->name, subject->why);
	}
	return true;
}

static bool verify(int argc, char **argv, struct err *e)
{
	struct config config = {.target = "memfd", .seconds = 10};
	struct subjects subjects = {.e = e};
	int first;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!command_no_arguments(argc, argv, first, e) ||
		!choose(&subjects, config.strategies))
		return false;
	if (config.crash > PROVE_MOST_BYTES)
		return err_set(e, ERR_USAGE, "--crash: at most %d bytes", PROVE_MOST_BYTES);
	if (config.crash > 0 && subjects.n != 1)
		return err_set(e, ERR_USAGE, "--crash: name one strategy with -s");
	if (config.crash > 0)
		return show_crash(&subjects.all[0], config.crash, config.json, e);
	if (config.trace)
		return prove_all(&subjects, config.json, e) && all_right(&subjects, e);
	return check_bytes(&subjects, &config, e) && show_bytes(&subjects, config.json, e) &&
	       all_right(&subjects, e);
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "[OPTIONS]",
	.summary = "check every copy byte by byte, or prove its guarantee from its instructions",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "--trace runs each strategy's machine code one instruction at a time over sizes "
		 "from "
		 "1 byte to\n4 KiB at ragged alignments, and checks that every byte written is in "
		 "the "
		 "persistence domain\nwhen it returns (ADR, eADR) and that its instructions are "
		 "those "
		 "it declares.\n",
	.run = verify,
};
