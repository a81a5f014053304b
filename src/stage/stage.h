/* SPDX-License-Identifier: MIT */
/*
 * What a copy needs around it: a target (one a NUMA node, where a run wants several), its
 * other mappings and room for user windows, and for each node of the DRAM side a source of
 * random bytes to write from and a sink to read into. Open it, ask where the copies of a
 * setting go, prepare (stage/state.h), run, restore, check (stage/verify.h).
 */
#ifndef DAXMARK_STAGE_STAGE_H
#define DAXMARK_STAGE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "case/setting.h"
#include "strategy/strategy.h"
#include "target/alias.h"

#define STAGE_NODES 64

struct stage_request {
	const struct target_request *target;
	uint64_t target_bytes;		   /* of each, a multiple of the page size above 0 */
	uint64_t source_bytes, sink_bytes; /* of each node's DRAM; sink 0: nothing reads */
	/* NUMA nodes of the targets (-1: as the request says) and of the DRAM (-1: any). */
	int target_nodes[STAGE_NODES], dram_nodes[STAGE_NODES];
	size_t n_target_nodes, n_dram_nodes; /* 0: one, -1 */
	uint64_t seed;			     /* of the bytes */
	bool shared;	     /* the DRAM, too: with processes that are forked from this one */
	bool source_is_file; /* where the target can have a file beside it; see the stage's own */
};

struct stage_dram {
	int node; /* -1: any */
	char *source, *sink;
	int source_fd; /* of the file that the source is; -1: none */
	unsigned number;
};

struct stage {
	struct target targets[STAGE_NODES];
	int target_nodes[STAGE_NODES]; /* as settings name them: -1 the request's own */
	/* Of the targets; only the standing kinds have any. */
	struct alias aliases[ALIAS_KINDS][STAGE_NODES];
	size_t n_targets;
	/* To the address space for user windows of each target, and from one to the next; n_windows each. */
	ptrdiff_t windows[STAGE_NODES], window_steps[STAGE_NODES];
	size_t n_windows;
	struct stage_dram drams[STAGE_NODES];
	size_t n_drams;
	uint64_t source_bytes, sink_bytes;
	bool source_is_file; /* on the target's file system */
	uint64_t seed;
	struct walk_failure failure; /* of a system call that a strategy, or a preparation, made */
};

/*
 * What this process may not have is refused before any of it is taken; places are verified
 * after the first touch. stage_close() also after failure.
 */
bool stage_open(struct stage *stage, const struct stage_request *asked, struct err *e);
void stage_close(struct stage *stage);

/*
 * What strategies of this kind need beside the targets; `threads` windows. Once for
 * each kind. facts->modulus is what is congruent; facts->incongruent bytes that an
 * incongruent alias is past a congruent address, a multiple of what mappings begin at,
 * 0: as little as that, which is filled in.
 */
bool stage_map_alias(struct stage *stage, enum alias_kind kind, size_t threads,
	struct alias_facts *facts, struct err *e);

/* Where the copies of a setting go: into dst, from src, and what all their walks share. */
struct stage_place {
	char *dst;
	const char *src;
	uint64_t dst_bytes, src_bytes;
	struct walk frame; /* all but the operation's own places, length and number */
};

/* A read goes from the target to the sink, else from the source to the target. */
struct stage_place stage_place(struct stage *stage, const struct setting *setting);

/* Bytes from one operation to the next: whole units (0: lines), so that none is shared. */
size_t stage_step(size_t len, size_t align, size_t unit);

/* The target of a setting; the first where none is of its node. */
struct target *stage_target(struct stage *stage, const struct setting *setting);

/* From the target of a setting to its alias of this kind, as in struct walk; 0: none. */
ptrdiff_t stage_alias(
	const struct stage *stage, const struct setting *setting, enum alias_kind kind);

/* Where something reads: random bytes again in a part of a target. */
void stage_refill(struct stage *stage, char *start, size_t bytes);

/*
 * Other pages behind every target that can have them. Where something reads,
 * the targets hold random bytes again: zeros are copied faster than data.
 */
bool stage_refresh(struct stage *stage, struct err *e);

#endif
