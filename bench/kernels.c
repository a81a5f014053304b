// SPDX-License-Identifier: MIT
/*
 * Are the copy kernels as fast as they can be? From one run of daxmark: the best
 * of a family is chosen on every second visit of a comparison and tested on the
 * others, against libpmem's counterpart and against the roof, with lower bounds
 * that hold for all lines of a claim together (Bonferroni). Prints
 * "name value bound ok|short" lines; exit 1 when one falls short. A copy that beats
 * its roof for sure shows a fault of the roof: that is short, too.
 *
 *   kernels RESULT.json
 *   kernels pick RESULT.json     the arms worth a run of their own, for --strategies
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result/result.h"
#include "stat/strata.h"

#define MOST_VISITS 10000
#define KIB 1024ull

struct claim {
	const char *name;
	enum family family;  /* the best of these .. */
	const char *against; /* .. over this arm */
	enum source source;
	uint64_t first, last; /* sizes */
	double bound;
};

/* The best non-temporal copies must gain by a walking source, and reach the roof with a hot one. */
static const struct claim claims[] = {
	{"nocache-over-libpmem-nt/hot", FAMILY_NOCACHE, "libpmem-nt", SOURCE_HOT, 64, 64 << 20,
		0.98},
	{"nocache-over-libpmem-nt/walk", FAMILY_NOCACHE, "libpmem-nt", SOURCE_WALK, 64,
		64 * KIB - 1, 0.98},
	{"nocache-over-libpmem-nt/walk", FAMILY_NOCACHE, "libpmem-nt", SOURCE_WALK, 64 * KIB,
		64 << 20, 1.08},
	{"flush-over-libpmem-temporal/hot", FAMILY_FLUSH, "libpmem-temporal", SOURCE_HOT, 64, 4095,
		0.98},
	{"flush-over-libpmem-temporal/hot", FAMILY_FLUSH, "libpmem-temporal", SOURCE_HOT, 4096,
		64 << 20, 1.0},
	{"flush-over-libpmem-temporal/walk", FAMILY_FLUSH, "libpmem-temporal", SOURCE_WALK, 64,
		4095, 0.98},
	{"flush-over-libpmem-temporal/walk", FAMILY_FLUSH, "libpmem-temporal", SOURCE_WALK, 4096,
		64 << 20, 1.0},
	{"nocache-over-roof/hot", FAMILY_NOCACHE, "roof-nt-store", SOURCE_HOT, 64 * KIB, 64 << 20,
		0.98},
};

static size_t position(const struct result *result, size_t c, const char *name)
{
	const struct result_comparison *comparison = &result->comparisons[c];

	for (size_t i = 0; i < comparison->n_measured; i++)
		if (strcmp(result->arms[comparison->measured[i]].name, name) == 0)
			return i;
	return comparison->n_measured;
}

/* Log of the speed of arm i over arm j in the visits of one parity; returns how many. */
static size_t half(const struct result_comparison *comparison, size_t i, size_t j, size_t parity,
	double *log_speed)
{
	size_t n = 0;

	for (size_t v = parity; v < comparison->n_visits && n < MOST_VISITS; v += 2, n++) {
		log_speed[n] =
			result_log_ratio(&comparison->visits[v], j, i, comparison->n_measured);
	}
	return n;
}

/* Where a claim's best copy is by the even visits; n_measured when there is none. */
static size_t best_of(const struct result *result, size_t c, const struct claim *claim)
{
	static double log_speed[MOST_VISITS];
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t against = position(result, c, claim->against), best = comparison->n_measured;
	double most = -INFINITY;

	for (size_t i = 0; i < comparison->n_measured && against < comparison->n_measured; i++) {
		const struct result_arm *arm = &result->arms[comparison->measured[i]];
		double mean;
		size_t n;

		if (arm->family != claim->family || !arm->copies)
			continue;
		n = half(comparison, i, against, 0, log_speed);
		mean = n > 0 ? stat_mean(log_speed, n) : -INFINITY;
		if (mean > most) {
			most = mean;
			best = i;
		}
	}
	return best;
}

/* The best of the family by the even visits, its bounds by the odd ones. */
static bool test(
	const struct result *result, size_t c, const struct claim *claim, double confidence)
{
	static double log_speed[MOST_VISITS];
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t against = position(result, c, claim->against), best = best_of(result, c, claim), n;
	bool is_roof = strncmp(claim->against, "roof-", 5) == 0, ok;
	struct interval speed;

	if (best == comparison->n_measured) {
		printf("%s/%llu nan %g short\n", claim->name,
			(unsigned long long)comparison->setting.size, claim->bound);
		return false;
	}
	n = half(comparison, best, against, 1, log_speed);
	speed = stat_interval(stat_strata(log_speed, n), confidence);
	ok = exp(speed.low) >= claim->bound && !(is_roof && exp(speed.low) > 1.01);
	printf("%s/%s/%llu %.4f %g %s  (estimate %.3f%s)\n", claim->name,
		result->arms[comparison->measured[best]].name,
		(unsigned long long)comparison->setting.size, exp(speed.low), claim->bound,
		ok ? "ok" : "short", exp(speed.estimate),
		is_roof && exp(speed.low) > 1.01 ? ": the roof is beaten" : "");
	return ok;
}

static bool belongs(const struct claim *claim, const struct setting *setting)
{
	return setting->operation == OP_WRITE && setting->source == claim->source &&
	       setting->size >= claim->first && setting->size <= claim->last;
}

static bool is_named(const struct result *result, const bool *named, const char *name)
{
	for (size_t a = 0; a < result->n_arms; a++)
		if (named[a] && strcmp(result->arms[a].name, name) == 0)
			return true;
	return false;
}

/* The best of each claim, and what they are held against. */
static void pick(const struct result *result)
{
	bool named[CASE_MOST_ARMS] = {false};
	size_t n = sizeof(claims) / sizeof(claims[0]);

	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < result->n_comparisons; c++) {
			const struct result_comparison *comparison = &result->comparisons[c];
			size_t best;

			if (!belongs(&claims[i], &comparison->setting))
				continue;
			best = best_of(result, c, &claims[i]);
			if (best < comparison->n_measured)
				named[comparison->measured[best]] = true;
		}
	printf("memcpy");
	for (size_t a = 0; a < result->n_arms; a++)
		if (named[a])
			printf(",%s", result->arms[a].name);
	for (size_t i = 0; i < n; i++) {
		bool before = is_named(result, named, claims[i].against);

		for (size_t j = 0; j < i; j++)
			before |= strcmp(claims[j].against, claims[i].against) == 0;
		if (!before)
			printf(",%s", claims[i].against);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	bool picks = argc == 3 && strcmp(argv[1], "pick") == 0, ok = true;
	struct result result;
	struct err e;

	if (argc != (picks ? 3 : 2) || !result_read(&result, argv[argc - 1], &e)) {
		fprintf(stderr, "kernels: %s\n",
			argc == (picks ? 3 : 2) ? e.text : "usage: kernels [pick] RESULT.json");
		return 2;
	}
	result_sort(&result);
	for (size_t i = 0; !picks && i < sizeof(claims) / sizeof(claims[0]); i++) {
		size_t lines = 0;

		for (size_t c = 0; c < result.n_comparisons; c++)
			lines += belongs(&claims[i], &result.comparisons[c].setting);
		/* One-sided at 95 % for all lines together: two-sided at twice the share of each. */
		for (size_t c = 0; c < result.n_comparisons; c++)
			if (belongs(&claims[i], &result.comparisons[c].setting))
				ok &= test(&result, c, &claims[i], 1 - 2 * 0.05 / (double)lines);
	}
	if (picks)
		pick(&result);
	result_free(&result);
	return ok ? 0 : 1;
}
