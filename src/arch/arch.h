/* SPDX-License-Identifier: MIT */
/*
 * The contract between portable code and an instruction set. Each folder
 * beside this file offers kernels.h (inline copy, flush and fence kernels, for
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

#endif
