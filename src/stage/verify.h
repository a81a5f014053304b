/* SPDX-License-Identifier: MIT */
/*
 * Is the copy complete and nothing else touched? The loop that is measured is
 * run on prepared memory and every byte is compared, guards included.
 */
#ifndef DAXMARK_STAGE_VERIFY_H
#define DAXMARK_STAGE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "strategy/walk.h"

#define VERIFY_GUARD 0x5a /* what lies around the copies of a check */

/*
 * Run `loop` over *walk. [room, room + room_bytes) is the memory around the
 * destination that the walk lies in; all of it beside the copies must stay as
 * it was. The destination is first filled with the complement of what should
 * arrive, so that a byte left alone cannot pass. Changes the room's content.
 * False names the first wrong byte.
 */
bool verify_loop(void (*loop)(const struct walk *), const struct walk *walk, char *room,
	size_t room_bytes, struct err *why);

#endif
