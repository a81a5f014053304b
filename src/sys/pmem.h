/* SPDX-License-Identifier: MIT */
/*
 * libpmem, loaded when it is first asked for: it brings nine libraries with it, which take as
 * long to start as the rest of daxmark, and few commands want them.
 */
#ifndef DAXMARK_SYS_PMEM_H
#define DAXMARK_SYS_PMEM_H

#include <stddef.h>

#include "base/err.h"

struct pmem_library {
	void *(*copy)(void *dst, const void *src, size_t bytes, unsigned flags); /* pmem_memcpy() */
	void (*drain)(void);
	int (*has_auto_flush)(void);
};

/* NULL and why not: not there, or not in this build. */
const struct pmem_library *pmem_library(struct err *why_not);

#endif
