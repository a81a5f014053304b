// SPDX-License-Identifier: MIT
/* daxmark history check: what has become slower or faster, and since when. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/units.h"
#include "command/history_watch.h"
#include "command/show.h"

static const char *verdict_of(const struct watch_series *series)
{
	int sign = watch_sign(series);

	return sign < 0		     ? "slower"
	       : sign > 0	     ? "faster"
	       : series->drift.known ? "no change told"
				     : "too few runs";
}

static json_t *series_json(const struct watch_series *series)
{
	const struct drift *drift = &series->drift;
	json_t *object = json_object();

	json_put(object, "case", json_plain(series->name));
	json_put(object, "machine_and_target", json_plain(series->series));
	json_put(object, "runs", json_integer((json_int_t)series->n));
	json_put(object, "by", json_plain(series->by_ratio ? "speed over memcpy" : "time"));
	json_put(object, "verdict", json_plain(verdict_of(series)));
	json_put(object, "speed_since",
		json_double(drift->known ? exp(drift->change.estimate) : NAN));
	json_put(object, "speed_since_low",
		json_double(drift->known ? exp(drift->change.low) : NAN));
	json_put(object, "speed_since_high",
		json_double(drift->known ? exp(drift->change.high) : NAN));
	json_put(object, "since",
		drift->told ? json_plain(series->points[drift->at].created) : json_null());
	json_put(object, "since_commit",
		drift->told && series->points[drift->at].commit[0] != '\0'
			? json_plain(series->points[drift->at].commit)
			: json_null());
	return object;
}

static bool print_json(const struct watch *watch, struct err *e)
{
	json_t *root = json_object(), *array = json_array();

	for (size_t i = 0; i < watch->n; i++)
		json_array_append_new(array, series_json(&watch->all[i]));
	json_put(root, "series", array);
	return json_print(root, JSON_REAL_PRECISION(8), e);
}

static bool print_table(const struct watch *watch, struct err *e)
{
	static const struct show_column columns[] = {{.name = "CASE"}, {.name = "VERDICT"},
		{.name = "SPEED SINCE [95 %]"}, {.name = "SINCE"}, {.name = "COMMIT", .spare = 1},
		{.name = "RUNS", .right = true, .spare = 2}, {.name = "BY", .spare = 3},
		{.name = "MACHINE AND TARGET", .spare = 4}};
	struct show_table *table = show_begin("series", columns, 8, false);
	bool ok = table != NULL;

	for (size_t i = 0; ok && i < watch->n; i++) {
		const struct watch_series *series = &watch->all[i];
		const struct watch_point *since = &series->points[series->drift.at];
		char change[UNITS_SPEED_BYTES], runs[24];
		const char *cells[] = {series->name, verdict_of(series), change, since->created,
			since->commit[0] != '\0' ? since->commit : "-", runs,
			series->by_ratio ? "speed over memcpy" : "time", series->series};

		if (!series->drift.told)
			continue;
		watch_change(series, change);
		snprintf(runs, sizeof(runs), "%zu", series->n);
		ok = show_row(table, cells, 8);
	}
	return show_finish(table, ok, e);
}

static void print_count(const struct watch *watch)
{
	show_line("%zu series of cases checked together: %zu slower, %zu faster%s", watch->known,
		watch->slower, watch->faster,
		watch->slower + watch->faster > 0 ? "" : ": no change");
	if (watch->known < watch->n)
		show_line("%zu more have fewer than %d runs: nothing is said of them",
			watch->n - watch->known, DRIFT_LEAST_RUNS);
}

/* The one that lost most, for the line of the alarm. */
static const struct watch_series *worst_of(const struct watch *watch)
{
	const struct watch_series *worst = NULL;

	for (size_t i = 0; i < watch->n; i++)
		if (watch_sign(&watch->all[i]) < 0 &&
			(worst == NULL ||
				watch->all[i].drift.change.estimate < worst->drift.change.estimate))
			worst = &watch->all[i];
	return worst;
}

bool history_check(struct history *history, const struct history_filter *filter, char **patterns,
	int n, double least, bool json, struct err *e)
{
	struct watch watch;
	const struct watch_series *worst;
	bool ok = watch_make(&watch, history, filter, patterns, n, least, e);

	if (ok && json)
		ok = print_json(&watch, e);
	else if (ok) {
		ok = watch.slower + watch.faster == 0 || print_table(&watch, e);
		print_count(&watch);
	}
	worst = ok ? worst_of(&watch) : NULL;
	if (worst != NULL) {
		char change[UNITS_SPEED_BYTES];

		watch_change(worst, change);
		ok = err_set(e, ERR_ALARM,
			"history check: %zu slower; most of all %.190s: %s times its %s before "
			"%s",
			watch.slower, worst->name, change,
			worst->by_ratio ? "speed over memcpy" : "speed",
			worst->points[worst->drift.at].created);
	}
	watch_free(&watch);
	return ok;
}
