/* SPDX-License-Identifier: MIT */
/*
 * Is a strategy what it says it is? Its machine code is traced over sizes and
 * alignments, and held against its declared steps and the guarantee that follows
 * from them, where the persistence domain begins at the memory controller (ADR)
 * and where it includes the caches (eADR).
 */
#ifndef DAXMARK_TRACE_PROVE_H
#define DAXMARK_TRACE_PROVE_H

#include "base/words.h"
#include "stage/stage.h"
#include "strategy/strategy.h"
#include "trace/persist.h"
#include "trace/stepper.h"

#define PROVE_MOST_BYTES 20480 /* past every distance and block of a kernel */
#define PROVE_IMAGES 16	       /* listed of a point; where there are more they are counted */

struct prove_case {
	const struct strategy *strategy;
	const struct kernel *kernel;
	enum operation operation;
	size_t len; /* 1 to what the prover was opened for; PROVE_MOST_BYTES for points */
	size_t dst_align, src_align; /* 0..63 */
};

struct prove_result {
	bool proved;
	char why[500]; /* the fault: the byte, the instruction, what is missing */
	/* Of a write: flushes and fences that nothing needed under ADR, and where the first is; empty: none. */
	char redundant[600];
	size_t instructions;
	struct persist_counts counts; /* under ADR */
};

struct prover {
	struct stepper *stepper;
	struct stage stage; /* shared with the traced process */
	struct trace trace; /* of the last case */
	struct persist adr, eadr;
	size_t room;		/* bytes of the stage that are followed */
	bool *dropped, *fenced; /* lines, of a read */
};

/* For cases of at most so many bytes; prove_close() also after failure. */
bool prove_open(struct prover *prover, size_t most, struct err *e);
void prove_close(struct prover *prover);

/* What a strategy must be for this: user-space code with a kernel for the operation. */
bool prove_possible(const struct strategy *strategy, const struct kernel *kernel,
	enum operation operation, struct err *why_not);

/*
 * Run a kernel's loop untraced, at sizes up to 4 KiB: the dynamic linker's work is done
 * before anything is traced. What fails is not told; the trace will.
 */
void prove_warm_up(const struct kernel *kernel, enum operation operation);

/* Trace one case and judge it. False only when it could not be traced. */
bool prove_one(struct prover *prover, const struct prove_case *job, struct prove_result *result,
	struct err *e);

/* After one instruction of the last case: what a crash may leave. */
struct prove_point {
	const struct trace_event *event;
	double images;	    /* that a crash here may leave (ADR); infinite: too many to enumerate */
	const char *unsure; /* bytes of the operation that may be missing: "0-63, 100", or "none" */
	/* Each of at most PROVE_IMAGES: its bytes that hold what was written; n_left 0: there are more. */
	const char *left[PROVE_IMAGES];
	size_t n_left;
};

/* Call `each` for every store, flush and fence of the last case (a write). False when out of memory. */
bool prove_points(struct prover *prover, const struct prove_case *job,
	void (*each)(void *arg, const struct prove_point *point), void *arg, struct err *e);

#endif
