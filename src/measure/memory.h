/* SPDX-License-Identifier: MIT */
/*
 * The memory of a run: a target for each NUMA node that the plan puts one on,
 * and for each node of the DRAM side a source of random bytes to write from and
 * a sink to read into. Placement is verified after the first touch.
 */
#ifndef DAXMARK_MEASURE_MEMORY_H
#define DAXMARK_MEASURE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/plan.h"
#include "target/alias.h"

#define MEMORY_NODES 64

struct memory_dram {
	int node; /* -1: any */
	char *source, *sink;
};

struct memory {
	struct target targets[MEMORY_NODES];
	int target_nodes[MEMORY_NODES]; /* as settings name them: -1 the request's own */
	/* Of the targets; only the standing kinds have any. */
	struct alias aliases[STRATEGY_ALIASES][MEMORY_NODES];
	size_t n_targets;
	/* To the address space for user windows of each target, and from one to the next; n_windows each. */
	ptrdiff_t windows[MEMORY_NODES], window_steps[MEMORY_NODES];
	size_t n_windows;
	struct memory_dram drams[MEMORY_NODES];
	size_t n_drams;
	uint64_t source_bytes, sink_bytes; /* sink 0: nothing reads */
	uint64_t seed;
};

/* All that the settings of a plan need; memory_close() also after failure. */
bool memory_open(struct memory *memory, const struct plan *plan,
	const struct target_request *request, struct err *e);
void memory_close(struct memory *memory);

/*
 * What strategies of this kind need beside the targets; `threads` windows. Once for
 * each kind. facts->modulus is what is congruent; facts->incongruent bytes that an
 * incongruent alias is past a congruent address, a multiple of what mappings begin at,
 * 0: as little as that, which is filled in.
 */
bool memory_map_alias(struct memory *memory, enum strategy_alias kind, size_t threads,
	struct alias_facts *facts, struct err *e);

/* Those of a setting of the plan. */
struct target *memory_target(struct memory *memory, const struct setting *setting);
struct memory_dram *memory_dram(struct memory *memory, const struct setting *setting);

/* From the target of a setting to its alias of this kind, as in struct walk; 0: none. */
ptrdiff_t memory_alias(
	const struct memory *memory, const struct setting *setting, enum strategy_alias kind);

/* From the target of a setting to the first thread's user window, and from one to the next; 0: none. */
ptrdiff_t memory_window(
	const struct memory *memory, const struct setting *setting, ptrdiff_t *step);

/* Where something reads: random bytes again in a part of a target. */
void memory_refill(struct memory *memory, char *start, size_t bytes);

/*
 * Other pages behind every target that can have them. Where something reads,
 * the targets hold random bytes again: zeros are copied faster than data.
 */
bool memory_refresh(struct memory *memory, struct err *e);

#endif
