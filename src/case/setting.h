/* SPDX-License-Identifier: MIT */
/*
 * What all arms of a comparison have in common; with a strategy it is a case.
 * Plans make settings, results keep them, reports sort and name them.
 */
#ifndef DAXMARK_CASE_SETTING_H
#define DAXMARK_CASE_SETTING_H

#include "base/words.h"

struct setting {
	enum operation operation;
	uint64_t size; /* bytes an operation, of each thread */
	enum state state;
	enum source source;
	unsigned dst_align, src_align; /* bytes past a cache line */
	enum page_state pages;
	unsigned threads;
	/* NUMA nodes of the CPUs, of the DRAM side, of the target; -1: not chosen */
	int cpu_node, mem_node, target_node;
	enum background background;  /* what other CPUs do meanwhile */
	unsigned background_percent; /* of the time they do it; 0 with BACKGROUND_NONE */
	enum workload workload;
	unsigned section; /* of a suite, in section_words; 0: none */
};

#define CASE_MOST_ARMS 64	    /* strategies that are compared in one setting */
#define CASE_MOST_BYTES (1ll << 40) /* of an operation */
#define CASE_BASELINE "memcpy"	    /* what ratios are to, unless another is named */

/* One thread, nothing chosen: for initialisers, before the fields that differ. */
#define SETTING_DEFAULTS .threads = 1, .cpu_node = -1, .mem_node = -1, .target_node = -1

/* Order for people: by everything else, then by size. As for qsort. */
int setting_compare(const struct setting *a, const struct setting *b);

/* They differ in nothing but the size: points of one curve. */
bool setting_same_curve(const struct setting *a, const struct setting *b);

/*
 * What no machine can do is no comparison, whatever axes were crossed: a read
 * takes no fault on a page that only stores may not touch, pages of a hot
 * source fault once, the kernel drops the lines of pages it writes back, and a
 * workload has the operations and threads that it has (workload_makes_sense()).
 */
bool setting_makes_sense(const struct setting *setting);

/*
 * The lines that an operation writes are cached beforehand: where the destination's state says so, and where the
 * consumer's loads have the prefetchers fetch what the next operation writes.
 */
bool setting_caches(const struct setting *setting);

#define SETTING_TITLE_BYTES 300

/* What settings may differ in: each a row of case/axis.c, in the order of columns. */
enum setting_axis {
	AXIS_OPERATION,
	AXIS_SIZE,
	AXIS_STATE,
	AXIS_SOURCE,
	AXIS_DST_ALIGN,
	AXIS_SRC_ALIGN,
	AXIS_PAGES,
	AXIS_THREADS,
	AXIS_NODES,
	AXIS_BACKGROUND,
	AXIS_WORKLOAD,
	AXIS_SECTION,
	AXIS_COUNT
};

/* The axis of a name, or AXIS_COUNT. */
enum setting_axis setting_axis_named(const char *name);

/* Give *to what *from has along this axis. */
void setting_take(struct setting *to, const struct setting *from, enum setting_axis axis);

/* They differ in nothing but this, if at all, and are two ways of one journey. */
bool setting_same_but(const struct setting *a, const struct setting *b, enum setting_axis axis);

/* "write, destination lines absent, source hot, 2 threads": all but the size. */
void setting_title(const struct setting *setting, char text[SETTING_TITLE_BYTES]);

/* The same without what is said of an axis. */
void setting_title_but(
	const struct setting *setting, enum setting_axis axis, char text[SETTING_TITLE_BYTES]);

#define CASE_NAME_BYTES 192

/*
 * The stable name of a case, "write/durable-data/nt-avx512/4096/absent". What
 * is not at its default adds a part: "/source-walk", "/dst+3", "/src+1",
 * "/page-unmapped", "/threads-2", "/cpu-node-0", "/mem-node-1",
 * "/target-node-1", "/beside-store-50", "/workload-log", "/section-commits".
 */
void case_name(const struct setting *setting, const char *strategy, enum guarantee guarantee,
	char name[CASE_NAME_BYTES]);

#endif
