// SPDX-License-Identifier: MIT
#include "alias_copies.h"

#include <math.h>
#include <stdio.h>

#include "analyse/summary.h"
#include "base/json.h"
#include "base/units.h"
#include "child.h"
#include "show.h"

#define CONGRUENT "alias-congruent"
#define INCONGRUENT "alias-incongruent"
#define PLAIN "memcpy"

/* Below the first level, the second, the third, and past them all, on most machines. */
static const char *const footprints[] = {"16K", "256K", "4M", "64M"};
#define FOOTPRINTS (sizeof(footprints) / sizeof(footprints[0]))

static const struct summary_case *find(
	const struct summary *summary, size_t comparison, const char *name)
{
	size_t arm = result_arm_named(summary->result, name);

	return arm < summary->result->n_arms ? summary_at(summary, comparison, arm) : NULL;
}

static struct interval speed(const struct summary *summary, size_t comparison, const char *than)
{
	const struct summary_case *row = find(summary, comparison, CONGRUENT);
	const struct summary_case *other = find(summary, comparison, than);

	if (row == NULL || other == NULL || !summary_measured(row) || !summary_measured(other))
		return (struct interval){NAN, NAN, NAN};
	return summary_speed_over(summary, row, other);
}

/* The cases of one footprint, added to what there is. */
static bool measure_one(
	const struct child *child, struct alias_copy *copies, size_t *n, struct err *e)
{
	struct summary summary = {0};
	struct result result = {0};
	bool ok;

	ok = child_measure(child, &result, e) && summary_make(&summary, &result, NULL, e);
	for (size_t c = 0; ok && c < result.n_comparisons && *n < ALIAS_COPIES_MOST; c++)
		copies[(*n)++] = (struct alias_copy){/* As large as it became: devdax rounds up. */
			.footprint_bytes = result.target.bytes,
			.size_bytes = result.comparisons[c].setting.size,
			.operation = result.comparisons[c].setting.operation,
			.over_incongruent = speed(&summary, c, INCONGRUENT),
			.over_memcpy = speed(&summary, c, PLAIN)};
	summary_free(&summary);
	result_free(&result);
	return ok;
}

size_t alias_copies_measure(const char *target, const struct command_may *may, double budget_s,
	struct tell *tell, struct alias_copy copies[ALIAS_COPIES_MOST], struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < FOOTPRINTS; i++) {
		const struct child child = {.target = target,
			.may = may,
			.strategies = PLAIN "," CONGRUENT "," INCONGRUENT,
			.operations = "write,write+consume,read",
			.sizes = "64,512,4K",
			/* Left in the caches: only there can a second address of a line cost. */
			.states = "dirty",
			.footprint = footprints[i],
			.budget_s = budget_s / (double)FOOTPRINTS};

		tell_progress(tell, (double)i / (double)FOOTPRINTS, 0, "copies through aliases");
		if (!measure_one(&child, copies, &n, e))
			return 0;
	}
	return n;
}

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
