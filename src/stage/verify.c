// SPDX-License-Identifier: MIT
#include "stage/verify.h"

#include <string.h>

#define GUARD VERIFY_GUARD

static bool guard_intact(const char *from, const char *to, const char *dst, struct err *why)
{
	/* All like the first, which is right: the usual case, without a look at each. */
	if (from < to && *from == GUARD && memcmp(from, from + 1, (size_t)(to - from - 1)) == 0)
		return true;
	for (const char *p = from; p < to; p++)
		if (*p != GUARD)
			return err_set(why, ERR_FAILED,
				"wrote outside its destination, at byte %td from the start of an "
				"operation: 0x%02x",
				p - dst, (unsigned char)*p);
	return true;
}

static bool same(const char *dst, const char *src, size_t len, size_t operation, struct err *why)
{
	if (memcmp(dst, src, len) == 0)
		return true;
	for (size_t i = 0; i < len; i++)
		if (dst[i] != src[i])
			return err_set(why, ERR_FAILED,
				"operation %zu of %zu bytes: byte %zu is 0x%02x, should be 0x%02x",
				operation, len, i, (unsigned char)dst[i], (unsigned char)src[i]);
	return true;
}

bool verify_loop(void (*loop)(const struct walk *), const struct walk *walk, char *room,
	size_t room_bytes, struct err *why)
{
	const char *checked = room;

	memset(room, GUARD, room_bytes);
	for (size_t i = 0; i < walk->n; i++) {
		char *dst = walk->dst + i * walk->dst_step;
		const char *src = walk->src + i * walk->src_step;

		for (size_t b = 0; b < walk->len; b++)
			dst[b] = (char)~src[b];
	}
	loop(walk);
	for (size_t i = 0; i < walk->n; i++) {
		const char *dst = walk->dst + i * walk->dst_step;

		if (!guard_intact(checked, dst, dst, why) ||
			!same(dst, walk->src + i * walk->src_step, walk->len, i, why))
			return false;
		checked = dst + walk->len;
	}
	return guard_intact(checked, room + room_bytes, checked - walk->len, why);
}
