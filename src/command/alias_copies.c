// SPDX-License-Identifier: MIT
#include "command/alias_copies.h"

#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "base/units.h"
#include "command/show.h"

bool alias_copies_print(const struct alias_copy *copies, size_t n, struct err *e)
{
	static const struct show_column columns[] = {{.name = "FOOTPRINT", .right = true},
		{.name = "OPERATION"}, {.name = "SIZE", .right = true},
		{.name = "CONGRUENT OVER INCONGRUENT", .right = true},
		{.name = "OVER NO ALIAS", .right = true}};
	struct show_table *table = show_begin("copies", columns, 5, false);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		char footprint[UNITS_TEXT_BYTES], size[UNITS_TEXT_BYTES];
		char alias[UNITS_SPEED_BYTES], plain[UNITS_SPEED_BYTES];
		const struct interval *over = &copies[i].over_incongruent;
		const struct interval *plainly = &copies[i].over_memcpy;
		const char *cells[] = {units_bytes(copies[i].footprint_bytes, footprint),
			operation_words.names[copies[i].operation],
			units_bytes(copies[i].size_bytes, size),
			units_speed(over->estimate, over->low, over->high, alias),
			units_speed(plainly->estimate, plainly->low, plainly->high, plain)};

		ok = show_row(table, cells, 5);
	}
	if (!ok) {
		if (table != NULL)
			show_drop(table);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	printf("\nSpeed of a copy through a congruent alias, 95 %% intervals:\n");
	return show_end(table, e);
}

static json_t *interval_json(const struct interval *speed)
{
	json_t *object = json_object();

	json_put(object, "speed", json_double(speed->estimate));
	json_put(object, "low", json_double(isfinite(speed->high) ? speed->low : NAN));
	json_put(object, "high", json_double(speed->high));
	return object;
}

json_t *alias_copies_json(const struct alias_copy *copies, size_t n)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_object();

		json_put(row, "footprint_bytes",
			json_integer((json_int_t)copies[i].footprint_bytes));
		json_put(row, "operation", json_plain(operation_words.names[copies[i].operation]));
		json_put(row, "size_bytes", json_integer((json_int_t)copies[i].size_bytes));
		json_put(row, "over_incongruent", interval_json(&copies[i].over_incongruent));
		json_put(row, "over_memcpy", interval_json(&copies[i].over_memcpy));
		json_array_append_new(rows, row);
	}
	return rows;
}
