// SPDX-License-Identifier: MIT
#include "study/alias_probe.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "target/line_cost.h"

#define ZEROS 8	      /* times that one address alone is in each round */
#define RANDOMS 256   /* random masks to learn from */
#define COMBINED 1024 /* masks of four bits, at most */
#define HELD_OUT 96

enum { FIRST_STAGE, COMBINED_STAGE, HELD_OUT_STAGE };

static bool map_at(struct probe *probe, char *place)
{
	probe->page = mmap(place, alias_granule(probe->target), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_FIXED, probe->target->fd, (off_t)probe->target->offset);
	return probe->page != MAP_FAILED;
}

bool probe_open(struct probe *probe, const struct target *target, const struct clock *clock,
	gsl_rng *rng, struct tell *tell, struct err *e)
{
	uint64_t bytes = 2ull << PROBE_TOP_BIT, granule = alias_granule(target);
	uint64_t at;

	memset(probe, 0, sizeof(*probe));
	probe->target = target;
	probe->clock = clock;
	probe->rng = rng;
	probe->tell = tell;
	probe->room = target_reserve(bytes, bytes);
	if (probe->room == NULL)
		return err_errno(e, errno, "cannot reserve %llu GiB of address space",
			(unsigned long long)(2 * bytes >> 30));
	at = ((uint64_t)gsl_rng_get(rng) << 20 ^ gsl_rng_get(rng)) % (bytes / granule) * granule;
	/* A kernel that cares for colours may refuse any place but one that goes with the offset. */
	if (!map_at(probe, probe->room + at) && (errno != EINVAL || !map_at(probe, probe->room)))
		return err_errno(e, errno, "target %s: mmap", target->facts.name);
	memset(probe->page, 0, LINE_COST_BYTES);
	return true;
}

void probe_close(struct probe *probe)
{
	if (probe->room != NULL)
		munmap(probe->room, 2ull << PROBE_TOP_BIT);
	probe->room = NULL;
}

static char *other(const struct probe *probe, uint64_t mask)
{
	return (char *)((uintptr_t)probe->page ^ mask);
}

/* Measured masks stay mapped: each has pages of its own, and there are some thousands. */
static bool map_mask(const struct probe *probe, uint64_t mask)
{
	volatile char *k = other(probe, mask);

	if (mask != 0 && mmap((void *)(uintptr_t)k, alias_granule(probe->target),
				 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, probe->target->fd,
				 (off_t)probe->target->offset) == MAP_FAILED)
		return false;
	*k = 0;
	return true;
}

/* Rounds over all masks from `first` on, and over some of mask 0, each in random order. */
static bool time_masks(const struct probe *probe, struct sweep *sweep, size_t first, struct err *e)
{
	size_t n = 0, *order = malloc((sweep->n + 1) * sizeof(order[0]));

	if (order == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = first; i < sweep->n; i++)
		if (!sweep->masks[i].refused)
			order[n++] = i;
	for (size_t r = 0; r < sweep->rounds; r++) {
		gsl_ran_shuffle(probe->rng, order, n, sizeof(order[0]));
		for (size_t i = 0; i < n; i++) {
			struct sweep_mask *mask = &sweep->masks[order[i]];

			for (int k = 0; k < SWEEP_KINDS; k++)
				sweep_ns(sweep, mask, (enum sweep_kind)k)[r] = line_cost(
					probe->clock, probe->page, other(probe, mask->mask),
					k == SWEEP_LOAD_LOAD ? LINE_LOAD_LOAD : LINE_STORE_LOAD);
			if (probe->stop != NULL && probe->stop()) {
				free(order);
				return false;
			}
		}
		tell_progress(probe->tell, (double)(r + 1) / (double)sweep->rounds, 0,
			"measuring address masks");
	}
	free(order);
	return true;
}

static bool add(const struct probe *probe, struct sweep *sweep, uint64_t mask, unsigned stage,
	struct err *e)
{
	struct sweep_mask *added;

	if (mask != 0 && sweep_has(sweep, mask))
		return true;
	added = sweep_add(sweep, mask, !map_mask(probe, mask));
	if (added == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	added->stage = stage;
	added->held_out = stage == HELD_OUT_STAGE;
	return true;
}

/* Each bit that the kernel lets two mappings differ in. */
static uint64_t usable_bits(const struct sweep *sweep)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < sweep->n; i++)
		if (!sweep->masks[i].refused && !sweep->masks[i].held_out)
			bits |= sweep->masks[i].mask;
	return bits;
}

static uint64_t random_mask(const struct probe *probe, uint64_t bits)
{
	return ((uint64_t)gsl_rng_get(probe->rng) << 32 ^ gsl_rng_get(probe->rng)) & bits;
}

static bool add_zeros(const struct probe *probe, struct sweep *sweep, unsigned stage, struct err *e)
{
	for (int i = 0; i < ZEROS; i++)
		if (!add(probe, sweep, 0, stage, e))
			return false;
	return true;
}

/* Bit a with the lowest of `rest`, and with each that is above it as well. */
static bool add_pair(
	const struct probe *probe, struct sweep *sweep, uint64_t a, uint64_t rest, struct err *e)
{
	uint64_t pair = a | (rest & -rest);

	if (!add(probe, sweep, pair, FIRST_STAGE, e))
		return false;
	for (uint64_t c = rest & (rest - 1); c != 0; c &= c - 1)
		if (!add(probe, sweep, pair | (c & -c), FIRST_STAGE, e))
			return false;
	return true;
}

static bool add_first(const struct probe *probe, struct sweep *sweep, struct err *e)
{
	int low = __builtin_ctzll(sweep->granule_bytes);
	uint64_t bits;

	if (!add_zeros(probe, sweep, FIRST_STAGE, e))
		return false;
	for (int a = low; a <= PROBE_TOP_BIT; a++)
		if (!add(probe, sweep, 1ull << a, FIRST_STAGE, e))
			return false;
	bits = usable_bits(sweep);
	for (uint64_t a = bits; a != 0; a &= a - 1)
		for (uint64_t b = a & (a - 1); b != 0; b &= b - 1)
			if (!add_pair(probe, sweep, a & -a, b, e))
				return false;
	for (int i = 0; i < RANDOMS && bits != 0; i++) {
		uint64_t mask = random_mask(probe, bits);

		if (mask != 0 && !add(probe, sweep, mask, FIRST_STAGE, e))
			return false;
	}
	return bits != 0 || err_set(e, ERR_FAILED,
				    "target %s: the kernel refuses every second mapping of it "
				    "(EINVAL)",
				    probe->target->facts.name);
}

/*
 * Bits of like effect are one; four unlike ones may still cancel, which no pair and no
 * three show.
 */
static bool add_combined(
	const struct probe *probe, struct sweep *sweep, const struct colour *colour, struct err *e)
{
	uint64_t unlike[64];
	size_t n = 0, added = 0;

	for (uint64_t left = colour->bits; left != 0; left &= left - 1) {
		bool new = gf2_reduce(&colour->free, left & -left) != 0;

		for (size_t i = 0; i < n && new; i++)
			new = gf2_reduce(&colour->free, unlike[i] ^ (left & -left)) != 0;
		if (new)
			unlike[n++] = left & -left;
	}
	if (!add_zeros(probe, sweep, COMBINED_STAGE, e))
		return false;
	for (size_t a = 0; a < n; a++)
		for (size_t b = a + 1; b < n; b++)
			for (size_t c = b + 1; c < n; c++)
				for (size_t d = c + 1; d < n && added < COMBINED; d++, added++)
					if (!add(probe, sweep,
						    unlike[a] | unlike[b] | unlike[c] | unlike[d],
						    COMBINED_STAGE, e))
						return false;
	return true;
}

/* A random mask that should be free: some of the space's rows together. */
static uint64_t random_free(const struct probe *probe, const struct gf2_space *space)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < space->rank; i++)
		if (gsl_rng_uniform_int(probe->rng, 2))
			mask ^= space->rows[i];
	return mask;
}

/* New masks, half of them free by the function as far as there are such. */
static bool add_held_out(
	const struct probe *probe, struct sweep *sweep, const struct colour *colour, struct err *e)
{
	size_t before;

	if (!add_zeros(probe, sweep, HELD_OUT_STAGE, e))
		return false;
	before = sweep->n;
	for (int tries = 0; sweep->n < before + HELD_OUT && tries < 100 * HELD_OUT; tries++) {
		uint64_t mask = tries % 2 ? random_free(probe, &colour->free)
					  : random_mask(probe, colour->bits);

		if (mask != 0 && !sweep_has(sweep, mask) &&
			!add(probe, sweep, mask, HELD_OUT_STAGE, e))
			return false;
	}
	return true;
}

bool probe_run(struct probe *probe, struct sweep *sweep, struct colour *colour, struct err *e)
{
	size_t first;

	sweep->rounds = PROBE_ROUNDS;
	sweep->granule_bytes = alias_granule(probe->target);
	if (!add_first(probe, sweep, e) || !time_masks(probe, sweep, 0, e) ||
		!colour_infer(colour, sweep, e))
		return false;
	if (colour->verdict == COLOUR_CANNOT_TELL)
		return true;
	first = sweep->n;
	if (colour->verdict == COLOUR_HASHED) {
		if (!add_combined(probe, sweep, colour, e) || !time_masks(probe, sweep, first, e) ||
			!colour_infer(colour, sweep, e))
			return false;
		if (colour->verdict == COLOUR_CANNOT_TELL)
			return true;
	}
	first = sweep->n;
	return add_held_out(probe, sweep, colour, e) && time_masks(probe, sweep, first, e) &&
	       colour_infer(colour, sweep, e);
}
