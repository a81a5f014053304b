// SPDX-License-Identifier: MIT
#include "command/show.h"

#include <libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define LEAST_WIDTH 20
#define INDENT 2

struct show_table {
	struct show_column columns[SHOW_MOST_COLUMNS];
	size_t n, rows, room;
	char **cells; /* [rows][n] */
	const char *name;
	bool json;
};

size_t show_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	if (size.ws_col == 0) /* a terminal that does not know */
		return 80;
	return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

const char *show_text(const char *said, char *text, size_t bytes)
{
	size_t used = 0;

	if (MB_CUR_MAX > 1) {
		snprintf(text, bytes, "%s", said);
		return text;
	}
	for (; *said != '\0' && used + 1 < bytes; said++) {
		unsigned char byte = (unsigned char)*said;

		if (byte < 0x80)
			text[used++] = *said;
		else if (strncmp(said, "\xe2\x80\x93", 3) == 0) /* an en dash */
			text[used++] = '-';
		else if (byte >= 0xc0 && strncmp(said, "\xe2\x80", 2) != 0)
			text[used++] = '?';
	}
	text[used] = '\0';
	return text;
}

struct show_table *show_begin(
	const char *name, const struct show_column *columns, size_t n, bool json)
{
	struct show_table *table = calloc(1, sizeof(*table));

	if (table == NULL || n > SHOW_MOST_COLUMNS) {
		free(table);
		return NULL;
	}
	memcpy(table->columns, columns, n * sizeof(columns[0]));
	table->n = n;
	table->name = name;
	table->json = json;
	return table;
}

bool show_row(struct show_table *table, const char *const *cells, size_t n)
{
	if (table->rows == table->room) {
		size_t room = table->room ? 2 * table->room : 32;
		char **grown = realloc(table->cells, room * table->n * sizeof(grown[0]));

		if (grown == NULL)
			return false;
		table->cells = grown;
		table->room = room;
	}
	for (size_t i = 0; i < table->n; i++) {
		const char *said = i < n && cells[i] != NULL ? cells[i] : "";
		size_t bytes = strlen(said) + 1;
		char *cell = malloc(bytes);

		table->cells[table->rows * table->n + i] = cell;
		if (cell == NULL) {
			while (i-- > 0)
				free(table->cells[table->rows * table->n + i]);
			return false;
		}
		if (table->json)
			memcpy(cell, said, bytes);
		else
			show_text(said, cell, bytes);
	}
	table->rows++;
	return true;
}

void show_drop(struct show_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->rows * table->n; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}

static const char *cell(const struct show_table *table, size_t row, size_t column)
{
	return table->cells[row * table->n + column];
}

/* In columns of a terminal; in bytes where it is no text of this locale. */
static size_t width_of(const char *text)
{
	wchar_t wide[600];
	size_t n = mbstowcs(wide, text, sizeof(wide) / sizeof(wide[0]));
	int width;

	if (n == (size_t)-1 || n == sizeof(wide) / sizeof(wide[0]))
		return strlen(text);
	width = wcswidth(wide, n);
	return width < 0 ? strlen(text) : (size_t)width;
}

static size_t column_width(const struct show_table *table, size_t column)
{
	size_t most = width_of(table->columns[column].name);

	for (size_t row = 0; row < table->rows; row++) {
		size_t width = width_of(cell(table, row, column));

		most = width > most ? width : most;
	}
	return most;
}

/* Of the columns in `shown`, from `first` on, with a space between. */
static size_t total_width(const struct show_table *table, unsigned shown, size_t first)
{
	size_t all = 0;

	for (size_t i = first; i < table->n; i++)
		if (shown >> i & 1)
			all += column_width(table, i) + (all > 0);
	return all;
}

/* The column of `shown` that may go first; n when all of them decide. */
static size_t sparest(const struct show_table *table, unsigned shown)
{
	size_t best = table->n;

	for (size_t i = 0; i < table->n; i++)
		if ((shown >> i & 1) && table->columns[i].spare > 0 &&
			(best == table->n || table->columns[i].spare > table->columns[best].spare))
			best = i;
	return best;
}

/* By libsmartcols: the columns of `shown` from `first` on, all rows or one. */
static bool print_columns(const struct show_table *table, unsigned shown)
{
	struct libscols_table *out;
	bool ok = true;

	scols_init_debug(0);
	out = scols_new_table();
	if (out == NULL)
		return false;
	scols_table_set_name(out, table->name);
	scols_table_enable_json(out, table->json);
	scols_table_enable_nowrap(out, 1);
	scols_table_set_termforce(out, SCOLS_TERMFORCE_NEVER); /* nothing is cut: it fits */
	for (size_t i = 0; ok && i < table->n; i++) {
		const struct show_column *column = &table->columns[i];
		struct libscols_column *made;

		if (!(shown >> i & 1))
			continue;
		made = scols_table_new_column(
			out, column->name, 0, column->right ? SCOLS_FL_RIGHT : 0);
		ok = made != NULL;
		if (ok)
			scols_column_set_json_type(made, column->boolean  ? SCOLS_JSON_BOOLEAN
							 : column->number ? SCOLS_JSON_NUMBER
									  : SCOLS_JSON_STRING);
	}
	for (size_t row = 0; ok && row < table->rows; row++) {
		struct libscols_line *line = scols_table_new_line(out, NULL);
		size_t at = 0;

		ok = line != NULL;
		for (size_t i = 0; ok && i < table->n; i++)
			if (shown >> i & 1)
				ok = scols_line_set_data(line, at++, cell(table, row, i)) == 0;
	}
	ok = ok && scols_print_table(out) == 0;
	scols_unref_table(out);
	return ok;
}

static void spaces(size_t n)
{
	printf("%*s", (int)n, "");
}

/* Words of `text`, so that no line is wider than the terminal; later lines are set in by `indent`. */
static void print_wrapped(const char *text, size_t at, size_t indent, size_t width)
{
	while (*text != '\0') {
		size_t word = strcspn(text, " "), gap = strspn(text + word, " ");

		if (at > indent && at + word > width) {
			putchar('\n');
			spaces(indent);
			at = indent;
		}
		printf("%.*s", (int)word, text);
		at += word;
		if (gap > 0 && text[word + gap] != '\0' && at + 1 < width) {
			putchar(' ');
			at++;
		}
		text += word + gap;
	}
	putchar('\n');
}

/* The first column on a line of its own, the others below it, aligned. */
static void print_two_lines(const struct show_table *table, unsigned shown)
{
	size_t widths[SHOW_MOST_COLUMNS];

	for (size_t i = 0; i < table->n; i++)
		widths[i] = column_width(table, i);
	for (size_t row = 0; row <= table->rows; row++) {
		printf("%s\n", row == 0 ? table->columns[0].name : cell(table, row - 1, 0));
		spaces(INDENT - 1);
		for (size_t i = 1; i < table->n; i++) {
			const char *text =
				row == 0 ? table->columns[i].name : cell(table, row - 1, i);
			size_t gap = widths[i] - width_of(text);

			if (!(shown >> i & 1))
				continue;
			putchar(' ');
			if (table->columns[i].right)
				spaces(gap);
			fputs(text, stdout);
			if (!table->columns[i].right && i + 1 < table->n)
				spaces(gap);
		}
		putchar('\n');
	}
}

/* A line a column, for each row: whatever the width, all of it is there. */
static void print_records(const struct show_table *table, size_t width)
{
	size_t names = 0;

	/* Two columns are a name and what it is. */
	for (size_t row = 0; table->n == 2 && row < table->rows; row++) {
		size_t first = column_width(table, 0);

		fputs(cell(table, row, 0), stdout);
		spaces(first - width_of(cell(table, row, 0)) + 1);
		print_wrapped(cell(table, row, 1), first + 1, first + 1, width);
	}
	if (table->n == 2)
		return;
	for (size_t i = 1; i < table->n; i++) {
		size_t name = width_of(table->columns[i].name);

		names = name > names ? name : names;
	}
	for (size_t row = 0; row < table->rows; row++) {
		print_wrapped(cell(table, row, 0), 0, INDENT, width);
		for (size_t i = 1; i < table->n; i++) {
			if (cell(table, row, i)[0] == '\0')
				continue;
			spaces(INDENT);
			printf("%s", table->columns[i].name);
			spaces(names - width_of(table->columns[i].name) + 1);
			print_wrapped(
				cell(table, row, i), INDENT + names + 1, INDENT + names + 1, width);
		}
	}
}

static void say_left_out(const struct show_table *table, unsigned shown, size_t width)
{
	char text[400] = "(to fit this terminal, without";
	bool any = false;

	for (size_t i = 0; i < table->n; i++) {
		size_t used = strlen(text);

		if (shown >> i & 1)
			continue;
		snprintf(text + used, sizeof(text) - used, "%s %s", any ? "," : "",
			table->columns[i].name);
		any = true;
	}
	strncat(text, "; a pipe or a wider one has all)", sizeof(text) - strlen(text) - 1);
	if (any)
		print_wrapped(text, 0, 1, width);
}

static bool print_on_terminal(const struct show_table *table, size_t width)
{
	unsigned all = (1u << table->n) - 1, shown = all;
	size_t spare;

	while (total_width(table, shown, 0) > width && (spare = sparest(table, shown)) < table->n)
		shown &= ~(1u << spare);
	if (total_width(table, shown, 0) <= width) {
		if (!print_columns(table, shown))
			return false;
		say_left_out(table, shown, width);
		return true;
	}
	for (shown = all; INDENT + total_width(table, shown, 1) > width &&
			  (spare = sparest(table, shown)) < table->n;)
		shown &= ~(1u << spare);
	if (INDENT + total_width(table, shown, 1) <= width && column_width(table, 0) <= width) {
		print_two_lines(table, shown);
		say_left_out(table, shown, width);
	} else {
		print_records(table, width);
	}
	return true;
}

void show_line(const char *format, ...)
{
	char text[2000];
	size_t width = show_width(), indent;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	indent = strspn(text, " ");
	if (width > 0) {
		spaces(indent);
		print_wrapped(text + indent, indent, indent, width);
	} else {
		puts(text);
	}
}

bool show_finish(struct show_table *table, bool ok, struct err *e)
{
	if (ok)
		return show_end(table, e);
	show_drop(table);
	return err_set(e, ERR_FAILED, "out of memory");
}

bool show_end(struct show_table *table, struct err *e)
{
	size_t width = table->json ? 0 : show_width();
	bool ok;

	fflush(stdout);
	ok = width > 0 && table->rows > 0 ? print_on_terminal(table, width)
					  : print_columns(table, (1u << table->n) - 1);
	show_drop(table);
	return ok || err_set(e, ERR_FAILED, "cannot print a table");
}
