// SPDX-License-Identifier: MIT
#include "report/document.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "report/page.h"
#include "report/svg.h"

#define PATH_BYTES 4400
#define FILE_LIMIT (64u << 20)

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

void document_begin(struct document *document, const char *title, const char *more)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"generator\" content=\"daxmark\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
		document->html);
	html_text(document->html, title);
	fprintf(document->html, "</title>\n<style>%s%s%s</style>\n</head>\n<body>\n<main>\n",
		page_style, more, page_style_end);
	document_heading(document, 1, title);
}

void document_subtitle(struct document *document, const char *label, const char *text)
{
	fputs("<p class=\"sub\">", document->html);
	if (label[0] != '\0') {
		fputs("<span class=\"label\">", document->html);
		html_text(document->html, label);
		fputs("</span> ", document->html);
		fputs("**", document->markdown);
		markdown_text(document->markdown, label);
		fputs("** ", document->markdown);
	}
	html_text(document->html, text);
	fputs("</p>\n", document->html);
	markdown_text(document->markdown, text);
	fputs("\n\n", document->markdown);
}

void document_contents_here(struct document *document)
{
	fputs(DOCUMENT_CONTENTS_MARK "\n", document->html);
}

void document_page_only(struct document *document, bool only)
{
	document->only += only ? 1 : document->only > 0 ? -1u : 0;
	if (document->only > 0 && document->kept == NULL) {
		document->kept = document->markdown;
		document->markdown = fopen("/dev/null", "we");
		if (document->markdown == NULL) /* no device: rather a long one than none */
			document->markdown = document->kept;
	} else if (document->only == 0 && document->kept != NULL) {
		if (document->markdown != document->kept)
			fclose(document->markdown);
		document->markdown = document->kept;
		document->kept = NULL;
	}
}

char *document_contents(struct document *document, const char *table)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out != NULL) {
		fputs("<nav aria-label=\"Contents\">", out);
		for (size_t i = 0; i < document->n_sections; i++) {
			fprintf(out, "<a href=\"#s%zu\">", i + 1);
			html_text(out, document->sections[i]);
			fputs("</a> ", out);
		}
		if (table != NULL)
			fprintf(out, "<a href=\"%s\">%s</a>", table, table);
		fputs("</nav>", out);
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
	fprintf(document->html, "</main>\n<script>%s</script>\n</body>\n</html>\n", page_script);
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

void document_fold_begin(struct document *document, const char *line, bool open)
{
	fprintf(document->html, "<details%s><summary>", open ? " open" : "");
	html_text(document->html, line);
	fputs("</summary>\n", document->html);
	fputs("**", document->markdown);
	markdown_text(document->markdown, line);
	fputs("**\n\n", document->markdown);
}

void document_fold_end(struct document *document)
{
	fputs("</details>\n", document->html);
}

void document_list_begin(struct document *document)
{
	fputs("<ul>\n", document->html);
}

void document_item(
	struct document *document, const char *before, const char *strong, const char *after)
{
	fputs("<li>", document->html);
	html_text(document->html, before);
	fputs("<strong>", document->html);
	html_text(document->html, strong);
	fputs("</strong>", document->html);
	html_text(document->html, after);
	fputs("</li>\n", document->html);
	fputs("- ", document->markdown);
	markdown_text(document->markdown, before);
	fputs(strong[0] != '\0' ? "**" : "", document->markdown);
	markdown_text(document->markdown, strong);
	fputs(strong[0] != '\0' ? "**" : "", document->markdown);
	markdown_text(document->markdown, after);
	fputc('\n', document->markdown);
}

void document_list_end(struct document *document)
{
	fputs("</ul>\n", document->html);
	fputc('\n', document->markdown);
}

#define LONG_CELL 36 /* characters from which a cell of text may break into lines */

static void html_cell(FILE *out, const char *tag, bool left, const char *text, double value)
{
	fprintf(out, "<%s%s", tag,
		!left			   ? ""
		: strlen(text) > LONG_CELL ? " class=\"t l\""
					   : " class=\"t\"");
	if (!isnan(value))
		fprintf(out, " data-v=\"%.6g\"", value);
	fputc('>', out);
	html_text(out, text);
	fprintf(out, "</%s>", tag);
}

/* A table that is wider than the page scrolls in a box of its own, with keys too. */
static void begin_box(struct document *document, const char *class)
{
	fprintf(document->html,
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table %u\">"
		"<table%s%s%s>\n<thead><tr>",
		++document->n_tables, class[0] != '\0' ? " class=\"" : "", class,
		class[0] != '\0' ? "\"" : "");
}

static void table_begin(struct document *document, const char *class, const char *const *headings,
	size_t n, size_t first_columns)
{
	begin_box(document, class);
	for (size_t i = 0; i < n; i++) {
		html_cell(document->html, "th", i < first_columns, headings[i], NAN);
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

void document_table_begin(
	struct document *document, const char *const *headings, size_t n, size_t first_columns)
{
	table_begin(document, "", headings, n, first_columns);
}

void document_table_begin_sorted(
	struct document *document, const char *const *headings, size_t n, size_t first_columns)
{
	table_begin(document, "sorted", headings, n, first_columns);
}

void document_row_drawn(struct document *document, const char *const *cells, const double *values,
	size_t n, size_t first_columns, bool strong, const char *svg)
{
	fprintf(document->html, "<tr%s>", strong ? " class=\"best\"" : "");
	for (size_t i = 0; i < n; i++) {
		if (svg != NULL && i == first_columns)
			fprintf(document->html, "<td>%s</td>", svg);
		html_cell(document->html, "td", i < first_columns, cells[i],
			values != NULL ? values[i] : NAN);
		fputs(strong && cells[i][0] ? "| **" : "| ", document->markdown);
		markdown_text(document->markdown, cells[i]);
		fputs(strong && cells[i][0] ? "** " : " ", document->markdown);
	}
	fputs("</tr>\n", document->html);
	fputs("|\n", document->markdown);
}

void document_row_sorted(struct document *document, const char *const *cells, const double *values,
	size_t n, size_t first_columns, bool strong)
{
	document_row_drawn(document, cells, values, n, first_columns, strong, NULL);
}

void document_row(struct document *document, const char *const *cells, size_t n,
	size_t first_columns, bool strong)
{
	document_row_sorted(document, cells, NULL, n, first_columns, strong);
}

void document_matrix(struct document *document, const char *corner, const char *const *rows,
	size_t n_rows, const char *const *columns, size_t n, const struct document_cell *cells)
{
	static const char *const marks[] = {"", " class=\"good\"", " class=\"bad\""};

	begin_box(document, "pairs");
	html_cell(document->html, "th", true, corner, NAN);
	for (size_t i = 0; i < n; i++) {
		fputs("<th scope=\"col\">", document->html);
		html_text(document->html, columns[i]);
		fputs("</th>", document->html);
	}
	fputs("</tr></thead>\n<tbody>\n", document->html);
	for (size_t r = 0; r < n_rows; r++) {
		fputs("<tr><th scope=\"row\" class=\"t\">", document->html);
		html_text(document->html, rows[r]);
		fputs("</th>", document->html);
		for (size_t i = 0; i < n; i++) {
			const struct document_cell *cell = &cells[r * n + i];

			fprintf(document->html, "<td%s", marks[cell->mark]);
			if (cell->colour != NULL)
				fprintf(document->html, " style=\"border-left:.5em solid %s\"",
					cell->colour);
			if (cell->hover[0] != '\0') {
				fputs(" title=\"", document->html);
				html_text(document->html, cell->hover);
				fputc('"', document->html);
			}
			fputc('>', document->html);
			html_text(document->html, cell->text);
			if (cell->more[0] != '\0') {
				fputs("<small>", document->html);
				html_text(document->html, cell->more);
				fputs("</small>", document->html);
			}
			fputs("</td>", document->html);
		}
		fputs("</tr>\n", document->html);
	}
	fputs("</tbody></table></div>\n", document->html);
}

void document_table_end(struct document *document)
{
	fputs("</tbody></table></div>\n", document->html);
	fputc('\n', document->markdown);
}

void document_split_begin(struct document *document)
{
	fputs("<div class=\"split\"><div>\n", document->html);
}

void document_split_next(struct document *document)
{
	fputs("</div><div>\n", document->html);
}

void document_split_end(struct document *document)
{
	fputs("</div></div>\n", document->html);
}

void document_pictures_begin(struct document *document)
{
	fputs("<div class=\"figures\">\n", document->html);
}

void document_facets_begin(struct document *document)
{
	fputs("<div class=\"figures facets\">\n", document->html);
}

void document_pictures_end(struct document *document)
{
	fputs("</div>\n", document->html);
}

bool document_picture(struct document *document, const char *folder, const char *name,
	const char *alt, const char *note, struct err *e)
{
	char path[PATH_BYTES];
	size_t bytes;
	char *svg;
	const char *start; /* without the XML prolog */
	char prefix[16], *own;

	snprintf(path, sizeof(path), "%.4200s/%.150s.svg", folder, name);
	svg = file_read(path, FILE_LIMIT, &bytes, e);
	if (svg == NULL)
		return false;
	start = strstr(svg, "<svg");
	/* Its ids are the page's: each picture's differ. */
	snprintf(prefix, sizeof(prefix), "p%u-", ++document->n_pictures);
	own = svg_tidy(start != NULL ? start : "", prefix);
	fputs("<figure><div role=\"img\" aria-label=\"", document->html);
	html_text(document->html, alt);
	fprintf(document->html, "\">%s</div>", own != NULL ? own : "");
	free(own);
	free(svg);
	fputs("![", document->markdown);
	markdown_text(document->markdown, alt);
	fprintf(document->markdown, "](%s.png)\n\n", name);
	if (note[0] != '\0') {
		fputs("<figcaption>", document->html);
		html_text(document->html, note);
		fputs("</figcaption>", document->html);
		markdown_text(document->markdown, note);
		fputs("\n\n", document->markdown);
	}
	fputs("</figure>\n", document->html);
	return true;
}

bool document_save(struct document *document, const char *html, const char *table, const char *path,
	struct err *e)
{
	const char *mark = strstr(html, DOCUMENT_CONTENTS_MARK);
	char *contents = document_contents(document, table), *page = NULL;
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
