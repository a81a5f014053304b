/* SPDX-License-Identifier: MIT */
/*
 * What single-stepping needs of an instruction set: decode_ISA.c has it, decode_none.c
 * says why there is none. Only stepper.c includes this, and they.
 */
#ifndef DAXMARK_TRACE_DECODE_H
#define DAXMARK_TRACE_DECODE_H

#include <sched.h>
#include <sys/ptrace.h>
#include <sys/types.h>

#include "trace/stepper.h"

/* What the child runs next; in memory that both see. */
struct stepper_job {
	void (*loop)(const struct walk *walk);
	struct walk walk;
	struct walk_failure failed;
};

struct decoder;

struct stepper {
	pid_t child;
	struct stepper_job *job;
	char *region, *aliases[STEPPER_ALIASES];
	size_t bytes;
	struct decoder *decoder;
	cpu_set_t allowed; /* where this thread ran before */
};

/*
 * Let the child run to its next trap. What the terminal sends to us both (a resize, an
 * interrupt) is ours to act on: it is kept from the child.
 */
bool stepper_go_on(struct stepper *stepper, enum __ptrace_request request, struct err *e);

bool decoder_available(struct err *why_not);

/* For a region of so many bytes; NULL when out of memory. */
struct decoder *decoder_new(size_t bytes);
void decoder_free(struct decoder *decoder);

/* The child: asks to be traced, then a trap, the job's loop, a trap, for ever. */
void decoder_child(struct stepper_job *job) __attribute__((noreturn));

/* One instruction, and what it did; *ended instead where the child is at the trap behind its loop. */
bool decoder_step(struct stepper *stepper, struct trace *trace, bool *ended, struct err *e);

/* As stepper_describe(). */
void decoder_describe(const struct trace_event *event, char *text, size_t bytes);

#endif
