// SPDX-License-Identifier: MIT
#include "show.h"

#include <libsmartcols.h>

struct libscols_table *show_begin(
	const char *name, const struct show_column *columns, size_t n, bool json)
{
	struct libscols_table *table;

	scols_init_debug(0);
	table = scols_new_table();
	if (table == NULL)
		return NULL;
	scols_table_set_name(table, name);
	scols_table_enable_json(table, json);
	scols_table_enable_nowrap(table, 1); /* a pipe must not cut lines at 80 columns */
	for (size_t i = 0; i < n; i++) {
		struct libscols_column *column = scols_table_new_column(
			table, columns[i].name, 0, columns[i].right ? SCOLS_FL_RIGHT : 0);

		if (column == NULL) {
			scols_unref_table(table);
			return NULL;
		}
		if (columns[i].boolean)
			scols_column_set_json_type(column, SCOLS_JSON_BOOLEAN);
		else if (columns[i].number)
			scols_column_set_json_type(column, SCOLS_JSON_NUMBER);
		else
			scols_column_set_json_type(column, SCOLS_JSON_STRING);
	}
	return table;
}

bool show_row(struct libscols_table *table, const char *const *cells, size_t n)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);

	if (line == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if (scols_line_set_data(line, i, cells[i]) != 0)
			return false;
	return true;
}

void show_drop(struct libscols_table *table)
{
	scols_unref_table(table);
}

bool show_end(struct libscols_table *table, struct err *e)
{
	int failed = scols_print_table(table);

	scols_unref_table(table);
	if (failed != 0)
		return err_set(e, ERR_FAILED, "cannot print a table");
	return true;
}
