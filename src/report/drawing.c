// SPDX-License-Identifier: MIT
#include "report/drawing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/table.h"
#include "base/file.h"
#include "report/curves.h"
#include "report/look.h"

#define PATH_BYTES 4400
#define LETTER 0.205 /* mm a point: a letter is half as wide as its type is high, and a bit */

/* ---- what gnuplot is told ---- */

/* Several texts at once, of one word a curve each. */
enum list { NAMES, TITLES, COLOURS, MARKS, DASHES, LISTS };

struct lists {
	char text[LISTS][4000];
};

static void add(struct lists *lists, enum list list, const char *word, const char *quote)
{
	char *text = lists->text[list];
	size_t used = strlen(text);

	snprintf(text + used, sizeof(lists->text[0]) - used, "%s%s%s%s", used > 0 ? " " : "", quote,
		word, quote);
}

static void add_look(struct lists *lists, const struct result_arm *arm)
{
	struct look look = look_of(arm->name, arm->family);
	char number[16];

	add(lists, NAMES, arm->name, "");
	add(lists, COLOURS, look.colour, "");
	snprintf(number, sizeof(number), "%u", look.mark);
	add(lists, MARKS, number, "");
	snprintf(number, sizeof(number), "%u", look.dash);
	add(lists, DASHES, number, "");
}

/* Somewhere it does not reach the level: hollow, or among characters with a star. */
static bool falls_short(const struct summary *summary, const struct figure *figure, size_t arm)
{
	for (size_t m = 0; m < figure->n; m++) {
		const struct summary_case *row = summary_at(summary, figure->members[m], arm);

		if (summary_measured(row) && !row->meets)
			return true;
	}
	return false;
}

static void assign_curves(FILE *out, const struct summary *summary, const struct figure *figure,
	const struct curves *curves, size_t chosen, bool text)
{
	const struct result_arm *arms = summary->result->arms;
	struct lists heads = {{{0}}}, alike = {{{0}}}, ranked = {{{0}}};

	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < curves->n; i++) {
			const struct curve *curve = &curves->all[i];
			char title[80];
			int used;

			if (!curve->drawn || (turn == 1) != (curve->arm == chosen))
				continue;
			if (curve->under != curve->arm) {
				add_look(&alike, &arms[curve->arm]);
				continue;
			}
			add_look(&heads, &arms[curve->arm]);
			used = snprintf(title, sizeof(title), "%s%s", arms[curve->arm].name,
				text && falls_short(summary, figure, curve->arm) ? "*" : "");
			if (curves_under(curves, curve->arm) > 0)
				snprintf(title + used, sizeof(title) - (size_t)used, " +%zu",
					curves_under(curves, curve->arm));
			add(&heads, TITLES, title, "\"");
		}
	}
	for (size_t i = 0; i < curves->n; i++)
		if (curves->all[i].drawn)
			add(&ranked, NAMES, arms[curves->all[i].arm].name, "");
	gnuplot_assign(out, "strategies", heads.text[NAMES]);
	gnuplot_assign(out, "titles", heads.text[TITLES]);
	gnuplot_assign(out, "colours", heads.text[COLOURS]);
	gnuplot_assign(out, "marks", heads.text[MARKS]);
	gnuplot_assign(out, "dashes", heads.text[DASHES]);
	gnuplot_assign(out, "alike", alike.text[NAMES]);
	gnuplot_assign(out, "alike_colours", alike.text[COLOURS]);
	gnuplot_assign(out, "ranked", ranked.text[NAMES]);
}

static void assign_roofs(FILE *out, const struct result *result, const struct figure *figure)
{
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	struct lists roofs = {{{0}}};

	for (size_t i = 0; i < first->n_measured; i++)
		if (result->arms[first->measured[i]].family == FAMILY_ROOF)
			add_look(&roofs, &result->arms[first->measured[i]]);
	gnuplot_assign(out, "roofs", roofs.text[NAMES]);
	gnuplot_assign(out, "roof_colours", roofs.text[COLOURS]);
}

/* The words of an axis that the members have, in their order, as `places`. */
static void assign_places(FILE *out, const struct result *result, const struct figure *figure)
{
	const struct words *const words[] = {&operation_words, &state_words, &page_state_words};
	static const char *const names[] = {"operations", "states", "pages"};

	for (size_t w = 0; w < 3; w++) {
		struct lists found = {{{0}}};

		for (unsigned value = 0; value < words[w]->n; value++)
			for (size_t m = 0; m < figure->n; m++) {
				const struct setting *setting =
					&result->comparisons[figure->members[m]].setting;
				unsigned its = w == 0	? (unsigned)setting->operation
					       : w == 1 ? (unsigned)setting->state
							: (unsigned)setting->pages;

				if (its != value)
					continue;
				add(&found, NAMES, words[w]->names[value], "");
				break;
			}
		gnuplot_assign(out, names[w], found.text[NAMES]);
	}
}

/* The level, where some copy that is drawn falls short of it. */
static void assign_weak(FILE *out, const struct summary *summary, const struct figure *figure,
	const struct curves *curves)
{
	const struct result *result = summary->result;
	enum operation operation = result->comparisons[figure->members[0]].setting.operation;
	bool any = false;

	for (size_t i = 0; i < curves->n; i++)
		any |= curves->all[i].drawn && falls_short(summary, figure, curves->all[i].arm);
	gnuplot_assign(
		out, "weak", any ? guarantee_words.names[summary_level(result, operation)] : "");
}

/* Broken between words, so that no line leaves the picture. */
static void wrap(char *text, size_t columns)
{
	size_t begin = 0, space = 0;

	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == '\n')
			begin = i + 1;
		if (text[i] == ' ')
			space = i;
		if (i - begin >= columns && space > begin) {
			text[space] = '\n';
			begin = space + 1;
		}
	}
}

static void assign_words(
	FILE *out, const struct drawing *drawing, const struct result *result, const char *title)
{
	double letter_mm = LETTER * drawing->picture->points;
	bool text = drawing->formats[0] == PICTURE_TEXT;
	size_t columns = text ? 70 : (size_t)(0.97 * drawing->picture->width_mm / letter_mm);
	char caption[SETTING_TITLE_BYTES + 300], foot[1400];

	if (drawing->formats[0] == PICTURE_TEX) {
		/* A paper says what is shown under the figure, in words of its own. */
		gnuplot_assign(out, "caption", "");
		gnuplot_assign(out, "foot", result->target.emulated ? "EMULATED pmem" : "");
		return;
	}
	snprintf(caption, sizeof(caption), "%s", title);
	wrap(caption, columns);
	gnuplot_assign(out, "caption", caption);
	snprintf(foot, sizeof(foot), "%s%s, %s\n%s, %.*s, %.10s",
		result->target.emulated ? "EMULATED pmem: " : "", result->target.name,
		result->facts.cpu_model[0] ? result->facts.cpu_model : result->facts.host,
		result->facts.kernel, (int)strcspn(result->facts.build, ","), result->facts.build,
		result->created);
	wrap(foot, columns * 6 / 5); /* of smaller type */
	gnuplot_assign(out, "foot", foot);
}

static void write_note(const struct summary *summary, const struct curves *curves, char *note)
{
	const struct result_arm *arms = summary->result->arms;
	size_t used = 0, left_out = 0;

	note[0] = '\0';
	for (size_t i = 0; i < curves->n; i++) {
		const struct curve *head = &curves->all[i];

		left_out += !head->drawn;
		if (!head->drawn || curves_under(curves, head->arm) == 0)
			continue;
		used += (size_t)snprintf(note + used, DRAWING_NOTE - used,
			"%sAs %s, within %.0f %% at every size:", used > 0 ? " " : "",
			arms[head->arm].name, 100 * CURVES_ALIKE);
		for (size_t j = 0; j < curves->n && used < DRAWING_NOTE - 100; j++)
			if (curves->all[j].drawn && curves->all[j].under == head->arm && i != j)
				used += (size_t)snprintf(note + used, DRAWING_NOTE - used, " %s,",
					arms[curves->all[j].arm].name);
		note[used - 1] = '.';
		if (used > DRAWING_NOTE - 200)
			break;
	}
	if (left_out > 0)
		snprintf(note + used, DRAWING_NOTE - used,
			"%s%zu more %s not drawn: see the table.", used > 0 ? " " : "", left_out,
			left_out == 1 ? "strategy is" : "strategies are");
}

static char *make_settings(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const struct figure *figure, const char *table,
	struct curves *curves, char *note)
{
	const struct result *result = summary->result;
	enum operation operation = result->comparisons[figure->members[0]].setting.operation;
	const struct summary_case *best =
		summary_best(summary, figure->members[0], summary_level(result, operation));
	size_t chosen = curves_chosen(summary, figure), bytes;
	char title[sizeof(figure->title) + sizeof(plot->title) + 2], *text = NULL;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	curves_find(curves, summary, figure, drawing->choice, drawing->most, chosen);
	gnuplot_assign_path(out, "table", table);
	assign_curves(out, summary, figure, curves, chosen, drawing->formats[0] == PICTURE_TEXT);
	assign_roofs(out, result, figure);
	assign_places(out, result, figure);
	gnuplot_assign(out, "best", best != NULL ? best->described->name : "");
	assign_weak(out, summary, figure, curves);
	gnuplot_assign(out, "baseline", summary->baseline != NULL ? summary->baseline->name : "");
	fprintf(out, "y_low=%g; y_high=%g; ", drawing->low, drawing->high);
	snprintf(title, sizeof(title), "%s: %s", plot->title, figure->title);
	assign_words(out, drawing, result, title);
	write_note(summary, curves, note);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* The rows of the curves and of the roofs. */
static bool write_rows(const struct summary *summary, const struct figure *figure,
	const struct curves *curves, const char *path, struct err *e)
{
	const struct result *result = summary->result;
	bool arms[CASE_MOST_ARMS] = {false};
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t a = 0; a < result->n_arms; a++)
		arms[a] = result->arms[a].family == FAMILY_ROOF;
	for (size_t i = 0; i < curves->n; i++)
		arms[curves->all[i].arm] = curves->all[i].drawn;
	table_write_some(out, summary, '\t', figure->members, figure->n, arms);
	return file_replace_stream(path, out, &text, &bytes, e);
}

/* A file for a table that gnuplot reads once, in the place for such files. */
static bool make_table(char path[PATH_BYTES], struct err *e)
{
	const char *folder = getenv("TMPDIR");
	int fd;

	snprintf(path, PATH_BYTES, "%.4300s/daxmark-table-XXXXXX",
		folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return err_errno(e, errno, "cannot make %s", path);
	close(fd);
	return true;
}

static bool draw(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const struct figure *figure, const char *base,
	const char *table, char *note, struct err *e)
{
	struct curves curves;
	char *settings = make_settings(drawing, plot, summary, figure, table, &curves, note);
	bool ok = settings != NULL || err_set(e, ERR_FAILED, "out of memory");

	ok = ok && write_rows(summary, figure, &curves, table, e) &&
	     gnuplot_draw(drawing->plots->folder, plot->path, settings, drawing->picture, base,
		     drawing->formats, drawing->n_formats, e);
	free(settings);
	return ok;
}

/* The table and the script, which names it beside itself, wherever the two are taken. */
static bool keep(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const struct figure *figure, const char *base, char *note,
	struct err *e)
{
	const char *name = strrchr(base, '/');
	char table[PATH_BYTES], beside[PATH_BYTES], *settings;
	struct curves curves;
	bool ok;

	snprintf(table, sizeof(table), "%.4390s.tsv", base);
	snprintf(beside, sizeof(beside), "%.4390s.tsv", name != NULL ? name + 1 : base);
	settings = make_settings(drawing, plot, summary, figure, beside, &curves, note);
	ok = settings != NULL || err_set(e, ERR_FAILED, "out of memory");
	ok = ok && write_rows(summary, figure, &curves, table, e) &&
	     gnuplot_keep(drawing->plots->folder, plot->path, settings, drawing->picture, base, e);
	free(settings);
	return ok;
}

bool drawing_draw(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const struct figure *figure, const char *base,
	char note[DRAWING_NOTE], struct err *e)
{
	char table[PATH_BYTES];
	bool ok;

	if (!make_table(table, e))
		return false;
	ok = draw(drawing, plot, summary, figure, base, table, note, e);
	unlink(table);
	return ok && (!drawing->keep || keep(drawing, plot, summary, figure, base, note, e));
}

/* plots/NAME.gp from a table that is no result's, with these curves. */
static bool draw_listed(const struct plots *plots, const struct drawing_table *table,
	const char *base, const enum picture_format *formats, size_t n_formats,
	const char *const texts[LISTS], struct err *e)
{
	static const char *const names[LISTS] = {
		"strategies", "titles", "colours", "marks", "dashes"};
	char *settings = NULL, script[600], wrapped[1000];
	size_t bytes;
	FILE *out = open_memstream(&settings, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	gnuplot_assign_path(out, "table", table->table);
	snprintf(wrapped, sizeof(wrapped), "%s", table->caption);
	wrap(wrapped, (size_t)(0.97 * picture_usual.width_mm / (LETTER * picture_usual.points)));
	gnuplot_assign(out, "caption", wrapped);
	for (size_t list = 0; list < LISTS; list++)
		gnuplot_assign(out, names[list], texts[list]);
	fprintf(out,
		"alike=''; alike_colours=''; roofs=''; weak=''; foot=''; y_low=0; y_high=0; %s",
		table->extra);
	ok = fclose(out) == 0 || err_set(e, ERR_FAILED, "out of memory");
	snprintf(script, sizeof(script), "%s/%s.gp", plots->folder, table->plot);
	ok = ok && gnuplot_draw(plots->folder, script, settings, &picture_usual, base, formats,
			   n_formats, e);
	free(settings);
	return ok;
}

bool drawing_draw_table(const struct plots *plots, const char *name, const char *table,
	const char *base, const enum picture_format *formats, size_t n_formats, const char *caption,
	const char *series, struct err *e)
{
	/* Series are no strategies: colours by their order. */
	const char *const texts[LISTS] = {series, series,
		"#0072b2 #d55e00 #008c66 #b4558c #a07c1a #56b4e9 #6a3d9a #6e6e6e",
		"7 5 9 13 11 15 6 4", "1 1 1 1 1 1 2 2"};
	const struct drawing_table drawn = {
		.plot = name, .table = table, .caption = caption, .extra = ""};

	return draw_listed(plots, &drawn, base, formats, n_formats, texts, e);
}

bool drawing_draw_strategies(const struct plots *plots, const struct drawing_table *table,
	const char *base, const enum picture_format *formats, size_t n_formats, struct err *e)
{
	struct lists lists = {{{0}}};
	const char *texts[LISTS];

	for (size_t i = 0; i < table->n; i++) {
		add_look(&lists, &table->arms[table->chosen[i]]);
		add(&lists, TITLES, table->arms[table->chosen[i]].name, "");
	}
	for (size_t list = 0; list < LISTS; list++)
		texts[list] = lists.text[list];
	return draw_listed(plots, table, base, formats, n_formats, texts, e);
}
