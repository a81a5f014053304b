/* SPDX-License-Identifier: MIT */
/* What a timed loop is given: the only thing the engine and a strategy share. */
#ifndef DAXMARK_STRATEGY_WALK_H
#define DAXMARK_STRATEGY_WALK_H

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
 * first byte mapped at base. A call that fails leaves its errno in *failed.
 *
 * Where there are alias mappings, the byte at address a of the target is also at
 * a + congruent and at a + incongruent; 0: there is none.
 */
#define WALK_WINDOW (2ul << 20) /* bytes of the target that a user window maps at most */
#define WALK_MODULUS \
	(1ul << 30) /* addresses congruent by this are so on every machine (target/alias.h) */
#define WALK_WINDOW_ROOM (2 * WALK_MODULUS)

struct walk {
	char *dst;
	const char *user;
	const char *src;
	size_t dst_step, src_step;
	size_t len;
	size_t n;
	int fd;
	const char *base;
	int *failed;
	ptrdiff_t congruent, incongruent;
	char *window; /* WALK_WINDOW_ROOM bytes of reserved address space, aligned to WALK_MODULUS; or NULL */
	size_t granule; /* mappings of the target begin and end at multiples of this, a power of two */
};

#endif
