/* SPDX-License-Identifier: MIT */
/* Other tools' files, one format a file: from their JSON to rows of times. */
#ifndef DAXMARK_EXCHANGE_IMPORT_H
#define DAXMARK_EXCHANGE_IMPORT_H

#include "base/json.h"
#include "result/imported.h"

#define IMPORT_LARGEST (256u << 20)

struct import_format {
	const char *name;
	/* Rows, tool, column, created and machine; format and file are the caller's. False names the place. */
	bool (*read)(struct place *place, const json_t *root, struct imported *imported);
};

extern const struct import_format *const import_formats[];
extern const size_t import_formats_n;

/* By name; usage error with the nearest name, or all of them. */
const struct import_format *import_format_find(const char *name, struct err *e);

/* A file in one of the formats; free with imported_free() also after failure. */
bool import_file(const struct import_format *format, const char *path, struct imported *imported,
	struct err *e);

#endif
