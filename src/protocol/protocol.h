/* SPDX-License-Identifier: MIT */
/*
 * A strategy's protocol: its steps as data. The list serves the listing, the
 * documentation and the guarantee; nothing here executes a step.
 */
#ifndef DAXMARK_PROTOCOL_PROTOCOL_H
#define DAXMARK_PROTOCOL_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

enum step {
	STEP_END,	   /* closes a list */
	STEP_COPY,	   /* loads and cached stores */
	STEP_COPY_NOCACHE, /* non-temporal stores; ragged ends cached and flushed */
	STEP_WRITE_BACK,   /* write back the destination's lines; they may stay cached */
	STEP_FLUSH,	   /* write back the destination's lines and drop them */
	STEP_KERNEL_WRITE, /* pwrite(): the kernel copies through its own mapping */
	STEP_KERNEL_READ,  /* pread(): the kernel copies through its own mapping */
	STEP_KERNEL_SYNC,  /* fdatasync() or msync(): data, and metadata to find it */
	STEP_DROP_SOURCE, /* write back and drop the source's lines, and wait, before they are loaded */
	STEP_FENCE,	  /* wait until the stores and flushes before it are accepted */
	/* With an alias K of the user's mapping U; the letters are those of docs/dax-aliasing.md. */
	STEP_COPY_ALIAS,       /* loads and cached stores, the target's through K */
	STEP_USER_FLUSH,       /* W1: write back and drop U's lines, and wait */
	STEP_USER_WRITE_BACK,  /* R1: write back U's lines, and wait */
	STEP_ALIAS_DROP,       /* R2: drop K's lines, and wait */
	STEP_ALIAS_DROP_EDGES, /* W2: drop K's lines that are written in part, and wait */
	STEP_USER_DROP,	       /* W5: drop U's lines, which others may have loaded meanwhile */
	STEP_MAP_WINDOW,       /* map K for this operation */
	STEP_UNMAP_WINDOW,     /* and take it away again */
	STEP_COUNT
};

/* "write back lines"; not of STEP_END. */
const char *protocol_step_name(enum step step);

/* "memcpy, write back the lines, fence": for listings. */
void protocol_text(const enum step *steps, char *text, size_t bytes);

/* What decides, beside the steps, what a copy guarantees. */
struct protocol_facts {
	enum domain domain;
	/*
	 * Non-temporal stores leave the caches. That is not a given: a store to a
	 * line that is already cached may be done in place (Intel 64 and IA-32
	 * optimization manual, "Memory type and non-temporal stores", leaves it to
	 * the processor), and then it is as durable as any cached store: not at all.
	 */
	bool nocache_leaves;
	/*
	 * Others reach the target past this machine's caches: CXL memory shared
	 * between hosts without hardware coherence. Nothing tells; the user says it.
	 */
	bool incoherent;
	bool sync_mount; /* the mount (-o sync) makes every pwrite() a write and sync */
};

/*
 * What holds when a write with these steps returns.
 *
 * A cached copy is visible through every mapping of this machine; to others
 * past incoherent caches only once its lines left them. It is durable once its
 * lines left the caches (non-temporal stores, or a write-back after the copy)
 * and a fence waited for that; where CPU caches are inside the domain (eADR)
 * the fence alone does it. A kernel sync makes file and data durable, except
 * where there is nothing to sync to (DOMAIN_NONE, a memfd): visible. On its own
 * a pwrite() is visible, what it flushes differs by driver; on a mount with -o sync
 * it is a kernel sync. But a DAX pwrite() copies with non-temporal stores
 * (copy_from_iter_flushcache() in fs/dax.c's iomap actor) and dirties no page table
 * entry, and fsync writes back only what mappings dirtied (dax_writeback_mapping_range()
 * walks the tagged entries): where such stores stay in the cache a sync after it is
 * visible. Others past incoherent caches see what a sync wrote back: where the domain
 * begins at the caches, or there is nothing to sync to, it writes nothing back. Behind
 * DOMAIN_FSYNC_ONLY no step of ours is enough. DOMAIN_NONE and DOMAIN_UNKNOWN
 * are judged as if the domain began at the memory controller: the caller
 * labels the result.
 */
enum guarantee protocol_write_guarantee(const enum step *steps, const struct protocol_facts *facts);

/*
 * What holds when a read with these steps returns. Coherent caches hand out
 * the newest store whoever made it; incoherent ones only when the source's
 * lines were dropped before they were loaded.
 */
enum guarantee protocol_read_guarantee(const enum step *steps, const struct protocol_facts *facts);

#endif
