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

/* True once a signal has come. */
bool interrupt_pending(void);

/* Die by the signal that came, so that a shell sees it. Returns only if none came. */
void interrupt_die(void);

#endif
