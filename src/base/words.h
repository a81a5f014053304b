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

/* write: DRAM to target; write+consume: the data is then loaded through the user's mapping; read: target to DRAM. */
enum operation { OP_WRITE, OP_WRITE_CONSUME, OP_READ, OP_COUNT };

/* Ordered: a later guarantee of writes includes the earlier ones; FRESH is that of reads. */
enum guarantee {
	GUARANTEE_NONE,
	GUARANTEE_FRESH,	/* a read sees the newest stores through any mapping */
	GUARANTEE_VISIBLE,	/* another mapping reads the new data */
	GUARANTEE_DURABLE_DATA, /* the bytes are in the persistence domain */
	GUARANTEE_DURABLE_FILE, /* and so is the metadata needed to find them */
	GUARANTEE_COUNT
};

/*
 * True when `given` is what a user who asked for at least `asked` gets. Reads
 * give fresh data or nothing sure, whichever level is asked for.
 */
bool guarantee_meets(enum operation operation, enum guarantee given, enum guarantee asked);

/* Where the destination's lines are when the operation begins. */
enum state { STATE_ABSENT, STATE_CLEAN, STATE_DIRTY, STATE_DIRTY_ELSEWHERE, STATE_COUNT };

/*
 * hot: one source, loaded just before the slice when it fits in the last-level
 * cache; walk: the source advances through a window of its own; absent: it
 * advances, and its lines are flushed before the slice.
 */
enum source { SOURCE_HOT, SOURCE_WALK, SOURCE_ABSENT, SOURCE_COUNT };

/*
 * The target's pages when the operation begins. unmapped: no page table entry
 * (the next access faults); write-protected: as msync leaves them (the next
 * store faults); unwritten: blocks allocated but never written (the next store
 * faults, and the file system zeroes and converts them); populated: unmapped, then made
 * ready by MADV_POPULATE_WRITE (the next store takes no fault); shared: blocks that
 * another file's range has too, by reflink (the next store faults, and gets a copy).
 */
enum page_state {
	PAGES_MAPPED,
	PAGES_UNMAPPED,
	PAGES_WRITE_PROTECTED,
	PAGES_UNWRITTEN,
	PAGES_POPULATED,
	PAGES_SHARED,
	PAGE_STATE_COUNT
};

/* What other CPUs do to memory of their own while an operation is timed. */
enum background {
	BACKGROUND_NONE,
	BACKGROUND_LOAD,
	BACKGROUND_STORE,
	BACKGROUND_NT_STORE,
	BACKGROUND_MIX, /* all of these in turn, as far as the instruction set has them */
	BACKGROUND_COUNT
};

/*
 * What the operations of a slice have to do with one another. stream: one after the other.
 * random: the same at random places of the window. values: random places, and sizes drawn
 * from a distribution. updates: random places, most of them read and few written. log: a
 * record is appended, and then its 8-byte commit, each with all steps of the strategy.
 * ring: a producer sends messages to a consumer on another CPU.
 */
enum workload {
	WORKLOAD_STREAM,
	WORKLOAD_RANDOM,
	WORKLOAD_VALUES,
	WORKLOAD_UPDATES,
	WORKLOAD_LOG,
	WORKLOAD_RING,
	WORKLOAD_COUNT
};

enum access {
	ACCESS_SHARED_MEMORY,
	ACCESS_PAGE_CACHE,
	ACCESS_FSDAX,
	ACCESS_FSDAX_SYNC,
	ACCESS_DEVDAX,
	ACCESS_COUNT
};

/* What can be done with memory of a kind of access, so that nobody asks which kind it is. */
struct access_traits {
	bool calls;	  /* read, write, fsync and msync */
	bool ranks_calls; /* they go where a file system goes: their times mean something */
	bool dax;	  /* mapped without a page cache, by a file system */
	bool unwritten;	  /* blocks can be given back and allocated anew, unwritten */
	bool splits;	  /* .. which breaks large pages */
};
extern const struct access_traits access_traits[ACCESS_COUNT];

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

/* Which mapping of the target a copy goes through, beside the user's. */
enum alias_kind {
	ALIAS_NONE,
	ALIAS_CONGRUENT,   /* a standing one, as far from it as a multiple of any colour */
	ALIAS_INCONGRUENT, /* a standing one of another colour */
	ALIAS_WINDOW,	   /* room to map some of it for an operation: a user window */
	ALIAS_KINDS
};

/* The device behind a target, as sysfs tells; all empty, 0 or -1 for other memory. */
struct device_facts {
	char name[64];	     /* "pmem0", "dax0.0" */
	char kind[32];	     /* who made it: "NFIT", "legacy e820 (memmap=)" */
	char mode[16];	     /* of its namespace: "fsdax", "devdax", "raw", "sector" */
	int interleave_ways; /* of its region; 0 unknown */
	int bad_ranges;	     /* known bad blocks, as ranges; -1 unknown */
	int write_cache; /* 1: the kernel flushes CPU caches for durability, 0: not; -1 unknown */
};

/* The target's other mappings, where a run has any. */
struct alias_facts {
	uint64_t modulus; /* "congruent" ones are a multiple of this away; 0: there are none */
	int held; /* 1: line costs say that they are so, 0: that they are not; -1 unchecked */
	double one_ns, two_ns; /* of a line under one address, and under two congruent ones */
	uint64_t incongruent;  /* bytes that incongruent ones are past a congruent place */
};

/* What a target is: facts, never one flag. */
struct target_facts {
	char name[512]; /* as one writes it: "memfd:128MiB" */
	enum access access;
	enum medium medium;
	enum domain domain;
	bool emulated; /* not real pmem: every table, plot and file says so */
	bool map_sync;
	bool source_file; /* what writes copy from is a file beside it, not anonymous memory */
	bool incoherent;  /* others reach it past this machine's caches: the user said so */
	bool sync_mount;  /* the file system is mounted with -o sync: a write is a write and sync */
	uint64_t bytes;
	uint64_t
		page_bytes; /* of most of the mapping, over all passes: by its faults, or as stated */
	double page_share; /* the part of the bytes that such pages map, 0..1 */
	int node;	   /* NUMA node of the pages; -1 when unknown */
	struct device_facts device;
	struct alias_facts aliases;
	char no_sync[96]; /* why the kernel granted no MAP_SYNC; empty: it did, or nobody asked */
};

/* One dictionary a vocabulary: names[value]. */
struct words {
	const char *what; /* "destination state", for messages */
	const char *const *names;
	size_t n;
	/* Where names are their users' own: take one up that is new. NULL: the names are all there are. */
	bool (*learn)(const char *name, unsigned *value, struct err *e);
};

extern const struct words operation_words, guarantee_words, state_words, source_words,
	page_state_words, background_words, workload_words, access_words, medium_words,
	domain_words, family_words, alias_words;

/* Sections of suites, as they were met: 0 is "", none; others have letters, digits and dashes. */
#define SECTIONS_MOST 256
#define SECTION_BYTES 32
extern struct words section_words;

/* The value of a name; usage error with the nearest name, or all of them, when unknown. */
bool words_find(const struct words *words, const char *name, unsigned *value, struct err *e);

/* As words_find for each item of a comma-separated list; the bits of *mask are the values. */
bool words_find_list(const struct words *words, const char *list, unsigned *mask, struct err *e);

#endif
