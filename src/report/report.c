// SPDX-License-Identifier: MIT
#include "report/beside.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/table.h"
#include "base/file.h"
#include "report/aliases.h"
#include "report/answer.h"
#include "report/answer_figure.h"
#include "report/cases_table.h"
#include "report/caveats.h"
#include "report/cuts.h"
#include "report/facts_table.h"
#include "report/figures.h"
#include "report/folder.h"
#include "report/glossary.h"
#include "report/latencies.h"
#include "report/look.h"
#include "report/machines.h"
#include "report/pairs.h"
#include "report/weather.h"

/* Nobody looks at more, and gnuplot takes a tenth of a second for each. */
#define FIGURES_MOST 96
#define MATRICES_MOST 32
#define MARKDOWN_VIEWS 16 /* of the Markdown; the page has all */

static bool write_table(const struct summary *summary, const char *path, struct err *e)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	table_write(out, summary, '\t');
	return file_replace_stream(path, out, &text, &bytes, e);
}

static bool shows_view(const struct writer *writer, struct view view)
{
	return choice_shows_any(writer->choice, writer->summary->result, view.first, view.end);
}

/* The answer, and a picture of it beside it where there is room. */
static bool write_answer(struct writer *writer, struct err *e)
{
	struct document *document = writer->document;
	bool ok = true;

	document_split_begin(document);
	if (answer_write(document, writer->summary, writer->choice)) {
		document_split_next(document);
		ok = answer_figure(writer, e);
	}
	document_split_end(document);
	caveats_write(document, writer->summary);
	if (summary_ranks(writer->summary->result))
		answer_table(document, writer->summary, writer->choice);
	document_contents_here(document);
	return ok;
}

static void write_pairs(struct writer *writer)
{
	const struct result *result = writer->summary->result;
	size_t left = MATRICES_MOST;

	document_heading(writer->document, 2, "Each over each");
	document_paragraph(writer->document,
		"The speed of the row's strategy over the column's, in this run: those that an "
		"answer takes, and the best of each family, with what each guarantees there: "
		"a faster one may guarantee less. Each interval is one of 95 %% by itself: of "
		"many, some miss. Green is faster and red slower, interval and all.");
	for (size_t c = 0; c < result->n_comparisons && left > 0;) {
		struct view view = view_at(result, c);
		char title[SETTING_TITLE_BYTES];

		c = view.end;
		if (!shows_view(writer, view))
			continue;
		setting_title(&result->comparisons[view.first].setting, title);
		document_heading(writer->document, 3, title);
		left -= pairs_write(writer->document, writer->summary, view, writer->choice, left);
	}
	if (left == 0)
		document_paragraph(writer->document, "Only the first %d are shown.", MATRICES_MOST);
}

static bool write_view(struct writer *writer, struct view view, struct err *e)
{
	const struct result *result = writer->summary->result;
	char title[SETTING_TITLE_BYTES];

	setting_title(&result->comparisons[view.first].setting, title);
	document_heading(writer->document, 2, title);
	if (result->comparisons[view.first].why[0] != '\0')
		document_paragraph(
			writer->document, "Not measured: %s.", result->comparisons[view.first].why);
	if (!figures_of_view(writer, view, e))
		return false;
	if (summary_ranks(result))
		aliases_write(writer->document, writer->summary, view);
	return true;
}

static bool write_views(struct writer *writer, struct err *e)
{
	const struct result *result = writer->summary->result;
	size_t n = 0;
	bool ok = true;

	for (size_t c = 0; ok && c < result->n_comparisons;) {
		struct view view = view_at(result, c);

		c = view.end;
		if (!shows_view(writer, view))
			continue;
		if (n++ == MARKDOWN_VIEWS)
			document_page_only(writer->document, true);
		ok = write_view(writer, view, e);
	}
	if (n > MARKDOWN_VIEWS)
		document_page_only(writer->document, false);
	return ok;
}

/* Along some axis, beside the size, there is something to compare. */
static bool has_cuts(const struct result *result)
{
	struct cut *cut = calloc(1, sizeof(*cut));
	bool any = false;

	for (unsigned axis = 0; cut != NULL && !any && axis < AXIS_COUNT; axis++)
		any = cuts_find(result, (enum setting_axis)axis, cut, 1) > 0;
	free(cut);
	return any;
}

/* All about one result: as the page itself, or as one part of it. */
static bool fill(struct writer *writer, struct err *e)
{
	const struct result *result = writer->summary->result;
	struct document *document = writer->document;

	if (!write_answer(writer, e))
		return false;
	if (result->n_comparisons > 0 && summary_ranks(result)) {
		document_page_only(document, true);
		write_pairs(writer);
		document_page_only(document, false);
	}
	writer->has_cuts = has_cuts(result);
	if (!write_views(writer, e) || !figures_of_cuts(writer, e))
		return false;
	if (summary_ranks(result) &&
		!weather_write(document, writer->summary, writer->draw ? writer->plots : NULL,
			writer->folder, e))
		return false;
	if (summary_ranks(result) &&
		!latencies_write(document, writer->summary, writer->choice,
			writer->draw ? writer->plots : NULL, writer->folder, e))
		return false;
	document_page_only(document, true);
	cases_table_write(document, writer->summary, writer->choice, "cases.tsv");
	facts_table_arms(document, result);
	document_page_only(document, false);
	facts_table_facts(document, writer->summary);
	return true;
}

static void begin(struct document *document, const char *title)
{
	char *style = NULL;
	size_t bytes;
	FILE *out = open_memstream(&style, &bytes);

	if (out != NULL) {
		look_style(out);
		fclose(out);
	}
	document_begin(document, title, style != NULL ? style : "");
	free(style);
}

static void write_title(struct writer *writer, const struct result *result)
{
	char title[1200], text[1200], label[CAVEATS_LABEL];

	snprintf(title, sizeof(title), "DAX copy paths on %s%s%s", result->target.name,
		result->target.emulated ? " (emulated), " : ", ",
		result->facts.cpu_model[0] ? result->facts.cpu_model : result->facts.host);
	begin(writer->document, title);
	snprintf(text, sizeof(text), "%s%s%s, %s%s%s, %.*s, %.16s", result->label,
		result->label[0] != '\0' ? ", " : "", result->facts.host, result->facts.cpu_model,
		result->facts.cpu_model[0] != '\0' ? ", " : "", result->facts.kernel,
		(int)strcspn(result->facts.build, ","), result->facts.build, result->created);
	document_subtitle(writer->document, caveats_label(result, label), text);
}

static void write_end(struct writer *writer, const char *tables)
{
	struct document *document = writer->document;

	if (writer->left_out)
		document_paragraph(document,
			"Only the first %d figures were drawn; the tables have all cases.",
			FIGURES_MOST);
	document_page_only(document, true);
	glossary_write(document);
	document_page_only(document, false);
	document_paragraph(document,
		"Intervals are 95 %% Student intervals of the mean over this run, from visits at "
		"random places of equal parts of it and their successive differences; those for "
		"another run allow for what wandered. Those \"over the fastest\" are the joint "
		"bounds that decide the verdicts (Hsu's comparison with the best, 97.5 %% to "
		"either side). "
		"Throughput is in 10^9 "
		"bytes per second. Every number is in %s; docs/methodology.md says how it was "
		"measured.",
		tables);
	document_end(document);
}

/* The table of each result: cases.tsv, cases-2.tsv, ... */
static bool write_tables(
	const struct writer *writer, const struct report_request *request, struct err *e)
{
	char path[FOLDER_PATH_BYTES];

	for (size_t i = 0; i < request->n; i++) {
		if (i == 0)
			snprintf(path, sizeof(path), "%s/cases.tsv", writer->folder);
		else
			snprintf(path, sizeof(path), "%s/cases-%zu.tsv", writer->folder, i + 1);
		if (!write_table(&request->summaries[i], path, e))
			return false;
	}
	return true;
}

static bool write_beside(struct writer *writer, const struct report_request *request, struct err *e)
{
	return beside_write(writer->document, request->imported, request->n_imported,
		writer->draw ? writer->plots : NULL, writer->folder, e);
}

/* Nothing of ours. */
static bool fill_beside(struct writer *writer, const struct report_request *request, struct err *e)
{
	begin(writer->document, "Times that other tools measured");
	document_subtitle(writer->document, "",
		"Imported. 'daxmark report' with a result of daxmark's has them beside it.");
	document_contents_here(writer->document);
	if (!write_beside(writer, request, e))
		return false;
	document_end(writer->document);
	return true;
}

static bool fill_several(struct writer *writer, const struct report_request *request, struct err *e)
{
	struct machines machines;
	char title[80];
	bool ok = machines_make(&machines, request->summaries, request->n, request->labels, e);

	snprintf(title, sizeof(title), "DAX copy paths: %zu results side by side", request->n);
	begin(writer->document, title);
	document_subtitle(writer->document, "",
		"Each is ranked by itself, and none against another. 'daxmark report' of one of "
		"them has all about it; 'daxmark compare' tells what changed between two.");
	ok = ok && machines_write(writer, &machines, e) && write_beside(writer, request, e);
	machines_free(&machines);
	write_end(writer, "cases.tsv (the first result's) and cases-N.tsv");
	return ok;
}

static bool fill_all(struct writer *writer, const struct report_request *request, struct err *e)
{
	if (!write_tables(writer, request, e))
		return false;
	if (request->n == 0)
		return fill_beside(writer, request, e);
	if (request->n > 1)
		return fill_several(writer, request, e);
	writer->summary = &request->summaries[0];
	write_title(writer, writer->summary->result);
	if (!fill(writer, e) || !write_beside(writer, request, e))
		return false;
	write_end(writer, "cases.tsv");
	return true;
}

static bool write_documents(
	struct writer *writer, const struct report_request *request, struct err *e)
{
	char *html = NULL, *markdown = NULL, path[FOLDER_PATH_BYTES];
	size_t html_bytes = 0, markdown_bytes = 0;
	struct document document = {.html = open_memstream(&html, &html_bytes),
		.markdown = open_memstream(&markdown, &markdown_bytes)};
	bool ok = document.html != NULL && document.markdown != NULL;

	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	writer->document = &document;
	ok = ok && fill_all(writer, request, e);
	while (document.only > 0)
		document_page_only(&document, false);
	if (document.html != NULL && fclose(document.html) != 0)
		ok = err_set(e, ERR_FAILED, "out of memory");
	if (document.markdown != NULL && fclose(document.markdown) != 0)
		ok = err_set(e, ERR_FAILED, "out of memory");
	if (ok) {
		snprintf(path, sizeof(path), "%s/report.md", writer->folder);
		ok = file_replace(path, markdown, markdown_bytes, e);
	}
	if (ok) {
		snprintf(path, sizeof(path), "%s/index.html", writer->folder);
		ok = document_save(&document, html, request->n > 0 ? "cases.tsv" : NULL, path, e);
	}
	free(html);
	free(markdown);
	if (ok && writer->lost > 0)
		ok = err_set(e, ERR_FAILED, "%s/index.html is made, without %zu figure%s: %.250s",
			writer->folder, writer->lost, writer->lost == 1 ? "" : "s",
			writer->why_lost.text);
	return ok;
}

static void drop_figures(const struct plots *plots, const char *folder)
{
	const char *names[PLOTS_MAX];

	for (size_t i = 0; i < plots->n; i++)
		names[i] = plots->all[i].name;
	folder_drop_figures(folder, names, plots->n);
}

bool report_write(const struct report_request *request, struct tell *tell, struct err *e)
{
	struct plots plots;
	struct writer writer = {.plots = &plots,
		.folder = request->folder,
		.choice = &request->choice,
		.keep = request->keep};
	struct err why;

	if (!plots_find(&plots, e) || !folder_make(request->folder, request->force, e))
		return false;
	if (request->keep && !request->force && folder_has_scripts(request->folder))
		return err_set(e, ERR_FAILED,
			"%s has scripts of figures, which may have been changed: choose "
			"another " ERR_OF("output") ", or " ERR_OF("force"),
			request->folder);
	if (folder_is_report(request->folder))
		drop_figures(&plots, request->folder);
	writer.draw = gnuplot_can(&why);
	if (!writer.draw)
		tell_note(tell, "no plots, the report has tables alone: %s%s", why.text,
			strstr(why.text, "No such file") != NULL ? " (apt-get install gnuplot-nox)"
								 : "");
	return write_documents(&writer, request, e);
}
