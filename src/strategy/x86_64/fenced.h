/* SPDX-License-Identifier: MIT */
/* Timed loops of copies with an sfence behind them. Include only from strategy files. */
#ifndef DAXMARK_STRATEGY_X86_64_FENCED_H
#define DAXMARK_STRATEGY_X86_64_FENCED_H

#include "arch/x86_64/primitives.h"
#include "strategy/loop.h"

/*
 * As STRATEGY_LOOPS, with an sfence behind each copy: `call` copies, of the names dst, src and
 * len ("x86_nt_sse2(dst, src, len, X86_NO_PREFETCH)").
 */
#define STRATEGY_FENCED_LOOPS(id, attribute, call)                                  \
	X86_INLINE attribute void copy_##id(char *dst, const char *src, size_t len) \
	{                                                                           \
		call;                                                               \
		x86_sfence();                                                       \
	}                                                                           \
	STRATEGY_LOOPS(id, attribute, copy_##id)

#endif
