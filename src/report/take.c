// SPDX-License-Identifier: MIT
#include "report/take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "report/figures.h"

#define PATH_BYTES 4400
#define FIGURES_MOST 96

/* Over all figures three times, so that nothing is made where one may not be. */
enum turn { COUNT, CHECK, MAKE };

struct taking {
	const struct drawing *drawing;
	const struct plot *plot;
	const struct summary *summary;
	const char *base;
	bool force, numbered;
	void (*made)(void *arg, const char *path, const char *note);
	void *arg;
	enum turn turn;
	size_t n;
};

static bool may_write(const struct taking *taking, const char *base, struct err *e)
{
	static const char *const kept[] = {"tsv", "gp"};
	char path[PATH_BYTES + 16];

	for (size_t i = 0; i < taking->drawing->n_formats; i++)
		if (!gnuplot_may_create(base, taking->drawing->formats[i], taking->force, e))
			return false;
	for (size_t i = 0; taking->drawing->keep && i < 2; i++) {
		snprintf(path, sizeof(path), "%.4390s.%s", base, kept[i]);
		if (!file_may_create(path, taking->force, e))
			return false;
	}
	return true;
}

static bool make(
	const struct taking *taking, const struct figure *figure, const char *base, struct err *e)
{
	char path[PATH_BYTES + 16], note[DRAWING_NOTE];

	if (!drawing_draw(taking->drawing, taking->plot, taking->summary, figure, base, note, e))
		return false;
	for (size_t i = 0; i < taking->drawing->n_formats; i++) {
		snprintf(path, sizeof(path), "%.4390s.%s", base,
			gnuplot_ending(taking->drawing->formats[i]));
		taking->made(taking->arg, path, note);
	}
	return true;
}

static bool take_one(void *arg, const struct figure *figure, struct err *e)
{
	struct taking *taking = arg;
	char base[PATH_BYTES];

	if (!plots_wanted(taking->plot, taking->summary, figure, taking->drawing->choice) ||
		taking->n == FIGURES_MOST)
		return true;
	taking->n++;
	if (taking->numbered)
		snprintf(base, sizeof(base), "%.4300s-%zu", taking->base, taking->n);
	else
		snprintf(base, sizeof(base), "%.4300s", taking->base);
	switch (taking->turn) {
	case COUNT:
		return true;
	case CHECK: /* all of them, before the first is made */
		return may_write(taking, base, e);
	case MAKE:
		break;
	}
	return make(taking, figure, base, e);
}

bool take_plot(const struct drawing *drawing, const struct plot *plot,
	const struct summary *summary, const char *base, bool force,
	void (*made)(void *arg, const char *path, const char *note), void *arg, struct err *e)
{
	struct taking taking = {.drawing = drawing,
		.plot = plot,
		.summary = summary,
		.base = base,
		.force = force,
		.made = made,
		.arg = arg};

	for (taking.turn = COUNT; taking.turn <= MAKE; taking.turn++) {
		taking.numbered = taking.n > 1;
		taking.n = 0;
		if (!figures_each(summary->result, plot, drawing->choice, take_one, &taking, e))
			return false;
		if (taking.n == 0)
			return err_set(e, ERR_FAILED,
				"the plot '%s' has nothing to draw in what is shown of this result",
				plot->name);
	}
	return true;
}
