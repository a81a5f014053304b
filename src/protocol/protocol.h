/* SPDX-License-Identifier: MIT */
/*
 * A strategy's protocol: its steps as data. The list serves the listing, the
 * documentation, the guarantee, the rules of aliases and the check of traces; what
 * executes them (a model of caches) is elsewhere.
 */
#ifndef DAXMARK_PROTOCOL_PROTOCOL_H
#define DAXMARK_PROTOCOL_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/* What a step does. */
enum verb {
	VERB_END,	 /* closes a list */
	VERB_COPY,	 /* loads and stores */
	VERB_WRITE_BACK, /* write dirty lines back; they may stay cached */
	VERB_FLUSH,	 /* write dirty lines back, and drop all */
	VERB_DROP,	 /* drop lines; whether dirty ones are written back is the machine's */
	VERB_FENCE,	 /* wait until the stores and write-backs before it are accepted */
	VERB_SYNC,	 /* fdatasync() or msync(): data, and metadata to find it */
	VERB_MAP,	 /* map the alias for this operation */
	VERB_UNMAP,	 /* and take it away again */
	VERB_COUNT
};

/* By which of the target's addresses. */
enum through {
	THROUGH_USER,	/* U, the user's mapping */
	THROUGH_ALIAS,	/* K, another one of this process */
	THROUGH_KERNEL, /* the kernel's own, by a system call */
};

/* Which lines of the target. */
enum lines {
	LINES_RANGE, /* all that the operation touches */
	LINES_EDGES, /* those that it writes in part */
};

/*
 * One step, so that whoever knows the verbs can execute it: a strategy's declared steps,
 * what they guarantee, their words, the rules of aliases, the check of a trace and a
 * model of caches are all read from the same list.
 */
struct step {
	enum verb verb;
	enum through through;
	enum lines lines;
	bool non_temporal; /* of a copy: whole lines past the caches; ragged ends cached and flushed */
	bool waits;	   /* it has ended before the next step begins, as if fenced */
};

/* The steps of our strategies; letters are those of docs/dax-aliasing.md. */
/* clang-format off */
#define STEP_END {.verb = VERB_END}
#define STEP_COPY {.verb = VERB_COPY}
#define STEP_COPY_NOCACHE {.verb = VERB_COPY, .non_temporal = true}
#define STEP_WRITE_BACK {.verb = VERB_WRITE_BACK}
#define STEP_FLUSH {.verb = VERB_FLUSH}
#define STEP_FENCE {.verb = VERB_FENCE}
/* A read's source, before it is loaded. */
#define STEP_DROP_SOURCE {.verb = VERB_DROP, .waits = true}
#define STEP_KERNEL_COPY {.verb = VERB_COPY, .through = THROUGH_KERNEL}
#define STEP_KERNEL_SYNC {.verb = VERB_SYNC, .through = THROUGH_KERNEL}
#define STEP_ALIAS_COPY {.verb = VERB_COPY, .through = THROUGH_ALIAS}
/* W1; and R1 where lines cannot be written back and stay. */
#define STEP_USER_FLUSH {.verb = VERB_FLUSH, .waits = true}
/* R1 */
#define STEP_USER_WRITE_BACK {.verb = VERB_WRITE_BACK, .waits = true}
/* R2 */
#define STEP_ALIAS_DROP {.verb = VERB_DROP, .through = THROUGH_ALIAS, .waits = true}
/* W2 */
#define STEP_ALIAS_DROP_EDGES {.verb = VERB_DROP, .through = THROUGH_ALIAS, .lines = LINES_EDGES, .waits = true}
/* W4 */
#define STEP_ALIAS_WRITE_BACK {.verb = VERB_WRITE_BACK, .through = THROUGH_ALIAS}
#define STEP_ALIAS_FLUSH {.verb = VERB_FLUSH, .through = THROUGH_ALIAS}
/* W5: what others may have loaded meanwhile. */
#define STEP_USER_DROP {.verb = VERB_DROP}
#define STEP_MAP_WINDOW {.verb = VERB_MAP, .through = THROUGH_ALIAS}
#define STEP_UNMAP_WINDOW {.verb = VERB_UNMAP, .through = THROUGH_ALIAS}
/* clang-format on */

/* Nothing is declared: it does no such operation. */
static inline bool steps_none(const struct step *steps)
{
	return steps[0].verb == VERB_END;
}

/* There is a step of this verb. */
bool steps_have(const struct step *steps, enum verb verb);

/* What the words need to know beside the steps. */
struct step_context {
	bool read;    /* from the target: else to it */
	bool aliases; /* there are two mappings: say whose lines */
};

#define STEP_TEXT_BYTES 40

/* "write back lines", "drop the alias's edge lines". */
void step_text(const struct step *step, struct step_context context, char text[STEP_TEXT_BYTES]);

/* "memcpy, write back lines, fence": for listings. */
void steps_text(const struct step *steps, struct step_context context, char *text, size_t bytes);

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

/* Of a target, where non-temporal stores leave: that is the processor's, and the setting's. */
struct protocol_facts protocol_facts_of(const struct target_facts *target);

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
enum guarantee steps_write_guarantee(const struct step *steps, const struct protocol_facts *facts);

/*
 * What holds when a read with these steps returns. Coherent caches hand out
 * the newest store whoever made it; incoherent ones only when the source's
 * lines were dropped before they were loaded.
 */
enum guarantee steps_read_guarantee(const struct step *steps, const struct protocol_facts *facts);

#endif
