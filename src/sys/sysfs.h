/* SPDX-License-Identifier: MIT */
/* One-line files of /sys and /proc. */
#ifndef DAXMARK_SYS_SYSFS_H
#define DAXMARK_SYS_SYSFS_H

#include <stddef.h>

/* The first line of FOLDER/NAME without its newline; empty when there is none. */
void sysfs_line(const char *folder, const char *name, char *text, size_t bytes);

#endif
