// SPDX-License-Identifier: MIT
#include "stat/line.h"

#include <math.h>

/* Of all visits but first..end-1. */
static struct stat_line line_without(
	const double *x, const double *y, size_t n, size_t first, size_t end)
{
	struct stat_line line = {.n = n - (end - first)};
	double cross = 0;

	for (size_t i = 0; i < n; i++) {
		if (i >= first && i < end)
			continue;
		line.middle += x[i] / (double)line.n;
		line.level += y[i] / (double)line.n;
	}
	for (size_t i = 0; i < n; i++) {
		if (i >= first && i < end)
			continue;
		line.squares += (x[i] - line.middle) * (x[i] - line.middle);
		cross += (x[i] - line.middle) * (y[i] - line.level);
	}
	/* What differs by rounding alone is constant. */
	if (line.squares <= 1e-20 * (double)line.n * line.middle * line.middle)
		line.squares = 0;
	line.slope = line.squares > 0 ? cross / line.squares : 0;
	return line;
}

struct stat_line stat_line(const double *x, const double *y, size_t n)
{
	return line_without(x, y, n, 0, 0);
}

static double value_at(const struct stat_line *line, double x)
{
	return line->level + line->slope * (x - line->middle);
}

double stat_explained(const double *x, const double *y, size_t n)
{
	double about_line = 0, about_mean = 0;

	if (n < 2 * LINE_BLOCKS)
		return 0;
	for (size_t b = 0; b < LINE_BLOCKS; b++) {
		size_t first = b * n / LINE_BLOCKS, end = (b + 1) * n / LINE_BLOCKS;
		struct stat_line line = line_without(x, y, n, first, end);

		for (size_t i = first; i < end; i++) {
			double off = y[i] - value_at(&line, x[i]), plain = y[i] - line.level;

			about_line += off * off;
			about_mean += plain * plain;
		}
	}
	return about_mean > 0 ? 1 - about_line / about_mean : 0;
}

void stat_line_left(const struct stat_line *line, const double *x, const double *y, double *left)
{
	for (size_t i = 0; i < line->n; i++)
		left[i] = y[i] - value_at(line, x[i]) + line->level;
}

struct stat_estimate stat_line_at(const struct stat_line *line, struct stat_estimate left, double x)
{
	double away = x - line->middle, n = (double)line->n;
	double lever = line->squares > 0 ? n * away * away / line->squares : 0;

	/* The slope took a degree: what is left is a little too small. */
	return (struct stat_estimate){value_at(line, x),
		left.error * sqrt((1 + lever) * (n - 1) / (n - 2)), fmax(1, left.degrees - 1)};
}
