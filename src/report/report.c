// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/table.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/units.h"
#include "report/aliases.h"
#include "report/crossings.h"
#include "report/cuts.h"
#include "report/facts_table.h"
#include "report/figures.h"
#include "report/folder.h"
#include "report/recommend.h"
#include "report/weather.h"
#include "stat/strata.h"

/* Nobody looks at more, and gnuplot takes a fifth of a second for each. */
#define FIGURES_MOST 96
#define CASES_MOST 4000 /* rows of the page; all of them are in cases.tsv */

static bool write_table(const struct summary *summary, const char *path, struct err *e)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	table_write(out, summary, '\t');
	if (fclose(out) != 0) {
		free(text);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	ok = file_replace(path, text, bytes, e);
	free(text);
	return ok;
}

/* "Emulated" and what else stands between these numbers and a claim about pmem. */
static void write_caveats(struct writer *writer)
{
	const struct summary *summary = writer->summary;
	const struct result *result = summary->result;

	if (result->target.emulated && result->target.domain == DOMAIN_FSYNC_ONLY)
		document_callout(writer->document,
			"Emulated: the target is %s (%s), not persistent memory mapped by DAX. "
			"Stores "
			"reach a page cache: nothing but a system call makes them durable.",
			result->target.name, access_words.names[result->target.access]);
	else if (result->target.emulated)
		document_callout(writer->document,
			"Emulated: the target is %s (%s, %s), not persistent memory. "
			"\"durable-data\" means: as if it were pmem behind a memory controller.",
			result->target.name, medium_words.names[result->target.medium],
			access_words.names[result->target.access]);
	if (result->target.domain == DOMAIN_UNKNOWN)
		document_callout(writer->document,
			"Persistence domain unknown: the kernel does not say where stores to %s "
			"become durable. \"durable-data\" here means: if the domain begins at the "
			"memory controller. Nothing that was measured shows that it does.",
			result->target.name);
	if (result->target.aliases.modulus != 0 && result->target.aliases.held == 0)
		document_callout(writer->document,
			"No congruent alias was found on this machine: a line costs %.2f ns under "
			"one address and %.2f ns under two that are %llu GiB apart. What is called "
			"congruent below is not.",
			result->target.aliases.one_ns, result->target.aliases.two_ns,
			(unsigned long long)result->target.aliases.modulus >> 30);
	if (result->others > 0)
		document_callout(writer->document,
			"Not alone: %u other daxmark%s measured on this machine meanwhile.",
			result->others, result->others == 1 ? "" : "s");
	if (result->facts.smt_shared)
		document_callout(writer->document,
			"Some of the CPUs that worked at once (%s) share a core: there were no "
			"others. What one does slows the other.",
			result->facts.cpus);
	if (result->target.incoherent)
		document_callout(writer->document,
			"Judged for memory that others reach past this machine's caches: a write "
			"is visible to them once it has left the caches, a "
			"read is fresh only after its lines were dropped.");
	if (!result->complete)
		document_callout(writer->document,
			"Incomplete: the run was cut short after %.0f s. What is shown was "
			"measured; what is missing was not reached.",
			result->wall_s);
	if (summary->least_visits < STRATA_ENOUGH && summary->most_visits > 0)
		document_callout(writer->document,
			"Few visits: some comparisons have only %zu; intervals from fewer than %d "
			"are wide, and miss more often than they say where the machine has "
			"bursts. A larger budget gives more.",
			summary->least_visits, STRATA_ENOUGH);
	if (summary->most_visits >= WEATHER_ENOUGH && !summary->machine && summary_ranks(result))
		document_callout(writer->document, "Of this run alone. %s", summary_scope(summary));
	if (!facts_nocache_leaves(&result->facts))
		document_callout(writer->document,
			"Non-temporal stores to lines that are already cached stay in the cache on "
			"this CPU: one and its fence took %.1f ns more than the clock itself, "
			"against %.0f ns when the line was absent, and no fence can wait for "
			"memory in that time. Behind a memory controller the nocache strategies "
			"are durable here only where lines are absent beforehand; elsewhere they "
			"are counted as visible.",
			result->facts.nocache_hit_ns, result->facts.nocache_miss_ns);
	if (result->facts.hypervisor[0] != '\0')
		document_paragraph(writer->document,
			"This machine is a virtual one: neighbours share its memory. Ratios were "
			"measured within rounds of some tens of microseconds and their intervals "
			"span the whole run; absolute times hold for this hour only.");
}

#define ANSWERS 7

/* The setting is said once, at the first of its rows. */
struct answers {
	struct writer *writer;
	char title[SETTING_TITLE_BYTES];
};

static void write_answer(void *arg, const struct recommendation *recommendation)
{
	struct answers *answers = arg;
	char sizes[2 * UNITS_TEXT_BYTES + 8];
	const char *cells[ANSWERS] = {answers->title, sizes,
		recommendation->take != NULL ? recommendation->take : "–",
		guarantee_words.names[recommendation->guarantee],
		recommendation->gain[0] != '\0' ? recommendation->gain : "no other family here",
		recommendation->another[0] != '\0' ? recommendation->another : "–",
		recommendation->alike[0] != '\0' ? recommendation->alike : "–"};

	recommend_sizes(answers->writer->summary->result, recommendation, sizes, sizeof(sizes));
	document_row(answers->writer->document, cells, ANSWERS, ANSWERS, false);
	answers->title[0] = '\0';
}

static void write_headline(struct writer *writer)
{
	static const char *const columns[ANSWERS] = {"copies", "size of one", "take", "guarantee",
		"speed over the best of another family [95 %]", "in another run like it [95 %]",
		"as fast in all of the range"};
	const struct result *result = writer->summary->result;
	struct answers answers = {.writer = writer};

	if (!summary_ranks(result)) {
		document_callout(writer->document,
			"Functional only: this machine is made of software. Every copy was "
			"verified; the times say nothing about hardware and rank nothing.");
		return;
	}
	document_heading(writer->document, 2, "Which copy path to take, by this run");
	document_table_begin(writer->document, columns, ANSWERS, ANSWERS);
	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);

		setting_title(&result->comparisons[view.first].setting, answers.title);
		recommend(writer->summary, view, write_answer, &answers);
		c = view.end;
	}
	document_table_end(writer->document);
	document_paragraph(writer->document,
		"Each row: among the strategies that give the guarantee, one that nothing beats "
		"at any size of the range, at joint 95 %% confidence and by at least %.1f %% (or "
		"what "
		"strategies leave to one another, if that is more); of those within that of the "
		"fastest at every size the plainest is named. Its speed is that over the fastest "
		"of "
		"another family at the size where it gains least, and where it gains most. The "
		"interval covers both, and the choosing: one that holds 1 says that somewhere the "
		"two cannot be told apart. %s",
		100 * SUMMARY_LEAST_CLAIM, summary_scope(writer->summary));
}

#define CELLS 9
static const char *const headings[CELLS] = {"size", "strategy", "guarantee", "verdict",
	"throughput", "one operation", "over baseline", "over the fastest", "of the roof"};

static void write_case(struct document *document, const struct summary_case *row)
{
	char size[UNITS_TEXT_BYTES], gbps[UNITS_TEXT_BYTES] = "–", ns[UNITS_TEXT_BYTES];
	char baseline[UNITS_SPEED_BYTES], best[UNITS_SPEED_BYTES], roof[24] = "–";
	const char *verdict = row->described->copies ? rank_words.names[row->rank]
						     : family_words.names[row->described->family];
	const char *cells[CELLS] = {units_bytes(row->setting->size, size), row->described->name,
		row->described->copies ? guarantee_words.names[row->guarantee] : "–", verdict, gbps,
		units_ns(row->ns.estimate, ns), baseline, best, roof};

	if (isfinite(row->gbps.estimate))
		units_gbps(row->gbps.estimate, gbps);
	units_speed(
		row->vs_baseline.estimate, row->vs_baseline.low, row->vs_baseline.high, baseline);
	units_speed(row->vs_best.estimate, row->vs_best.low, row->vs_best.high, best);
	if (isfinite(row->roof_share))
		snprintf(roof, sizeof(roof), "%.0f %%", 100 * row->roof_share);
	document_row(document, cells, CELLS, 4, row->rank == RANK_FASTEST);
}

/* Every case of a view; those without numbers say why. */
static void write_cases(struct writer *writer, struct view view)
{
	const struct summary *summary = writer->summary;

	document_table_begin(writer->document, headings, CELLS, 4);
	for (size_t c = view.first; c < view.end; c++) {
		for (size_t a = 0; a < summary->result->n_arms; a++) {
			const struct summary_case *row = summary_at(summary, c, a);
			char size[UNITS_TEXT_BYTES];
			const char *cells[CELLS] = {units_bytes(row->setting->size, size),
				row->described->name, "–", row->status, "–", "–", "–", "–", "–"};

			if (row->described->family == FAMILY_EMPTY)
				continue; /* among the facts: it has no throughput */
			if (summary_measured(row))
				write_case(writer->document, row);
			else if (row->described->available &&
				 strcmp(row->status, "not offered") != 0)
				document_row(writer->document, cells, CELLS, 4, false);
		}
	}
	document_table_end(writer->document);
}

static bool write_views(struct writer *writer, struct err *e)
{
	const struct result *result = writer->summary->result;

	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);
		char title[SETTING_TITLE_BYTES];

		setting_title(&result->comparisons[view.first].setting, title);
		document_heading(writer->document, 2, title);
		if (result->comparisons[c].why[0] != '\0')
			document_paragraph(
				writer->document, "Not measured: %s.", result->comparisons[c].why);
		if (!figures_of_view(writer, view, e))
			return false;
		if (summary_ranks(result))
			aliases_write(writer->document, writer->summary, view);
		c = view.end;
	}
	return true;
}

static void write_all_cases(struct writer *writer)
{
	const struct result *result = writer->summary->result;
	size_t left = CASES_MOST;

	document_heading(writer->document, 2, "All cases");
	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);
		char title[SETTING_TITLE_BYTES];

		setting_title(&result->comparisons[view.first].setting, title);
		if (result->n_arms * (view.end - c) > left) {
			document_paragraph(writer->document, "All other rows are in %s.",
				strrchr(writer->table, '/') + 1);
			return;
		}
		left -= result->n_arms * (view.end - c);
		document_heading(writer->document, 3, title);
		write_cases(writer, view);
		c = view.end;
	}
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

	write_caveats(writer);
	if (result->n_comparisons > 0)
		write_headline(writer);
	writer->has_cuts = has_cuts(result);
	if (!write_views(writer, e) || !figures_of_cuts(writer, e))
		return false;
	if (summary_ranks(result) &&
		!weather_write(writer->document, writer->summary,
			writer->draw ? writer->plots : NULL, writer->folder, writer->part, e))
		return false;
	write_all_cases(writer);
	facts_table_arms(writer->document, result);
	facts_table_facts(writer->document, writer->summary);
	return true;
}

static void write_title(struct writer *writer, const struct summary *summaries, size_t n)
{
	const struct result *result = summaries[0].result;
	char title[1200];

	snprintf(title, sizeof(title), "DAX copy paths on %s%s%s", result->target.name,
		result->target.emulated ? " (emulated), " : ", ",
		result->facts.cpu_model[0] ? result->facts.cpu_model : result->facts.host);
	if (n > 1)
		snprintf(title, sizeof(title), "DAX copy paths: %zu results", n);
	document_begin(writer->document, title);
}

/* Which of several results a part is about. */
static void write_part(struct writer *writer, size_t number, size_t n)
{
	const struct result *result = writer->summary->result;
	char title[1200];

	if (n == 1)
		return;
	snprintf(title, sizeof(title), "Result %zu: %s%s, %s, %s, %s", number, result->target.name,
		result->target.emulated ? " (emulated)" : "", result->facts.cpu_model,
		result->facts.host, result->created);
	document_heading(writer->document, 1, title);
}

static bool fill_all(
	struct writer *writer, const struct summary *summaries, size_t n, bool plots, struct err *e)
{
	char table[FOLDER_PATH_BYTES];

	writer->table = table;
	write_title(writer, summaries, n);
	for (size_t i = 0; i < n; i++) {
		if (i == 0)
			snprintf(table, sizeof(table), "%s/cases.tsv", writer->folder);
		else
			snprintf(table, sizeof(table), "%s/cases-%zu.tsv", writer->folder, i + 1);
		writer->summary = &summaries[i];
		writer->part = i + 1;
		writer->draw = plots;
		if (!write_table(&summaries[i], table, e))
			return false;
		write_part(writer, i + 1, n);
		if (!fill(writer, e))
			return false;
	}
	if (writer->left_out)
		document_paragraph(writer->document,
			"Only the first %d figures were drawn; the tables have all cases.",
			FIGURES_MOST);
	document_paragraph(writer->document,
		"Intervals are 95 %% Student intervals of the mean over this run, from visits at "
		"random places of equal parts of it and their successive differences; those for "
		"another run allow for what wandered. Those \"over the fastest\" are the joint "
		"bounds that decide the verdicts (Hsu's comparison with the best, 97.5 %% to "
		"either side). "
		"Throughput is in 10^9 "
		"bytes per second. Every number is in %s; docs/methodology.md says how it was "
		"measured.",
		n == 1 ? "cases.tsv" : "cases.tsv and cases-N.tsv");
	document_end(writer->document);
	return true;
}

/* The page, with its contents put in: they are known only now. */
static bool write_page(struct document *document, const char *html, const char *path, struct err *e)
{
	const char *mark = strstr(html, DOCUMENT_CONTENTS_MARK);
	char *contents = document_contents(document), *page = NULL;
	int bytes = contents == NULL || mark == NULL
			    ? -1
			    : asprintf(&page, "%.*s%s%s", (int)(mark - html), html, contents,
				      mark + strlen(DOCUMENT_CONTENTS_MARK));
	bool ok = bytes >= 0 ? file_replace(path, page, (size_t)bytes, e)
			     : err_set(e, ERR_FAILED, "out of memory");

	if (bytes >= 0)
		free(page);
	free(contents);
	return ok;
}

static bool write_documents(
	struct writer *writer, const struct summary *summaries, size_t n, bool plots, struct err *e)
{
	char *html = NULL, *markdown = NULL, path[FOLDER_PATH_BYTES];
	size_t html_bytes = 0, markdown_bytes = 0;
	struct document document = {.html = open_memstream(&html, &html_bytes),
		.markdown = open_memstream(&markdown, &markdown_bytes)};
	bool ok = document.html != NULL && document.markdown != NULL;

	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	writer->document = &document;
	ok = ok && fill_all(writer, summaries, n, plots, e);
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
		ok = write_page(&document, html, path, e);
	}
	free(html);
	free(markdown);
	if (ok && writer->lost > 0)
		ok = err_set(e, ERR_FAILED, "%s/index.html is made, without %zu figure%s: %.250s",
			writer->folder, writer->lost, writer->lost == 1 ? "" : "s",
			writer->why_lost.text);
	return ok;
}

bool report_write(const struct summary *summaries, size_t n, const char *folder, bool force,
	struct tell *tell, struct err *e)
{
	struct plots plots;
	struct writer writer = {.plots = &plots, .folder = folder};
	struct err why;
	bool draw;

	if (!plots_find(&plots, e) || !folder_make(folder, force, e))
		return false;
	if (folder_is_report(folder))
		folder_drop_figures(folder);
	draw = plots_can_draw(&why);
	if (!draw)
		tell_note(tell, "no plots, the report has tables alone: %s%s", why.text,
			strstr(why.text, "No such file") != NULL ? " (apt-get install gnuplot-nox)"
								 : "");
	return write_documents(&writer, summaries, n, draw, e);
}
