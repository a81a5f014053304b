/* SPDX-License-Identifier: MIT */
/*
 * libdaxmark: daxmark's copy strategies, and the stage that a copy needs around it, for
 * other programs. Open a stage, make a copy of a strategy in a setting, then, as often as
 * wanted: prepare, run (this alone is to be timed), restore; check compares every byte.
 *
 *     struct daxmark_error error;
 *     struct daxmark_setting setting = {.size = 4096};
 *     daxmark_stage *stage = daxmark_stage_open("memfd", 64 << 20, 1, 0, &error);
 *     daxmark_copy *copy = daxmark_copy_new(stage, "memcpy", &setting, 0, &error);
 *
 *     daxmark_prepare(copy);
 *     ...start the clock...
 *     daxmark_run(copy, &error);
 *     ...stop it...
 *     daxmark_restore(copy);
 *
 * The library starts no thread, installs no signal handler, pins nothing and prints
 * nothing. A stage belongs to one thread while it is opened, closed or gets copies, and no
 * copy of it runs meanwhile: what a new one can do is tried on the target. Copies of
 * different thread numbers may then run at once. Stages, copies and settings are not NULL
 * unless that is said. daxmark(1) tells what the words mean.
 */
#ifndef DAXMARK_DAXMARK_H
#define DAXMARK_DAXMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DAXMARK_API __attribute__((visibility("default")))

/* Why something failed: one line that names the thing. Functions that fail fill it. */
struct daxmark_error {
	char text[400];
};

/* "0.1.0" */
DAXMARK_API const char *daxmark_version(void);

enum daxmark_operation {
	DAXMARK_WRITE,	       /* DRAM to target */
	DAXMARK_WRITE_CONSUME, /* and the data is then loaded through the user's mapping */
	DAXMARK_READ	       /* target to DRAM */
};

/* ---- strategies ---- */

/* How many there are; `i` below is 0 up to that, in the order of 'daxmark list'. */
DAXMARK_API size_t daxmark_strategies(void);
DAXMARK_API const char *daxmark_strategy_name(size_t i);
DAXMARK_API const char *daxmark_strategy_help(size_t i);

/* This build and CPU have it; false fills *why_not. */
DAXMARK_API bool daxmark_strategy_available(size_t i, struct daxmark_error *why_not);

/* Its steps for an operation of so many bytes, in words, cut to fit. */
DAXMARK_API void daxmark_strategy_steps(
	size_t i, enum daxmark_operation operation, uint64_t size, char *text, size_t bytes);

/* ---- stage ---- */

typedef struct daxmark_stage daxmark_stage;

#define DAXMARK_OVERWRITE 1u /* the target's content may be lost: a file that exists, devdax */
#define DAXMARK_CREATE 2u    /* a file may be made off persistent memory, too */

/*
 * Map `bytes` (rounded up to pages, at most 1 TiB) of a target as 'daxmark run --target'
 * names it, and twice as much DRAM beside it, a source and a sink, for copies of up to
 * `threads` threads, which have parts of their own, whole pages. NULL on failure.
 */
DAXMARK_API daxmark_stage *daxmark_stage_open(const char *target, uint64_t bytes, unsigned threads,
	unsigned flags, struct daxmark_error *error);

/* After the last of its copies; NULL is nothing. */
DAXMARK_API void daxmark_stage_close(daxmark_stage *stage);

/* What the target is: "memfd:64MiB"; and whether it is no real persistent memory. */
DAXMARK_API const char *daxmark_stage_target(const daxmark_stage *stage);
DAXMARK_API bool daxmark_stage_emulated(const daxmark_stage *stage);

/* ---- copies ---- */

/* What all copies that are compared have in common; 0 and NULL: what is usual. */
struct daxmark_setting {
	enum daxmark_operation operation;
	uint64_t size;		       /* bytes an operation, from 1 */
	uint64_t operations;	       /* of one daxmark_run(); 0: 1 */
	const char *state;	       /* of the destination's lines: "absent", "clean", "dirty" */
	const char *source;	       /* "hot", "walk", "absent" */
	const char *pages;	       /* of the target: "mapped", "unmapped", .. */
	unsigned dst_align, src_align; /* bytes past a cache line */
	uint64_t warm;		       /* operations of daxmark_warm(), before those */
};

typedef struct daxmark_copy daxmark_copy;

/*
 * A strategy's copy in a setting, by thread number `thread`, below the stage's threads: each
 * has its own part of the target. NULL on failure: an unknown or unavailable strategy, a
 * setting that cannot be prepared here, operations that do not fit.
 */
DAXMARK_API daxmark_copy *daxmark_copy_new(daxmark_stage *stage, const char *strategy,
	const struct daxmark_setting *setting, unsigned thread, struct daxmark_error *error);
DAXMARK_API void daxmark_copy_free(daxmark_copy *copy);

/* "durable-data": what it guarantees on this target. Static text. */
DAXMARK_API const char *daxmark_copy_guarantee(const daxmark_copy *copy);

/* Bytes of one daxmark_run(). */
DAXMARK_API uint64_t daxmark_copy_bytes(const daxmark_copy *copy);

/* Untimed, before each run: go to the next place, put lines and pages where the setting wants them. */
DAXMARK_API void daxmark_prepare(daxmark_copy *copy);

/*
 * Untimed, after daxmark_prepare(), which prepared for them, too: the strategy's loop over the
 * setting's warm operations, so that what ran before has left buffers and predictors.
 */
DAXMARK_API bool daxmark_warm(daxmark_copy *copy, struct daxmark_error *error);

/* The strategy's timed loop, over the setting's operations. False where a system call of its failed. */
DAXMARK_API bool daxmark_run(daxmark_copy *copy, struct daxmark_error *error);

/* Untimed, after each run: write back and drop what it left in the caches. */
DAXMARK_API void daxmark_restore(daxmark_copy *copy);

/* Run once more on prepared bytes and compare each of them, and those around. */
DAXMARK_API bool daxmark_check(daxmark_copy *copy, struct daxmark_error *error);

#ifdef __cplusplus
}
#endif

#endif
