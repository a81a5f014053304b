/* SPDX-License-Identifier: MIT */
/*
 * A result in other tools' dialects, one file each. They know nothing of pairs, states or
 * guarantees, so what they conclude may differ from what daxmark does.
 */
#ifndef DAXMARK_EXCHANGE_FORMAT_H
#define DAXMARK_EXCHANGE_FORMAT_H

#include <stdio.h>

#include "analyse/summary.h"
#include "base/err.h"

struct exchange_format {
	const char *name; /* as --format has it */
	/* `baseline`: what ratios are to, where the format has any; NULL: memcpy. */
	bool (*write)(FILE *out, const struct result *result, const char *baseline, struct err *e);
};

extern const struct exchange_format *const exchange_formats[];
extern const size_t exchange_formats_n;

/* "gbench, csv, tsv", cut to fit. */
const char *exchange_format_names(char *text, size_t bytes);

/* By name; usage error with the nearest name, or all of them. */
const struct exchange_format *exchange_format_find(const char *name, struct err *e);

#endif
