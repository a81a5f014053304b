/* SPDX-License-Identifier: MIT */
/*
 * A copy routine of your own as one of daxmark's strategies: a shared object that defines
 * daxmark_loadable, and 'daxmark run --load=./mine.so' (any command takes it).
 *
 *     static void copy(void *dst, const void *src, size_t len) { .. }
 *
 *     static const struct daxmark_loadable_strategy mine = {
 *             DAXMARK_LOADABLE_HEAD,
 *             .name = "mine",
 *             .help = "memcpy, then clwb over all lines, then sfence",
 *             .steps = {DAXMARK_COPY, DAXMARK_WRITE_BACK, DAXMARK_FENCE},
 *             .write = copy,
 *     };
 *     const struct daxmark_loadable_strategy *const daxmark_loadable[] = {&mine, NULL};
 *
 *     cc -O2 -shared -fPIC mine.c -o mine.so
 *
 * What is declared is not believed. The routine is tried in a process of its own first,
 * between guard pages; its bytes are compared in every setting; and where its steps promise
 * that data is durable, that counts only at sizes where a trace of its instructions proved it.
 * daxmark(1) says what is caught while it runs, and what is not.
 */
#ifndef DAXMARK_STRATEGY_H
#define DAXMARK_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DAXMARK_LOADABLE_VERSION 1u

/* What each routine begins with: which of these structures it was compiled with. */
#define DAXMARK_LOADABLE_HEAD                \
	.version = DAXMARK_LOADABLE_VERSION, \
	.bytes = (uint32_t)sizeof(struct daxmark_loadable_strategy)

/* What a copy does, in order. Of a write the lines are the destination's, of a read the source's. */
enum daxmark_step {
	DAXMARK_END = 0, /* closes the list; what is left out is this */
	DAXMARK_COPY,	 /* loads and stores */
	DAXMARK_COPY_NOCACHE, /* whole lines by non-temporal stores, ragged ends by cached ones and flushed */
	DAXMARK_WRITE_BACK, /* write lines back; they may stay cached */
	DAXMARK_FLUSH,	    /* write lines back and drop them */
	DAXMARK_FENCE,	    /* wait until what came before is accepted */
	DAXMARK_DROP /* of a read: drop its source's lines and wait, before they are loaded */
};

#define DAXMARK_STEPS 8
#define DAXMARK_NAME_BYTES 40

struct daxmark_loadable_strategy {
	uint32_t version, bytes;      /* DAXMARK_LOADABLE_HEAD */
	const char *name;	      /* small letters, digits, + - . _; none of daxmark's own */
	const char *help;	      /* one line */
	const char *revision;	      /* of the routine, as you call it; NULL: none */
	uint8_t steps[DAXMARK_STEPS]; /* enum daxmark_step, of writes; none: it does not write */
	uint8_t read_steps[DAXMARK_STEPS]; /* the same of reads */
	/*
	 * Copy len bytes, from 1 up, at any alignment; the ranges do not overlap. Called by
	 * several threads at once, each with ranges of its own.
	 */
	void (*write)(void *dst, const void *src, size_t len); /* DRAM to target */
	void (*read)(void *dst, const void *src, size_t len);  /* target to DRAM */
	/* Why this machine cannot run it, static text; NULL: it can. May itself be NULL. */
	const char *(*unavailable)(void);
};

/* What the shared object defines: its routines, and NULL. */
extern const struct daxmark_loadable_strategy *const daxmark_loadable[];

#ifdef __cplusplus
}
#endif

#endif
