// SPDX-License-Identifier: MIT
#include "report/latencies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/units.h"
#include "report/drawing.h"
#include "result/latency.h"

#define CELLS 11
#define TEXTS 4
#define ROWS_MOST 2000
#define FIGURES_MOST 24
#define CURVES_MOST 6
#define RATES_LEAST 3 /* make a curve over them */
#define RATES_MOST 17 /* those of a plan, and the closed loop */
#define PATH_BYTES 4300

static const struct result_comparison *comparison_of(const struct summary *summary, size_t c)
{
	return &summary->result->comparisons[c];
}

static const struct result_arm *arm_of(
	const struct summary *summary, const struct result_latency *latency)
{
	return &summary->result->arms[latency->arm];
}

static bool shown(const struct summary *summary, const struct choice *choice, size_t c, size_t i)
{
	const struct result_comparison *comparison = comparison_of(summary, c);

	return choice_shows(choice, &comparison->setting) &&
	       choice_shows_arm(choice, arm_of(summary, comparison->latencies[i]));
}

static void write_row(struct document *document, const struct summary *summary, size_t c, size_t i)
{
	const struct result_comparison *comparison = comparison_of(summary, c);
	const struct result_latency *latency = comparison->latencies[i];
	char title[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES], loop[LATENCY_LOOP_BYTES];
	char times[LATENCY_SHARES + 1][UNITS_TEXT_BYTES], n[24];
	const char *cells[CELLS] = {title, arm_of(summary, latency)->name,
		latency_loop(latency, loop), units_bytes(comparison->setting.size, size), n};
	double values[CELLS] = {
		NAN, NAN, NAN, (double)comparison->setting.size, (double)latency->counts.n};

	setting_title(&comparison->setting, title);
	snprintf(n, sizeof(n), "%llu", (unsigned long long)latency->counts.n);
	for (size_t p = 0; p < LATENCY_SHARES; p++) {
		double ns = latency_ns(latency, latency_shares[p]);

		values[5 + p] = ns;
		cells[5 + p] = isnan(ns) ? "–" : units_ns(ns, times[p]);
	}
	values[CELLS - 1] = (double)latency->counts.most / LATENCY_UNITS;
	cells[CELLS - 1] = units_ns(values[CELLS - 1], times[LATENCY_SHARES]);
	document_row_sorted(document, cells, values, CELLS, TEXTS, false);
}

static void write_rows(
	struct document *document, const struct summary *summary, const struct choice *choice)
{
	static const char *const headings[CELLS] = {"copies", "strategy", "loop", "size",
		"operations", "p50", "p90", "p99", "p99.9", "p99.99", "longest"};
	size_t n = 0, all = 0;

	document_table_begin_sorted(document, headings, CELLS, TEXTS);
	for (size_t c = 0; c < summary->result->n_comparisons; c++)
		for (size_t i = 0; i < comparison_of(summary, c)->n_latencies; i++) {
			if (!shown(summary, choice, c, i))
				continue;
			if (all++ < ROWS_MOST && ++n)
				write_row(document, summary, c, i);
		}
	document_table_end(document);
	if (n < all)
		document_paragraph(
			document, "The first %zu of %zu; all are in latency.tsv.", n, all);
}

/* ---- what figures are drawn from ---- */

static void write_points(FILE *out, const struct summary *summary, size_t c, size_t i)
{
	const struct result_comparison *comparison = comparison_of(summary, c);
	const struct result_latency *latency = comparison->latencies[i];
	const struct histogram *counts = &latency->counts;
	char name[CASE_NAME_BYTES];
	uint64_t below = 0;
	bool any = !isnan(latency_ns(latency, 0.99));

	case_name(&comparison->setting, arm_of(summary, latency)->name,
		comparison->guarantee[latency->arm], name);
	for (size_t b = 0; b < HISTOGRAM_BUCKETS; b++) {
		double ns = fmin((double)histogram_largest(b), (double)counts->most);
		uint64_t before = below;

		if (counts->counts[b] == 0)
			continue;
		below += counts->counts[b];
		/* What chance chose is no percentile; of how many one is longer is the axis. */
		fprintf(out, "%s\t%s\t%zu\t%.10g\t%.9g\t%.10g\t%.10g\t%d\n", name,
			arm_of(summary, latency)->name, c, latency->rate,
			(double)below / (double)counts->n,
			counts->n < below + HISTOGRAM_BEYOND
				? NAN
				: (double)counts->n / (double)(counts->n - below),
			ns / LATENCY_UNITS,
			any && (double)before < 0.99 * (double)counts->n &&
				(double)below >= 0.99 * (double)counts->n);
	}
}

static bool write_table(const struct summary *summary, const char *path, struct err *e)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	bool ok = out != NULL;

	if (ok)
		fputs("case\tstrategy\tcomparison\trate_per_s\tshare\tone_of\tns\tis_p99\n", out);
	for (size_t c = 0; ok && c < summary->result->n_comparisons; c++)
		for (size_t i = 0; i < comparison_of(summary, c)->n_latencies; i++)
			write_points(out, summary, c, i);
	ok = ok && fclose(out) == 0;
	ok = ok ? file_replace(path, text, bytes, e) : err_set(e, ERR_FAILED, "out of memory");
	free(text);
	return ok;
}

/* ---- figures ---- */

struct figures {
	struct document *document;
	const struct summary *summary;
	const struct choice *choice;
	const struct plots *plots;
	const char *folder, *table;
	size_t n;
};

/* Of copies at a rate those whose 99 % is least, as arms of the run. */
static size_t choose_arms(const struct figures *figures, size_t c, double rate, size_t *arms)
{
	const struct result_comparison *comparison = comparison_of(figures->summary, c);
	double least[CURVES_MOST];
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_latencies; i++) {
		const struct result_latency *latency = comparison->latencies[i];
		double ns = latency_ns(latency, 0.99);
		size_t at;

		if (latency->rate != rate || isnan(ns) ||
			!shown(figures->summary, figures->choice, c, i) ||
			!arm_of(figures->summary, latency)->copies)
			continue;
		for (at = n; at > 0 && ns < least[at - 1]; at--) {
			if (at == CURVES_MOST)
				continue;
			least[at] = least[at - 1];
			arms[at] = arms[at - 1];
		}
		if (at == CURVES_MOST)
			continue;
		least[at] = ns;
		arms[at] = latency->arm;
		n += n < CURVES_MOST;
	}
	return n;
}

static void describe(
	const struct figures *figures, size_t c, double rate, char *caption, size_t bytes)
{
	const struct setting *setting = &comparison_of(figures->summary, c)->setting;
	char title[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES], at[UNITS_TEXT_BYTES];

	setting_title(setting, title);
	snprintf(caption, bytes, "Latency, %s%s: %s, %s", rate > 0 ? "arrivals at " : "closed loop",
		rate > 0 ? units_rate(rate, at) : "", units_bytes(setting->size, size), title);
}

static bool draw(struct figures *figures, size_t c, const char *plot, double rate,
	const char *caption, const size_t *arms, size_t n, struct err *e)
{
	static const enum picture_format formats[] = {PICTURE_SVG, PICTURE_PNG};
	struct drawing_table table = {.plot = plot,
		.table = figures->table,
		.caption = caption,
		.arms = figures->summary->result->arms,
		.chosen = arms,
		.n = n};
	char base[PATH_BYTES], name[60], extra[80];
	struct err why;

	if (n == 0 || figures->n == FIGURES_MOST)
		return true;
	figures->n++;
	snprintf(name, sizeof(name), "0-%s-%zu", plot, figures->n);
	snprintf(base, sizeof(base), "%.4200s/%s", figures->folder, name);
	snprintf(extra, sizeof(extra), "comparison=%zu; rate=%.10g; ", c, rate);
	table.extra = extra;
	if (!drawing_draw_strategies(figures->plots, &table, base, formats, 2, &why)) {
		document_callout(
			figures->document, "This figure could not be drawn: %s.", why.text);
		return true;
	}
	return document_picture(figures->document, figures->folder, name, caption, "", e);
}

/* The rates that a comparison has, ascending. */
static size_t rates_of(const struct result_comparison *comparison, double rates[RATES_MOST])
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_latencies; i++) {
		double rate = comparison->latencies[i]->rate;
		size_t at = n;

		while (at > 0 && rates[at - 1] >= rate)
			at--;
		if ((at < n && rates[at] == rate) || n == RATES_MOST)
			continue;
		memmove(&rates[at + 1], &rates[at], (n - at) * sizeof(rates[0]));
		rates[at] = rate;
		n++;
	}
	return n;
}

static bool draw_comparison(struct figures *figures, size_t c, struct err *e)
{
	double rates[RATES_MOST];
	size_t n = rates_of(comparison_of(figures->summary, c), rates), arms[CURVES_MOST];
	size_t first = n > 0 && rates[0] <= 0 ? 1 : 0;
	char caption[SETTING_TITLE_BYTES + 200], title[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES];

	for (size_t r = 0; r < n; r++) {
		/* Of many rates the curve over them says more; the closed loop has one of its own. */
		if (n - first >= RATES_LEAST && rates[r] > 0)
			continue;
		describe(figures, c, rates[r], caption, sizeof(caption));
		if (!draw(figures, c, "latency", rates[r], caption, arms,
			    choose_arms(figures, c, rates[r], arms), e))
			return false;
	}
	if (n - first < RATES_LEAST)
		return true;
	setting_title(&comparison_of(figures->summary, c)->setting, title);
	snprintf(caption, sizeof(caption),
		"Latency that 99 %% of the operations do not exceed, by the rate of arrivals: %s, "
		"%s",
		units_bytes(comparison_of(figures->summary, c)->setting.size, size), title);
	/* Of slow arrivals there may be too few for a percentile. */
	while (first + 1 < n && choose_arms(figures, c, rates[first], arms) == 0)
		first++;
	return draw(figures, c, "latency_rate", rates[n - 1], caption, arms,
		choose_arms(figures, c, rates[first], arms), e);
}

bool latencies_write(struct document *document, const struct summary *summary,
	const struct choice *choice, const struct plots *plots, const char *folder, struct err *e)
{
	struct figures figures = {document, summary, choice, plots, folder, NULL, 0};
	char path[PATH_BYTES];
	bool any = false, ok;

	for (size_t c = 0; c < summary->result->n_comparisons; c++)
		any |= comparison_of(summary, c)->n_latencies > 0;
	snprintf(path, sizeof(path), "%.4200s/latency.tsv", folder);
	unlink(path); /* of an earlier report */
	if (!any)
		return true;
	figures.table = path;
	document_heading(document, 2, "Latency of single operations");
	document_paragraph(document,
		"Each operation by itself, in this run. Closed loop: it begins when the one before "
		"is done. At a rate: operations arrive at random, so many a second for each "
		"thread, and latency counts from the arrival, so that what waits behind a slow one "
		"is slow, too. Reading the clock costs %.3g ns of each, which are not subtracted; "
		"a copy without a fence may leave stores under way that no latency has. A "
		"percentile has at least %d operations beyond it, and is at most 1/32 too large.",
		summary->result->facts.clock_cost_ns, HISTOGRAM_BEYOND);
	ok = write_table(summary, path, e);
	if (ok && plots != NULL) {
		document_pictures_begin(document);
		for (size_t c = 0; ok && c < summary->result->n_comparisons; c++)
			if (choice_shows(choice, &comparison_of(summary, c)->setting))
				ok = draw_comparison(&figures, c, e);
		document_pictures_end(document);
		if (figures.n == FIGURES_MOST)
			document_paragraph(document,
				"Only the first %d figures are drawn; the tables have all.",
				FIGURES_MOST);
	}
	document_page_only(document, true);
	document_fold_begin(document, "Percentiles of each", false);
	write_rows(document, summary, choice);
	document_fold_end(document);
	document_page_only(document, false);
	return ok;
}
