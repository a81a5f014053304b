/* SPDX-License-Identifier: MIT */
/* A child process, and what it says on stderr, for the error that it may be. */
#ifndef DAXMARK_BASE_LISTEN_H
#define DAXMARK_BASE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Run arguments[0] (looked up in PATH unless it has a slash) with this environment and
 * no standard input or output, and wait for it. `said` gets the end of what it writes on
 * stderr, bytes - 1 at most; *status is that of waitpid(). The first signal that asks us
 * to stop is passed on to it as SIGTERM: what a shell runs in the background ignores
 * SIGINT, and its children inherit that. When we are killed it is told to end, too.
 * False where it could not be started.
 */
bool listen_run(char *const arguments[], char *const environment[], char *said, size_t bytes,
	int *status, struct err *e);

/* The last line that is not empty; cuts white space off the end of `said`. */
const char *listen_last_line(char *said);

#endif
