// SPDX-License-Identifier: MIT
/*
 * The inference is not hard-wired: made-up sweeps of machines of every kind give the
 * function they were made with, and those that tell nothing are said to.
 */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/colour.h"
#include "base/words.h"
#include "test.h"

#define LOW 12
#define TOP 33
#define ROUNDS 25

/* A machine: parities that must agree, and what its sweep is like. */
struct machine {
	const char *name;
	uint64_t parities[24];
	size_t n;
	double noise;	  /* of a time, log */
	double outliers;  /* the part of times that are 2 to 10 times as long */
	double wrong;	  /* the part of masks that cost what they should not */
	uint64_t refused; /* masks with an odd parity over these are refused */
	bool triples;	  /* masks of three bits, too */
	bool never;	  /* every bit is a colour of its own */
};

static double time_of(
	const struct machine *machine, uint64_t mask, double base, bool flip, gsl_rng *rng)
{
	bool penalised = machine->never && mask != 0;
	double ns = base;

	for (size_t i = 0; i < machine->n; i++)
		penalised |= __builtin_parityll(mask & machine->parities[i]) != 0;
	if (penalised != flip)
		ns *= 2.2;
	ns *= exp(gsl_ran_gaussian(rng, machine->noise));
	if (gsl_rng_uniform(rng) < machine->outliers)
		ns *= 2 + 8 * gsl_rng_uniform(rng);
	return ns;
}

static void add(struct sweep *sweep, const struct machine *machine, uint64_t mask, bool held_out,
	gsl_rng *rng)
{
	bool refused = __builtin_parityll(mask & machine->refused) != 0;
	bool flip = mask != 0 && gsl_rng_uniform(rng) < machine->wrong;
	struct sweep_mask *added = sweep_add(sweep, mask, refused);

	assert_non_null(added);
	added->held_out = held_out;
	for (size_t r = 0; r < sweep->rounds && !refused; r++) {
		sweep_ns(sweep, added, SWEEP_STORE_LOAD)[r] = time_of(machine, mask, 3, flip, rng);
		sweep_ns(sweep, added, SWEEP_LOAD_LOAD)[r] = time_of(machine, mask, 5, flip, rng);
	}
}

static uint64_t random_mask(gsl_rng *rng)
{
	uint64_t mask = (uint64_t)gsl_rng_get(rng) << 32 ^ gsl_rng_get(rng);

	return mask & ((2ull << TOP) - (1ull << LOW));
}

static void make(struct sweep *sweep, const struct machine *machine, gsl_rng *rng)
{
	memset(sweep, 0, sizeof(*sweep));
	sweep->rounds = ROUNDS;
	sweep->granule_bytes = 1 << LOW;
	sweep->shmlba_bytes = 1 << LOW;
	for (int i = 0; i < 8; i++)
		add(sweep, machine, 0, false, rng);
	for (int a = LOW; a <= TOP; a++) {
		add(sweep, machine, 1ull << a, false, rng);
		for (int b = a + 1; b <= TOP; b++) {
			add(sweep, machine, 1ull << a | 1ull << b, false, rng);
			for (int c = b + 1; c <= TOP && machine->triples; c++)
				add(sweep, machine, 1ull << a | 1ull << b | 1ull << c, false, rng);
		}
	}
	for (int i = 0; i < 256; i++)
		add(sweep, machine, random_mask(rng), false, rng);
	for (int i = 0; i < 96; i++)
		add(sweep, machine, random_mask(rng), true, rng);
}

static struct gf2_space truth(const struct machine *machine)
{
	struct gf2_space space = {.rank = 0};

	for (size_t i = 0; i < machine->n; i++)
		gf2_add(&space, machine->parities[i]);
	for (int bit = LOW; bit <= TOP && machine->never; bit++)
		gf2_add(&space, 1ull << bit);
	return space;
}

static const struct machine machines[] = {
	{.name = "no effect", .noise = 0.02},
	{.name = "2 colours", .parities = {1 << 12}, .n = 1, .noise = 0.02},
	{.name = "4 colours", .parities = {1 << 12, 1 << 13}, .n = 2, .noise = 0.02},
	{.name = "64 colours",
		.parities = {1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16, 1 << 17},
		.n = 6,
		.noise = 0.02},
	{.name = "16 bits folded to 8",
		.parities = {1ull << 12 | 1ull << 27, 1ull << 13 | 1ull << 26,
			1ull << 14 | 1ull << 25, 1ull << 15 | 1ull << 20, 1ull << 16 | 1ull << 21,
			1ull << 17 | 1ull << 22, 1ull << 18 | 1ull << 23, 1ull << 19 | 1ull << 24},
		.n = 8,
		.noise = 0.02},
	{.name = "three bits",
		.parities = {1ull << 13 | 1ull << 20 | 1ull << 31},
		.n = 1,
		.noise = 0.02},
	{.name = "three bits that cancel",
		.parities = {1ull << 12 | 1ull << 14, 1ull << 13 | 1ull << 14},
		.n = 2,
		.noise = 0.02,
		.triples = true},
	{.name = "every bit", .never = true, .noise = 0.02},
};

/* What it says of one machine, on sweeps of many seeds. */
static void check(const struct machine *machine, int seeds)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct gf2_space expected = truth(machine);

	for (int seed = 1; seed <= seeds; seed++) {
		struct colour colour;
		struct sweep sweep;
		struct err e;

		gsl_rng_set(rng, (unsigned)seed);
		make(&sweep, machine, rng);
		assert_true(colour_infer(&colour, &sweep, &e));
		if (colour.verdict == COLOUR_CANNOT_TELL)
			fail_msg("%s, seed %d: cannot tell: %s", machine->name, seed, colour.why);
		if (colour.parities.rank != expected.rank ||
			memcmp(colour.parities.rows, expected.rows,
				expected.rank * sizeof(expected.rows[0])) != 0)
			fail_msg("%s, seed %d: rank %zu, should be %zu", machine->name, seed,
				colour.parities.rank, expected.rank);
		assert_true((double)colour.held_out_agree >=
			    (0.95 - 1.5 * machine->wrong) * (double)colour.held_out);
		sweep_free(&sweep);
	}
	gsl_rng_free(rng);
}

static void made_up_machines_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		check(&machines[i], 5);
}

/* A fifth of all times is far off. */
static void outlying_times_do_no_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct machine machine = machines[i];

		machine.noise = 0.05;
		machine.outliers = 0.2;
		check(&machine, 3);
	}
}

/*
 * Some masks cost wholly what they should not. Of a hashed pair of bits only masks
 * that hold both tell, so there must be several: masks of three bits are there too.
 */
static void wrong_masks_are_outvoted(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < sizeof(machines) / sizeof(machines[0]); i++) {
		struct machine machine = machines[i];

		machine.wrong = machine.n > 6 ? 0.03 : 0.1;
		machine.triples = true;
		check(&machine, 3);
	}
}

/* A kernel that allows only mappings that agree in bits 12 and 13. */
static void refused_distances_are_left_out(void **state)
{
	const struct machine machine = {.name = "refused",
		.parities = {1 << 16},
		.n = 1,
		.noise = 0.02,
		.refused = 1 << 12};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct colour colour;
	struct sweep sweep;
	struct err e;

	(void)state;
	make(&sweep, &machine, rng);
	assert_true(colour_infer(&colour, &sweep, &e));
	assert_int_equal(colour.verdict, COLOUR_HASHED);
	assert_int_equal(colour.refused, 1 << 12);
	assert_int_equal(colour.bits & 1 << 12, 0);
	assert_int_equal(colour.parities.rank, 1);
	assert_int_equal(colour.parities.rows[0], 1 << 16);
	assert_int_equal(colour.sufficient_bytes, 1 << 17);
	sweep_free(&sweep);
	gsl_rng_free(rng);
}

static void cannot_tell(const struct machine *machine, size_t keep, const char *words)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct colour colour;
	struct sweep sweep;
	struct err e;

	make(&sweep, machine, rng);
	sweep.n = keep < sweep.n ? keep : sweep.n;
	assert_true(colour_infer(&colour, &sweep, &e));
	if (colour.verdict != COLOUR_CANNOT_TELL || strstr(colour.why, words) == NULL)
		fail_msg("%s: '%s', %s, should say %s", machine->name,
			colour_words.names[colour.verdict], colour.why, words);
	sweep_free(&sweep);
	gsl_rng_free(rng);
}

static void what_cannot_be_told_is_said(void **state)
{
	const struct machine loud = {.name = "loud", .noise = 3};
	const struct machine random = {.name = "random", .wrong = 0.5, .noise = 0.02};
	struct machine few = machines[2];

	(void)state;
	few.name = "only mask 0";
	cannot_tell(&few, 8, "only 0 masks");
	few.name = "few masks";
	few.triples = false;
	cannot_tell(&few, 10, "only 2 masks");
	cannot_tell(&loud, SIZE_MAX, "would drown");
	cannot_tell(&random, SIZE_MAX, "no linear function");
}

/* Single bits alone do not say what two of them do together. */
static void pairs_must_be_known(void **state)
{
	const struct machine machine = {
		.name = "singles", .parities = {1 << 12 | 1 << 13}, .n = 1, .noise = 0.02};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct sweep sweep = {.rounds = ROUNDS, .granule_bytes = 1 << LOW};
	struct colour colour;
	struct err e;

	(void)state;
	for (int i = 0; i < 8; i++)
		add(&sweep, &machine, 0, false, rng);
	for (int repeat = 0; repeat < 3; repeat++)
		for (int bit = LOW; bit <= TOP; bit++)
			add(&sweep, &machine, 1ull << bit, false, rng);
	assert_true(colour_infer(&colour, &sweep, &e));
	assert_int_equal(colour.verdict, COLOUR_CANNOT_TELL);
	assert_non_null(strstr(colour.why, "bits 12 and 13"));
	sweep_free(&sweep);
	gsl_rng_free(rng);
}

static void sweeps_come_back_from_files(void **state)
{
	char path[] = "/tmp/daxmark-test-XXXXXX";
	struct machine machine = machines[4];
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct sweep sweep, again;
	struct err e;

	(void)state;
	machine.refused = 1ull << 33;
	make(&sweep, &machine, rng);
	strcpy(sweep.cpu_model, "made up");
	close(mkstemp(path));
	assert_true(sweep_write(&sweep, path, &e));
	assert_true(sweep_read(&again, path, &e));
	assert_int_equal(again.n, sweep.n);
	assert_string_equal(again.cpu_model, sweep.cpu_model);
	for (size_t i = 0; i < sweep.n; i++) {
		assert_int_equal(again.masks[i].mask, sweep.masks[i].mask);
		assert_int_equal(again.masks[i].refused, sweep.masks[i].refused);
		assert_int_equal(again.masks[i].held_out, sweep.masks[i].held_out);
		for (size_t r = 0; r < ROUNDS && !sweep.masks[i].refused; r++)
			assert_true(fabs(sweep_ns(&again, &again.masks[i], SWEEP_LOAD_LOAD)[r] /
						    sweep_ns(&sweep, &sweep.masks[i],
							    SWEEP_LOAD_LOAD)[r] -
					    1) < 1e-4);
	}
	sweep_free(&again);
	sweep_free(&sweep);
	unlink(path);
	gsl_rng_free(rng);
}

/* Known small spaces. */
static void algebra(void **state)
{
	struct gf2_space space = {.rank = 0}, parities, back;

	(void)state;
	assert_true(gf2_add(&space, 6));
	assert_true(gf2_add(&space, 3));
	assert_false(gf2_add(&space, 5));
	assert_int_equal(space.rank, 2);
	assert_int_equal(space.rows[0], 5); /* bits 0 and 2: bit 1 is the other row's */
	assert_int_equal(space.rows[1], 6);
	assert_int_equal(gf2_reduce(&space, 3), 0);
	assert_int_not_equal(gf2_reduce(&space, 7), 0);
	parities = gf2_annihilator(&space, 7);
	assert_int_equal(parities.rank, 1);
	assert_int_equal(parities.rows[0], 7);
	back = gf2_annihilator(&parities, 7);
	assert_int_equal(back.rank, space.rank);
	assert_memory_equal(back.rows, space.rows, 2 * sizeof(back.rows[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(algebra),
		cmocka_unit_test(made_up_machines_are_told),
		cmocka_unit_test(outlying_times_do_no_harm),
		cmocka_unit_test(wrong_masks_are_outvoted),
		cmocka_unit_test(refused_distances_are_left_out),
		cmocka_unit_test(what_cannot_be_told_is_said),
		cmocka_unit_test(pairs_must_be_known),
		cmocka_unit_test(sweeps_come_back_from_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
