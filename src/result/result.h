/* SPDX-License-Identifier: MIT */
/*
 * A run as plain data: what was measured where, and what each visit gave. The
 * result file is this, as JSON (docs/daxmark-result.schema.json); everything
 * after measuring works from it alone, on any machine.
 */
#ifndef DAXMARK_RESULT_RESULT_H
#define DAXMARK_RESULT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "case/setting.h"
#include "stat/stat.h"
#include "sys/facts.h"

enum verdict { VERDICT_UNCHECKED, VERDICT_PASSED, VERDICT_FAILED, VERDICT_COUNT };
extern const struct words verdict_words;

struct result_arm {
	char name[48];
	char variant[32]; /* which kernel ran; empty when none could */
	char steps[240];  /* its declared steps */
	enum family family;
	unsigned plainness;	       /* of two that are as fast the lower is named; 0: last */
	unsigned operations;	       /* the bits of those it does */
	enum guarantee guarantee;      /* of writes, at best: when no line is cached beforehand */
	enum guarantee read_guarantee; /* of reads */
	enum alias_kind alias;	       /* the mapping that it copies through */
	bool flushes;		       /* its steps write lines back or drop them */
	bool copies;
	bool available;
	char why[160]; /* when not available */
	/* Of a loaded routine: its file, what it calls itself, the file's SHA-256; else empty. */
	char path[512], revision[64], sha256[65];
};

/* The estimates of one visit, over the k arms of its comparison. */
struct result_visit {
	double at_s, wall_s; /* since the start of the run; how long it took */
	unsigned pass, rounds;
	double beside_gbps; /* what the background load moved meanwhile */
	double *log_ns;	    /* [k] log of ns per operation */
	double *log_ratio;  /* [k (k - 1) / 2] see result_pair() */
	double *after;	    /* [k] carry-over into the slice after this arm, log; NAN unknown */
};

/* An arm that could not do a setting, found out while it was tried. */
struct result_failure {
	size_t arm;
	char why[200]; /* names the call or the fault */
};

struct result_latency; /* result/latency.h */

struct result_comparison {
	struct setting setting;
	uint64_t roster; /* bit a: arm a is asked for here (a section may leave some out) */
	uint64_t
		unproved; /* bit a: what loaded arm a declares was not proved here: it gives nothing */
	char why[160];	  /* why it could not be measured; else empty */
	enum guarantee guarantee[CASE_MOST_ARMS]; /* of every arm in this setting */
	size_t measured[CASE_MOST_ARMS];	  /* indices into arms: the k that run in it */
	size_t n_measured;
	uint64_t iterations[CASE_MOST_ARMS];
	enum verdict verdict[CASE_MOST_ARMS]; /* of the data of each of the k */
	struct result_failure *failures;
	size_t n_failures;
	struct result_visit *visits;
	size_t n_visits, room;
	struct result_latency **latencies; /* of arms and rates, where they were asked for */
	size_t n_latencies;
};

struct result {
	bool complete;
	char created[40];     /* ISO 8601 with zone */
	char command[512];    /* how the run was started */
	char label[64];	      /* what its user calls the machine or the run; empty: nothing */
	char commit[64];      /* of what was measured, as its user names it; empty: nothing */
	char suite[64];	      /* that was run; empty: none */
	char question[200];   /* that the suite is to answer */
	bool provisional;     /* a first look, whatever the intervals say */
	enum guarantee asked; /* the level asked for; GUARANTEE_NONE: all of them */
	struct facts facts;
	struct target_facts target;
	double budget_s, wall_s, steal_s;
	unsigned others; /* daxmarks that measured on this machine meanwhile, at most at once */
	uint64_t seed;
	unsigned passes;  /* planned */
	unsigned loaders; /* CPUs that did background load; 0: all that measured nothing */
	struct result_arm arms[CASE_MOST_ARMS];
	size_t n_arms;
	struct result_comparison *comparisons;
	size_t n_comparisons;
};

/* Room for n comparisons; free with result_free(), also after failure. */
bool result_init(struct result *result, size_t n_comparisons, struct err *e);
void result_free(struct result *result);

/* Fill n_measured and measured[] of every comparison: the available arms that do its operation. */
void result_choose_measured(struct result *result);

/*
 * Take a measured arm out of a comparison, and what visits say of it: it is unavailable
 * there, and the others' numbers stand. False when out of memory; nothing is changed then.
 */
bool result_fail_arm(struct result_comparison *comparison, size_t arm, const char *why);

/* What an arm gives in a comparison, in words: "durable-data", or "declared, not proved". */
const char *result_guarantee(const struct result_comparison *comparison, size_t arm);

/* Why an arm could not do this setting; NULL: nothing is known against it. */
const char *result_failure_of(const struct result_comparison *comparison, size_t arm);

/* The last visit is forgotten. */
void result_drop_visit(struct result_comparison *comparison);

/*
 * The arm belongs into the comparison, available or not: it is asked for there and does its
 * operation; a ring wants data that arrives.
 */
bool result_does(
	const struct result *result, const struct result_comparison *comparison, size_t arm);

/* An arm's index by its strategy's name; n_arms when there is none. */
size_t result_arm_named(const struct result *result, const char *name);

/* Position of an arm among those of a comparison; n_measured when it does not run there. */
size_t result_position(const struct result_comparison *comparison, size_t arm);

/* A new visit at the end, its arrays allocated for the k arms; NULL when out of memory. */
struct result_visit *result_add_visit(struct result_comparison *comparison);

/* Where the pair a < b of k arms is in log_ratio: the log of time a over time b. */
size_t result_pair(size_t a, size_t b, size_t k);

/* Log of time a over time b in one visit, either order; 0 for a == b. */
double result_log_ratio(const struct result_visit *visit, size_t a, size_t b, size_t k);

/* The same of every visit, into [n_visits] numbers. */
void result_log_ratios(
	const struct result_comparison *comparison, size_t a, size_t b, double *log_ratios);

/*
 * What the clock can tell of the log time of the i-th measured arm: one tick over a
 * slice of it. No interval is narrower. 0 where the length of a slice is not known.
 */
double result_grain(
	const struct result *result, const struct result_comparison *comparison, size_t i);

/* The same of the log ratio of measured arms i and j: both ticks; 0 for i == j. */
double result_ratio_grain(const struct result *result, const struct result_comparison *comparison,
	size_t i, size_t j);

/* Sort the comparisons for people: curve by curve, then by size. */
void result_sort(struct result *result);

/* One JSON document; malloc()ed, NULL when out of memory. */
char *result_to_json(const struct result *result);

/* Replace the file as one step. */
bool result_write(const struct result *result, const char *path, struct err *e);

/* The same to a file that must not be there yet: see file_create(). */
bool result_create(const struct result *result, const char *path, bool *taken, struct err *e);

/*
 * Read and check a result file; an error names the file and the place in it.
 * Free with result_free(), also after failure.
 */
bool result_read(struct result *result, const char *path, struct err *e);

/* The same from memory; `name` stands for it in messages. */
bool result_parse(
	struct result *result, const char *text, size_t bytes, const char *name, struct err *e);

#endif
