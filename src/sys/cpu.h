/* SPDX-License-Identifier: MIT */
/*
 * What this CPU can do, asked at run time, and where this thread runs. Knows
 * no strategies: a strategy says which bits it needs.
 */
#ifndef DAXMARK_SYS_CPU_H
#define DAXMARK_SYS_CPU_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Bits of a feature set; each includes that the operating system saves the registers. */
enum cpu_feature {
	CPU_SSE2 = 1u << 0,
	CPU_AVX = 1u << 1,
	CPU_AVX512F = 1u << 2,
	CPU_CLFLUSH = 1u << 3,
	CPU_CLFLUSHOPT = 1u << 4,
	CPU_CLWB = 1u << 5,
	CPU_RDTSCP = 1u << 6,
	CPU_INVARIANT_TSC = 1u << 7,
	CPU_MOVDIRI = 1u << 8,
	CPU_MOVDIR64B = 1u << 9,
	CPU_PREFETCHW = 1u << 10,
	CPU_CLDEMOTE = 1u << 11,
};
#define CPU_FEATURE_COUNT 12

unsigned cpu_features(void);

/* "avx512f" for bit number `index` of a feature set. */
const char *cpu_feature_name(unsigned index);

/* The names of all bits of `set`, separated by spaces. */
void cpu_feature_names(unsigned set, char *text, size_t bytes);

/* The hypervisor's own name for itself, "KVMKVMKVM" or "TCGTCGTCGTCG"; empty when none shows. */
void cpu_hypervisor(char name[16]);

/* Bytes of the last-level data cache of a CPU as the kernel states it; 0 when it does not. */
size_t cpu_last_level_cache_bytes(int cpu);

/* A CPU that this process may use, and its core: the lowest number of those that share it. */
struct cpu_seat {
	int cpu, core;
};

/* Where the measuring thread runs, and the CPUs that this process may use, ascending. */
struct cpu_place {
	int cpu;
	int other; /* another CPU this process may use, of another core if there is one; -1: none */
	size_t n_allowed;
	struct cpu_seat *allowed;
};

/*
 * Pin this thread to one CPU; wanted -1 picks the last one this process may use. Free
 * with cpu_free(), also after failure.
 */
bool cpu_pin(int wanted, struct cpu_place *place, struct err *e);
void cpu_free(struct cpu_place *place);

/* The lowest of the CPUs that share a core with this one, by the folder of CPUs in sysfs; itself where nothing says. */
int cpu_core(const char *sysfs, int cpu);
#define CPU_SYSFS "/sys/devices/system/cpu"

/* Move this thread, which was pinned before, to another CPU. */
bool cpu_move(int cpu, struct err *e);

/* The same; an errno, or 0. For threads that have nobody to tell. */
int cpu_take(int cpu);

/*
 * n different CPUs that this process may use, of one NUMA node (-1: any): place->cpu
 * first where it is among them, then from the last to the first, each core once before
 * any core twice. False and the reason when there are not so many.
 */
bool cpu_choose(const struct cpu_place *place, int node, size_t n, int *cpus, struct err *why_not);

/*
 * One more that this process may use beside the n `taken`: of another core before a
 * sibling of one of them, and of the first one's node before another node; -1 when there
 * is none.
 */
int cpu_beside(const struct cpu_place *place, const int *taken, size_t n);

/* Two of these share a core. */
bool cpu_share_core(const struct cpu_place *place, const int *cpus, size_t n);

#endif
