/* SPDX-License-Identifier: MIT */
/* gnuplot: started, listened to, and its pictures checked. Knows nothing of results. */
#ifndef DAXMARK_REPORT_GNUPLOT_H
#define DAXMARK_REPORT_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/words.h"

/* By the file's ending; tex makes a PDF beside it, which it includes. */
enum picture_format {
	PICTURE_SVG,
	PICTURE_PNG,
	PICTURE_PDF,
	PICTURE_EPS,
	PICTURE_TEX,
	PICTURE_TEXT, /* characters, 72 columns */
	PICTURE_FORMATS
};
extern const struct words picture_words; /* and endings */

/* What a file of it ends in: "svg". */
const char *gnuplot_ending(enum picture_format format);

/* "BASE.FORMAT", and what comes beside it, may be written: see file_may_create(). */
bool gnuplot_may_create(const char *base, enum picture_format format, bool force, struct err *e);

/* How large, and in what type. */
struct picture {
	double width_mm, height_mm;
	char font[64];
	double points;
};
extern const struct picture picture_usual; /* of a page */

/*
 * The format by a file's ending, and its path without it. Usage error that names the endings
 * where it is none of them.
 */
bool gnuplot_format_of(
	const char *path, char *base, size_t bytes, enum picture_format *format, struct err *e);

/* gnuplot can be started; false and the reason where not. */
bool gnuplot_can(struct err *why_not);

/* name="value"; with nothing inside that gnuplot expands. */
void gnuplot_assign(FILE *out, const char *name, const char *value);

/* gnuplot takes a name that begins with | or < for a command: none of ours may. */
void gnuplot_assign_path(FILE *out, const char *name, const char *path);

/*
 * Run common.gp of `folder` and then `script` after `settings`, once for each of the n
 * formats, into "BASE.FORMAT". Each picture appears as one step, whole; gnuplot's own
 * complaint becomes the error.
 */
bool gnuplot_draw(const char *folder, const char *script, const char *settings,
	const struct picture *picture, const char *base, const enum picture_format *formats,
	size_t n, struct err *e);

/*
 * All of that as one script in "BASE.gp" that draws "BASE.svg" again where it lies: a person
 * goes on from there.
 */
bool gnuplot_keep(const char *folder, const char *script, const char *settings,
	const struct picture *picture, const char *base, struct err *e);

#endif
