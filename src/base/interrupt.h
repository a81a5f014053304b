/* SPDX-License-Identifier: MIT */
/*
 * SIGINT, SIGTERM, SIGHUP and SIGXCPU: the first asks the run to stop after the current
 * slice and to keep what it measured, the second takes its default action at once. (But
 * SIGXCPU: it comes every second until the hard limit ends the process.)
 */
#ifndef DAXMARK_BASE_INTERRUPT_H
#define DAXMARK_BASE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/*
 * What the process wants of signals from its start: a file that may not grow is an error
 * of the call that hit the limit (no SIGXFSZ), and children can be waited for whatever
 * the parent made of SIGCHLD.
 */
void interrupt_begin(void);

/* The signals that ask for a stop. */
void interrupt_signals(sigset_t *set);

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
