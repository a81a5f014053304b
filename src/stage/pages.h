/* SPDX-License-Identifier: MIT */
/*
 * Puts the target's pages where the plan wants them, untimed: unmapped,
 * write-protected as after msync, or unwritten, so that what the next access
 * costs is timed with it. Where the kernel gives no such state it is found out
 * by trying, not assumed.
 */
#ifndef DAXMARK_STAGE_PAGES_H
#define DAXMARK_STAGE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "case/setting.h"
#include "strategy/walk.h"

/*
 * Try on the first page of the target, whose content may change: false and the
 * reason where this state cannot be had, or where an access takes no fault in it.
 * page_bytes is what the kernel maps it by.
 */
bool pages_usable(const struct setting *setting, enum access access, char *base, int fd,
	size_t page_bytes, struct err *why_not);

/*
 * Put the pages of the target that the slice will access into the state. Those
 * of its first and last operation must hold nothing else. A failed call leaves
 * itself in *slice->failed, as the setting's.
 */
void pages_prepare(enum page_state state, enum operation operation, const struct walk *slice,
	size_t page_bytes);

/*
 * After the slice: blocks that were shared are the target's alone again, or the settings that
 * come after would take their faults.
 */
void pages_restore(enum page_state state, enum operation operation, const struct walk *slice,
	size_t page_bytes);

#endif
