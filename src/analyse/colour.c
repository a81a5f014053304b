// SPDX-License-Identifier: MIT
#include "analyse/colour.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "stat/stat.h"

/* The least penalty that is believed, log: less is within what placement does. */
#define LEAST 0.05
#define LOUD 0.10      /* masks' costs scatter more than this, log: a penalty would drown */
#define APART 4.0      /* two groups of costs are two when this many deviations lie between */
#define AGREE 0.75     /* a function that fewer masks follow explains nothing */
#define BORNE_OUT 0.95 /* of the held-out masks: with fewer the function is called weak */
#define RELIABLE 0.99  /* so many agree: a single mask may be believed */
#define FEWEST 3       /* masks that make a group */
#define MANY 12	       /* masks in a space after which a coset with fewer than */
#define SEVERAL 4      /* these is chance */
#define LEAST_MASKS 16
#define STARTS 16

static const char *const verdict_names[COLOUR_VERDICTS] = {
	"cannot tell", "free at any distance", "hashed", "only the same address"};
const struct words colour_words = {"verdict", verdict_names, COLOUR_VERDICTS};

/* A measured mask and what it cost. */
struct sample {
	uint64_t mask;
	bool held_out, free;
	double cost[SWEEP_KINDS], ns[SWEEP_KINDS];
};

struct inference {
	const struct sweep *sweep;
	struct colour *colour;
	struct sample *samples; /* other than mask 0 */
	size_t n;
	double zero_ns[SWEEP_KINDS];
	double *reference[SWEEP_KINDS]; /* [stages][rounds] what one address alone cost then */
	double *scratch;
	bool split[SWEEP_KINDS]; /* its costs are of two kinds */
	double low[SWEEP_KINDS], high[SWEEP_KINDS];
};

static double median(double *x, size_t n)
{
	if (n == 0)
		return NAN;
	stat_sort(x, n);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Median absolute deviation, as a standard deviation of normal numbers. Sorts x, then overwrites it. */
static double robust_deviation(double *x, size_t n)
{
	double middle = median(x, n);

	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i] - middle);
	return 1.4826 * median(x, n);
}

/*
 * [stages][rounds] what one address alone cost: the median over the masks of 0. NULL
 * when out of memory; scratch holds a number a mask.
 */
static double *references(const struct sweep *sweep, enum sweep_kind kind, double *scratch)
{
	double *all = malloc((SWEEP_STAGES * sweep->rounds + 1) * sizeof(all[0]));

	for (size_t at = 0; all != NULL && at < SWEEP_STAGES * sweep->rounds; at++) {
		size_t stage = at / sweep->rounds, round = at % sweep->rounds, n = 0;

		for (size_t i = 0; i < sweep->n; i++)
			if (sweep->masks[i].mask == 0 && sweep->masks[i].stage == stage &&
				!sweep->masks[i].refused)
				scratch[n++] = sweep_ns(sweep, &sweep->masks[i], kind)[round];
		all[at] = median(scratch, n);
	}
	return all;
}

/* Of a mask that was not refused, over those; scratch holds a number a round. */
static double cost_over(const struct sweep *sweep, const struct sweep_mask *mask,
	enum sweep_kind kind, const double *reference, double *scratch)
{
	const double *ns = sweep_ns(sweep, mask, kind);

	for (size_t r = 0; r < sweep->rounds; r++)
		scratch[r] = log(ns[r] / reference[mask->stage * sweep->rounds + r]);
	return median(scratch, sweep->rounds);
}

/* Room for a number a mask, or a round. */
static double *make_scratch(const struct sweep *sweep)
{
	size_t most = sweep->n > sweep->rounds ? sweep->n : sweep->rounds;

	return malloc((most + 1) * sizeof(double));
}

double *colour_costs(const struct sweep *sweep, enum sweep_kind kind, struct err *e)
{
	double *costs = malloc((sweep->n + 1) * sizeof(costs[0]));
	double *scratch = make_scratch(sweep);
	double *reference = scratch != NULL ? references(sweep, kind, scratch) : NULL;

	if (costs != NULL && scratch != NULL && reference != NULL) {
		for (size_t i = 0; i < sweep->n; i++)
			costs[i] = sweep->masks[i].refused ? (double)NAN
							   : cost_over(sweep, &sweep->masks[i],
								     kind, reference, scratch);
	} else {
		free(costs);
		costs = NULL;
		err_set(e, ERR_FAILED, "out of memory");
	}
	free(reference);
	free(scratch);
	return costs;
}

static bool begin(struct inference *inference, struct err *e)
{
	const struct sweep *sweep = inference->sweep;
	bool ok;

	inference->samples = calloc(sweep->n + 1, sizeof(inference->samples[0]));
	inference->scratch = make_scratch(sweep);
	ok = inference->samples != NULL && inference->scratch != NULL;
	for (int k = 0; ok && k < SWEEP_KINDS; k++) {
		inference->reference[k] = references(sweep, (enum sweep_kind)k, inference->scratch);
		ok = inference->reference[k] != NULL;
	}
	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	return ok;
}

static void take_samples(struct inference *inference)
{
	const struct sweep *sweep = inference->sweep;
	struct colour *colour = inference->colour;

	for (size_t i = 0; i < sweep->n; i++) {
		const struct sweep_mask *mask = &sweep->masks[i];
		struct sample *sample = &inference->samples[inference->n];

		if (mask->refused && (mask->mask & (mask->mask - 1)) == 0)
			colour->refused |= mask->mask;
		if (mask->refused || mask->mask == 0)
			continue;
		sample->mask = mask->mask;
		sample->held_out = mask->held_out;
		for (int k = 0; k < SWEEP_KINDS; k++) {
			sample->cost[k] = cost_over(sweep, mask, (enum sweep_kind)k,
				inference->reference[k], inference->scratch);
			memcpy(inference->scratch, sweep_ns(sweep, mask, (enum sweep_kind)k),
				sweep->rounds * sizeof(double));
			sample->ns[k] = median(inference->scratch, sweep->rounds);
		}
		if (!mask->held_out)
			colour->bits |= mask->mask;
		inference->n++;
	}
	for (int k = 0; k < SWEEP_KINDS; k++) {
		memcpy(inference->scratch, inference->reference[k], sweep->rounds * sizeof(double));
		inference->zero_ns[k] = median(inference->scratch, sweep->rounds);
	}
}

/* The costs of all masks that were not held out, sorted. */
static size_t gather(const struct inference *inference, int kind, double *x)
{
	size_t n = 0;

	for (size_t i = 0; i < inference->n; i++)
		if (!inference->samples[i].held_out)
			x[n++] = inference->samples[i].cost[kind];
	stat_sort(x, n);
	return n;
}

/* Sum of the distances from the median of sorted x[0..n). */
static double deviation_sum(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += fabs(x[i] - x[n / 2]);
	return sum;
}

/*
 * Are the costs of two kinds? The split that leaves the least absolute deviation, if
 * the two medians are far apart beside what either group scatters.
 */
static void find_split(struct inference *inference, int kind)
{
	double *x = inference->scratch, best = INFINITY, low, high, scatter;
	size_t n = gather(inference, kind, x), at = 0, step = n / 512 + 1, widest;

	for (size_t i = 1; i + 1 < n; i += step) {
		double sum = deviation_sum(x, i) + deviation_sum(x + i, n - i);

		if (sum < best) {
			best = sum;
			at = i;
		}
	}
	if (at == 0)
		return;
	/* The groups end where the widest gap nearby is. */
	widest = at;
	for (size_t i = at > step ? at - step : 1; i <= at + step && i < n; i++)
		if (x[i] - x[i - 1] > x[widest] - x[widest - 1])
			widest = i;
	at = widest;
	low = x[at / 2];
	high = x[at + (n - at) / 2];
	scatter = robust_deviation(x + at, n - at);
	scatter = fmax(scatter, robust_deviation(x, at));
	inference->split[kind] = at >= FEWEST && n - at >= FEWEST && high - low >= LEAST &&
				 high - low >= APART * scatter;
	inference->low[kind] = low;
	inference->high[kind] = high;
}

/* Every mask's label; false, and why, when the costs say nothing. */
static bool label(struct inference *inference)
{
	struct colour *colour = inference->colour;
	bool any = false;

	for (int k = 0; k < SWEEP_KINDS; k++) {
		find_split(inference, k);
		any |= inference->split[k];
	}
	for (size_t i = 0; i < inference->n; i++)
		inference->samples[i].free = true;
	for (int k = 0; k < SWEEP_KINDS; k++) {
		double limit = (inference->low[k] + inference->high[k]) / 2;

		if (any && !inference->split[k])
			continue;
		if (!any) {
			size_t n = gather(inference, k, inference->scratch);
			double scatter;

			limit = inference->scratch[n / 2] < LEAST ? INFINITY : -INFINITY;
			scatter = robust_deviation(inference->scratch, n);
			if (scatter > LOUD) {
				snprintf(colour->why, sizeof(colour->why),
					"the costs scatter by %.0f %% from mask to mask: a penalty "
					"would drown in that",
					100 * scatter);
				return false;
			}
		}
		for (size_t i = 0; i < inference->n; i++)
			inference->samples[i].free &= inference->samples[i].cost[k] < limit;
	}
	return true;
}

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
	return median(inference->scratch, n);
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
	if (!label(inference))
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
	ok = begin(&inference, e) && (cosets != NULL || err_set(e, ERR_FAILED, "out of memory"));
	if (ok) {
		take_samples(&inference);
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
