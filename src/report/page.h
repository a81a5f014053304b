/* SPDX-License-Identifier: MIT */
/* What a page looks like and does, as text: rules, and the few lines that sort and filter. */
#ifndef DAXMARK_REPORT_PAGE_H
#define DAXMARK_REPORT_PAGE_H

/* Rules of a dark page may stand between the two: the first ends inside theirs. */
extern const char page_style[], page_style_end[];
extern const char page_script[];

#endif
