// SPDX-License-Identifier: MIT
/* hyperfine's --export-json: a row a command, its median and range over the runs. */
#include <stdio.h>
#include <stdlib.h>

#include "exchange/import.h"

/* All times that it kept, in seconds. */
static bool take_times(const struct place *place, const json_t *array, struct imported_row *row)
{
	size_t n = json_array_size(array);
	double *ns = malloc((n + 1) * sizeof(ns[0]));
	bool ok = ns != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		const json_t *time = json_array_get(array, i);

		ok = json_is_number(time) && json_number_value(time) >= 0 &&
		     json_number_value(time) < 1e9;
		if (ok)
			ns[i] = json_number_value(time) * 1e9;
	}
	if (ok)
		imported_take(row, ns, n);
	free(ns);
	return ok || place_bad(place, "times", "holds something that is no time in seconds");
}

static bool read_hyperfine(struct place *place, const json_t *root, struct imported *imported)
{
	json_t *results;

	if (!place_array(place, root, "results", 0, IMPORTED_MOST, &results))
		return false;
	for (size_t i = 0; i < json_array_size(results); i++) {
		const json_t *in = json_array_get(results, i);
		struct imported_row *row = imported_add(imported);
		json_t *times;

		snprintf(place->at, sizeof(place->at), "results[%zu]", i);
		if (row == NULL)
			return place_bad(place, "", "out of memory");
		if (!place_text(place, in, "command", row->name, sizeof(row->name)) ||
			!place_array(place, in, "times", 1, 1000000, &times) ||
			!take_times(place, times, row))
			return false;
	}
	snprintf(imported->tool, sizeof(imported->tool), "hyperfine");
	snprintf(imported->column, sizeof(imported->column), "wall time of the whole command");
	return true;
}

extern const struct import_format import_hyperfine;
const struct import_format import_hyperfine = {"hyperfine", read_hyperfine};
