// SPDX-License-Identifier: MIT
#include "trace/persist.h"

#include <stdlib.h>
#include <string.h>

bool persist_init(struct persist *persist, size_t bytes, bool eadr, struct err *e)
{
	size_t lines = (bytes + PERSIST_LINE - 1) / PERSIST_LINE;

	memset(persist, 0, sizeof(*persist));
	persist->eadr = eadr;
	persist->bytes = lines * PERSIST_LINE;
	persist->state = malloc(persist->bytes);
	persist->by = malloc(persist->bytes * sizeof(persist->by[0]));
	persist->lines = malloc(lines * sizeof(persist->lines[0]));
	if (persist->state == NULL || persist->by == NULL || persist->lines == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	persist_reset(persist);
	return true;
}

void persist_free(struct persist *persist)
{
	free(persist->state);
	free(persist->by);
	free(persist->lines);
	memset(persist, 0, sizeof(*persist));
}

void persist_reset(struct persist *persist)
{
	memset(persist->state, PERSIST_OLD, persist->bytes);
	memset(&persist->counts, 0, sizeof(persist->counts));
	persist->in_buffer = 0;
	persist->pending = false;
	persist->clean_flush = persist->idle_fence = PERSIST_NEVER;
	memset(persist->lines, 0, persist->bytes / PERSIST_LINE * sizeof(persist->lines[0]));
}

/* A line goes to memory: 64 bytes, and a block of 256 unless its buffer still holds it. */
static void send(struct persist *persist, size_t line)
{
	size_t block = line * PERSIST_LINE / PERSIST_BLOCK, at = 0;

	persist->counts.media_64 += PERSIST_LINE;
	while (at < persist->in_buffer && persist->buffer[at] != block)
		at++;
	if (at == persist->in_buffer) {
		persist->counts.media_256 += PERSIST_BLOCK;
		if (persist->in_buffer < PERSIST_BUFFER)
			persist->in_buffer++;
		else
			at--;
	}
	memmove(persist->buffer + 1, persist->buffer, at * sizeof(persist->buffer[0]));
	persist->buffer[0] = block;
}

/* The part of a store that lies in one line. */
static void store_in_line(struct persist *persist, const struct trace_event *event, size_t at,
	size_t bytes, size_t index)
{
	struct persist_line *line = &persist->lines[at / PERSIST_LINE];
	bool nt = event->kind == TRACE_STORE_NT;

	if (!line->stored)
		persist->counts.lines_stored++;
	line->stored = true;
	memset(persist->state + at, nt ? PERSIST_LEAVING : PERSIST_CACHED, bytes);
	for (size_t i = 0; i < bytes; i++)
		persist->by[at + i] = index;
	if (!nt)
		return;
	line->nt_bytes += (unsigned)bytes;
	if (line->nt_bytes >= PERSIST_LINE) {
		send(persist, at / PERSIST_LINE);
		line->nt_bytes = 0;
	}
}

static void store(struct persist *persist, const struct trace_event *event, size_t index)
{
	size_t at = event->at, end = event->at + event->bytes;

	if (end > persist->bytes)
		end = persist->bytes;
	while (at < end) {
		size_t next = (at / PERSIST_LINE + 1) * PERSIST_LINE;

		next = next < end ? next : end;
		store_in_line(persist, event, at, next - at, index);
		at = next;
	}
}

static void flush(struct persist *persist, size_t at, size_t index)
{
	size_t first = at / PERSIST_LINE * PERSIST_LINE;
	bool dirty = false;

	persist->counts.flushes++;
	for (size_t i = first; i < first + PERSIST_LINE; i++) {
		dirty |= persist->state[i] == PERSIST_CACHED;
		if (persist->state[i] == PERSIST_CACHED && !persist->eadr)
			persist->state[i] = PERSIST_LEAVING;
	}
	persist->counts.flushes_clean += !dirty;
	if (!dirty && persist->clean_flush == PERSIST_NEVER)
		persist->clean_flush = index;
	persist->pending |= dirty;
	if (dirty)
		send(persist, at / PERSIST_LINE);
}

static void fence(struct persist *persist, size_t index)
{
	persist->counts.fences++;
	if (!persist->pending) {
		persist->counts.fences_idle++;
		if (persist->idle_fence == PERSIST_NEVER)
			persist->idle_fence = index;
	}
	persist->pending = false;
	for (size_t i = 0; i < persist->bytes; i++)
		if (persist->state[i] == PERSIST_LEAVING ||
			(persist->eadr && persist->state[i] == PERSIST_CACHED))
			persist->state[i] = PERSIST_DURABLE;
	for (size_t i = 0; i < persist->bytes / PERSIST_LINE; i++) {
		struct persist_line *line = &persist->lines[i];

		if (line->nt_bytes > 0)
			send(persist, i);
		line->nt_bytes = 0;
	}
}

void persist_event(struct persist *persist, const struct trace_event *event, size_t index)
{
	switch (event->kind) {
	case TRACE_LOAD:
		break;
	case TRACE_STORE:
	case TRACE_STORE_NT:
		persist->pending = true;
		store(persist, event, index);
		break;
	case TRACE_WRITE_BACK:
	case TRACE_FLUSH:
		if (event->at < persist->bytes)
			flush(persist, event->at, index);
		break;
	case TRACE_FENCE:
	case TRACE_FENCE_FULL:
		fence(persist, index);
		break;
	}
}

size_t persist_first_unsure(const struct persist *persist, size_t from, size_t to)
{
	while (from < to &&
		(persist->state[from] == PERSIST_OLD || persist->state[from] == PERSIST_DURABLE))
		from++;
	return from;
}
