/* SPDX-License-Identifier: MIT */
/*
 * The contract between portable code and an instruction set. Each folder
 * beside this file offers kernels.h (inline copy, flush and fence kernels, for
 * strategies to build their loops from) and the functions below. Knows nothing
 * of targets, and decides nothing about which kernel is used when.
 */
#ifndef DAXMARK_ARCH_ARCH_H
#define DAXMARK_ARCH_ARCH_H

#include <stdbool.h>
#include <stddef.h>

/* True when user space can write back and drop a chosen cache line here. */
bool arch_can_evict(void);

/*
 * Write back and drop every line of [start, start + bytes) in the whole
 * coherence domain, and wait for it. Only where arch_can_evict().
 */
void arch_evict(const void *start, size_t bytes);

#endif
