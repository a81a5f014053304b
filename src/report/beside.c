// SPDX-License-Identifier: MIT
#include "report/beside.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "report/drawing.h"

#define DRAWN_MOST 24
#define NAME_MOST 44 /* letters of a name beside its dot */
#define ROWS_MOST 2000
#define CELLS 4

static size_t timed(const struct imported *imported)
{
	size_t n = 0;

	for (size_t i = 0; i < imported->n; i++)
		n += imported->rows[i].why[0] == '\0';
	return n;
}

/* A name as the figure has it: short, and with nothing that ends a column. */
static void short_name(const char *name, char text[NAME_MOST + 4])
{
	size_t length = strlen(name);

	if (length <= NAME_MOST)
		snprintf(text, NAME_MOST + 4, "%.*s", NAME_MOST, name);
	else
		snprintf(text, NAME_MOST + 4, "..%.*s", NAME_MOST - 2,
			name + length - (NAME_MOST - 2));
	for (char *c = text; *c != '\0'; c++)
		if (*c == '"' || *c == '\\' || *c == '\t')
			*c = '\'';
}

static bool write_table(const struct imported *imported, const char *path, struct err *e)
{
	FILE *out = fopen(path, "we");
	size_t row = 0;
	bool ok = out != NULL;

	if (ok)
		fprintf(out, "row\tname\tns\tleast\tmost\n");
	for (size_t i = 0; ok && i < imported->n && row < DRAWN_MOST; i++) {
		const struct imported_row *from = &imported->rows[i];
		char name[NAME_MOST + 4];

		if (from->why[0] != '\0' || from->ns <= 0)
			continue;
		short_name(from->name, name);
		ok = fprintf(out, "%zu\t\"%s\"\t%.9g\t%.9g\t%.9g\n", ++row, name, from->ns,
			     fmax(from->least, 1e-3), from->most) > 0;
	}
	if (out != NULL && fclose(out) != 0)
		ok = false;
	return ok || err_errno(e, errno, "cannot write %s", path);
}

static bool draw(const struct imported *imported, const struct plots *plots, const char *folder,
	const char *name, struct err *e)
{
	static const enum picture_format formats[] = {PICTURE_SVG, PICTURE_PNG};
	char table[4200], base[4200];
	bool ok;

	snprintf(table, sizeof(table), "%.4000s/%s.tsv", folder, name);
	snprintf(base, sizeof(base), "%.4000s/%s", folder, name);
	ok = write_table(imported, table, e) && drawing_draw_table(plots, "imported", table, base,
							formats, 2, imported->tool, "time", e);
	unlink(table);
	return ok;
}

/* "Google Benchmark, ./bench: real_time of an iteration. From FILE, measured DATE on MACHINE." */
static void write_origin(struct document *document, const struct imported *imported)
{
	document_paragraph(document,
		"%s: %s, the median of its repetitions and their range. From %s%s%s%s%s. What "
		"lines, "
		"guarantee and neighbours these times had is not known: they are not ranked with "
		"any "
		"above.",
		imported->tool, imported->column, imported->file,
		imported->created[0] != '\0' ? ", measured " : "", imported->created,
		imported->machine[0] != '\0' ? " on " : "", imported->machine);
}

static void write_rows(struct document *document, const struct imported *imported)
{
	static const char *const headings[CELLS] = {"name", "time", "range", "repetitions"};

	document_table_begin_sorted(document, headings, CELLS, 1);
	for (size_t i = 0; i < imported->n && i < ROWS_MOST; i++) {
		const struct imported_row *row = &imported->rows[i];
		char ns[UNITS_TEXT_BYTES] = "–", least[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES];
		char range[220], n[24];
		const char *cells[CELLS] = {row->name, ns, range, n};
		double values[CELLS] = {NAN, NAN, NAN, (double)row->n};

		snprintf(range, sizeof(range), "%s", row->why);
		if (row->why[0] == '\0') {
			units_ns(row->ns, ns);
			snprintf(range, sizeof(range), "%s to %s", units_ns(row->least, least),
				units_ns(row->most, most));
			values[1] = row->ns;
			values[2] = row->most / fmax(row->least, 1e-9);
		}
		snprintf(n, sizeof(n), "%zu", row->n);
		document_row_sorted(document, cells, values, CELLS, 1, false);
	}
	document_table_end(document);
	if (imported->n > ROWS_MOST)
		document_paragraph(document, "The first %d of %zu.", ROWS_MOST, imported->n);
}

bool beside_write(struct document *document, const struct imported *imported, size_t n,
	const struct plots *plots, const char *folder, struct err *e)
{
	bool ok = true;

	if (n == 0)
		return true;
	document_heading(document, 2, "Measured by other tools");
	for (size_t i = 0; ok && i < n; i++) {
		char name[40], note[120] = "";
		size_t drawn = timed(&imported[i]);

		write_origin(document, &imported[i]);
		snprintf(name, sizeof(name), "imported-%zu", i + 1);
		if (drawn > DRAWN_MOST)
			snprintf(note, sizeof(note), "The first %d of %zu.", DRAWN_MOST, drawn);
		if (plots != NULL && drawn > 0) {
			document_pictures_begin(document);
			ok = draw(&imported[i], plots, folder, name, e) &&
			     document_picture(document, folder, name,
				     "Times that another tool measured, a dot each with their "
				     "range",
				     note, e);
			document_pictures_end(document);
		}
		write_rows(document, &imported[i]);
	}
	return ok;
}
