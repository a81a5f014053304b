/* SPDX-License-Identifier: MIT */
/*
 * What a crash may leave, from a trace: each byte's newest store is in the
 * caches, on its way, or in the persistence domain. The rules are those of
 * x86's manuals and of nobody's implementation:
 *
 * - a cached store reaches memory when its line is written back, which may be at
 *   any moment; it is sure only once a write-back or flush of the line came
 *   after it and a fence after that;
 * - a non-temporal store is sure after a fence;
 * - 8 aligned bytes are never torn; wider stores may be, but for movdir64b;
 * - cached stores to one line reach memory in program order, all else in any;
 * - with the CPU caches inside the domain (eADR) any store is sure after a fence.
 *
 * (Intel SDM vol. 1, 10.4.6 and vol. 3, 12; vol. 2 CLWB, CLFLUSHOPT, SFENCE,
 * MOVDIR64B.) images.h enumerates what these rules allow. Knows nothing of strategies, addresses or processes.
 */
#ifndef DAXMARK_TRACE_PERSIST_H
#define DAXMARK_TRACE_PERSIST_H

#include "trace/event.h"

#define PERSIST_LINE 64
#define PERSIST_BLOCK 256 /* what Optane's media is written by */
#define PERSIST_BUFFER 64 /* such blocks that its buffer joins writes to (16 KiB) */

#define PERSIST_NEVER SIZE_MAX

enum persist_state {
	PERSIST_OLD, /* not stored to */
	PERSIST_CACHED,
	PERSIST_LEAVING, /* flushed or non-temporal: sure at the next fence */
	PERSIST_DURABLE,
};

struct persist_line {
	unsigned nt_bytes; /* gathered since the line was last sent to memory */
	bool stored;
};

struct persist_counts {
	size_t lines_stored, flushes, flushes_clean, fences;
	size_t fences_idle; /* nothing stored nor written back since the fence before */
	size_t media_64,
		media_256; /* bytes sent to the media by the end, by what it is written in */
};

struct persist {
	bool eadr;
	size_t bytes;
	unsigned char *state;
	size_t *by; /* index of the event that stored a byte last */
	struct persist_line *lines;
	size_t buffer[PERSIST_BUFFER], in_buffer; /* blocks, most recent first */
	struct persist_counts counts;
	bool pending;			/* something to wait for since the last fence */
	size_t clean_flush, idle_fence; /* index of the first such event, or PERSIST_NEVER */
};

/* `bytes` from a line boundary on are followed; persist_free() also after failure. */
bool persist_init(struct persist *persist, size_t bytes, bool eadr, struct err *e);
void persist_free(struct persist *persist);
void persist_reset(struct persist *persist);

/* Events in order; `index` is kept for persist.by. What lies outside is ignored. */
void persist_event(struct persist *persist, const struct trace_event *event, size_t index);

/* The first byte of [from, to) whose newest store a crash now may lose; `to` when there is none. */
size_t persist_first_unsure(const struct persist *persist, size_t from, size_t to);
#endif
