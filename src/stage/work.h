/* SPDX-License-Identifier: MIT */
/*
 * Does a workload: takes the operations of a slice apart into single copies and has the
 * strategy's timed loop do each. A call a copy costs some ns, which all arms bear.
 */
#ifndef DAXMARK_STAGE_WORK_H
#define DAXMARK_STAGE_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "base/err.h"
#include "case/setting.h"
#include "strategy/walk.h"

/* What a strategy does it with. read: where the workload reads, too. */
struct work_loops {
	void (*write)(const struct walk *walk);
	void (*read)(const struct walk *walk);
};

/* Two ends of a ring count the messages, from 1 on, whatever slices they came in. */
struct work_ring {
	size_t slots;	   /* behind them is one for the receiver's count */
	uint64_t sent;	   /* the sender's */
	uint64_t received; /* the receiver's */
	arch_evict *evict; /* NULL: no program can drop a line here, and the ring drops none */
};

#define WORK_DRAWS 4096

struct work {
	enum workload kind;
	bool reads_target; /* the operation is a read: its source is what is at the places */
	size_t size, commit_at;
	char *first;	  /* where operation 0 of the window begins */
	size_t step;	  /* from one operation of the window to the next */
	size_t slots;	  /* operations that the window holds */
	uint32_t *places; /* [slots] which of them operation i is; NULL: i */
	uint32_t *draws;  /* [WORK_DRAWS] bytes of values, or of updates 1: a read; or NULL */
	char *sinks;	  /* of updates: where threads read to, sink_step bytes for each */
	size_t sink_step;
	struct work_ring ring;
	bool check;   /* what is read or received is compared with what it should be */
	size_t wrong; /* how often it was not that, when it is */
};

/*
 * For a setting whose operations lie in the window from `first` on, the alignment
 * included, `slots` of them `step` bytes apart. False: out of memory, or no room for a ring.
 */
bool work_init(struct work *work, const struct setting *setting, char *first, size_t step,
	size_t slots, uint64_t seed, struct err *e);
void work_free(struct work *work);

/*
 * Another, smaller window of the same work, for a check: places and draws are the same, as
 * far as it goes, and a ring begins anew. Nothing is to be freed.
 */
struct work work_within(const struct work *work, char *first, size_t step, size_t slots);

/*
 * The operations of a walk, by thread `member`; of a ring, member 0 sends and 1 receives,
 * both with the same walk. A strategy that loses a message, or a commit, makes a ring wait
 * 2 s and then fail as a system call would: walk->failed says so.
 */
void work_run(struct work *work, const struct work_loops *loops, const struct walk *walk,
	unsigned member);

/* Before the two ends of a ring meet: it is empty, and its lines are in no cache. */
void work_begin(struct work *work);

/*
 * Call `each` with every operation of the walk as a walk of its own, over all that it
 * covers; once with all of them where they lie as the walk has them.
 */
void work_each(const struct work *work, const struct walk *walk,
	void (*each)(void *arg, const struct walk *walk), void *arg);

/*
 * Run the walk of a work_within() on prepared memory and compare every byte, as
 * verify_loop() does; `run` calls work_run() for every member that there is to be.
 */
bool work_verify(struct work *work, const struct walk *walk, char *room, size_t room_bytes,
	void (*run)(void *arg), void *arg, struct err *why);

#endif
