// SPDX-License-Identifier: MIT
/* daxmark history plot: one case over time. */
#include "command/history_plot.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "report/drawing.h"

void history_series_name(const struct history_row *row, char name[SERIES_BYTES])
{
	snprintf(name, SERIES_BYTES, "%.120s, %.511s%s", row->host, row->target,
		row->emulated ? " (emulated)" : "");
}

static bool print_name(void *arg, const char *name)
{
	(*(size_t *)arg)++;
	return fprintf(stderr, "  %s\n", name) > 0;
}

static bool count_row(void *arg, const struct history_row *row)
{
	(void)row;
	(*(size_t *)arg)++;
	return true;
}

/* No such case, or none of the runs asked for: those whose names contain what was typed. */
bool history_unknown_case(struct history *history, const char *name, struct err *e)
{
	const struct history_filter any = {0};
	size_t n = 0, runs = 0;

	if (!history_case(history, name, &any, count_row, &n, &runs, e))
		return false;
	if (runs > 0)
		return err_set(e, ERR_FAILED,
			"history: no run of case '%s' is of that machine, kernel, target, label or "
			"commit",
			name);
	n = 0;
	if (!history_names(history, name, print_name, &n, e))
		return false;
	return err_set(e, ERR_FAILED, "history: no case is called '%s'%s", name,
		n > 0 ? "; those above contain it" : "");
}

struct series_table {
	FILE *out;
	char series[MOST_SERIES][SERIES_BYTES];
	size_t n;
	bool any, too_many; /* any throughput to draw; more machines and targets than that */
};

/* One time line for all: a run's time has the zone of its machine. */
static void in_utc(const char *created, char text[32])
{
	struct tm local = {.tm_isdst = 0};
	int hours = 0, minutes = 0;
	char sign = '+';
	time_t at;

	snprintf(text, 32, "%.19s", created);
	if (sscanf(created, "%d-%d-%dT%d:%d:%d%c%d:%d", &local.tm_year, &local.tm_mon,
		    &local.tm_mday, &local.tm_hour, &local.tm_min, &local.tm_sec, &sign, &hours,
		    &minutes) != 9)
		return;
	local.tm_year -= 1900;
	local.tm_mon--;
	at = timegm(&local) - (sign == '-' ? -60 : 60) * (60 * hours + minutes);
	gmtime_r(&at, &local);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &local);
}

/* Of runs that an older daxmark kept no interval is known: then the estimate itself. */
static double end_of(double end, const struct history_row *row)
{
	return isfinite(end) ? end : row->over_baseline;
}

static bool write_row(void *arg, const struct history_row *row)
{
	char created[32];
	struct series_table *table = arg;
	char name[SERIES_BYTES];
	size_t at = 0;

	history_series_name(row, name);
	for (char *c = name; *c != '\0'; c++) /* quotes and backslashes are gnuplot's */
		if (*c == '"' || *c == '\\')
			*c = '\'';
	table->any |= isfinite(row->gbps);
	while (at < table->n && strcmp(table->series[at], name) != 0)
		at++;
	if (at == table->n && at == MOST_SERIES)
		return (table->too_many = true); /* said afterwards */
	if (at == table->n)
		strcpy(table->series[table->n++], name);
	in_utc(row->created, created);
	return fprintf(table->out, "%zu\t%s\t%g\t%g\t%g\t%g\t%g\t%g\n", at + 1, created, row->gbps,
		       row->gbps * row->operation_ns / row->high,
		       row->gbps * row->operation_ns / row->low, row->over_baseline,
		       end_of(row->over_low, row), end_of(row->over_high, row)) > 0;
}

/* Each between double quotes, as gnuplot's word() takes them. */
static void list_series(const struct series_table *table, char *list, size_t bytes)
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < table->n && used + SERIES_BYTES + 4 < bytes; i++)
		used += (size_t)snprintf(
			list + used, bytes - used, "%s\"%s\"", i ? " " : "", table->series[i]);
}

bool history_plot(struct history *history, const char *name, const struct history_filter *filter,
	const char *wanted, bool force, struct err *e)
{
	const char *output = wanted != NULL ? wanted : "history.svg";
	const char *folder = getenv("TMPDIR");
	enum picture_format format;
	char base[4200], table[4200], series[MOST_SERIES * (SERIES_BYTES + 4)];
	struct series_table rows = {0};
	struct plots plots;
	size_t n;
	int fd;
	bool ok;

	if (!gnuplot_format_of(output, base, sizeof(base), &format, e) ||
		!gnuplot_may_create(base, format, force, e) || !plots_find(&plots, e))
		return false;
	snprintf(table, sizeof(table), "%.4000s/daxmark-history-XXXXXX",
		folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkstemp(table);
	rows.out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (rows.out == NULL)
		return err_errno(e, errno, "cannot make %s", table);
	fprintf(rows.out, "series\tcreated\tgbps\tlow\thigh\tover_baseline\tover_low\tover_high\n");
	ok = history_case(history, name, filter, write_row, &rows, &n, e);
	if (fclose(rows.out) != 0)
		ok = err_errno(e, errno, "cannot write %s", table);
	if (ok && n == 0)
		ok = history_unknown_case(history, name, e);
	if (ok && rows.too_many)
		ok = err_set(e, ERR_FAILED,
			"history plot: more than %d machines and targets: choose with --host, "
			"--kernel or --target",
			MOST_SERIES);
	if (ok && !rows.any)
		ok = err_set(e, ERR_FAILED, "history plot: '%s' has no throughput to draw", name);
	list_series(&rows, series, sizeof(series));
	ok = ok && drawing_draw_table(&plots, "history", table, base, &format, 1, name, series, e);
	unlink(table);
	if (ok)
		printf("%s\n", output);
	return ok;
}
