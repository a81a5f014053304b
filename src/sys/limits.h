/* SPDX-License-Identifier: MIT */
/* How much memory this process may still take before the kernel ends somebody for it. */
#ifndef DAXMARK_SYS_LIMITS_H
#define DAXMARK_SYS_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes: the least of what the machine has available and of what its memory control
 * groups (version 1 and 2) leave it, page cache that can be dropped counted as free.
 * `name` says which limit that is. UINT64_MAX when nothing tells.
 */
uint64_t limits_memory(char *name, size_t bytes);

#endif
