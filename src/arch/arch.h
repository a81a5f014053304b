/* SPDX-License-Identifier: MIT */
/*
 * The contract between portable code and an instruction set. Each folder
 * beside this file offers primitives.h (inline copy, flush and fence kernels, for
 * strategies to build their loops from) and the functions below. Knows nothing
 * of targets, and decides nothing about which kernel is used when.
 */
#ifndef DAXMARK_ARCH_ARCH_H
#define DAXMARK_ARCH_ARCH_H

#include <stddef.h>

/*
 * Writes back and drops every line of [start, start + bytes) in the whole
 * coherence domain, and waits for it.
 */
typedef void arch_evict(const void *start, size_t bytes);

/* The best one on this CPU; NULL where user space cannot drop a chosen line. Ask once: it is slow. */
arch_evict *arch_evictor(void);

/* The folder in use: "x86_64", "generic". */
extern const char arch_name[];

/*
 * Fills [start, start + bytes), whole lines, with a pattern by stores that go past the
 * caches; they are not ordered before arch_store_fence().
 */
typedef void arch_nt_fill(char *start, size_t bytes);

/* NULL where the instruction set has no such store. */
arch_nt_fill *arch_nt_filler(void);

/* Stores before it, those past the caches too, are ordered before stores after it. */
void arch_store_fence(void);

/*
 * What writes one line back or past the caches, and waits for nothing: for a look at where
 * the line is afterwards. name NULL ends them.
 */
struct arch_line_op {
	const char *name;
	unsigned needs; /* enum cpu_feature bits */
	void (*run)(char *line);
};
extern const struct arch_line_op arch_line_ops[];

/* Cached loads and stores before it come before those after it, for another CPU that looks. */
void arch_order(void);

/* In a loop that waits for another thread: leave the core to its other one. */
void arch_relax(void);

/* Bytes of a cache line, at least what instructions that flush one work on. */
size_t arch_line_bytes(void);

#endif
