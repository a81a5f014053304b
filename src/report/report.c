// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyse/table.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/units.h"
#include "case/axis.h"
#include "report/aliases.h"
#include "report/crossings.h"
#include "report/cuts.h"
#include "report/document.h"
#include "report/facts_table.h"
#include "report/plots.h"
#include "report/recommend.h"
#include "report/weather.h"
#include "stat/strata.h"

#define PATH_BYTES 4096
#define FILE_LIMIT (64u << 20)
/* Nobody looks at more, and gnuplot takes a fifth of a second for each. */
#define FIGURES_MOST 96
#define CASES_MOST 4000 /* rows of the page; all of them are in cases.tsv */
#define CURVE_SIZES 3

static bool folder_is_empty(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool empty = dir != NULL;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = false;
	if (dir != NULL)
		closedir(dir);
	return empty;
}

/* True when `name` in `folder` begins with (or soon holds) `mark`. */
static bool file_has(const char *folder, const char *name, const char *mark)
{
	char path[PATH_BYTES], start[600];
	size_t got = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (file != NULL) {
		got = fread(start, 1, sizeof(start) - 1, file);
		fclose(file);
	}
	start[got] = '\0';
	return strstr(start, mark) != NULL;
}

/* Made by daxmark: complete, or cut short after the table, which is written first. */
static bool is_report(const char *folder)
{
	return file_has(folder, "index.html", "<meta name=\"generator\" content=\"daxmark\">") ||
	       file_has(folder, "cases.tsv", "case\toperation\tsize_bytes\t");
}

static bool make_folder(const char *folder, bool force, struct err *e)
{
	struct stat st;

	if (folder[0] == '\0' || strlen(folder) > PATH_BYTES - 300)
		return err_set(e, ERR_USAGE, "the report's folder has an empty or too long name");
	if (mkdir(folder, 0777) == 0)
		return true;
	if (errno != EEXIST)
		return err_errno(e, errno, "cannot make folder %s", folder);
	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(e, ERR_FAILED,
			"%s exists and is not a folder: choose another " ERR_OF("output"), folder);
	if (force || folder_is_empty(folder) || is_report(folder))
		return true;
	return err_set(e, ERR_FAILED,
		"%s holds files that are no daxmark report: choose another " ERR_OF(
			"output") ", or " ERR_OF("force"),
		folder);
}

/* Figures of an earlier report ("3-ratio.svg") that this one may not draw again. */
static void drop_figures(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		size_t digits = strspn(entry->d_name, "0123456789");
		const char *ending = strrchr(entry->d_name, '.');
		char path[PATH_BYTES];

		if (digits == 0 || entry->d_name[digits] != '-' || ending == NULL ||
			(strcmp(ending, ".svg") != 0 && strcmp(ending, ".png") != 0))
			continue;
		snprintf(path, sizeof(path), "%.3600s/%.255s", folder, entry->d_name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
}

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

struct writer {
	const struct summary *summary;
	const struct plots *plots;
	const char *folder, *table;
	size_t part; /* of several results: from 1 */
	struct document *document;
	bool draw;
	unsigned figure; /* number of the last one drawn */
	bool has_cuts;	 /* this result differs along something else than the size */
	bool left_out;	 /* some were not drawn: FIGURES_MOST */
	size_t lost;	 /* could not be drawn, and why the first could not */
	struct err why_lost;
};

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

/*
 * A figure that could not be drawn costs no table: the page says why, and the whole is a
 * failure once it is made. Nothing is drawn after a signal.
 */
static bool lose_figure(struct writer *writer, const struct err *why)
{
	document_callout(writer->document, "This figure could not be drawn: %s.", why->text);
	if (writer->lost++ == 0)
		writer->why_lost = *why;
	writer->draw = !interrupt_pending();
	return true;
}

/* One plot of one figure: draw both formats, put them into the document. */
static bool write_plot(struct writer *writer, const struct plot *plot, const struct figure *figure,
	const char *heading, struct err *e)
{
	char name[100], path[PATH_BYTES], png[PATH_BYTES], alt[SETTING_TITLE_BYTES + 500], *svg;
	size_t bytes;

	if (writer->figure == FIGURES_MOST) {
		writer->left_out = true;
		return true;
	}
	writer->figure++;
	snprintf(name, sizeof(name), "%u-%s", writer->figure, plot->name);
	snprintf(path, sizeof(path), "%s/%s.svg", writer->folder, name);
	snprintf(png, sizeof(png), "%s/%s.png", writer->folder, name);
	document_heading(writer->document, 3, heading);
	if (!plots_draw(writer->plots, plot, writer->summary, figure, writer->table, path, e) ||
		!plots_draw(writer->plots, plot, writer->summary, figure, writer->table, png, e))
		return lose_figure(writer, e);
	svg = file_read(path, FILE_LIMIT, &bytes, e);
	if (svg == NULL)
		return false;
	snprintf(alt, sizeof(alt), "%s (%s)", plot->alt, figure->title);
	snprintf(path, sizeof(path), "%s.png", name);
	document_picture(writer->document, svg, path, alt);
	free(svg);
	return true;
}

/* Over the sizes of a view, of which some may not have been measured. */
static void write_crossovers(struct writer *writer, size_t *members, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (writer->summary->result->comparisons[members[i]].n_visits > 0)
			members[kept++] = members[i];
	crossings_write(writer->document, writer->summary, CROSSOVER_SIZE, members, kept);
}

/* All plots over sizes of one view, and where its curves cross. */
static bool write_view_plots(struct writer *writer, struct view view, struct err *e)
{
	const struct result *result = writer->summary->result;
	size_t *members = calloc(view.end - view.first, sizeof(members[0]));
	struct figure figure = {.members = members, .n = view.end - view.first};
	/* One or two sizes that a cut shows make no curve. */
	bool draw = writer->draw && (figure.n >= CURVE_SIZES || !writer->has_cuts);
	bool ok = true;

	if (members == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; i < figure.n; i++)
		members[i] = view.first + i;
	setting_title(&result->comparisons[view.first].setting, figure.title);
	for (size_t i = 0; ok && draw && i < writer->plots->n; i++) {
		const struct plot *plot = &writer->plots->all[i];

		if (strcmp(plot->axis, "size") == 0 && plots_wanted(plot, writer->summary, &figure))
			ok = write_plot(writer, plot, &figure, plot->title, e);
	}
	if (ok)
		write_crossovers(writer, members, figure.n);
	free(members);
	return ok;
}

/* What the other CPUs do where they do something. */
static const char *background_of(const struct result *result, const struct cut *cut)
{
	enum background kind = BACKGROUND_NONE;

	for (size_t i = 0; i < cut->n && kind == BACKGROUND_NONE; i++)
		kind = result->comparisons[cut->members[i]].setting.background;
	return background_words.names[kind];
}

/* One plot over one axis: a figure for each cut along it. */
static bool write_cut_plots(
	struct writer *writer, const struct plot *plot, enum setting_axis axis, struct err *e)
{
	const struct result *result = writer->summary->result;
	struct cut *cuts = calloc(CUTS_MOST, sizeof(cuts[0]));
	size_t n;
	bool ok = cuts != NULL || err_set(e, ERR_FAILED, "out of memory");

	n = ok ? cuts_find(result, axis, cuts, CUTS_MOST) : 0;
	if (n > 0)
		document_heading(writer->document, 2, plot->title);
	for (size_t i = 0; ok && i < n; i++) {
		struct setting shown = result->comparisons[cuts[i].members[0]].setting;
		const struct setting usual = {SETTING_DEFAULTS};
		struct figure figure = {.members = cuts[i].members, .n = cuts[i].n, .is_cut = true};
		char size[UNITS_TEXT_BYTES], title[SETTING_TITLE_BYTES];

		setting_take(&shown, &usual, axis); /* the title says what they have in common */
		setting_title_but(&shown, axis, title);
		snprintf(figure.title, sizeof(figure.title), "%s each: %s%s%s",
			units_bytes(shown.size, size), title,
			axis == AXIS_BACKGROUND ? ", other CPUs " : "",
			axis == AXIS_BACKGROUND ? background_of(result, &cuts[i]) : "");
		if (writer->draw && plots_wanted(plot, writer->summary, &figure))
			ok = write_plot(writer, plot, &figure, figure.title, e);
		if (ok && axis == AXIS_BACKGROUND)
			crossings_write(writer->document, writer->summary, CROSSOVER_BACKGROUND,
				cuts[i].members, cuts[i].n);
	}
	free(cuts);
	return ok;
}

static bool write_cuts(struct writer *writer, struct err *e)
{
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		for (size_t i = 0; i < writer->plots->n; i++)
			if (strcmp(writer->plots->all[i].axis, axes[axis].name) == 0 &&
				!write_cut_plots(
					writer, &writer->plots->all[i], (enum setting_axis)axis, e))
				return false;
	return true;
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
		if (!write_view_plots(writer, view, e))
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
	if (!write_views(writer, e) || !write_cuts(writer, e))
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
	char table[PATH_BYTES];

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
	char *html = NULL, *markdown = NULL, path[PATH_BYTES];
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

	if (!plots_find(&plots, e) || !make_folder(folder, force, e))
		return false;
	if (is_report(folder))
		drop_figures(folder);
	draw = plots_can_draw(&why);
	if (!draw)
		tell_note(tell, "no plots, the report has tables alone: %s%s", why.text,
			strstr(why.text, "No such file") != NULL ? " (apt-get install gnuplot-nox)"
								 : "");
	return write_documents(&writer, summaries, n, draw, e);
}
