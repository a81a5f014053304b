// SPDX-License-Identifier: MIT
#include "trace/images.h"

#include <stdlib.h>
#include <string.h>

#include "trace/persist.h"

#define PARTS 9 /* 8-byte parts that an unaligned store may have in a line */

/* The bytes [from, to) of a line. */
static uint64_t byte_set(size_t from, size_t to)
{
	return (to == PERSIST_LINE ? 0 : 1ull << to) - (1ull << from);
}

/* What one store brings to a line: parts that are never torn. */
struct piece {
	uint64_t parts[PARTS];
	size_t n;
};

/* False when the event stores nothing there. */
static bool piece_of(const struct trace_event *event, size_t line, struct piece *piece)
{
	size_t start = line * PERSIST_LINE, end = start + PERSIST_LINE;
	size_t from = event->at > start ? event->at : start;
	size_t to = event->at + event->bytes < end ? event->at + event->bytes : end;

	piece->n = 0;
	if ((event->kind != TRACE_STORE && event->kind != TRACE_STORE_NT) || from >= to)
		return false;
	while (from < to) {
		size_t next = event->whole ? to : (from / 8 + 1) * 8;

		next = next < to ? next : to;
		piece->parts[piece->n++] = byte_set(from - start, next - start);
		from = next;
	}
	return true;
}

/* True when a store to the line at event i is sure after n events. */
static bool is_sure(const struct trace_event *events, size_t n, size_t i, size_t line, bool eadr)
{
	bool leaving = eadr || events[i].kind == TRACE_STORE_NT;

	for (size_t j = i + 1; j < n; j++) {
		switch (events[j].kind) {
		case TRACE_WRITE_BACK:
		case TRACE_FLUSH:
			leaving |= events[j].at / PERSIST_LINE == line;
			break;
		case TRACE_FENCE:
		case TRACE_FENCE_FULL:
			if (leaving)
				return true;
			break;
		case TRACE_LOAD:
		case TRACE_STORE:
		case TRACE_STORE_NT:
			break;
		}
	}
	return false;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static size_t sort_unique(uint64_t *images, size_t n)
{
	size_t kept = 0;

	qsort(images, n, sizeof(images[0]), by_value);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || images[kept - 1] != images[i])
			images[kept++] = images[i];
	return kept;
}

/* With each of the parts or without it, whatever else is there; 0: too many. */
static size_t multiply(uint64_t *images, size_t n, const struct piece *piece)
{
	for (size_t p = 0; p < piece->n; p++) {
		if (2 * n > IMAGES_MOST)
			return 0;
		for (size_t i = 0; i < n; i++)
			images[n + i] = images[i] | piece->parts[p];
		n = sort_unique(images, 2 * n);
	}
	return n;
}

/*
 * The cached stores of a line arrive in program order: all before one, some parts of
 * it, nothing after it. Returns how many images, or 0: too many.
 */
static size_t in_order(
	const struct trace_event *events, size_t n, size_t line, bool eadr, uint64_t *images)
{
	uint64_t arrived = 0;
	size_t n_images = 1;
	struct piece piece;

	images[0] = 0;
	for (size_t i = 0; i < n; i++) {
		if (events[i].kind != TRACE_STORE || !piece_of(&events[i], line, &piece))
			continue;
		if (is_sure(events, n, i, line, eadr)) {
			for (size_t p = 0; p < piece.n; p++)
				arrived |= piece.parts[p];
			images[0] = arrived; /* nothing unsure comes before what is sure */
			continue;
		}
		for (size_t some = 1; some < 1ul << piece.n; some++) {
			uint64_t image = arrived;

			for (size_t p = 0; p < piece.n; p++)
				if (some >> p & 1)
					image |= piece.parts[p];
			if (n_images == IMAGES_MOST)
				n_images = sort_unique(images, n_images);
			if (n_images == IMAGES_MOST)
				return 0;
			images[n_images++] = image;
		}
		for (size_t p = 0; p < piece.n; p++)
			arrived |= piece.parts[p];
	}
	return sort_unique(images, n_images);
}

size_t images_of_line(
	const struct trace_event *events, size_t n, size_t line, bool eadr, uint64_t *images)
{
	size_t n_images = in_order(events, n, line, eadr, images);
	struct piece piece;

	/* Those past the caches arrive in any order, beside the others. */
	for (size_t i = 0; i < n && n_images > 0; i++) {
		if (events[i].kind != TRACE_STORE_NT || !piece_of(&events[i], line, &piece))
			continue;
		if (is_sure(events, n, i, line, eadr)) {
			for (size_t j = 0; j < n_images; j++)
				for (size_t p = 0; p < piece.n; p++)
					images[j] |= piece.parts[p];
			n_images = sort_unique(images, n_images);
		} else {
			n_images = multiply(images, n_images, &piece);
		}
	}
	return n_images;
}
