/* SPDX-License-Identifier: MIT */
/*
 * Several results side by side: two to eight machines, or settings of one. Each is ranked by
 * itself; machines are never ranked against one another, and what software plays is described
 * and not ranked at all.
 */
#ifndef DAXMARK_REPORT_MACHINES_H
#define DAXMARK_REPORT_MACHINES_H

#include "report/figures.h"

#define MACHINES_MOST 8
#define MACHINES_LABEL 96

/* One setting, and which comparison of each machine is of it. */
struct machines_setting {
	const struct setting *setting;
	size_t at[MACHINES_MOST]; /* MACHINES_NONE: not measured there */
};
#define MACHINES_NONE ((size_t)-1)

struct machines {
	const struct summary *summaries;
	size_t n;
	char labels[MACHINES_MOST][MACHINES_LABEL]; /* all differ; an emulated one says so */
	struct machines_setting *settings;	    /* of any of them: as result_sort() orders */
	size_t n_settings;
};

/*
 * `labels` names them in order, by commas; NULL, or an empty one: the result's own label, or
 * the host. Free with machines_free(), also after failure.
 */
bool machines_make(struct machines *machines, const struct summary *summaries, size_t n,
	const char *labels, struct err *e);
void machines_free(struct machines *machines);

/* Settings [first, the returned) are of one curve. */
size_t machines_curve_end(const struct machines *machines, size_t first);

/* The first comparison of machine i among settings [first, end); MACHINES_NONE: it has none. */
size_t machines_first(const struct machines *machines, size_t i, size_t first, size_t end);

/* The page's parts, all of them; figures by the writer, which is set up for it. */
bool machines_write(struct writer *writer, const struct machines *machines, struct err *e);

#endif
