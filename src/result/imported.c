// SPDX-License-Identifier: MIT
#include "result/imported.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "stat/stat.h"

#define FORMAT "daxmark-import"
#define LARGEST_FILE (64u << 20)
#define MOST_NS 1e18

struct imported_row *imported_add(struct imported *imported)
{
	struct imported_row *rows;

	if (imported->n == IMPORTED_MOST)
		return NULL;
	/* Room doubles at powers of two. */
	if ((imported->n & (imported->n - 1)) == 0) {
		size_t room = imported->n > 0 ? 2 * imported->n : 1;

		rows = realloc(imported->rows, room * sizeof(rows[0]));
		if (rows == NULL)
			return NULL;
		imported->rows = rows;
	}
	rows = &imported->rows[imported->n++];
	memset(rows, 0, sizeof(*rows));
	return rows;
}

void imported_free(struct imported *imported)
{
	free(imported->rows);
	imported->rows = NULL;
	imported->n = 0;
}

void imported_take(struct imported_row *row, double *ns, size_t n)
{
	stat_sort(ns, n);
	row->n = n;
	row->least = ns[0];
	row->most = ns[n - 1];
	row->ns = (ns[(n - 1) / 2] + ns[n / 2]) / 2;
}

char *imported_to_json(const struct imported *imported)
{
	json_t *root = json_object(), *source = json_object(), *rows = json_array();
	char *text;

	json_put(root, "format", json_plain(FORMAT));
	json_put(root, "version", json_integer(1));
	json_put(source, "format", json_plain(imported->format));
	json_put(source, "tool", json_plain(imported->tool));
	json_put(source, "file", json_plain(imported->file));
	json_put(source, "column", json_plain(imported->column));
	json_put(source, "created", json_plain(imported->created));
	json_put(source, "machine", json_plain(imported->machine));
	json_put(root, "source", source);
	for (size_t i = 0; i < imported->n; i++) {
		const struct imported_row *row = &imported->rows[i];
		json_t *object = json_object();

		json_put(object, "name", json_plain(row->name));
		json_put(object, "why", json_plain(row->why));
		json_put(object, "ns", json_double(row->why[0] == '\0' ? row->ns : NAN));
		json_put(object, "least_ns", json_double(row->why[0] == '\0' ? row->least : NAN));
		json_put(object, "most_ns", json_double(row->why[0] == '\0' ? row->most : NAN));
		json_put(object, "repetitions", json_integer((json_int_t)row->n));
		json_array_append_new(rows, object);
	}
	json_put(root, "rows", rows);
	text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(10));
	json_decref(root);
	return text;
}

bool imported_is(const char *path)
{
	char head[200] = "", *at;
	FILE *file = fopen(path, "re");
	size_t n;

	if (file == NULL)
		return false;
	n = fread(head, 1, sizeof(head) - 1, file);
	fclose(file);
	head[n] = '\0';
	at = strstr(head, "\"format\"");
	return at != NULL && strstr(at, "\"" FORMAT "\"") != NULL;
}

static bool load_row(const struct place *place, const json_t *in, struct imported_row *row)
{
	long long n;

	if (!place_text(place, in, "name", row->name, sizeof(row->name)) ||
		!place_text(place, in, "why", row->why, sizeof(row->why)) ||
		!place_integer(place, in, "repetitions", 0, 1ll << 40, &n))
		return false;
	row->n = (size_t)n;
	if (row->why[0] != '\0')
		return true;
	if (!place_number(place, in, "ns", &row->ns) ||
		!place_number(place, in, "least_ns", &row->least) ||
		!place_number(place, in, "most_ns", &row->most))
		return false;
	return (row->least >= 0 && row->least <= row->ns && row->ns <= row->most &&
		       row->most <= MOST_NS) ||
	       place_bad(place, "ns", "is no time between its least and its most");
}

static bool load(struct place *place, const json_t *root, struct imported *imported)
{
	json_t *source, *rows;
	char format[32];
	long long version;

	if (!json_is_object(root) || !place_text(place, root, "format", format, sizeof(format)) ||
		strcmp(format, FORMAT) != 0)
		return place_bad(place, "format", "not imported by daxmark");
	if (!place_integer(place, root, "version", 1, 1, &version) ||
		!place_object(place, root, "source", &source) ||
		!place_array(place, root, "rows", 0, IMPORTED_MOST, &rows))
		return false;
	strcpy(place->at, "source");
	if (!place_text(place, source, "format", imported->format, sizeof(imported->format)) ||
		!place_text(place, source, "tool", imported->tool, sizeof(imported->tool)) ||
		!place_text(place, source, "file", imported->file, sizeof(imported->file)) ||
		!place_text(place, source, "column", imported->column, sizeof(imported->column)) ||
		!place_text(
			place, source, "created", imported->created, sizeof(imported->created)) ||
		!place_text(place, source, "machine", imported->machine, sizeof(imported->machine)))
		return false;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct imported_row *row = imported_add(imported);

		snprintf(place->at, sizeof(place->at), "rows[%zu]", i);
		if (row == NULL)
			return place_bad(place, "", "out of memory");
		if (!load_row(place, json_array_get(rows, i), row))
			return false;
	}
	return true;
}

bool imported_read(struct imported *imported, const char *path, struct err *e)
{
	struct place place = {.path = path, .e = e};
	json_t *root = place_read(path, LARGEST_FILE, e);
	bool ok;

	memset(imported, 0, sizeof(*imported));
	ok = root != NULL && load(&place, root, imported);
	json_decref(root);
	return ok;
}
