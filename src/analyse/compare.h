/* SPDX-License-Identifier: MIT */
/*
 * Two sides of one or more runs each, case by case: has a strategy become faster
 * or slower? Absolute times do not survive the hour on a shared machine, so every
 * case is taken relative to an anchor that was measured in the same rounds; what
 * differs between runs of one side is estimated from three or more of them.
 *
 * Verdicts hold together: the chance that any case of a comparison is called different
 * where nothing changed is at most 5 %, whatever their number (Bonferroni: each interval
 * is at 1 - 0.05 / cases); times by the clock are a family of their own. So that few runs suffice for that, the variance between runs
 * of each case is moderated by those of all others (stat/moderate.h): runs of one machine
 * differ by like amounts in like cases.
 */
#ifndef DAXMARK_ANALYSE_COMPARE_H
#define DAXMARK_ANALYSE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "result/result.h"
#include "stat/stat.h"

#define COMPARE_MOST_RUNS 64
#define COMPARE_ENOUGH_RUNS 3 /* a side, for a variance between runs */

/*
 * With fewer runs no difference below this is claimed: runs of one build on one
 * machine differed by as much (docs/methodology.md, "Comparing runs").
 */
#define COMPARE_PROVISIONAL_CLAIM 0.03
/*
 * How runs differ (standard deviation of a log ratio, and of a log time) beyond what the
 * visits of one tell: means of 60 s were 1.0 and 2.0 % apart on two recorded machines, and
 * default runs 3.6 % (the median over ratios) on a third.
 */
#define COMPARE_PRIOR_RATIO 0.02
#define COMPARE_PRIOR_ABSOLUTE 0.05
#define COMPARE_PRIOR_DEGREES 30
/* Times by the clock wander with the hour: what is claimed of them, from fewer runs and from enough. */
#define COMPARE_ABSOLUTE_PROVISIONAL 0.10
#define COMPARE_ABSOLUTE_CLAIM 0.02

enum compare_verdict {
	COMPARE_SAME,
	COMPARE_FASTER,
	COMPARE_SLOWER,
	COMPARE_NOT_COMPARABLE,
	COMPARE_VERDICTS
};
extern const struct words compare_words;

struct compare_case {
	const struct setting *setting; /* of the side that has it */
	const struct result_arm *arm;
	enum guarantee guarantee;
	struct interval
		ratio; /* speed of the new over the base, both over the anchor; NAN unknown */
	double base_ns, new_ns;	  /* of one operation by the clock, means over runs; NAN unknown */
	struct interval absolute; /* speed of the new over the base by the clock, joint as well */
	enum compare_verdict absolute_verdict;
	bool is_anchor;	    /* of a kind: its ratio is 1 by definition, its absolute speed tells */
	const char *anchor; /* what it is relative to */
	enum compare_verdict verdict;
	bool provisional; /* too few runs have it to know how runs differ */
	bool absent;	  /* not comparable because a side never had it in its plan */
	bool broken; /* the base measured it; the new runs tried and could not, or copied wrong data */
	char why[200]; /* when not comparable */
};

/* Of writes (write+consume among them), and of reads. */
enum compare_kind { COMPARE_WRITES, COMPARE_READS, COMPARE_KINDS };
enum compare_kind compare_kind_of(const struct setting *setting);

struct compare {
	struct compare_case *cases;
	size_t n, counts[COMPARE_VERDICTS];
	/*
	 * What cases are relative to; and how much faster it is itself in the new runs, by
	 * the clock: over all its settings as one, NAN unknown.
	 */
	char anchors[COMPARE_KINDS][48];
	struct interval anchor_speed[COMPARE_KINDS];
	enum compare_verdict anchor_verdict[COMPARE_KINDS];
	size_t family;		/* cases that were judged together: ratios, */
	size_t absolute_family; /* and times by the clock, the anchor's among them */
	char differ
		[800]; /* what is not the same about the machines: "kernel 6.1 and 6.12"; or empty */
};

/*
 * `anchor` NULL: roof-nt-store for writes and roof-load for reads where all runs
 * have them, else memcpy, else any strategy that all have. A usage error when a
 * named anchor is not in every run, or when a side has one run twice. The results
 * must be sorted and outlive the comparison; compare_free() also after failure.
 */
bool compare_make(struct compare *compare, const struct result *base, size_t n_base,
	const struct result *new, size_t n_new, const char *anchor, struct err *e);
void compare_free(struct compare *compare);

#endif
