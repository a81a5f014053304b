// SPDX-License-Identifier: MIT
#include "command/history_watch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "base/units.h"

struct maker {
	struct watch *watch;
	char **patterns;
	int n_patterns;
	bool *matched; /* [n_patterns] */
};

/* "write/visible/memcpy/64/absent": roofs and the empty loop are no copies. */
static bool is_copy(const char *name)
{
	const char *at = strchr(name, '/');

	at = at != NULL ? strchr(at + 1, '/') : NULL;
	return at == NULL || (strncmp(at, "/empty/", 7) != 0 && strncmp(at, "/roof-", 6) != 0);
}

static bool is_wanted(const struct maker *maker, const char *name)
{
	bool wanted = maker->n_patterns == 0;

	for (int i = 0; i < maker->n_patterns; i++)
		if (pattern_matches(maker->patterns[i], name))
			wanted = maker->matched[i] = true;
	return wanted;
}

/* Rows come series by series: the last one, or a new one. */
static struct watch_series *series_of(struct watch *watch, const char *name, const char *series)
{
	struct watch_series *last = watch->n > 0 ? &watch->all[watch->n - 1] : NULL;

	if (last != NULL && strcmp(last->name, name) == 0 && strcmp(last->series, series) == 0)
		return last;
	if (watch->n == watch->room) {
		size_t room = watch->room > 0 ? 2 * watch->room : 64;
		struct watch_series *more = realloc(watch->all, room * sizeof(more[0]));

		if (more == NULL)
			return NULL;
		watch->all = more;
		watch->room = room;
	}
	last = &watch->all[watch->n++];
	memset(last, 0, sizeof(*last));
	snprintf(last->name, sizeof(last->name), "%s", name);
	snprintf(last->series, sizeof(last->series), "%s", series);
	return last;
}

static bool add_row(void *arg, const struct history_row *row)
{
	struct maker *maker = arg;
	struct watch_series *series;
	struct watch_point *point;
	char name[SERIES_BYTES];

	if (!is_copy(row->name) || !is_wanted(maker, row->name) || !(row->operation_ns > 0))
		return true;
	history_series_name(row, name);
	series = series_of(maker->watch, row->name, name);
	if (series == NULL)
		return false;
	if (series->n == series->room) {
		size_t room = series->room > 0 ? 2 * series->room : 16;
		struct watch_point *more = realloc(series->points, room * sizeof(more[0]));

		if (more == NULL)
			return false;
		series->points = more;
		series->room = room;
	}
	point = &series->points[series->n++];
	*point = (struct watch_point){.ns = row->operation_ns,
		.low = row->low,
		.high = row->high,
		.over = row->over_baseline};
	snprintf(point->created, sizeof(point->created), "%s", row->created);
	snprintf(point->commit, sizeof(point->commit), "%s", row->commit);
	return true;
}

/* Every run has a speed over memcpy, and this is not memcpy itself. */
static bool has_ratio(const struct watch_series *series)
{
	bool any = false;

	for (size_t i = 0; i < series->n; i++) {
		if (!(series->points[i].over > 0))
			return false;
		any |= fabs(series->points[i].over - 1) > 1e-9;
	}
	return any;
}

/* Log speeds, larger is faster. */
static void fill_logs(const struct watch_series *series, double *logs)
{
	for (size_t i = 0; i < series->n; i++)
		logs[i] =
			series->by_ratio ? log(series->points[i].over) : -log(series->points[i].ns);
}

/* What runs of one machine differ by, from all series of a kind. */
static struct stat_prior prior_of(
	const struct watch *watch, bool by_ratio, double *logs, double *variances, double *degrees)
{
	size_t n = 0;

	for (size_t i = 0; i < watch->n; i++) {
		const struct watch_series *series = &watch->all[i];

		if (series->by_ratio != by_ratio || series->n < DRIFT_LEAST_RUNS)
			continue;
		fill_logs(series, logs);
		variances[n] = drift_variance(logs, series->n, &degrees[n]);
		n += variances[n] > 0;
	}
	return stat_prior(variances, degrees, n);
}

static bool judge(struct watch *watch, struct err *e)
{
	struct stat_prior priors[2];
	size_t most = 1;
	double *logs, *variances = calloc(watch->n + 1, sizeof(variances[0]));
	double *degrees = calloc(watch->n + 1, sizeof(degrees[0]));

	for (size_t i = 0; i < watch->n; i++) {
		struct watch_series *series = &watch->all[i];

		series->by_ratio = has_ratio(series);
		most = series->n > most ? series->n : most;
		watch->known += series->n >= DRIFT_LEAST_RUNS;
	}
	logs = malloc(most * sizeof(logs[0]));
	if (logs != NULL && variances != NULL && degrees != NULL) {
		for (int kind = 0; kind < 2; kind++)
			priors[kind] = prior_of(watch, kind == 1, logs, variances, degrees);
		for (size_t i = 0; i < watch->n; i++) {
			struct watch_series *series = &watch->all[i];

			fill_logs(series, logs);
			series->drift = drift_find(logs, series->n, watch->known,
				&priors[series->by_ratio], watch->least);
			watch->slower += watch_sign(series) < 0;
			watch->faster += watch_sign(series) > 0;
		}
	} else {
		most = 0;
	}
	free(degrees);
	free(variances);
	free(logs);
	return most > 0 || err_set(e, ERR_FAILED, "out of memory");
}

/* A pattern that means nothing watches nothing: somebody believes that it does. */
static bool all_matched(const struct maker *maker, struct err *e)
{
	for (int i = 0; i < maker->n_patterns; i++)
		if (!maker->matched[i])
			return err_set(e, ERR_FAILED,
				"history: no case of these runs matches '%.200s'",
				maker->patterns[i]);
	return maker->watch->n > 0 || err_set(e, ERR_FAILED, "history: no case of these runs");
}

bool watch_make(struct watch *watch, struct history *history, const struct history_filter *filter,
	char **patterns, int n_patterns, double least, struct err *e)
{
	struct maker maker = {watch, patterns, n_patterns,
		calloc((size_t)n_patterns + 1, sizeof(maker.matched[0]))};
	bool ok = maker.matched != NULL || err_set(e, ERR_FAILED, "out of memory");

	memset(watch, 0, sizeof(*watch));
	watch->least = least;
	for (int i = 0; ok && i < n_patterns; i++)
		ok = pattern_check(patterns[i], e);
	ok = ok && history_cases(history, filter, add_row, &maker, e) && all_matched(&maker, e) &&
	     judge(watch, e);
	free(maker.matched);
	return ok;
}

void watch_free(struct watch *watch)
{
	for (size_t i = 0; i < watch->n; i++)
		free(watch->all[i].points);
	free(watch->all);
	memset(watch, 0, sizeof(*watch));
}

int watch_sign(const struct watch_series *series)
{
	if (!series->drift.told)
		return 0;
	return series->drift.change.estimate > 0 ? 1 : -1;
}

void watch_change(const struct watch_series *series, char text[UNITS_SPEED_BYTES])
{
	struct interval speed = stat_raised(series->drift.change);

	if (series->drift.known)
		units_speed(speed.estimate, speed.low, speed.high, text);
	else
		strcpy(text, "-");
}
