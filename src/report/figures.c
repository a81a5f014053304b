// SPDX-License-Identifier: MIT
/* The figures of a page: of a curve over sizes, and of cuts along an axis. */
#include "report/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "case/axis.h"
#include "report/crossings.h"
#include "report/cuts.h"
#include "report/folder.h"

#define FILE_LIMIT (64u << 20)
/* Nobody looks at more, and gnuplot takes a fifth of a second for each. */
#define FIGURES_MOST 96
#define CURVE_SIZES 3

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
	char name[100], path[FOLDER_PATH_BYTES], png[FOLDER_PATH_BYTES],
		alt[SETTING_TITLE_BYTES + 500], *svg;
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
bool figures_of_view(struct writer *writer, struct view view, struct err *e)
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

bool figures_of_cuts(struct writer *writer, struct err *e)
{
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		for (size_t i = 0; i < writer->plots->n; i++)
			if (strcmp(writer->plots->all[i].axis, axes[axis].name) == 0 &&
				!write_cut_plots(
					writer, &writer->plots->all[i], (enum setting_axis)axis, e))
				return false;
	return true;
}
