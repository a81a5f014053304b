/* SPDX-License-Identifier: MIT */
/*
 * Does a copy through an alias take every step that it declares, on every line, in
 * order? On caches that are indexed by virtual addresses each omission loses data
 * (docs/dax-aliasing.md); on this machine nothing would show it, so it is read off
 * the trace.
 */
#ifndef DAXMARK_TRACE_ALIAS_RULES_H
#define DAXMARK_TRACE_ALIAS_RULES_H

#include "protocol/protocol.h"
#include "trace/event.h"

/*
 * The operation is bytes [start, start + len) of the target. Stores of a write, or
 * loads of a read, go through the alias only; before and after them come the steps'
 * flushes, each through its mapping, on all lines of the operation (the edge steps: on
 * those that are written in part), with a fence between one step and the next, before
 * loads a full one. False with the line and the instruction in `why`.
 */
bool alias_judge(const struct trace *trace, const struct step *steps, bool read, size_t start,
	size_t len, char *why, size_t why_bytes);

#endif
