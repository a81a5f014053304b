/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_FOLDER_H
#define DAXMARK_REPORT_FOLDER_H

#include <stddef.h>

#include "base/err.h"

#define FOLDER_PATH_BYTES 4096

/* A report of ours is there. */
bool folder_is_report(const char *folder);

/* Make it; one that holds other things than a report is refused unless `force`. */
bool folder_make(const char *folder, bool force, struct err *e);

/*
 * Figures of an earlier report ("3-ratio.svg") and tables of several results that this one may
 * not make again. `plots` are the names that figures can have; other people's files stay.
 */
void folder_drop_figures(const char *folder, const char *const *plots, size_t n);

/* Scripts that an earlier report kept are there: somebody may have changed them. */
bool folder_has_scripts(const char *folder);

#endif
