/* SPDX-License-Identifier: MIT */
/*
 * A document written twice, as HTML and as Markdown, from one description, so
 * that the two cannot tell different stories. Knows nothing of results.
 */
#ifndef DAXMARK_REPORT_DOCUMENT_H
#define DAXMARK_REPORT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define DOCUMENT_SECTIONS 64

struct document {
	FILE *html, *markdown;
	char *sections[DOCUMENT_SECTIONS]; /* headings of level 2 so far, for the contents */
	size_t n_sections;
};

void document_begin(struct document *document, const char *title);
void document_end(struct document *document);

/*
 * The contents, as HTML that belongs right after the title: links to the sections.
 * Frees what the document kept for it. malloc()ed; NULL when out of memory.
 */
char *document_contents(struct document *document);

/* Where a page's contents go; also in the middle of what document_begin() wrote. */
#define DOCUMENT_CONTENTS_MARK "<!--contents-->"

void document_heading(struct document *document, int level, const char *text);
void document_paragraph(struct document *document, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A paragraph that must not be overlooked. */
void document_callout(struct document *document, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* `first_columns` are text and left-aligned, the others are numbers. */
void document_table_begin(
	struct document *document, const char *const *headings, size_t n, size_t first_columns);
void document_row(struct document *document, const char *const *cells, size_t n,
	size_t first_columns, bool strong);
void document_table_end(struct document *document);

/* SVG text goes into the HTML, the PNG's name into the Markdown; `alt` into both. */
void document_picture(struct document *document, const char *svg, const char *png, const char *alt);

#endif
