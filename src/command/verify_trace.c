// SPDX-License-Identifier: MIT
/* daxmark verify: what the instructions do, and what a crash may leave. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/tell.h"
#include "command/show.h"
#include "command/verify_subjects.h"
#include "trace/prove.h"

/* What a proof counted for the copy of 4 KiB, aligned. */
struct proof {
	struct prove_result whole;
	size_t cases;
	size_t redundant; /* cases with flushes or fences that nothing needs */
	char first[700];  /* of them */
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

static void note_redundant(
	struct proof *proof, const struct prove_case *job, const struct prove_result *result)
{
	if (result->redundant[0] == '\0')
		return;
	if (proof->redundant++ == 0)
		snprintf(proof->first, sizeof(proof->first), "%zu bytes dst+%zu: %s", job->len,
			job->dst_align, result->redundant);
}

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
			if (interrupt_pending())
				return false;
			if (!prove_one(prover, &job, &result, e)) {
				/* A loaded routine's death is its own; ours should not die. */
				if (subject->strategy->origin == NULL)
					return false;
				result = (struct prove_result){.proved = false};
				snprintf(result.why, sizeof(result.why), "%.400s", e->text);
				e->code = ERR_NONE;
			}
			subject->tried = true;
			proof->cases++;
			note_redundant(proof, &job, &result);
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
		prove_warm_up(subject->kernel, operations[i]);
		ok = prove_open(&prover, PROVE_MOST_BYTES, e) &&
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
	char number[PROOF_NUMBERS][24], redundant[800];
	const char *cells[] = {subject->strategy->name, subject_variant(subject),
		subject_verdict(subject, "proved", "REFUTED"),
		guarantee_words.names[strategy_least_guarantee(subject->strategy, OP_WRITE, &adr)],
		guarantee_words.names[strategy_least_guarantee(subject->strategy, OP_WRITE, &eadr)],
		number[0], number[1], number[2], number[3], number[4], number[5], number[6],
		number[7], redundant, subject->why};
	size_t values[PROOF_NUMBERS] = {proof->cases, proof->whole.instructions,
		counts->lines_stored, counts->flushes, counts->flushes_clean, counts->fences,
		counts->media_64, counts->media_256};

	redundant[0] = '\0';
	if (proof->redundant > 0)
		snprintf(redundant, sizeof(redundant), "in %zu of %zu copies, first %s",
			proof->redundant, proof->cases, proof->first);
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

bool verify_prove(struct subjects *subjects, bool json, struct err *e)
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
		{.name = "MEDIA256", .spare = 9, .right = true}, {.name = "REDUNDANT", .spare = 2},
		{.name = "WHY"}};
	static const struct show_column fields[] = {{.name = "strategy"}, {.name = "kernel"},
		{.name = "verdict"}, {.name = "adr"}, {.name = "eadr"},
		{.name = "copies", .number = true}, {.name = "instructions", .number = true},
		{.name = "lines_stored", .number = true}, {.name = "flushes", .number = true},
		{.name = "flushes_of_clean_lines", .number = true},
		{.name = "fences", .number = true}, {.name = "media_64_bytes", .number = true},
		{.name = "media_256_bytes", .number = true}, {.name = "redundant"},
		{.name = "why"}};
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
bool verify_crash(struct subject *subject, size_t bytes, bool json, struct err *e)
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
	prove_warm_up(subject->kernel, OP_WRITE);
	ok = prove_open(&prover, PROVE_MOST_BYTES, e) && prove_one(&prover, &job, &result, e);
	table = ok ? show_begin("points", json ? fields : plain, 4, json) : NULL;
	if (table != NULL) {
		ok = prove_points(&prover, &job, show_point, table, e);
		ok = show_end(table, e) && ok;
	}
	prove_close(&prover);
	return ok;
}
