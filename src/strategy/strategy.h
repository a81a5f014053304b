/* SPDX-License-Identifier: MIT */
/*
 * The registry of strategies: what each is called, which steps it declares and
 * the machine code that takes them. A strategy has one kernel or several; the
 * first that this CPU can run is used, and the result says which.
 */
#ifndef DAXMARK_STRATEGY_STRATEGY_H
#define DAXMARK_STRATEGY_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/words.h"
#include "protocol/protocol.h"
#include "strategy/walk.h"

struct kernel {
	const char *variant;				 /* the instructions, as in "avx512f" */
	unsigned needs;					 /* enum cpu_feature bits */
	void (*loop[OP_COUNT])(const struct walk *walk); /* NULL: not this operation */
};

#define STRATEGY_KERNELS 3
#define STRATEGY_STEPS 8

/* From the plainest on: of strategies that are as fast, the first is the one to take. */
enum plainness {
	PLAIN_LAST,	/* none of the below */
	PLAIN_KERNEL,	/* the kernel's own code */
	PLAIN_LIBC,	/* the C library's copy, and at most a loop of flushes */
	PLAIN_LIBRARY,	/* a library made for it */
	PLAIN_BASELINE, /* instructions that every CPU of the kind has */
	PLAIN_AVX,
	PLAIN_AVX512,
	PLAIN_DIRECT, /* movdir64b */
	PLAIN_TUNED,  /* any of these, prefetching or in an order of its own */
	PLAINNESS_COUNT
};

/* Where a strategy comes from that was loaded (strategy/loaded.h). */
struct strategy_origin {
	const char *path;     /* whole, of the file */
	const char *revision; /* as the routine calls it; empty: nothing */
	const char *sha256;   /* of the file's bytes, in hexadecimal */
};

struct strategy {
	const char *name; /* stable: it is in result files */
	const char *help;
	enum family family;
	bool copies;	      /* false: an empty or roof arm, whose data is not checked */
	bool by_default;      /* in the roster of a run that names no strategies */
	const char *fallback; /* takes its place there when this CPU lacks it; or NULL */
	unsigned run;	   /* operations that share something: at least so many a slice; 0: any */
	bool calls_kernel; /* needs a file, and a result that ranks system calls */
	bool from_file;	   /* its source must be a file, on the file system of the target */
	enum alias_kind alias;			/* which other mapping of the target it needs */
	enum plainness plainness;		/* which of two that are as fast is named */
	struct step steps[STRATEGY_STEPS];	/* of writes; none where it does none */
	struct step read_steps[STRATEGY_STEPS]; /* of reads */
	/*
	 * Whether an operation of so many bytes takes other steps: those, or NULL. The
	 * answer changes at most once as operations grow, at large_from() bytes (SIZE_MAX:
	 * never), and may differ from one machine to the next.
	 */
	const struct step *(*steps_at)(uint64_t size);
	size_t (*large_from)(void);
	bool chooses; /* a library that picks its instructions itself: steps say what follows, not how */
	bool (*ready)(
		struct err *why_not); /* what its kernels need is there; NULL: they need nothing */
	const char *missing;	      /* why there is no kernel in this build */
	const struct strategy_origin *origin;	 /* NULL: it is ours */
	struct kernel kernels[STRATEGY_KERNELS]; /* best first; variant NULL ends them */
};

/* All strategies, in the order of listings; those that were loaded at the end. */
#define STRATEGIES_LOADED 8
extern const struct strategy *strategies[];
extern size_t strategies_n;

/* Take up a loaded one, which lives as long as the process; usage error: its name is taken, or too many. */
bool strategy_register(const struct strategy *strategy, struct err *e);

/* What builds for other instruction sets have; name NULL ends them. */
struct strategy_elsewhere {
	const char *name, *isa;
};
extern const struct strategy_elsewhere strategies_elsewhere[];

/* By name; usage error with the nearest name when unknown. */
const struct strategy *strategy_find(const char *name, struct err *e);

/* Which strategy reads for one that writes: itself, or the C library's copy where it has no reads. */
const struct strategy *strategy_reader(const struct strategy *strategy);

/* The bits of the operations that some kernel of it does. */
unsigned strategy_operations(const struct strategy *strategy);

/* The steps of one operation of so many bytes. */
const struct step *strategy_steps(
	const struct strategy *strategy, enum operation operation, uint64_t size);

/* Some of its steps write lines back or drop them, of writes or of reads. */
bool strategy_flushes(const struct strategy *strategy);

/* All of them in words: "copy, fence"; from where on others are taken is said. */
void strategy_text(
	const struct strategy *strategy, enum operation operation, char *text, size_t bytes);

/*
 * libpmem's copies flush nothing here: PMEM_NO_FLUSH=1, or it found a platform whose
 * caches are persistent (eADR). False in a build without it.
 */
bool strategy_libpmem_skips_flush(void);

/* What it guarantees for an operation of so many bytes. */
enum guarantee strategy_guarantee(const struct strategy *strategy, enum operation operation,
	uint64_t size, const struct protocol_facts *facts);

/*
 * The least that it guarantees whatever the size: what a listing says of it when no size
 * is chosen.
 */
enum guarantee strategy_least_guarantee(const struct strategy *strategy, enum operation operation,
	const struct protocol_facts *facts);

/*
 * Memory of this kind of access takes the system calls that it makes, if any, and its source
 * is a file where it must be; or why not.
 */
bool strategy_reaches(const struct strategy *strategy, enum access access, bool source_is_file,
	struct err *why_not);

/* The first kernel that runs with these CPU features, or NULL and why not. */
const struct kernel *strategy_kernel(
	const struct strategy *strategy, unsigned features, struct err *why_not);

#endif
