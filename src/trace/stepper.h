/* SPDX-License-Identifier: MIT */
/*
 * Runs a strategy's machine code one instruction at a time in a child process
 * (ptrace) and writes down what each did to the target. The child shares the
 * target's pages and our code, so addresses are the same on both sides. x86-64
 * with Zydis only; elsewhere stepper_available() says why not.
 */
#ifndef DAXMARK_TRACE_STEPPER_H
#define DAXMARK_TRACE_STEPPER_H

#include "strategy/walk.h"
#include "trace/event.h"

struct stepper;

bool stepper_available(struct err *why_not);

#define STEPPER_ALIASES 2

/*
 * [region, region + bytes) is mapped shared, and again at each of `aliases` (NULL:
 * none). NULL on failure.
 */
struct stepper *stepper_start(
	char *region, char *const aliases[STEPPER_ALIASES], size_t bytes, struct err *e);
void stepper_stop(struct stepper *stepper);

/*
 * Run loop(walk) and fill *trace, offsets from the region's start. The loop
 * should have run once before, or the linker's work is traced too.
 */
bool stepper_trace(struct stepper *stepper, void (*loop)(const struct walk *),
	const struct walk *walk, struct trace *trace, struct err *e);

/* "vmovntdq [rdi+0x40], zmm1 at libpmem.so.1+0x1234": the instruction of an event, for messages. */
void stepper_describe(const struct trace_event *event, char *text, size_t bytes);

#endif
