/* SPDX-License-Identifier: MIT */
/*
 * From visits to statements: what each case took, how it compares with the
 * baseline and with the best of its kind, and how sure that is. Works on any
 * result, from any machine; docs/methodology.md has the reasons.
 */
#ifndef DAXMARK_ANALYSE_SUMMARY_H
#define DAXMARK_ANALYSE_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "analyse/sure.h"
#include "base/err.h"
#include "result/result.h"
#include "stat/stat.h"

/* The least difference that is ever claimed, whatever the interval says. */
#define SUMMARY_LEAST_CLAIM 0.005
#define SUMMARY_CONFIDENCE 0.95

enum rank {
	RANK_NONE,    /* not ranked: no copy, no estimate, wrong data */
	RANK_FASTEST, /* every other that guarantees as much is slower */
	RANK_TIED,    /* among those that cannot be told from the fastest */
	RANK_SLOWER,  /* some other is faster */
	RANK_ALONE,   /* nothing else guarantees as much */
	RANK_COUNT
};
extern const struct words rank_words;

struct summary_case {
	size_t comparison, arm;
	size_t curve; /* comparisons of one curve have one number, from 1 */
	const struct setting *setting;
	const struct result_arm *described;
	enum guarantee guarantee; /* in this setting */
	const char *gives;	  /* the same in words: result_guarantee() */
	bool meets;		  /* at least summary_level() */
	const char
		*status; /* "measured", "unavailable", "wrong data", "not reached", "not offered" */
	size_t n_visits, n_rounds;
	struct interval ns;	     /* an operation takes */
	struct interval gbps;	     /* 10^9 bytes per second */
	struct interval vs_baseline; /* speed over the baseline arm's; NAN without one */
	struct interval
		vs_best; /* speed over the fastest that guarantees at least as much: see standing.h */
	/* The same in another run on this machine: NAN where that is not known. */
	struct interval ns_another, vs_baseline_another, vs_best_another;
	double roof_share;	/* speed over its roof's; NAN without one */
	double visit_deviation; /* of log time between visits: how noisy */
	double beside_gbps;	/* what background load moved meanwhile, the mean of the visits */
	enum rank rank;
};

struct summary {
	const struct result *result;
	struct summary_case *cases; /* comparisons x arms, arms fastest changing */
	struct sure_cache *sure;    /* of the comparison that was asked for last */
	size_t n_cases;
	const struct result_arm *baseline; /* NULL when it was not measured */
	double carry_over;		   /* the largest bias it can put on a ratio, log */
	double empty_ns;		   /* the empty arm, median over comparisons; NAN without */
	size_t least_visits, most_visits;  /* of the measured comparisons */
	double spread_median, spread_most; /* of visit_deviation over the cases; NAN without */
	/*
	 * Probability that what slows all arms alike wanders more slowly than the run, from all
	 * its visits; NAN: too few to tell. Where it is above WEATHER_DOUBT_OF_ALL nothing is said of
	 * another run.
	 */
	double slow;
	bool machine; /* something is said of another run, somewhere */
};

/*
 * `baseline` names the arm that ratios are to; NULL: memcpy. An unknown name
 * is a usage error, one that was not measured leaves the ratios out. The
 * result must outlive the summary.
 */
bool summary_make(
	struct summary *summary, const struct result *result, const char *baseline, struct err *e);
void summary_free(struct summary *summary);

/*
 * The level that plots and tables about `operation` show the fastest of: the one that was
 * asked for; else the one that most copies of this result give to reads or to writes, the
 * stronger one of equals. None only where nothing gives more.
 */
enum guarantee summary_level(const struct result *result, enum operation operation);

/* False on a machine made of software: what was timed there ranks nothing. */
bool summary_ranks(const struct result *result);

/* Its status is "measured". */
bool summary_measured(const struct summary_case *row);

/*
 * +1 where a log ratio is above 0 for sure, interval and all, and at least `least`;
 * -1 where it is as surely below; 0: not told.
 */
int summary_sign(const struct interval *log_ratio, double least);

/* The case of an arm in a comparison. */
const struct summary_case *summary_at(const struct summary *summary, size_t comparison, size_t arm);

/*
 * The fastest measured case of a comparison among those that guarantee at least so much;
 * NULL when there is none.
 */
const struct summary_case *summary_best(
	const struct summary *summary, size_t comparison, enum guarantee guarantee);

/* Of what the intervals of this result hold, and why no more: one sentence. */
const char *summary_scope(const struct summary *summary);

/* Speed of one measured case over another of the same comparison, in this run; NAN when out of memory. */
struct interval summary_speed_over(const struct summary *summary, const struct summary_case *row,
	const struct summary_case *than);

/* The least difference that is claimed in a comparison (log): SUMMARY_LEAST_CLAIM, or its carry-over. */
double summary_least_claim(const struct result_comparison *comparison);

/* The carry-over bias of one comparison (log): see docs/methodology.md. */
double summary_carry_over(const struct result_comparison *comparison);

#endif
