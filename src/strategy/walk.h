/* SPDX-License-Identifier: MIT */
/* What a timed loop is given: the only thing the engine and a strategy share. */
#ifndef DAXMARK_STRATEGY_WALK_H
#define DAXMARK_STRATEGY_WALK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The n operations of one slice. Operation i copies len bytes from
 * src + i * src_step to dst + i * dst_step, and in write+consume loads them
 * again through user + i * dst_step. dst and user are the same pages, through
 * one mapping or through two. Nothing overlaps.
 *
 * Of a read, src lies in the target and dst in DRAM; else the other way round.
 *
 * For strategies that call the kernel the target is also a file: fd, with its
 * first byte mapped at base. A call that fails is left in *failed, by walk_fail().
 *
  * The DRAM side, from which writes copy and to which reads do, is dram_bytes from dram on; where
 * it is a file it is all of dram_fd, else that is -1 (or there is no dram: it is not told).
 *
 * Where there are alias mappings, the byte at address a of the target is also at
 * a + congruent and at a + incongruent, and there is address space of this thread's own
 * at a + window to map it at; 0: there is none.
 */
#define WALK_WINDOW (2ul << 20) /* bytes of the target that a user window maps at most */

/*
 * The first system call of the walks under way that failed: its errno and name. All
 * threads have the same one; to be read when they have met.
 */
struct walk_failure {
	_Atomic int error; /* 0: none */
	const char *call;
	bool setting; /* not the strategy's: what the setting wants could not be prepared */
};

struct walk {
	char *dst;
	const char *user;
	const char *src;
	size_t dst_step, src_step;
	size_t len;
	size_t n;
	int fd;
	const char *base;
	char *dram;
	size_t dram_bytes;
	int dram_fd;
	unsigned dram_number; /* no other DRAM side of this process has it, wherever it lies */

	struct walk_failure *failed;
	ptrdiff_t congruent, incongruent;
	ptrdiff_t window;      /* to a congruent place, reserved a granule past the target's end */
	ptrdiff_t window_step; /* from one thread's window to the next one's */
	size_t granule; /* mappings of the target begin and end at multiples of this, a power of two */
};

/* To where its operation number `operations` is its first. */
static inline void walk_advance(struct walk *walk, size_t operations)
{
	walk->dst += operations * walk->dst_step;
	walk->user += operations * walk->dst_step;
	walk->src += operations * walk->src_step;
}

/* The thread that comes first says all of it, the others nothing. error: an errno, not 0. */
static inline void walk_failure_note(
	struct walk_failure *failure, const char *call, int error, bool setting)
{
	int none = 0;

	if (atomic_compare_exchange_strong(&failure->error, &none, error)) {
		failure->call = call;
		failure->setting = setting;
	}
}

/* Always false, so that a copy can say: return walk_fail(w, "pwrite", errno); */
static inline bool walk_fail(const struct walk *walk, const char *call, int error)
{
	walk_failure_note(walk->failed, call, error, false);
	return false;
}

#endif
