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

#include "base/err.h"

#define DOCUMENT_SECTIONS 64

struct document {
	FILE *html, *markdown;
	FILE *kept;			   /* the Markdown while only the page is written */
	unsigned only;			   /* how often that was asked for, and not taken back */
	char *sections[DOCUMENT_SECTIONS]; /* headings of level 2 so far, for the contents */
	size_t n_sections;
	unsigned n_pictures, n_tables;
};

/* `style` are rules beside the page's own. */
void document_begin(struct document *document, const char *title, const char *style);
void document_end(struct document *document);

/* The contents stand here: they are known only when all is written. */
void document_contents_here(struct document *document);
#define DOCUMENT_CONTENTS_MARK "<!--contents-->"

/*
 * The contents, as HTML for that place: links to the sections, and to `table` beside the page
 * (NULL: there is none).
 * Frees what the document kept for it. malloc()ed; NULL when out of memory.
 */
char *document_contents(struct document *document, const char *table);

/*
 * From here on nothing goes into the Markdown, which stays short enough for a pull request,
 * until false takes it back as often as true was said.
 */
void document_page_only(struct document *document, bool only);

void document_heading(struct document *document, int level, const char *text);
void document_paragraph(struct document *document, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What a reader may open: a line, and beneath it what comes until the end of it. */
void document_fold_begin(struct document *document, const char *line, bool open);
void document_fold_end(struct document *document);

/* A paragraph that must not be overlooked. */
void document_callout(struct document *document, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The line beneath the title. `label` is what the whole is marked with; empty: nothing. */
void document_subtitle(struct document *document, const char *label, const char *text);

void document_list_begin(struct document *document);
/* One item: `strong` between two texts, any of which may be empty. */
void document_item(
	struct document *document, const char *before, const char *strong, const char *after);
void document_list_end(struct document *document);

/* `first_columns` are text and left-aligned, the others are numbers. */
void document_table_begin(
	struct document *document, const char *const *headings, size_t n, size_t first_columns);
/* The same of a table that is sorted and filtered in the page; without scripts it lies there. */
void document_table_begin_sorted(
	struct document *document, const char *const *headings, size_t n, size_t first_columns);
void document_row(struct document *document, const char *const *cells, size_t n,
	size_t first_columns, bool strong);
/* With the number that each cell is sorted by: NAN for one that is sorted by its text. */
void document_row_sorted(struct document *document, const char *const *cells, const double *values,
	size_t n, size_t first_columns, bool strong);
/* The same, and after the columns of text a cell that is a picture: SVG text. */
void document_row_drawn(struct document *document, const char *const *cells, const double *values,
	size_t n, size_t first_columns, bool strong, const char *svg);
void document_table_end(struct document *document);

/* A cell of a matrix: what it says, what the pointer shows over it, how it is marked. */
struct document_cell {
	const char *text, *more, *hover;
	enum { DOCUMENT_PLAIN, DOCUMENT_GOOD, DOCUMENT_BAD } mark;
	const char *colour; /* of a bar beside it; NULL: none */
};
/* n x n (or n_rows x n) cells, rows after one another; the page alone. */
void document_matrix(struct document *document, const char *corner, const char *const *rows,
	size_t n_rows, const char *const *columns, size_t n, const struct document_cell *cells);

/* Two columns where there is room: what comes first, and after `next` what stands beside it. */
void document_split_begin(struct document *document);
void document_split_next(struct document *document);
void document_split_end(struct document *document);

/* Pictures until the end stand beside one another where there is room. */
void document_pictures_begin(struct document *document);
/* The same of small ones that have one scale: three beside one another. */
void document_facets_begin(struct document *document);
void document_pictures_end(struct document *document);

/*
 * The text of FOLDER/NAME.svg goes into the HTML, the name of NAME.png into the Markdown; `alt`
 * into both, and `note` beneath.
 */
bool document_picture(struct document *document, const char *folder, const char *name,
	const char *alt, const char *note, struct err *e);

/*
 * Write the page, which is the HTML so far, to `path`, with its contents in their place: see
 * document_contents().
 */
bool document_save(struct document *document, const char *html, const char *table, const char *path,
	struct err *e);

#endif
