/* SPDX-License-Identifier: MIT */
/*
 * One way to report a failure: the function that meets it fills a struct err
 * with a code and a sentence that names the object; main.c prints it, once.
 * Nothing here prints or exits.
 */
#ifndef DAXMARK_BASE_ERR_H
#define DAXMARK_BASE_ERR_H

#include <stdbool.h>

/*
 * The exit statuses of every command; a signal that ended one is 128 + its number, as
 * shells report it. X(code, value, what): the manual, --help and the tests have the same.
 */
#define ERR_STATUSES                                                                \
	X(ERR_NONE, 0, "done")                                                      \
	X(ERR_FAILED, 1, "failed: something could not be done, one line says what") \
	X(ERR_USAGE, 2, "usage: what was asked makes no sense")                     \
	X(ERR_ALARM, 3, "alarm: all was done, and a limit that was set is passed")

enum err_code {
#define X(code, value, what) code = (value),
	ERR_STATUSES
#undef X
};

struct err {
	enum err_code code;
	char text[400]; /* one line, no full stop, no newline */
};

/*
 * In a message: a quantity that somebody asked for, named as the program names it. Who
 * prints it may put in how that is spelled where it was asked (option_spell()).
 */
#define ERR_OF_BEGIN "\001"
#define ERR_OF_END "\002"
#define ERR_OF(quantity) ERR_OF_BEGIN quantity ERR_OF_END

/* Fill *e and return false, so that a leaf can say: return err_set(e, ...); */
bool err_set(struct err *e, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set with ERR_FAILED, and ": " strerror(errno_value) at the end. */
bool err_errno(struct err *e, int errno_value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
