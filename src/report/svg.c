// SPDX-License-Identifier: MIT
#include "report/svg.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOVER "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'"
#define HOVER_END "')\" onmouseout=\"gnuplot_svg.hideHypertext()\"><title> </title>"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The text of a hover up to `end`: its "\n" are lines. */
static void write_hover(FILE *out, const char *text, const char *end)
{
	fputs("<g><title>", out);
	while (text < end) {
		if (text[0] == '\\' && text[1] == 'n') {
			fputc('\n', out);
			text++;
		} else {
			fputc(*text, out);
		}
		text++;
	}
	fputs("</title>", out);
}

/* Where an id stands or is meant, right after its quote or '#'; how much of `at` comes before it. */
static size_t before_id(const char *at)
{
	static const char *const marks[] = {"id='gp", "id=\"gnuplot_", "href='#gp", "id='textbox",
		"id='greybox", "url(#textbox", "url(#greybox"};
	static const size_t lengths[] = {4, 4, 7, 4, 4, 5, 5};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (begins(at, marks[i]))
			return lengths[i];
	return 0;
}

char *svg_tidy(const char *svg, const char *prefix)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (const char *at = svg; *at != '\0';) {
		const char *end;
		size_t before;

		if (begins(at, HOVER) && (end = strstr(at, HOVER_END)) != NULL) {
			write_hover(out, at + strlen(HOVER), end);
			at = end + strlen(HOVER_END);
		} else if ((begins(at, "<title>gnuplot_plot_") ||
				   begins(at, "<title>Gnuplot</title>")) &&
			   (end = strstr(at, "</title>")) != NULL) {
			at = end + strlen("</title>");
		} else if ((before = before_id(at)) > 0) {
			fprintf(out, "%.*s%s", (int)before, at, prefix);
			at += before;
		} else {
			fputc(*at++, out);
		}
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
