/* SPDX-License-Identifier: MIT */
/*
 * The images that a crash may leave of what a copy wrote, enumerated: by the rules
 * of persist.h, line by line, since lines arrive independently of one another.
 *
 * An image of a line is the set of its bytes that hold what the copy wrote; two
 * stores to one byte bring the same value there, as in every copy, so that sets
 * tell images apart.
 */
#ifndef DAXMARK_TRACE_IMAGES_H
#define DAXMARK_TRACE_IMAGES_H

#include "trace/event.h"

#define IMAGES_MOST 65536 /* of a line; a line of 8-byte non-temporal stores has 256 */

/*
 * Those of line number `line` after the first n events, ascending; bit i is byte i.
 * `images` has room for IMAGES_MOST. Returns how many, or 0 when there are more.
 */
size_t images_of_line(
	const struct trace_event *events, size_t n, size_t line, bool eadr, uint64_t *images);

#endif
