// SPDX-License-Identifier: MIT
/* The figures of a page: of a curve over sizes, and of cuts along an axis. */
#include "report/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "case/axis.h"
#include "report/crossings.h"
#include "report/cuts.h"
#include "report/folder.h"

/* Nobody looks at more, and gnuplot takes a fifth of a second for each. */
#define FIGURES_MOST 96
#define CURVE_SIZES 3

/*
 * A figure that could not be drawn costs no table: the page says why, and the whole is a
 * failure once it is made. A signal ends it all, and what was there stands.
 */
static bool lose_figure(struct writer *writer, struct err *e)
{
	if (interrupt_pending())
		return err_set(e, ERR_FAILED, "interrupted: no report is made");
	document_callout(writer->document, "This figure could not be drawn: %s.", e->text);
	if (writer->lost++ == 0)
		writer->why_lost = *e;
	return true;
}

/* Draw it for page and Markdown, and put it into both. */
static bool put(struct writer *writer, const struct drawing *drawing, const struct plot *plot,
	const struct figure *figure, const char *name, bool say_note, struct err *e)
{
	char base[FOLDER_PATH_BYTES], alt[SETTING_TITLE_BYTES + 500], note[DRAWING_NOTE];

	snprintf(base, sizeof(base), "%s/%s", writer->folder, name);
	if (!drawing_draw(drawing, plot, writer->summary, figure, base, note, e))
		return lose_figure(writer, e);
	snprintf(alt, sizeof(alt), "%s (%s)", plot->alt, figure->title);
	return document_picture(
		writer->document, writer->folder, name, alt, say_note ? note : "", e);
}

static const enum picture_format page_formats[] = {PICTURE_SVG, PICTURE_PNG};

static struct drawing drawing_of(
	const struct writer *writer, const struct choice *choice, const struct picture *picture)
{
	return (struct drawing){.plots = writer->plots,
		.picture = picture,
		.choice = choice,
		.formats = page_formats,
		.n_formats = sizeof(page_formats) / sizeof(page_formats[0]),
		.keep = writer->keep};
}

/* One plot of one figure, numbered. */
static bool write_plot(
	struct writer *writer, const struct plot *plot, const struct figure *figure, struct err *e)
{
	struct drawing drawing = drawing_of(writer, writer->choice, &picture_usual);
	char name[100];

	if (writer->figure == FIGURES_MOST) {
		writer->left_out = true;
		return true;
	}
	writer->figure++;
	snprintf(name, sizeof(name), "%u-%s", writer->figure, plot->name);
	return put(writer, &drawing, plot, figure, name, true, e);
}

/* What the members have in common; of one size that, too: no axis says it. */
static void describe_view(const struct result *result, struct figure *figure)
{
	const struct setting *setting;
	char title[SETTING_TITLE_BYTES], size[UNITS_TEXT_BYTES];

	if (figure->n == 0)
		return;
	setting = &result->comparisons[figure->members[0]].setting;
	setting_title(setting, title);
	if (figure->n == 1)
		snprintf(figure->title, sizeof(figure->title), "%s each: %s",
			units_bytes(setting->size, size), title);
	else
		snprintf(figure->title, sizeof(figure->title), "%s", title);
}

/* The shown comparisons of a view; free() them. */
static bool members_of(const struct result *result, const struct choice *choice, struct view view,
	struct figure *figure, size_t **members, struct err *e)
{
	*members = calloc(view.end - view.first, sizeof(**members));
	*figure = (struct figure){.members = *members};
	if (*members == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = view.first; c < view.end; c++)
		if (choice_shows(choice, &result->comparisons[c].setting))
			(*members)[figure->n++] = c;
	describe_view(result, figure);
	return true;
}

bool figures_first(struct writer *writer, struct view view, const struct choice *choice,
	const struct picture *picture, struct err *e)
{
	struct drawing drawing = drawing_of(writer, choice, picture);
	struct figure figure;
	size_t *members;
	bool ok = members_of(writer->summary->result, writer->choice, view, &figure, &members, e);

	for (size_t i = 0; ok && writer->draw && i < writer->plots->n; i++) {
		const struct plot *plot = &writer->plots->all[i];

		if (strcmp(plot->axis, "size") == 0 &&
			plots_wanted(plot, writer->summary, &figure, writer->choice)) {
			ok = put(writer, &drawing, plot, &figure, "0-answer", true, e);
			break;
		}
	}
	free(members);
	return ok;
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

bool figures_facet(
	struct writer *writer, struct view view, const struct figures_facet *facet, struct err *e)
{
	struct drawing drawing = drawing_of(writer, writer->choice, facet->picture);
	struct figure figure;
	char title[SETTING_TITLE_BYTES], name[100];
	size_t *members;
	bool ok = members_of(writer->summary->result, writer->choice, view, &figure, &members, e);

	drawing.most = facet->most;
	drawing.low = facet->low;
	drawing.high = facet->high;
	setting_title(&writer->summary->result->comparisons[view.first].setting, title);
	snprintf(figure.title, sizeof(figure.title), "%.70s, %s", facet->label, title);
	for (size_t i = 0; ok && i < writer->plots->n; i++) {
		const struct plot *plot = &writer->plots->all[i];

		if (strcmp(plot->name, "throughput") != 0 ||
			!plots_wanted(plot, writer->summary, &figure, writer->choice))
			continue;
		snprintf(name, sizeof(name), "%u-machine", ++writer->figure);
		ok = put(writer, &drawing, plot, &figure, name, true, e);
	}
	free(members);
	return ok;
}

bool figures_put_table(struct writer *writer, const char *plot, const char *table, const char *name,
	const char *caption, const char *series, struct err *e)
{
	char base[FOLDER_PATH_BYTES];

	snprintf(base, sizeof(base), "%s/%s", writer->folder, name);
	if (!drawing_draw_table(
		    writer->plots, plot, table, base, page_formats, 2, caption, series, e))
		return lose_figure(writer, e);
	return document_picture(writer->document, writer->folder, name, caption, "", e);
}

/* All plots over sizes of one view, and where its curves cross. */
bool figures_of_view(struct writer *writer, struct view view, struct err *e)
{
	struct figure figure;
	size_t *members;
	bool ok = members_of(writer->summary->result, writer->choice, view, &figure, &members, e);

	document_pictures_begin(writer->document);
	for (size_t i = 0; ok && writer->draw && i < writer->plots->n; i++) {
		const struct plot *plot = &writer->plots->all[i];

		/* One or two sizes that a cut shows need no dots. */
		if (strcmp(plot->axis, "size") == 0 &&
			(figure.n >= CURVE_SIZES || !writer->has_cuts) &&
			plots_wanted(plot, writer->summary, &figure, writer->choice))
			ok = write_plot(writer, plot, &figure, e);
	}
	document_pictures_end(writer->document);
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

/* What a cut shows, of a size each. */
static void describe_cut(const struct result *result, const struct cut *cut, struct figure *figure)
{
	struct setting shown = result->comparisons[cut->members[0]].setting;
	const struct setting usual = {SETTING_DEFAULTS};
	char size[UNITS_TEXT_BYTES], title[SETTING_TITLE_BYTES];
	bool background = cut->axis == AXIS_BACKGROUND;

	*figure = (struct figure){.members = cut->members, .n = cut->n, .is_cut = true};
	setting_take(&shown, &usual, cut->axis); /* the title says what they have in common */
	setting_title_but(&shown, cut->axis, title);
	snprintf(figure->title, sizeof(figure->title), "%s each: %s%s%s",
		units_bytes(shown.size, size), title, background ? ", other CPUs " : "",
		background ? background_of(result, cut) : "");
}

/* Some member is shown: then all of the cut, or it would be none. */
static bool shows_cut(
	const struct result *result, const struct choice *choice, const struct cut *cut)
{
	for (size_t i = 0; i < cut->n; i++)
		if (choice_shows(choice, &result->comparisons[cut->members[i]].setting))
			return true;
	return false;
}

static bool each_cut(const struct result *result, enum setting_axis axis,
	const struct choice *choice,
	bool (*each)(void *arg, const struct figure *figure, struct err *e), void *arg,
	struct err *e)
{
	struct cut *cuts = calloc(CUTS_MOST, sizeof(cuts[0]));
	size_t n;
	bool ok = cuts != NULL || err_set(e, ERR_FAILED, "out of memory");

	n = ok ? cuts_find(result, axis, cuts, CUTS_MOST) : 0;
	for (size_t i = 0; ok && i < n; i++) {
		struct figure figure;

		if (!shows_cut(result, choice, &cuts[i]))
			continue;
		describe_cut(result, &cuts[i], &figure);
		ok = each(arg, &figure, e);
	}
	free(cuts);
	return ok;
}

static bool each_view(const struct result *result, const struct choice *choice,
	bool (*each)(void *arg, const struct figure *figure, struct err *e), void *arg,
	struct err *e)
{
	bool ok = true;

	for (size_t c = 0; ok && c < result->n_comparisons;) {
		struct view view = view_at(result, c);
		struct figure figure;
		size_t *members;

		c = view.end;
		ok = members_of(result, choice, view, &figure, &members, e) &&
		     (figure.n == 0 || each(arg, &figure, e));
		free(members);
	}
	return ok;
}

bool figures_each(const struct result *result, const struct plot *plot, const struct choice *choice,
	bool (*each)(void *arg, const struct figure *figure, struct err *e), void *arg,
	struct err *e)
{
	enum setting_axis axis = setting_axis_named(plot->axis);

	return axis == AXIS_SIZE ? each_view(result, choice, each, arg, e)
				 : each_cut(result, axis, choice, each, arg, e);
}

/* One plot over one axis, into the page. */
struct cut_plot {
	struct writer *writer;
	const struct plot *plot;
	bool begun;
};

static bool write_cut(void *arg, const struct figure *figure, struct err *e)
{
	struct cut_plot *cuts = arg;
	struct writer *writer = cuts->writer;

	if (!cuts->begun) {
		document_heading(writer->document, 2, cuts->plot->title);
		document_pictures_begin(writer->document);
	}
	cuts->begun = true;
	return !writer->draw ||
	       !plots_wanted(cuts->plot, writer->summary, figure, writer->choice) ||
	       write_plot(writer, cuts->plot, figure, e);
}

static bool write_crossings(void *arg, const struct figure *figure, struct err *e)
{
	const struct cut_plot *cuts = arg;

	(void)e;
	crossings_write(cuts->writer->document, cuts->writer->summary, CROSSOVER_BACKGROUND,
		figure->members, figure->n);
	return true;
}

static bool write_cut_plots(struct writer *writer, const struct plot *plot, struct err *e)
{
	const struct result *result = writer->summary->result;
	struct cut_plot cuts = {writer, plot, false};
	bool ok = figures_each(result, plot, writer->choice, write_cut, &cuts, e);

	if (cuts.begun)
		document_pictures_end(writer->document);
	if (ok && setting_axis_named(plot->axis) == AXIS_BACKGROUND)
		ok = figures_each(result, plot, writer->choice, write_crossings, &cuts, e);
	return ok;
}

bool figures_of_cuts(struct writer *writer, struct err *e)
{
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		for (size_t i = 0; axis != AXIS_SIZE && i < writer->plots->n; i++)
			if (strcmp(writer->plots->all[i].axis, axes[axis].name) == 0 &&
				!write_cut_plots(writer, &writer->plots->all[i], e))
				return false;
	return true;
}
