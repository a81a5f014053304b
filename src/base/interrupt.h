/* SPDX-License-Identifier: MIT */
/*
 * SIGINT and SIGTERM: the first asks the run to stop after the current slice
 * and to keep what it measured, the second takes its default action at once.
 */
#ifndef DAXMARK_BASE_INTERRUPT_H
#define DAXMARK_BASE_INTERRUPT_H

#include <stdbool.h>

/* Install the handlers; a signal that was ignored when we started stays ignored. */
void interrupt_install(void);

/*
 * From here on, memory that goes away under us (SIGBUS: a file truncated, a
 * device gone, a poisoned page) ends the program with one line and status 1;
 * the last checkpoint stands.
 */
void interrupt_guard_memory(void);

/* True once a signal has come. */
bool interrupt_pending(void);

/* Die by the signal that came, so that a shell sees it. Returns only if none came. */
void interrupt_die(void);

#endif
