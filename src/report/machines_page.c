// SPDX-License-Identifier: MIT
/* The page of several machines: answers, winners, what differs, overlays, facets, ratios. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "report/answer.h"
#include "report/facts_table.h"
#include "report/machines.h"
#include "report/machines_figures.h"
#include "report/look.h"

#define CURVES_MOST 12 /* settings, without sizes, that the page goes through */
#define RATIO_SIZES 3  /* of each: the smallest, one in the middle, the largest */

static const struct result *result_of(const struct machines *machines, size_t i)
{
	return machines->summaries[i].result;
}

/* What a machine takes at a setting; NULL where nothing is ranked or reached. */
static const struct summary_case *winner(const struct machines *machines, size_t s, size_t i)
{
	size_t c = machines->settings[s].at[i];
	const struct summary *summary = &machines->summaries[i];

	if (c == MACHINES_NONE)
		return NULL;
	return summary_best(summary, c,
		summary_level(summary->result, machines->settings[s].setting->operation));
}

/* ---- answers: one line a machine ---- */

struct line {
	const struct summary *summary;
	const struct choice *choice;
	enum guarantee level;
	char text[1200];
};

static void add_range(void *arg, const struct recommendation *recommendation)
{
	struct line *line = arg;
	char sizes[2 * UNITS_TEXT_BYTES + 8];
	size_t used = strlen(line->text);

	if (recommendation->guarantee != line->level || recommendation->take == NULL ||
		!answer_is_shown(line->summary, recommendation, line->choice))
		return;
	recommend_sizes(line->summary->result, recommendation, sizes, sizeof(sizes));
	snprintf(line->text + used, sizeof(line->text) - used, "%s%s %s", used > 0 ? "; " : "",
		sizes, recommendation->take);
}

static void write_answers(
	const struct writer *writer, const struct machines *machines, size_t first, size_t end)
{
	struct document *document = writer->document;

	document_list_begin(document);
	for (size_t i = 0; i < machines->n; i++) {
		const struct summary *summary = &machines->summaries[i];
		enum operation operation = machines->settings[first].setting->operation;
		struct line line = {.summary = summary,
			.choice = writer->choice,
			.level = summary_level(summary->result, operation)};
		char after[1300];
		size_t c = machines_first(machines, i, first, end);

		if (c == MACHINES_NONE) {
			document_item(document, "", machines->labels[i], ": not measured there.");
			continue;
		}
		if (!summary_ranks(summary->result)) {
			snprintf(after, sizeof(after),
				": %s; a machine made of software ranks nothing.",
				answer_verified(summary->result));
			document_item(document, "", machines->labels[i], after);
			continue;
		}
		recommend(summary, view_of(summary->result, c), add_range, &line);
		snprintf(after, sizeof(after), ", %s: %s.", answer_level(line.level),
			line.text[0] != '\0' ? line.text : "no answer");
		document_item(document, "", machines->labels[i], after);
	}
	document_list_end(document);
}

/* ---- winners: sizes by machines ---- */

struct texts {
	char more[80], hover[300];
};

/* The settings of a curve that are shown; returns how many. */
static size_t shown_of(const struct writer *writer, const struct machines *machines, size_t first,
	size_t end, size_t *shown)
{
	size_t n = 0;

	for (size_t s = first; s < end; s++)
		if (choice_shows(writer->choice, machines->settings[s].setting))
			shown[n++] = s;
	return n;
}

static void fill_winner(const struct machines *machines, size_t s, size_t i, struct texts *texts,
	struct document_cell *cell)
{
	const struct summary_case *row = winner(machines, s, i);
	char ns[UNITS_TEXT_BYTES], speed[UNITS_SPEED_BYTES];

	*cell = (struct document_cell){.text = "–", .more = "", .hover = ""};
	if (machines->settings[s].at[i] != MACHINES_NONE && !summary_ranks(result_of(machines, i)))
		cell->text = "not ranked";
	if (row == NULL)
		return;
	units_ns(row->ns.estimate, ns);
	snprintf(texts->more, sizeof(texts->more), "%s%s", ns,
		row->rank == RANK_TIED ? ", others as fast" : "");
	units_speed(row->vs_baseline.estimate, row->vs_baseline.low, row->vs_baseline.high, speed);
	snprintf(texts->hover, sizeof(texts->hover), "%s: %s, %s, %s; over the baseline: %s",
		machines->labels[i], row->described->name, answer_level(row->guarantee), ns, speed);
	*cell = (struct document_cell){row->described->name, texts->more, texts->hover,
		DOCUMENT_PLAIN, look_of(row->described->name, row->described->family).colour};
}

static bool write_winners(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e)
{
	size_t *shown = calloc(end - first, sizeof(shown[0]));
	size_t n_rows = shown != NULL ? shown_of(writer, machines, first, end, shown) : 0;
	size_t n = machines->n;
	struct document_cell *cells = calloc(n_rows * n, sizeof(cells[0]));
	struct texts *texts = calloc(n_rows * n, sizeof(texts[0]));
	char(*sizes)[UNITS_TEXT_BYTES] = calloc(n_rows, sizeof(sizes[0]));
	const char **rows = calloc(n_rows, sizeof(rows[0])), *columns[MACHINES_MOST];
	bool ok = shown != NULL && cells != NULL && texts != NULL && sizes != NULL && rows != NULL;

	for (size_t i = 0; i < n; i++)
		columns[i] = machines->labels[i];
	for (size_t r = 0; ok && r < n_rows; r++) {
		rows[r] = units_bytes(machines->settings[shown[r]].setting->size, sizes[r]);
		for (size_t i = 0; i < n; i++)
			fill_winner(machines, shown[r], i, &texts[r * n + i], &cells[r * n + i]);
	}
	if (ok)
		document_matrix(writer->document, "fastest at", rows, n_rows, columns, n, cells);
	free(shown);
	free(rows);
	free(sizes);
	free(texts);
	free(cells);
	return ok || err_set(e, ERR_FAILED, "out of memory");
}

/* ---- ratios to each machine's own baseline and roof ---- */

static const struct summary_case *best_of_family(
	const struct summary *summary, const struct choice *choice, size_t c, enum family family)
{
	const struct summary_case *best = NULL;

	for (size_t a = 0; a < summary->result->n_arms; a++) {
		const struct summary_case *row = summary_at(summary, c, a);

		if (summary_measured(row) && row->described->copies &&
			choice_shows_arm(choice, row->described) &&
			row->described->family == family &&
			(best == NULL || row->ns.estimate < best->ns.estimate))
			best = row;
	}
	return best;
}

static void ratio_text(const struct machines *machines, const struct choice *choice, size_t s,
	size_t i, enum family family, char *text, size_t bytes)
{
	size_t c = machines->settings[s].at[i];
	const struct summary *summary = &machines->summaries[i];
	const struct summary_case *row = c != MACHINES_NONE && summary_ranks(summary->result)
						 ? best_of_family(summary, choice, c, family)
						 : NULL;
	char ns[UNITS_TEXT_BYTES], speed[UNITS_SPEED_BYTES], roof[32] = "";

	snprintf(text, bytes, "–");
	if (row == NULL)
		return;
	units_speed(row->vs_baseline.estimate, row->vs_baseline.low, row->vs_baseline.high, speed);
	if (isfinite(row->roof_share))
		snprintf(roof, sizeof(roof), ", %.0f %% of its roof", 100 * row->roof_share);
	snprintf(text, bytes, "%s: %s%s; %s", row->described->name, speed, roof,
		units_ns(row->ns.estimate, ns));
}

static void write_ratio_row(struct document *document, const struct machines *machines,
	const struct choice *choice, size_t s, enum family family)
{
	char size[UNITS_TEXT_BYTES], texts[MACHINES_MOST][240];
	const char *cells[2 + MACHINES_MOST] = {
		units_bytes(machines->settings[s].setting->size, size), family_words.names[family]};
	bool any = false;

	for (size_t i = 0; i < machines->n; i++) {
		ratio_text(machines, choice, s, i, family, texts[i], sizeof(texts[i]));
		cells[2 + i] = texts[i];
		any |= strcmp(texts[i], "–") != 0;
	}
	if (any)
		document_row(document, cells, 2 + machines->n, 2 + machines->n, false);
}

static bool write_ratios(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e)
{
	const char *headings[2 + MACHINES_MOST] = {"size", "best of"};
	size_t *shown = calloc(end - first, sizeof(shown[0])), n;

	if (shown == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	n = shown_of(writer, machines, first, end, shown);
	for (size_t i = 0; i < machines->n; i++)
		headings[2 + i] = machines->labels[i];
	document_table_begin(writer->document, headings, 2 + machines->n, 2 + machines->n);
	for (size_t k = 0; k < n; k++)
		if (n <= RATIO_SIZES || k == 0 || k == n - 1 || k == (n - 1) / 2)
			for (unsigned family = 0; family < FAMILY_ROOF; family++)
				write_ratio_row(writer->document, machines, writer->choice,
					shown[k], (enum family)family);
	document_table_end(writer->document);
	free(shown);
	return true;
}

/* ---- facts, those that differ first ---- */

#define FACT_BYTES 300

struct fact_row {
	const char *name;
	char values[MACHINES_MOST][FACT_BYTES];
};

static void caches_text(const struct facts *facts, char text[FACT_BYTES])
{
	text[0] = '\0';
	for (int i = 0; i < facts->n_caches; i++) {
		char size[UNITS_TEXT_BYTES];
		size_t used = strlen(text);

		snprintf(text + used, FACT_BYTES - used, "%sL%d %s %s", i > 0 ? ", " : "",
			facts->caches[i].level, facts->caches[i].type,
			units_bytes(facts->caches[i].bytes, size));
	}
}

#define FACTS 16

static void fill_facts(const struct machines *machines, struct fact_row rows[FACTS])
{
	static const char *const names[FACTS] = {"host", "CPU", "CPUs online", "caches", "memory",
		"NUMA nodes", "CPU features used", "microcode", "governor", "hypervisor", "kernel",
		"target", "medium and access", "persistence domain",
		"non-temporal store and fence: cached, absent line", "daxmark and libraries"};

	for (size_t r = 0; r < FACTS; r++)
		rows[r].name = names[r];
	for (size_t i = 0; i < machines->n; i++) {
		const struct result *result = result_of(machines, i);
		const struct facts *facts = &result->facts;
		char size[UNITS_TEXT_BYTES];

		snprintf(rows[0].values[i], FACT_BYTES, "%s", facts->host);
		snprintf(rows[1].values[i], FACT_BYTES, "%s", facts->cpu_model);
		snprintf(rows[2].values[i], FACT_BYTES, "%d", facts->cpus_online);
		caches_text(facts, rows[3].values[i]);
		snprintf(rows[4].values[i], FACT_BYTES, "%s",
			units_bytes(facts->memory_bytes, size));
		snprintf(rows[5].values[i], FACT_BYTES, "%d", facts->numa_nodes);
		snprintf(rows[6].values[i], FACT_BYTES, "%s", facts->cpu_features);
		snprintf(rows[7].values[i], FACT_BYTES, "%s", facts->microcode);
		snprintf(rows[8].values[i], FACT_BYTES, "%s", facts->governor);
		snprintf(rows[9].values[i], FACT_BYTES, "%s",
			facts->hypervisor[0] != '\0' ? facts->hypervisor : "none seen");
		snprintf(rows[10].values[i], FACT_BYTES, "%s", facts->kernel);
		snprintf(rows[11].values[i], FACT_BYTES, "%.200s", result->target.name);
		snprintf(rows[12].values[i], FACT_BYTES, "%s, %s%s",
			medium_words.names[result->target.medium],
			access_words.names[result->target.access],
			result->target.emulated ? ", EMULATED" : "");
		snprintf(rows[13].values[i], FACT_BYTES, "%s",
			domain_words.names[result->target.domain]);
		if (isfinite(facts->nocache_hit_ns))
			snprintf(rows[14].values[i], FACT_BYTES, "%.0f ns, %.0f ns",
				facts->nocache_hit_ns, facts->nocache_miss_ns);
		snprintf(rows[15].values[i], FACT_BYTES, "%.100s, %.150s", facts->build,
			facts->libraries);
	}
}

static bool differs(const struct fact_row *row, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (strcmp(row->values[i], row->values[0]) != 0)
			return true;
	return false;
}

static void write_fact_rows(struct document *document, const struct machines *machines,
	const struct fact_row *rows, bool that_differ)
{
	const char *cells[1 + MACHINES_MOST] = {"fact"};

	for (size_t i = 0; i < machines->n; i++)
		cells[1 + i] = machines->labels[i];
	document_table_begin(document, cells, 1 + machines->n, 1 + machines->n);
	for (size_t r = 0; r < FACTS; r++) {
		if (differs(&rows[r], machines->n) != that_differ)
			continue;
		cells[0] = rows[r].name;
		for (size_t i = 0; i < machines->n; i++)
			cells[1 + i] =
				rows[r].values[i][0] != '\0' ? rows[r].values[i] : "not stated";
		document_row(document, cells, 1 + machines->n, 1 + machines->n, false);
	}
	document_table_end(document);
}

static bool write_facts(struct document *document, const struct machines *machines, struct err *e)
{
	struct fact_row *rows = calloc(FACTS, sizeof(rows[0]));

	if (rows == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	fill_facts(machines, rows);
	document_heading(document, 2, "What differs");
	write_fact_rows(document, machines, rows, true);
	document_fold_begin(document, "What is the same", false);
	write_fact_rows(document, machines, rows, false);
	document_fold_end(document);
	free(rows);
	return true;
}

/* ---- the whole ---- */

static bool is_shown(
	const struct writer *writer, const struct machines *machines, size_t first, size_t end)
{
	for (size_t s = first; s < end; s++)
		if (choice_shows(writer->choice, machines->settings[s].setting))
			return true;
	return false;
}

static bool write_curves(struct writer *writer, const struct machines *machines,
	bool (*each)(struct writer *writer, const struct machines *machines, size_t first,
		size_t end, struct err *e),
	struct err *e)
{
	size_t n = 0;

	for (size_t first = 0, end; first < machines->n_settings && n < CURVES_MOST; first = end) {
		char title[SETTING_TITLE_BYTES];

		end = machines_curve_end(machines, first);
		if (!is_shown(writer, machines, first, end))
			continue;
		n++;
		setting_title(machines->settings[first].setting, title);
		document_heading(writer->document, 3, title);
		if (!each(writer, machines, first, end, e))
			return false;
	}
	return true;
}

static bool answers(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e)
{
	(void)e;
	write_answers(writer, machines, first, end);
	return true;
}

static bool winners(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e)
{
	return write_winners(writer, machines, first, end, e);
}

static bool ratios(struct writer *writer, const struct machines *machines, size_t first, size_t end,
	struct err *e)
{
	return write_ratios(writer, machines, first, end, e);
}

bool machines_write(struct writer *writer, const struct machines *machines, struct err *e)
{
	struct document *document = writer->document;
	bool ok;

	document_heading(document, 2, "Which copy path to take on each");
	ok = write_curves(writer, machines, answers, e);
	document_contents_here(document);
	document_page_only(document, true);
	document_heading(document, 2, "The fastest at each size");
	document_paragraph(document,
		"Of each machine by itself, among the copies that reach the level of its answers. "
		"The bar has the strategy's colour: one hue is one family.");
	ok = ok && write_curves(writer, machines, winners, e);
	document_page_only(document, false);
	ok = ok && write_facts(document, machines, e);
	document_heading(document, 2, "Curves");
	ok = ok && write_curves(writer, machines, machines_figures, e);
	document_page_only(document, true);
	document_heading(document, 2, "By each machine's own baseline and roof");
	document_paragraph(document,
		"The best of each family: its speed over this machine's own baseline (memcpy, "
		"unless "
		"another was named) with the 95 %% interval, its part of this machine's own roof, "
		"and the time of one operation. "
		"Ratios of different machines can be looked at beside one another; times of "
		"different targets are no contest.");
	ok = ok && write_curves(writer, machines, ratios, e);
	for (size_t i = 0; ok && i < machines->n; i++) {
		char line[MACHINES_LABEL + 80];

		snprintf(line, sizeof(line), "All answers of %s by itself", machines->labels[i]);
		document_fold_begin(document, line, false);
		answer_table(document, &machines->summaries[i], writer->choice);
		document_fold_end(document);
	}
	document_page_only(document, false);
	return ok;
}
