// SPDX-License-Identifier: MIT
#include "report/document.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char style[] =
	":root{color-scheme:light dark;--text:#1d2430;--dim:#5b6573;--line:#d9dee6;--back:#fff;"
	"--soft:#f4f6f9;--mark:#e8f3ea;--warn:#fff4d6}"
	"@media(prefers-color-scheme:dark){:root{--text:#e4e8ee;--dim:#9aa5b4;--line:#39424f;"
	"--back:#14181f;--soft:#1d232d;--mark:#1c3323;--warn:#3a3015}}"
	"*{box-sizing:border-box}body{margin:0 auto;max-width:84rem;padding:1.5rem 1rem 4rem;"
	"font:16px/1.55 system-ui,sans-serif;color:var(--text);background:var(--back)}"
	"h1{font-size:1.7rem;line-height:1.25;margin:.2em 0 .6em}"
	"h2{margin:2.2em 0 .6em;padding-bottom:.25em;border-bottom:1px solid var(--line)}"
	"h3{margin:1.6em 0 .4em}p{max-width:46rem}"
	"nav{display:flex;flex-wrap:wrap;gap:.3em 1.2em;font-size:.92rem}nav a{color:inherit}"
	".note{background:var(--warn);padding:.7em 1em;border-radius:6px}"
	"figure{max-width:62rem;margin:1em 0;padding:.5em;background:#fff;border:1px solid "
	"var(--line);"
	"border-radius:6px}figure svg{display:block;width:100%;height:auto}"
	/* gnuplot writes colours into the picture: those that a dark page needs otherwise. */
	"@media screen and (prefers-color-scheme:dark){figure{background:var(--back)}"
	"figure rect[fill=\"#ffffff\"]{fill:var(--back)}"
	"figure g[fill=black],figure g[fill=\"rgb(51,51,51)\"],figure g[fill=\"rgb(85,85,85)\"]"
	"{fill:var(--text)}"
	"figure [color=\"#FFFFFF\"]{color:var(--back)}"
	"figure [stroke=\"rgb( 85,  85,  85)\"],figure [stroke=\"rgb( 51,  51,  51)\"]"
	"{stroke:var(--dim)}"
	"figure [stroke=\"rgb(221, 221, 221)\"]{stroke:var(--line)}"
	"figure [stroke=\"rgb(  0, 114, 178)\"]{stroke:#4aa3df}"
	"figure [color=\"rgb(  0, 114, 178)\"]{color:#4aa3df}"
	"figure [stroke=\"rgb(106,  61, 154)\"]{stroke:#b094d8}"
	"figure [color=\"rgb(106,  61, 154)\"]{color:#b094d8}"
	/* The sixth colour is as light as the first has become. */
	"figure [stroke=\"rgb( 86, 180, 233)\"]{stroke:#b9e3ff}"
	"figure [color=\"rgb( 86, 180, 233)\"]{color:#b9e3ff}}"
	"@media screen and (max-width:44rem){figure{overflow-x:auto;box-shadow:inset -1.2rem 0 "
	"1rem -1rem var(--dim)}figure svg{width:44rem}}"
	".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;"
	"font-variant-numeric:tabular-nums}th,td{padding:.3em .7em;text-align:right;"
	"border-bottom:1px solid var(--line);white-space:nowrap}th{background:var(--soft)}"
	"th.t,td.t{text-align:left}td.l{white-space:normal;min-width:7.5rem;max-width:34rem}tr."
	"best "
	"td{background:var(--mark);font-weight:600}"
	"@media "
	"print{nav{display:none}body{max-width:none}h2,h3{break-after:avoid}figure,tr{break-inside:"
	"avoid}"
	".wide{overflow:visible}table{font-size:.62rem}}";

static void html_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

/* Is it markup there? A bracket is when a link may follow, a mark of lists or headings at the start. */
static bool is_markup(const char *text, const char *at)
{
	if (strchr("\\`*<|", *at) != NULL)
		return true;
	if (*at == ']')
		return at[1] == '(' || at[1] == '[' || at[1] == ':';
	if (*at == '_')
		return at == text || !isalnum((unsigned char)at[-1]) ||
		       !isalnum((unsigned char)at[1]);
	return at == text && strchr(">#+-", *at) != NULL;
}

/* What would start markup in Markdown is escaped, the pipe of tables too; plain text stays readable in a mail. */
static void markdown_text(FILE *out, const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (is_markup(text, at))
			fputc('\\', out);
		fputc(*at, out);
	}
}

void document_begin(struct document *document, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"generator\" content=\"daxmark\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
		document->html);
	html_text(document->html, title);
	fprintf(document->html, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
	document_heading(document, 1, title);
	fputs(DOCUMENT_CONTENTS_MARK "\n", document->html);
}

char *document_contents(struct document *document)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out != NULL) {
		fputs("<nav>", out);
		for (size_t i = 0; i < document->n_sections; i++) {
			fprintf(out, "<a href=\"#s%zu\">", i + 1);
			html_text(out, document->sections[i]);
			fputs("</a> ", out);
		}
		fputs("<a href=\"cases.tsv\">cases.tsv</a></nav>", out);
		if (fclose(out) != 0)
			text = NULL;
	}
	for (size_t i = 0; i < document->n_sections; i++)
		free(document->sections[i]);
	document->n_sections = 0;
	return text;
}

void document_end(struct document *document)
{
	fputs("</body>\n</html>\n", document->html);
}

void document_heading(struct document *document, int level, const char *text)
{
	fprintf(document->html, "<h%d", level);
	if (level == 2 && document->n_sections < DOCUMENT_SECTIONS) {
		document->sections[document->n_sections] = strdup(text);
		if (document->sections[document->n_sections] != NULL)
			fprintf(document->html, " id=\"s%zu\"", ++document->n_sections);
	}
	fputc('>', document->html);
	html_text(document->html, text);
	fprintf(document->html, "</h%d>\n", level);
	fprintf(document->markdown, "%s%.*s ", level == 1 ? "" : "\n", level, "######");
	markdown_text(document->markdown, text);
	fputs("\n\n", document->markdown);
}

__attribute__((format(printf, 4, 0))) static void paragraph(struct document *document,
	const char *attributes, const char *prefix, const char *format, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, format, ap) < 0)
		return;
	fprintf(document->html, "<p%s>", attributes);
	html_text(document->html, text);
	fputs("</p>\n", document->html);
	fputs(prefix, document->markdown);
	markdown_text(document->markdown, text);
	fputs("\n\n", document->markdown);
	free(text);
}

void document_paragraph(struct document *document, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	paragraph(document, "", "", format, ap);
	va_end(ap);
}

void document_callout(struct document *document, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	paragraph(document, " class=\"note\"", "> ", format, ap);
	va_end(ap);
}

#define LONG_CELL 36 /* characters from which a cell of text may break into lines */

static void html_cell(FILE *out, const char *tag, bool left, const char *text)
{
	fprintf(out, "<%s%s>", tag,
		!left			   ? ""
		: strlen(text) > LONG_CELL ? " class=\"t l\""
					   : " class=\"t\"");
	html_text(out, text);
	fprintf(out, "</%s>", tag);
}

void document_table_begin(
	struct document *document, const char *const *headings, size_t n, size_t first_columns)
{
	fputs("<div class=\"wide\"><table>\n<thead><tr>", document->html);
	for (size_t i = 0; i < n; i++) {
		html_cell(document->html, "th", i < first_columns, headings[i]);
		fputs("| ", document->markdown);
		markdown_text(document->markdown, headings[i]);
		fputc(' ', document->markdown);
	}
	fputs("</tr></thead>\n<tbody>\n", document->html);
	fputs("|\n", document->markdown);
	for (size_t i = 0; i < n; i++)
		fputs(i < first_columns ? "|:--" : "|--:", document->markdown);
	fputs("|\n", document->markdown);
}

void document_row(struct document *document, const char *const *cells, size_t n,
	size_t first_columns, bool strong)
{
	fprintf(document->html, "<tr%s>", strong ? " class=\"best\"" : "");
	for (size_t i = 0; i < n; i++) {
		html_cell(document->html, "td", i < first_columns, cells[i]);
		fputs(strong && cells[i][0] ? "| **" : "| ", document->markdown);
		markdown_text(document->markdown, cells[i]);
		fputs(strong && cells[i][0] ? "** " : " ", document->markdown);
	}
	fputs("</tr>\n", document->html);
	fputs("|\n", document->markdown);
}

void document_table_end(struct document *document)
{
	fputs("</tbody></table></div>\n", document->html);
	fputc('\n', document->markdown);
}

/* Without gnuplot's <title>, which browsers show as "Gnuplot" under the pointer. */
static void html_svg(FILE *out, const char *svg)
{
	const char *title = strstr(svg, "<title>"), *end = strstr(svg, "</title>");

	if (title == NULL || end == NULL || end < title) {
		fputs(svg, out);
		return;
	}
	fwrite(svg, 1, (size_t)(title - svg), out);
	fputs(end + strlen("</title>"), out);
}

void document_picture(struct document *document, const char *svg, const char *png, const char *alt)
{
	const char *start = strstr(svg, "<svg"); /* without the XML prolog */

	fputs("<figure role=\"img\" aria-label=\"", document->html);
	html_text(document->html, alt);
	fputs("\">", document->html);
	html_svg(document->html, start != NULL ? start : "");
	fputs("</figure>\n", document->html);
	fputs("![", document->markdown);
	markdown_text(document->markdown, alt);
	fprintf(document->markdown, "](%s)\n\n", png);
}
