/* SPDX-License-Identifier: MIT */
/* What of a result is shown. What was measured beside it still counts in every verdict. */
#ifndef DAXMARK_REPORT_CHOICE_H
#define DAXMARK_REPORT_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "case/axis.h"
#include "result/result.h"

/* All zeros: everything. */
struct choice {
	const char *strategies;			  /* names and patterns, by commas; NULL: all */
	const struct axis_values *of[AXIS_COUNT]; /* NULL: all */
};

/* A strategy was asked for by name or pattern; false where none was. */
bool choice_names(const struct choice *choice, const struct result_arm *arm);

bool choice_shows_arm(const struct choice *choice, const struct result_arm *arm);
bool choice_shows(const struct choice *choice, const struct setting *setting);
/* Some of the comparisons [first, end) of a result. */
bool choice_shows_any(
	const struct choice *choice, const struct result *result, size_t first, size_t end);

/* Every name, pattern and value shows something of one of the results; a usage error else. */
bool choice_check(
	const struct choice *choice, const struct result *const *results, size_t n, struct err *e);

#endif
