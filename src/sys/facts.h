/* SPDX-License-Identifier: MIT */
/*
 * What identifies a machine and a build, as plain text and numbers read from
 * the kernel: a result without them cannot be compared with another. What the
 * kernel does not tell stays empty or 0; nothing is guessed.
 */
#ifndef DAXMARK_SYS_FACTS_H
#define DAXMARK_SYS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/clock.h"

#define FACTS_CACHES 8
#define FACTS_TEXT 128
#define FACTS_LIBRARIES 600 /* with the variables that change what they do */

struct cache_facts {
	int level;
	char type[16]; /* "Data", "Instruction", "Unified" */
	uint64_t bytes;
	int ways, line_bytes;
};

#define FACTS_LINES 8

/* A load of one line, the clock's own cost taken off; hit_ns NAN: nothing was measured. */
struct facts_lines {
	double hit_ns, miss_ns; /* the line was just stored to; it was just evicted */
	struct facts_line {
		char name[16]; /* the instruction that was done to it before */
		double ns;
	} after[FACTS_LINES];
	size_t n;
};

struct facts {
	char host[FACTS_TEXT];
	char kernel[FACTS_TEXT]; /* uname: "Linux 6.1.0 x86_64" */
	char cpu_model[FACTS_TEXT];
	char microcode[FACTS_TEXT];
	char cpu_features[FACTS_TEXT]; /* of those daxmark uses */
	char governor[FACTS_TEXT];
	char hypervisor[FACTS_TEXT]; /* empty: none seen */
	int cpus_online;
	int numa_nodes;
	uint64_t memory_bytes;
	struct cache_facts caches[FACTS_CACHES];
	int n_caches;
	char clock[FACTS_TEXT];
	double clock_tick_ns, clock_cost_ns;
	/*
	 * A non-temporal store of one line and its fence, when the line was in
	 * this core's cache and when it was in none; NAN where not measured.
	 */
	double nocache_hit_ns, nocache_miss_ns;
	struct facts_lines lines;
	int cpu;			 /* the measuring thread's */
	char cpus[FACTS_TEXT];		 /* all that measured: "0,2-5"; empty: not known */
	bool smt_shared;		 /* some that worked at once share a core */
	char build[FACTS_TEXT];		 /* version, instruction set, compiler */
	char libraries[FACTS_LIBRARIES]; /* those whose code is measured or computes, as loaded */
};

/*
 * True when non-temporal stores to cached lines were seen to be waited for as
 * those to absent lines are, or when nothing was measured: then the manuals'
 * word stands. A fence that returns in less than half of the time cannot have
 * waited for memory.
 */
bool facts_nocache_leaves(const struct facts *facts);

/*
 * Is the line still cached after instruction i: 1 yes, 0 no; -1: this machine does not tell
 * a cached line from an absent one (an emulator without caches).
 */
int facts_line_stays(const struct facts_lines *lines, size_t i);

/* "clwb dropped (98.1 ns), ..", or why nothing can be said; empty: nothing was measured. */
void facts_lines_text(const struct facts_lines *lines, char *text, size_t bytes);

/* `clock` and `cpu` are those of the run. */
void facts_read(struct facts *facts, const struct clock *clock, int cpu);

/* Time stolen by the hypervisor, all CPUs, seconds since boot; 0 when the kernel does not say. */
double facts_steal_s(void);

#endif
