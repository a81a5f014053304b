/* SPDX-License-Identifier: MIT */
/*
 * Files that are never half written and never overwrite what is not ours:
 * content goes to a temporary name beside the file, is synced, and renamed.
 */
#ifndef DAXMARK_BASE_FILE_H
#define DAXMARK_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/*
 * Check that `path` may be created: its folder exists and is writable, and
 * nothing is there yet unless `force`, and then only a regular file. Creates
 * nothing. To be asked before the work that fills the file.
 */
bool file_may_create(const char *path, bool force, struct err *e);

/*
 * A file that did not exist, with all of its content as one step: the name is ours from
 * here on. False when something is there after all (*taken, unless NULL), or it cannot be
 * written; then nothing is there that was not there before.
 */
bool file_create(const char *path, const char *content, size_t bytes, bool *taken, struct err *e);

/* Replace the content of `path` as one step; on failure the old content stands. */
bool file_replace(const char *path, const char *content, size_t bytes, struct err *e);

/*
 * The same of what open_memstream(text, bytes) has collected; closes the stream and frees the
 * text, whatever comes of it.
 */
bool file_replace_stream(
	const char *path, FILE *stream, char **text, const size_t *bytes, struct err *e);

/* The whole file, NUL-terminated, malloc()ed; refuses more than `limit` bytes. NULL on error. */
char *file_read(const char *path, size_t limit, size_t *bytes, struct err *e);

#endif
