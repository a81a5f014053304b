/* SPDX-License-Identifier: MIT */
/* Where this program is: to run it again, and to find what was installed beside it. */
#ifndef DAXMARK_BASE_SELF_H
#define DAXMARK_BASE_SELF_H

#include <stdbool.h>
#include <stddef.h>

#define SELF_BYTES 640

/*
 * The program's own path: /proc/self/exe, or, where /proc is not mounted, the name that
 * it was started by if that is one. False when neither tells.
 */
bool self_path(char path[SELF_BYTES]);

/*
 * The folder of this name that lies beside the program or in ../share/daxmark and holds
 * the file `probe`. False where there is none.
 */
bool self_folder(const char *name, const char *probe, char *path, size_t bytes);

#endif
