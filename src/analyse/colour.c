// SPDX-License-Identifier: MIT
#include "analyse/colour.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/colour_label.h"
#include "base/words.h"
#include "stat/stat.h"

#define AGREE 0.75     /* a function that fewer masks follow explains nothing */
#define BORNE_OUT 0.95 /* of the held-out masks: with fewer the function is called weak */
#define RELIABLE 0.99  /* so many agree: a single mask may be believed */
#define MANY 12	       /* masks in a space after which a coset with fewer than */
#define SEVERAL 4      /* these is chance */
#define LEAST_MASKS 16
#define STARTS 16

static const char *const verdict_names[COLOUR_VERDICTS] = {
	"cannot tell", "free at any distance", "hashed", "only the same address"};
const struct words colour_words = {"verdict", verdict_names, COLOUR_VERDICTS, NULL};

/* One coset of the space: how many of its masks were free. */
struct coset {
	uint64_t residue;
	long balance; /* free ones less the others */
};

static int by_residue(const void *a, const void *b)
{
	const struct coset *x = a, *y = b;

	return (x->residue > y->residue) - (x->residue < y->residue);
}

/* The cosets that masks lie in, with their balances; returns how many beside the space itself. */
static size_t find_cosets(
	const struct inference *inference, const struct gf2_space *space, struct coset *cosets)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < inference->n; i++) {
		const struct sample *sample = &inference->samples[i];
		uint64_t residue = gf2_reduce(space, sample->mask);

		if (!sample->held_out && residue != 0)
			cosets[n++] = (struct coset){residue, sample->free ? 1 : -1};
	}
	qsort(cosets, n, sizeof(cosets[0]), by_residue);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && cosets[kept - 1].residue == cosets[i].residue)
			cosets[kept - 1].balance += cosets[i].balance;
		else
			cosets[kept++] = cosets[i];
	}
	return kept;
}

/* How many of the masks lie in the space. */
static size_t count_inside(const struct inference *inference, const struct gf2_space *space)
{
	size_t n = 0;

	for (size_t i = 0; i < inference->n; i++)
		n += !inference->samples[i].held_out &&
		     gf2_reduce(space, inference->samples[i].mask) == 0;
	return n;
}

/*
 * Add the best coset as long as one has more free masks than others. The first cosets
 * hold a mask or two each; once the space is large a true one holds many. So when
 * masks are not to be trusted one by one (`wary`), a late coset with few is chance.
 */
static void grow(
	const struct inference *inference, struct gf2_space *space, bool wary, struct coset *cosets)
{
	for (;;) {
		size_t n = find_cosets(inference, space, cosets), best = n;
		long least = wary && count_inside(inference, space) >= MANY ? SEVERAL : 1;

		for (size_t i = 0; i < n; i++)
			if (cosets[i].balance >= least &&
				(best == n || cosets[i].balance > cosets[best].balance ||
					(cosets[i].balance == cosets[best].balance &&
						__builtin_popcountll(cosets[i].residue) <
							__builtin_popcountll(
								cosets[best].residue))))
				best = i;
		if (best == n)
			return;
		gf2_add(space, cosets[best].residue);
	}
}

static size_t count_agreeing(
	const struct inference *inference, const struct gf2_space *space, bool held_out, size_t *of)
{
	size_t agree = 0;

	*of = 0;
	for (size_t i = 0; i < inference->n; i++) {
		const struct sample *sample = &inference->samples[i];

		if (sample->held_out != held_out)
			continue;
		(*of)++;
		agree += sample->free == (gf2_reduce(space, sample->mask) == 0);
	}
	return agree;
}

/* How well a space explains the masks: a further dimension must explain some more. */
static double score(const struct inference *inference, const struct gf2_space *space, bool wary)
{
	size_t of;

	return (double)count_agreeing(inference, space, false, &of) -
	       (wary ? SEVERAL : 0.5) * (double)space->rank;
}

/* Take back each step that was wrong, now that the rest is known. */
static double improve(
	const struct inference *inference, struct gf2_space *space, bool wary, struct coset *cosets)
{
	double best = score(inference, space, wary);

	for (size_t drop = 0; drop < space->rank;) {
		struct gf2_space other = {.rank = 0};
		double its_score;

		for (size_t i = 0; i < space->rank; i++)
			if (i != drop)
				gf2_add(&other, space->rows[i]);
		grow(inference, &other, wary, cosets);
		its_score = score(inference, &other, wary);
		if (its_score > best) {
			best = its_score;
			*space = other;
			drop = 0; /* all rows are new: each is tried again, the first too */
		} else {
			drop++;
		}
	}
	return best;
}

/*
 * The space that explains the masks best. A wrong first mask would lead astray, so many
 * are tried; where masks are not reliable nothing is believed on the word of a few.
 */
static struct gf2_space fit(const struct inference *inference, bool wary, struct coset *cosets)
{
	struct gf2_space best = {.rank = 0};
	double best_score;

	grow(inference, &best, wary, cosets);
	best_score = improve(inference, &best, wary, cosets);
	for (size_t i = 0, starts = 0; i < inference->n && starts < STARTS; i++) {
		struct gf2_space space = {.rank = 0};
		double its_score;

		if (inference->samples[i].held_out || !inference->samples[i].free ||
			gf2_reduce(&best, inference->samples[i].mask) == 0)
			continue;
		starts++;
		gf2_add(&space, inference->samples[i].mask);
		grow(inference, &space, wary, cosets);
		its_score = improve(inference, &space, wary, cosets);
		if (its_score > best_score) {
			best = space;
			best_score = its_score;
		}
	}
	return best;
}

/*
 * Two bits that each cost something may cancel; only a mask with both tells. Every such
 * pair must have been measured, by itself or by what the space makes of it.
 */
static bool pairs_are_known(const struct inference *inference, struct coset *cosets)
{
	struct colour *colour = inference->colour;
	size_t n = find_cosets(inference, &colour->free, cosets);

	for (uint64_t a = colour->bits; a != 0; a &= a - 1) {
		for (uint64_t b = a & (a - 1); b != 0; b &= b - 1) {
			uint64_t pair = (a & -a) | (b & -b);
			struct coset key = {gf2_reduce(&colour->free, pair), 0};

			if (key.residue == 0 || gf2_reduce(&colour->free, a & -a) == 0 ||
				gf2_reduce(&colour->free, b & -b) == 0 ||
				bsearch(&key, cosets, n, sizeof(cosets[0]), by_residue) != NULL)
				continue;
			snprintf(colour->why, sizeof(colour->why),
				"bits %d and %d each cost something, and no mask tells whether "
				"they do together",
				__builtin_ctzll(a), __builtin_ctzll(b));
			return false;
		}
	}
	return true;
}

/* Times of the masks of one side, in the kind that shows the penalty best. */
static double typical_ns(struct inference *inference, int kind, bool free)
{
	size_t n = 0;

	for (size_t i = 0; i < inference->n; i++)
		if (inference->samples[i].free == free)
			inference->scratch[n++] = inference->samples[i].ns[kind];
	return colour_median(inference->scratch, n);
}

static void state_times(struct inference *inference)
{
	struct colour *colour = inference->colour;
	int kind = SWEEP_STORE_LOAD;
	double penalised;

	for (int k = 0; k < SWEEP_KINDS; k++)
		if (inference->split[k] &&
			(!inference->split[kind] ||
				inference->high[k] - inference->low[k] >
					inference->high[kind] - inference->low[kind]))
			kind = k;
	colour->free_ns = typical_ns(inference, kind, true);
	penalised = typical_ns(inference, kind, false);
	if (isnan(colour->free_ns))
		colour->free_ns = inference->zero_ns[kind];
	colour->penalty_ns = colour->parities.rank > 0 ? penalised - colour->free_ns : (double)NAN;
}

static void conclude(struct inference *inference)
{
	struct colour *colour = inference->colour;
	int bits = __builtin_popcountll(colour->bits);

	colour->parities = gf2_annihilator(&colour->free, colour->bits);
	colour->sufficient_bytes = inference->sweep->granule_bytes;
	for (size_t i = 0; i < colour->parities.rank; i++) {
		uint64_t top = 1ull << (63 - __builtin_clzll(colour->parities.rows[i]));

		if (2 * top > colour->sufficient_bytes)
			colour->sufficient_bytes = 2 * top;
	}
	colour->verdict = colour->parities.rank == 0		  ? COLOUR_FREE
			  : colour->parities.rank == (size_t)bits ? COLOUR_NEVER
								  : COLOUR_HASHED;
	state_times(inference);
}

/* Both sides of the function must be borne out, or it says nothing. */
static bool explains(struct inference *inference)
{
	struct colour *colour = inference->colour;
	size_t of[2] = {0, 0}, agree[2] = {0, 0};

	for (size_t i = 0; i < inference->n; i++) {
		const struct sample *sample = &inference->samples[i];
		bool free = gf2_reduce(&colour->free, sample->mask) == 0;

		if (sample->held_out)
			continue;
		of[free]++;
		agree[free] += sample->free == free;
	}
	colour->masks = of[0] + of[1];
	colour->agree = agree[0] + agree[1];
	for (int side = 0; side < 2; side++)
		if ((double)agree[side] < AGREE * (double)of[side])
			return false;
	colour->held_out_agree = count_agreeing(inference, &colour->free, true, &colour->held_out);
	return (double)colour->held_out_agree >= AGREE * (double)colour->held_out;
}

static void infer(struct inference *inference, struct coset *cosets)
{
	struct colour *colour = inference->colour;
	struct gf2_space measured = {.rank = 0};
	bool alone = true;
	size_t of, n = 0;

	for (size_t i = 0; i < inference->n; i++) {
		if (inference->samples[i].held_out)
			continue;
		gf2_add(&measured, inference->samples[i].mask);
		n++;
	}
	for (size_t i = 0; i < inference->n; i++)
		alone &= !isnan(inference->samples[i].cost[0]);
	if (!alone || n < LEAST_MASKS) {
		snprintf(colour->why, sizeof(colour->why),
			alone ? "only %zu masks beside 0 were measured to learn from"
			      : "one address alone (mask 0) was not measured with each of %zu "
				"masks",
			n);
		return;
	}
	if (measured.rank < (size_t)__builtin_popcountll(colour->bits)) {
		snprintf(colour->why, sizeof(colour->why),
			"the masks measured leave %zu of %d address bits undecided",
			(size_t)__builtin_popcountll(colour->bits) - measured.rank,
			__builtin_popcountll(colour->bits));
		return;
	}
	if (!colour_label(inference))
		return;
	colour->free = fit(inference, false, cosets);
	if ((double)count_agreeing(inference, &colour->free, false, &of) < RELIABLE * (double)of)
		colour->free = fit(inference, true, cosets);
	if (!explains(inference)) {
		snprintf(colour->why, sizeof(colour->why),
			"no linear function of address bits explains the costs: the best one fits "
			"%zu of %zu masks, and %zu of %zu held out",
			colour->agree, colour->masks, colour->held_out_agree, colour->held_out);
		return;
	}
	if (!pairs_are_known(inference, cosets))
		return;
	conclude(inference);
	if ((double)colour->held_out_agree < BORNE_OUT * (double)colour->held_out)
		snprintf(colour->why, sizeof(colour->why),
			"weak: only %zu of %zu masks behave as it predicted",
			colour->held_out_agree, colour->held_out);
}

bool colour_infer(struct colour *colour, const struct sweep *sweep, struct err *e)
{
	struct inference inference = {.sweep = sweep, .colour = colour};
	struct coset *cosets = malloc((sweep->n + 1) * sizeof(cosets[0]));
	bool ok;

	memset(colour, 0, sizeof(*colour));
	colour->free_ns = colour->penalty_ns = NAN;
	ok = colour_begin(&inference, e) &&
	     (cosets != NULL || err_set(e, ERR_FAILED, "out of memory"));
	if (ok) {
		colour_take_samples(&inference);
		infer(&inference, cosets);
	}
	free(cosets);
	free(inference.samples);
	free(inference.scratch);
	for (int k = 0; k < SWEEP_KINDS; k++)
		free(inference.reference[k]);
	return ok;
}

bool colour_says_free(const struct colour *colour, uint64_t mask)
{
	return gf2_reduce(&colour->free, mask) == 0;
}
