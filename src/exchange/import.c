// SPDX-License-Identifier: MIT
#include "exchange/import.h"

#include <stdio.h>
#include <string.h>

#include "base/words.h"

extern const struct import_format import_gbench, import_hyperfine;

const struct import_format *const import_formats[] = {&import_gbench, &import_hyperfine};
const size_t import_formats_n = sizeof(import_formats) / sizeof(import_formats[0]);

const struct import_format *import_format_find(const char *name, struct err *e)
{
	const char *names[sizeof(import_formats) / sizeof(import_formats[0])];
	const struct words words = {"format", names, import_formats_n, NULL};
	unsigned i;

	for (i = 0; i < import_formats_n; i++)
		names[i] = import_formats[i]->name;
	return words_find(&words, name, &i, e) ? import_formats[i] : NULL;
}

bool import_file(const struct import_format *format, const char *path, struct imported *imported,
	struct err *e)
{
	struct place place = {.path = path, .e = e};
	json_t *root;
	bool ok;

	memset(imported, 0, sizeof(*imported));
	root = place_read(path, IMPORT_LARGEST, e);
	snprintf(imported->format, sizeof(imported->format), "%s", format->name);
	snprintf(imported->file, sizeof(imported->file), "%.511s", path);
	ok = root != NULL && format->read(&place, root, imported);
	json_decref(root);
	return ok && (imported->n > 0 || err_set(e, ERR_FAILED, "%s: no times in it", path));
}
