// SPDX-License-Identifier: MIT
/* daxmark history page: every case over time on one page. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/units.h"
#include "command/history_watch.h"
#include "report/document.h"
#include "report/spark.h"

#define ROWS_MOST 4000
#define CELLS 7

static double value_of(const struct watch_series *series, size_t i)
{
	const struct watch_point *point = &series->points[i];

	return series->by_ratio ? point->over : 1e9 / point->ns;
}

/* The small curve: larger is faster. */
static char *curve_of(const struct watch_series *series)
{
	double *values = malloc(series->n * sizeof(values[0]));
	char title[300], *svg = NULL;

	if (values == NULL)
		return NULL;
	for (size_t i = 0; i < series->n; i++)
		values[i] = value_of(series, i);
	snprintf(title, sizeof(title), "%zu runs, %.16s to %.16s, %s", series->n,
		series->points[0].created, series->points[series->n - 1].created,
		series->by_ratio ? "speed over memcpy" : "operations a second");
	svg = spark_make(
		values, series->n, series->drift.told ? series->drift.at : series->n, title);
	free(values);
	return svg;
}

static bool write_row(
	struct document *document, const struct watch_series *series, bool one_machine)
{
	static const char *const words[] = {"slower", "", "faster"};
	const struct watch_point *last = &series->points[series->n - 1];
	char runs[24], ns[UNITS_TEXT_BYTES], change[UNITS_SPEED_BYTES], *svg = curve_of(series);
	int sign = watch_sign(series);
	const char *cells[CELLS] = {series->name, series->series,
		sign != 0	      ? words[1 + sign]
		: series->drift.known ? "no change told"
				      : "too few runs",
		runs, units_ns(last->ns, ns), change,
		sign != 0 ? series->points[series->drift.at].created : "–"};
	double values[CELLS] = {NAN, NAN, NAN, (double)series->n, last->ns,
		series->drift.known ? series->drift.change.estimate : NAN, NAN};

	if (svg == NULL)
		return false;
	snprintf(runs, sizeof(runs), "%zu", series->n);
	watch_change(series, change);
	if (one_machine) { /* it is said once, above */
		memmove(&cells[1], &cells[2], (CELLS - 2) * sizeof(cells[0]));
		memmove(&values[1], &values[2], (CELLS - 2) * sizeof(values[0]));
	}
	document_row_drawn(
		document, cells, values, CELLS - one_machine, 3 - one_machine, sign < 0, svg);
	free(svg);
	return true;
}

static bool is_one_machine(const struct watch *watch)
{
	for (size_t i = 1; i < watch->n; i++)
		if (strcmp(watch->all[i].series, watch->all[0].series) != 0)
			return false;
	return true;
}

static void write_alarms(struct document *document, const struct watch *watch)
{
	size_t n = 0;

	if (watch->slower + watch->faster == 0) {
		document_paragraph(document,
			"Nothing has changed: %zu series of four runs or more, judged together.",
			watch->known);
		return;
	}
	document_list_begin(document);
	for (int sign = -1; sign <= 1; sign += 2)
		for (size_t i = 0; i < watch->n && n < 40; i++) {
			const struct watch_series *series = &watch->all[i];
			char after[1000], change[UNITS_SPEED_BYTES];

			if (watch_sign(series) != sign)
				continue;
			n++;
			watch_change(series, change);
			snprintf(after, sizeof(after),
				": %s since %.16s%s%.63s, %s times the %s before, on %.600s.",
				sign < 0 ? "slower" : "faster",
				series->points[series->drift.at].created,
				series->points[series->drift.at].commit[0] != '\0' ? ", commit "
										   : "",
				series->points[series->drift.at].commit, change,
				series->by_ratio ? "speed over memcpy" : "speed", series->series);
			document_item(document, "", series->name, after);
		}
	document_list_end(document);
}

static bool write_all(struct document *document, const struct watch *watch)
{
	static const char *const several[CELLS + 1] = {"case", "machine and target", "verdict",
		"curve", "runs", "one operation, last", "speed since the change [95 %]", "since"};
	static const char *const one[CELLS] = {"case", "verdict", "curve", "runs",
		"one operation, last", "speed since the change [95 %]", "since"};
	bool ok = true, one_machine = is_one_machine(watch);
	char subtitle[SERIES_BYTES + 60];

	document_begin(document, "DAX copy paths over time", "");
	snprintf(subtitle, sizeof(subtitle), "From daxmark history: every case of %s.",
		one_machine ? watch->all[0].series : "every machine and target");
	document_subtitle(document, "", subtitle);
	document_heading(document, 2, "What has changed");
	write_alarms(document, watch);
	document_contents_here(document);
	document_heading(document, 2, "All cases");
	document_table_begin_sorted(
		document, one_machine ? one : several, CELLS + 1 - one_machine, 3 - one_machine);
	for (size_t i = 0; ok && i < watch->n && i < ROWS_MOST; i++)
		ok = write_row(document, &watch->all[i], one_machine);
	document_table_end(document);
	if (watch->n > ROWS_MOST)
		document_paragraph(document, "The first %d of %zu.", ROWS_MOST, watch->n);
	document_paragraph(document,
		"A change is told where two levels explain a series beyond doubt (Student's t at "
		"the best split, Bonferroni over splits and series: at most one false alarm in "
		"twenty such pages where nothing changed), and by at least %.1f %%. Cases are "
		"judged "
		"by their speed over memcpy of the same run, memcpy itself by the clock. Curves: "
		"up is faster; the mark is the first run after the change.",
		100 * (exp(watch->least) - 1));
	document_end(document);
	return ok;
}

bool history_page(struct history *history, const struct history_filter *filter, char **patterns,
	int n, double least, const char *wanted, bool force, struct err *e)
{
	const char *output = wanted != NULL ? wanted : "history.html";
	char *html = NULL;
	size_t bytes;
	struct document document = {
		.html = open_memstream(&html, &bytes), .markdown = fopen("/dev/null", "we")};
	struct watch watch;
	bool ok = watch_make(&watch, history, filter, patterns, n, least, e) &&
		  file_may_create(output, force, e);

	if (ok && (document.html == NULL || document.markdown == NULL))
		ok = err_set(e, ERR_FAILED, "out of memory");
	ok = ok && (write_all(&document, &watch) || err_set(e, ERR_FAILED, "out of memory"));
	if (document.markdown != NULL)
		fclose(document.markdown);
	if (document.html != NULL && fclose(document.html) != 0)
		ok = err_set(e, ERR_FAILED, "out of memory");
	ok = ok && document_save(&document, html, NULL, output, e);
	if (ok)
		printf("%s\n", output);
	else
		free(document_contents(&document, NULL)); /* headings that it still keeps */
	free(html);
	watch_free(&watch);
	return ok;
}
