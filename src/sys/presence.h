/* SPDX-License-Identifier: MIT */
/*
 * That this process measures, for other daxmarks on the machine to see, and which of them
 * do: two that measure at once disturb each other whatever their targets are. By a socket
 * with a name in the kernel's own name space, which is gone when the process is.
 */
#ifndef DAXMARK_SYS_PRESENCE_H
#define DAXMARK_SYS_PRESENCE_H

#include <stddef.h>

/* From here on we are seen; -1 where that cannot be had. Close with presence_end(). */
int presence_begin(void);
void presence_end(int presence);

/* How many others measure now, as far as /proc/net/unix tells (those of one network name space). */
unsigned presence_others(int presence);

#endif
