/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of daxmark as enumerations with their names: what a case is
 * made of and what a target is. Plans, results and reports share it; the names
 * are in result files and never change.
 */
#ifndef DAXMARK_BASE_WORDS_H
#define DAXMARK_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum operation { OP_WRITE, OP_WRITE_CONSUME, OP_COUNT };

/* Ordered: a later guarantee of the write family includes the earlier ones. */
enum guarantee {
	GUARANTEE_NONE,
	GUARANTEE_VISIBLE,	/* another mapping reads the new data */
	GUARANTEE_DURABLE_DATA, /* the bytes are in the persistence domain */
	GUARANTEE_DURABLE_FILE, /* and so is the metadata needed to find them */
	GUARANTEE_COUNT
};

/* Where the destination's lines are when the operation begins. */
enum state { STATE_ABSENT, STATE_CLEAN, STATE_DIRTY, STATE_DIRTY_ELSEWHERE, STATE_COUNT };

/*
 * hot: one source, loaded just before the slice when it fits in the last-level
 * cache; walk: the source advances through a window of its own; absent: it
 * advances, and its lines are flushed before the slice.
 */
enum source { SOURCE_HOT, SOURCE_WALK, SOURCE_ABSENT, SOURCE_COUNT };

enum access {
	ACCESS_SHARED_MEMORY,
	ACCESS_PAGE_CACHE,
	ACCESS_FSDAX,
	ACCESS_FSDAX_SYNC,
	ACCESS_DEVDAX,
	ACCESS_COUNT
};
enum medium {
	MEDIUM_DRAM,
	MEDIUM_DRAM_MEMMAP,
	MEDIUM_PMEM,
	MEDIUM_CXL,
	MEDIUM_EMULATED_MACHINE,
	MEDIUM_COUNT
};
/*
 * Where stored data becomes durable. FSYNC_ONLY: nowhere that a store or a flush
 * can reach: a page cache, or the host's behind virtio-pmem.
 */
enum domain {
	DOMAIN_NONE,
	DOMAIN_UNKNOWN,
	DOMAIN_MEMORY_CONTROLLER,
	DOMAIN_CPU_CACHE,
	DOMAIN_FSYNC_ONLY,
	DOMAIN_COUNT
};

enum family {
	FAMILY_BASELINE,
	FAMILY_NOCACHE,
	FAMILY_FLUSH,
	FAMILY_ALIAS,
	FAMILY_LIBPMEM,
	FAMILY_KERNEL,
	FAMILY_ROOF,
	FAMILY_EMPTY,
	FAMILY_COUNT
};

/* What a target is: facts, never one flag. */
struct target_facts {
	char name[512]; /* as one writes it: "memfd:128MiB" */
	enum access access;
	enum medium medium;
	enum domain domain;
	bool emulated; /* not real pmem: every table, plot and file says so */
	bool map_sync;
	uint64_t bytes;
	uint64_t page_bytes; /* of the mapping, as the kernel states it */
	int node;	     /* NUMA node of the first page; -1 when unknown */
};

/* What all arms of a comparison have in common; with a strategy it is a case. */
struct setting {
	enum operation operation;
	uint64_t size; /* bytes an operation */
	enum state state;
	enum source source;
	unsigned dst_align, src_align; /* bytes past a cache line, 0..63 */
};

#define CASE_NAME_BYTES 128

/*
 * The stable name of a case, "write/durable-data/nt-avx512/4096/absent"; a
 * source other than hot and alignments other than 0 add "/source-walk",
 * "/dst+3", "/src+1".
 */
void case_name(const struct setting *setting, const char *strategy, enum guarantee guarantee,
	char name[CASE_NAME_BYTES]);

/* One dictionary a vocabulary: names[value]. */
struct words {
	const char *what; /* "destination state", for messages */
	const char *const *names;
	size_t n;
};

extern const struct words operation_words, guarantee_words, state_words, source_words, access_words,
	medium_words, domain_words, family_words;

/* The value of a name; usage error with the nearest name, or all of them, when unknown. */
bool words_find(const struct words *words, const char *name, unsigned *value, struct err *e);

/* As words_find for each item of a comma-separated list; the bits of *mask are the values. */
bool words_find_list(const struct words *words, const char *list, unsigned *mask, struct err *e);

#endif
