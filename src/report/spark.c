// SPDX-License-Identifier: MIT
#include "report/spark.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDE 160.0
#define HIGH 28.0
#define EDGE 3.0
#define LEAST_SPAN 0.02 /* log: less is drawn as flat as it is */

/* Where a value stands. */
struct place {
	double x, y;
};

static struct place place_of(const double *values, size_t n, size_t i, double middle, double span)
{
	return (struct place){
		EDGE + (WIDE - 2 * EDGE) * (n > 1 ? (double)i / (double)(n - 1) : 0.5),
		HIGH - EDGE - (HIGH - 2 * EDGE) * (0.5 + (log(values[i]) - middle) / span)};
}

char *spark_make(const double *values, size_t n, size_t mark, const char *title)
{
	double low = INFINITY, high = -INFINITY, span;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		low = fmin(low, log(values[i]));
		high = fmax(high, log(values[i]));
	}
	span = fmax(high - low, LEAST_SPAN);
	fprintf(out,
		"<svg class=\"spark\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\" "
		"role=\"img\" "
		"aria-label=\"%s\"><title>%s</title><polyline fill=\"none\" "
		"stroke=\"currentColor\" stroke-width=\"1.5\" points=\"",
		WIDE, HIGH, WIDE, HIGH, title, title);
	for (size_t i = 0; i < n; i++) {
		struct place at = place_of(values, n, i, (low + high) / 2, span);

		fprintf(out, "%s%.1f,%.1f", i > 0 ? " " : "", at.x, at.y);
	}
	fputs("\"/>", out);
	for (size_t i = 0; i < n; i++) {
		struct place at = place_of(values, n, i, (low + high) / 2, span);

		if (i == mark || i == n - 1)
			fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%g\" fill=\"%s\"/>", at.x,
				at.y, i == mark ? 3.0 : 2.0,
				i == mark ? "#d55e00" : "currentColor");
	}
	fputs("</svg>", out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
