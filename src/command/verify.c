// SPDX-License-Identifier: MIT
/* daxmark verify: are the copies complete, and do their instructions do what they declare? */
#include <errno.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/tell.h"
#include "base/text.h"
#include "base/units.h"
#include "command/command.h"
#include "stage/stage.h"
#include "stage/verify.h"
#include "command/show.h"
#include "strategy/strategy.h"
#include "sys/clock.h"
#include "sys/cpu.h"
#include "target/congruence.h"
#include "trace/prove.h"

#define MOST_STRATEGIES 128
#define ROOM (1u << 20) /* of the target, for byte checks */
#define LARGEST_COPY (64u << 10)
#define GUARD 64
#define MOST_CRASH 4096

#define NO_CRASH UINT64_MAX
#define MODULUS (1ull << CONGRUENCE_FIRST)

struct config {
	struct command_may may;
	const char *target, *strategies; /* NULL: not given */
	double seconds;			 /* 0: not given */
	bool trace, json;
	uint64_t crash;
};

static const struct option_spec options[] = {
	{OPTION("target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to copy to (default memfd)")},
	COMMAND_MAY_OPTIONS(struct config),
	{OPTION("strategies", 's', OPTION_TEXT, offsetof(struct config, strategies), "NAME,..",
		"strategies to verify (default all)")},
	{OPTION("time", 0, OPTION_SECONDS, offsetof(struct config, seconds), "TIME",
		"how long to copy and compare (default 10s)")},
	{OPTION("trace", 0, OPTION_FLAG, offsetof(struct config, trace), NULL,
		"run the machine code step by step and prove what it guarantees")},
	{OPTION("crash", 0, OPTION_SIZE, offsetof(struct config, crash), "SIZE",
		"show what a crash may leave after each instruction of one copy, 1..4K")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
};

/* A strategy, one of its kernels here, and what became of it. */
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

static struct subject *add_one(
	struct subjects *subjects, const struct strategy *strategy, const struct kernel *kernel)
{
	struct subject *subject = &subjects->all[subjects->n];

	if (subjects->n == MOST_STRATEGIES) {
		err_set(subjects->e, ERR_USAGE, "more than %d strategies", MOST_STRATEGIES);
		return NULL;
	}
	subjects->n++;
	subject->strategy = strategy;
	subject->kernel = kernel;
	return subject;
}

/* Every kernel that this CPU can run, not just the best one: they are all shipped. */
static bool add_subject(struct subjects *subjects, const struct strategy *strategy)
{
	const struct kernel *best;
	struct subject *subject;
	struct err why;

	best = strategy_kernel(strategy, cpu_features(), &why);
	if (best == NULL) {
		subject = add_one(subjects, strategy, NULL);
		if (subject != NULL)
			snprintf(subject->why, sizeof(subject->why), "%s", why.text);
		return subject != NULL;
	}
	for (const struct kernel *kernel = best;
		kernel < strategy->kernels + STRATEGY_KERNELS && kernel->variant != NULL; kernel++)
		if ((kernel->needs & ~cpu_features()) == 0 &&
			add_one(subjects, strategy, kernel) == NULL)
			return false;
	return true;
}

static bool add_strategy(struct subjects *subjects, const char *name)
{
	const struct strategy *strategy = strategy_find(name, subjects->e);

	return strategy != NULL && add_subject(subjects, strategy);
}

/* A strategy, or "family:flush". */
static bool add_named(const char *name, void *arg)
{
	static const char prefix[] = "family:";
	struct subjects *subjects = arg;
	unsigned family;

	if (strncmp(name, prefix, strlen(prefix)) == 0) {
		if (!words_find(&family_words, name + strlen(prefix), &family, subjects->e))
			return false;
		for (size_t i = 0; i < strategies_n; i++)
			if (strategies[i]->family == family && strategies[i]->copies &&
				!add_subject(subjects, strategies[i]))
				return false;
		return true;
	}
	return add_strategy(subjects, name);
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

			if (subject->kernel == NULL || subject->failed)
				continue;
			if (subject->strategy->calls_kernel &&
				!access_traits[stage->targets[0].facts.access].calls)
				snprintf(subject->why, sizeof(subject->why),
					"devdax has no read, write, fsync or msync");
			else
				check_once(subject, stage, rng);
		}
		tell_progress(tell, (double)(clock_wall_ns() - start) / (seconds * 1e9),
			(double)end / 1e9 - (double)clock_wall_ns() / 1e9, "verifying");
	} while (clock_wall_ns() < end && !interrupt_pending());
	tell_progress_end(tell);
}

static bool check_bytes(struct subjects *subjects, const struct config *config, struct err *e)
{
	struct target_request target;
	struct stage_request request = {.target = &target,
		.target_bytes = ROOM,
		.source_bytes = ROOM,
		.sink_bytes = ROOM,
		.seed = (uint64_t)time(NULL)};
	struct stage stage = {.n_targets = 0};
	struct tell tell;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	bool ok = rng != NULL || err_set(e, ERR_FAILED, "out of memory");

	/* Other copies than last time; where there is no randomness, the time it stays. */
	if (getrandom(&request.seed, sizeof(request.seed), 0) < 0)
		request.seed = (uint64_t)time(NULL);
	interrupt_install();
	interrupt_guard_memory();
	ok = ok &&
	     command_target(config->target, command_may(&config->may), config->json, &target, e) &&
	     stage_open(&stage, &request, e);
	tell_init(&tell, config->json);
	if (ok) {
		gsl_rng_set(rng, request.seed);
		map_aliases(subjects, &stage);
		check_for(subjects, &stage, rng, config->seconds, &tell);
	}
	stage_close(&stage);
	if (rng != NULL)
		gsl_rng_free(rng);
	return ok;
}

static const char *verdict(const struct subject *subject, const char *good, const char *bad)
{
	return subject->failed ? bad : subject->tried ? good : "not tried";
}

static const char *variant(const struct subject *subject)
{
	return subject->kernel != NULL ? subject->kernel->variant : "";
}

static bool show_bytes(const struct subjects *subjects, bool json, struct err *e)
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
		const char *cells[] = {subject->strategy->name, variant(subject), copies, bytes,
			verdict(subject, "right", "WRONG"), subject->why};

		snprintf(copies, sizeof(copies), "%zu", subject->copies);
		snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)subject->bytes);
		ok = show_row(table, cells, 6);
	}
	return show_finish(table, ok, e);
}

/* What a proof counted for the copy of 4 KiB, aligned. */
struct proof {
	struct prove_result whole;
	size_t cases;
};

/*
 * Around every boundary the kernels treat apart, past the distance they prefetch at and
 * the four pages that one of them takes in turn, and some in between; at odd places
 * fewer of them.
 */
#define COUNTED 4096
static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64,
	65, 71, 100, 127, 128, 129, 191, 192, 255, 256, 257, 320, 511, 512, 513, 768, 1000, 1023,
	1024, 1025, 2047, 2048, 2049, 3000, 4095, COUNTED};
static const size_t ragged_sizes[] = {
	1, 3, 8, 15, 31, 63, 64, 65, 100, 129, 200, 257, 513, 1025, 2500};
static const size_t large_sizes[] = {6208, 20000};
static const struct {
	size_t dst, src;
} aligns[] = {{0, 0}, {1, 0}, {7, 3}, {8, 0}, {32, 5}, {57, 60}, {63, 63}};
#define N(array) (sizeof(array) / sizeof((array)[0]))

/* The loop that also loads what it wrote copies by the same kernel: a part of the cases is enough. */
static const struct {
	enum operation operation;
	size_t align; /* index into aligns */
	const size_t *sizes;
	size_t n;
} proofs[] = {
	{OP_WRITE, 0, sizes, N(sizes)},
	{OP_WRITE, 1, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE, 2, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE, 3, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE, 4, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE, 5, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE, 6, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE, 5, large_sizes, N(large_sizes)},
	{OP_WRITE_CONSUME, 0, ragged_sizes, N(ragged_sizes)},
	{OP_WRITE_CONSUME, 5, ragged_sizes, N(ragged_sizes)},
	{OP_READ, 0, sizes, N(sizes)},
	{OP_READ, 1, ragged_sizes, N(ragged_sizes)},
	{OP_READ, 4, ragged_sizes, N(ragged_sizes)},
	{OP_READ, 5, ragged_sizes, N(ragged_sizes)},
};

static bool prove_operation(struct prover *prover, struct subject *subject,
	enum operation operation, struct proof *proof, struct err *e)
{
	struct prove_case job = {subject->strategy, subject->kernel, operation, 0, 0, 0};
	struct prove_result result;

	for (size_t p = 0; p < N(proofs); p++) {
		job.dst_align = aligns[proofs[p].align].dst;
		job.src_align = aligns[proofs[p].align].src;
		for (size_t i = 0; proofs[p].operation == operation && i < proofs[p].n; i++) {
			job.len = proofs[p].sizes[i];
			if (interrupt_pending() || !prove_one(prover, &job, &result, e))
				return false;
			subject->tried = true;
			proof->cases++;
			if (p == 0 && job.len == COUNTED)
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

	for (walk.len = 1; walk.len <= COUNTED; walk.len *= 2)
		kernel->loop[operation](&walk);
}

static bool prove_subject(struct subject *subject, struct proof *proof, struct err *e)
{
	static const enum operation operations[] = {OP_WRITE, OP_WRITE_CONSUME, OP_READ};
	struct prover prover;
	struct err why;
	bool ok = true;

	if (subject->kernel == NULL)
		return true;
	for (size_t i = 0; i < N(operations) && ok && !subject->failed; i++) {
		if (!prove_possible(subject->strategy, subject->kernel, operations[i], &why)) {
			if (!subject->tried)
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

#define PROOF_NUMBERS 8
static bool add_proof(struct show_table *table, const struct subject *subject,
	const struct proof *proof, bool json)
{
	static const struct protocol_facts adr = {
		.domain = DOMAIN_MEMORY_CONTROLLER, .nocache_leaves = true};
	static const struct protocol_facts eadr = {
		.domain = DOMAIN_CPU_CACHE, .nocache_leaves = true};
	const struct persist_counts *counts = &proof->whole.counts;
	bool writes = !steps_none(subject->strategy->steps);
	char number[PROOF_NUMBERS][24];
	const char *cells[] = {subject->strategy->name, variant(subject),
		verdict(subject, "proved", "REFUTED"),
		guarantee_words.names[strategy_least_guarantee(subject->strategy, OP_WRITE, &adr)],
		guarantee_words.names[strategy_least_guarantee(subject->strategy, OP_WRITE, &eadr)],
		number[0], number[1], number[2], number[3], number[4], number[5], number[6],
		number[7], subject->why};
	size_t values[PROOF_NUMBERS] = {proof->cases, proof->whole.instructions,
		counts->lines_stored, counts->flushes, counts->flushes_clean, counts->fences,
		counts->media_64, counts->media_256};

	for (size_t i = 0; i < PROOF_NUMBERS; i++) {
		bool counted = i == 0 || proof->whole.instructions > 0; /* of writes alone */

		if (counted || json)
			snprintf(number[i], sizeof(number[i]), "%zu", values[i]);
		else
			strcpy(number[i], "-");
	}
	if (!writes)
		cells[3] = cells[4] =
			guarantee_words
				.names[strategy_least_guarantee(subject->strategy, OP_READ, &adr)];
	return show_row(table, cells, N(cells));
}

static bool prove_all(struct subjects *subjects, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "STRATEGY"},
		{.name = "KERNEL", .spare = 3}, {.name = "VERDICT"}, {.name = "ADR"},
		{.name = "EADR"}, {.name = "COPIES", .spare = 5, .right = true},
		{.name = "INSTRUCTIONS", .spare = 6, .right = true},
		{.name = "LINES", .spare = 7, .right = true},
		{.name = "FLUSHES", .spare = 5, .right = true},
		{.name = "OF CLEAN", .spare = 5, .right = true},
		{.name = "FENCES", .spare = 5, .right = true},
		{.name = "MEDIA64", .spare = 8, .right = true},
		{.name = "MEDIA256", .spare = 9, .right = true}, {.name = "WHY"}};
	static const struct show_column fields[] = {{.name = "strategy"}, {.name = "kernel"},
		{.name = "verdict"}, {.name = "adr"}, {.name = "eadr"},
		{.name = "copies", .number = true}, {.name = "instructions", .number = true},
		{.name = "lines_stored", .number = true}, {.name = "flushes", .number = true},
		{.name = "flushes_of_clean_lines", .number = true},
		{.name = "fences", .number = true}, {.name = "media_64_bytes", .number = true},
		{.name = "media_256_bytes", .number = true}, {.name = "why"}};
	struct show_table *table;

	interrupt_install();
	if (!stepper_available(e))
		return false;
	table = show_begin("proofs", json ? fields : plain, N(plain), json);
	if (table == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; i < subjects->n; i++) {
		struct proof proof = {0};

		if (!prove_subject(&subjects->all[i], &proof, e) || interrupt_pending()) {
			show_drop(table);
			return false;
		}
		if (!add_proof(table, &subjects->all[i], &proof, json)) {
			show_drop(table);
			return err_set(e, ERR_FAILED, "out of memory");
		}
	}
	if (!show_end(table, e))
		return false;
	if (!json)
		printf("\nInstructions, lines stored to, flushes (and those of them that found "
		       "nothing to write back), fences\nand bytes to media (written by 64 or by "
		       "256 bytes) are those of one aligned copy of 4 KiB.\n");
	return true;
}

static void show_point(void *arg, const struct prove_point *point)
{
	char images[32], code[250], left[PROVE_IMAGES * 120] = "";
	const char *cells[] = {code, images, point->unsure, left};
	size_t used = 0;

	stepper_describe(point->event, code, sizeof(code));
	if (point->images < 1e15)
		snprintf(images, sizeof(images), "%.0f", point->images);
	else
		snprintf(images, sizeof(images), "2^%.0f", log2(point->images));
	for (size_t i = 0; i < point->n_left; i++)
		used += (size_t)snprintf(
			left + used, sizeof(left) - used, "%s%s", i ? "; " : "", point->left[i]);
	show_row(arg, cells, 4);
}

/* What a crash may leave, instruction by instruction. */
static bool show_crash(struct subject *subject, size_t bytes, bool json, struct err *e)
{
	static const struct show_column plain[] = {{.name = "AFTER"},
		{.name = "IMAGES", .right = true}, {.name = "BYTES THAT MAY BE MISSING"},
		{.name = "NEW BYTES IN EACH IMAGE"}};
	static const struct show_column fields[] = {
		{.name = "after"}, {.name = "images"}, {.name = "missing"}, {.name = "left"}};
	struct prove_case job = {subject->strategy, subject->kernel, OP_WRITE, bytes, 0, 0};
	struct prove_result result;
	struct show_table *table;
	struct prover prover;
	bool ok;

	if (subject->kernel == NULL)
		return err_set(e, ERR_FAILED, "strategy %s is not available here: %s",
			subject->strategy->name, subject->why);
	if (!prove_possible(subject->strategy, subject->kernel, OP_WRITE, e))
		return false;
	warm_up(subject->kernel, OP_WRITE);
	ok = prove_open(&prover, e) && prove_one(&prover, &job, &result, e);
	table = ok ? show_begin("points", json ? fields : plain, 4, json) : NULL;
	if (table != NULL) {
		ok = prove_points(&prover, &job, show_point, table, e);
		ok = show_end(table, e) && ok;
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

/* Nothing that was asked for is left aside without a word. */
static bool options_fit(const struct config *config, const struct subjects *subjects, struct err *e)
{
	bool by_code = config->trace || config->crash != NO_CRASH;

	if (config->trace && config->crash != NO_CRASH)
		return err_set(
			e, ERR_USAGE, "verify: --trace and --crash are two questions: ask one");
	if (by_code && (config->target != NULL || config->may.overwrite || config->seconds > 0))
		return err_set(e, ERR_USAGE,
			"verify: --target, --overwrite and --time are for byte checks: %s runs on "
			"memory of its own",
			config->trace ? "--trace" : "--crash");
	if (config->crash == NO_CRASH)
		return true;
	if (config->crash < 1 || config->crash > MOST_CRASH)
		return err_set(e, ERR_USAGE, "--crash: from 1 to %d bytes", MOST_CRASH);
	for (size_t i = 0; i < subjects->n; i++)
		if (subjects->all[i].strategy != subjects->all[0].strategy)
			return err_set(e, ERR_USAGE, "--crash: name one strategy with -s");
	return true;
}

static bool verify(int argc, char **argv, struct err *e)
{
	struct config config = {.crash = NO_CRASH};
	struct subjects subjects = {.e = e};
	int first;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!command_no_arguments(argc, argv, first, e) ||
		!choose(&subjects, config.strategies) || !options_fit(&config, &subjects, e))
		return false;
	if (config.crash != NO_CRASH)
		return show_crash(&subjects.all[0], config.crash, config.json, e);
	if (config.trace)
		return prove_all(&subjects, config.json, e) && all_right(&subjects, e);
	if (config.target == NULL)
		config.target = "memfd";
	if (config.seconds == 0)
		config.seconds = 10;
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
		 "1 byte to\n20 KiB at ragged alignments, and checks that every byte written is in "
		 "the "
		 "persistence domain\nwhen it returns (ADR, eADR) and that its instructions are "
		 "those "
		 "it declares.\n",
	.run = verify,
};
