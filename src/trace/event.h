/* SPDX-License-Identifier: MIT */
/* What a routine's machine code did to the target, in program order. */
#ifndef DAXMARK_TRACE_EVENT_H
#define DAXMARK_TRACE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum trace_kind {
	TRACE_LOAD,
	TRACE_STORE,	  /* through the caches */
	TRACE_STORE_NT,	  /* non-temporal or direct */
	TRACE_WRITE_BACK, /* clwb: the line may stay cached */
	TRACE_FLUSH,	  /* clflush, clflushopt: written back and dropped */
	TRACE_FENCE,	  /* sfence: waits for stores and flushes */
	TRACE_FENCE_FULL, /* mfence, locked instructions: and holds back later loads */
};

struct trace_event {
	enum trace_kind kind;
	bool alias;	  /* through another mapping of the target than the user's */
	bool whole;	  /* one store that memory sees all of or nothing of (movdir64b) */
	size_t at, bytes; /* in the target; of a flush its line; a fence has none */
	uintptr_t code;	  /* address of the instruction */
	size_t step;	  /* instructions before it */
};

/* A growing list of them. */
struct trace {
	struct trace_event *events;
	size_t n, room;
	size_t steps; /* instructions executed */
};

bool trace_add(struct trace *trace, const struct trace_event *event, struct err *e);
void trace_clear(struct trace *trace); /* keeps the room */
void trace_free(struct trace *trace);

#endif
