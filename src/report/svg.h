/* SPDX-License-Identifier: MIT */
/* gnuplot's SVG made fit for a page and for a picture viewer: it expects a script of its own beside. */
#ifndef DAXMARK_REPORT_SVG_H
#define DAXMARK_REPORT_SVG_H

/*
 * The same picture, malloc()ed, NULL when out of memory: what its script would show under the
 * pointer as <title> elements, without gnuplot's own titles, and with `prefix` before every
 * id, so that several stand in one page. Done twice it changes nothing but the prefix.
 */
char *svg_tidy(const char *svg, const char *prefix);

#endif
