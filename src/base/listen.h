/* SPDX-License-Identifier: MIT */
/* What a child process says through a pipe, for the error that it may be. */
#ifndef DAXMARK_BASE_LISTEN_H
#define DAXMARK_BASE_LISTEN_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Read until the other end is closed and keep the end of it, bytes - 1 at most. The
 * first signal that asks us to stop is passed on to `child` (0: to nobody), as SIGTERM:
 * what a shell runs in the background ignores SIGINT, and its children inherit that.
 */
void listen_to(int fd, pid_t child, char *said, size_t bytes);

/* The last line that is not empty; cuts white space off the end of `said`. */
const char *listen_last_line(char *said);

#endif
