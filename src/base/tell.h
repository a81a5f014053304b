/* SPDX-License-Identifier: MIT */
/*
 * Words for the person at the terminal, on stderr: notes, and a progress line
 * that is rewritten in place and exists on a terminal only.
 */
#ifndef DAXMARK_BASE_TELL_H
#define DAXMARK_BASE_TELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"

struct tell {
	bool quiet;
	bool terminal;			 /* stderr is one, and can rewrite a line */
	bool shown;			 /* a progress line stands on the screen */
	bool json;			 /* progress is lines of JSON, wherever stderr goes */
	double said_s;			 /* when the last of them was */
	const struct option_spec *specs; /* how what notes name by ERR_OF() is spelled; or NULL */
	size_t n_specs;
};

void tell_init(struct tell *tell, bool quiet);

/* One line, unless quiet; clears the progress line first. */
void tell_note(struct tell *tell, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * done in 0..1; eta_s is shown when above 0. On a terminal one line that is rewritten; with
 * `json` {"progress": 0.421, "left_s": 12.3, "what": ".."} lines, at most two a second;
 * nothing elsewhere.
 */
void tell_progress(struct tell *tell, double done, double eta_s, const char *what);

void tell_progress_end(struct tell *tell);

#endif
