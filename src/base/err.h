/* SPDX-License-Identifier: MIT */
/*
 * One way to report a failure: the function that meets it fills a struct err
 * with a code and a sentence that names the object; main.c prints it, once.
 * Nothing here prints or exits.
 */
#ifndef DAXMARK_BASE_ERR_H
#define DAXMARK_BASE_ERR_H

#include <stdbool.h>

enum err_code {
	ERR_NONE = 0,
	ERR_FAILED = 1, /* something went wrong while doing what was asked */
	ERR_USAGE = 2,	/* what was asked makes no sense */
};

struct err {
	enum err_code code;
	char text[400]; /* one line, no full stop, no newline */
};

/* Fill *e and return false, so that a leaf can say: return err_set(e, ...); */
bool err_set(struct err *e, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set with ERR_FAILED, and ": " strerror(errno_value) at the end. */
bool err_errno(struct err *e, int errno_value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
