/* SPDX-License-Identifier: MIT */
/*
 * What strategies build their timed loops from, inline. Picks the instruction set; the
 * only place that does (configure defines ARCH_*). Each folder beside this file has a
 * primitives.h with what its own strategies want, named after it (x86_clwb()), and this
 * for all:
 *
 * ARCH_FENCE, arch_fence()   the cheapest fence that waits for stores and write-backs,
 *                            and its name for listings
 * ARCH_WIDTHS(EACH)          EACH(width, attribute, variant, needs) for every width of
 *                            register, the widest first: `attribute` of functions that
 *                            use it, its name, the CPU features it needs
 * arch_whole(&start, len)    the whole units that a range touches: what the roofs move
 * arch_load_WIDTH(src, len), arch_store_WIDTH(dst, len)   of whole units
 */
#ifndef DAXMARK_ARCH_PRIMITIVES_H
#define DAXMARK_ARCH_PRIMITIVES_H

#if defined(ARCH_X86_64)
#include "arch/x86_64/primitives.h"
#else
#include "arch/generic/primitives.h"
#endif

#endif
