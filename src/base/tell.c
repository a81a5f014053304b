// SPDX-License-Identifier: MIT
#include "base/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTE_BYTES 1000

void tell_init(struct tell *tell, bool quiet)
{
	const char *term = getenv("TERM");

	tell->quiet = quiet;
	tell->shown = false;
	tell->specs = NULL;
	tell->n_specs = 0;
	tell->terminal =
		!quiet && isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

void tell_progress_end(struct tell *tell)
{
	if (!tell->shown)
		return;
	fputs("\r\033[K", stderr);
	tell->shown = false;
}

void tell_note(struct tell *tell, const char *format, ...)
{
	char said[NOTE_BYTES], text[NOTE_BYTES];
	va_list ap;

	if (tell->quiet)
		return;
	tell_progress_end(tell);
	va_start(ap, format);
	vsnprintf(said, sizeof(said), format, ap);
	va_end(ap);
	option_spell(tell->specs, tell->n_specs, said, text, sizeof(text));
	fprintf(stderr, "daxmark: %s\n", text);
}

void tell_progress(struct tell *tell, double done, double eta_s, const char *what)
{
	char bar[21];
	int filled;

	if (!tell->terminal)
		return;
	done = done > 0 ? done < 1 ? done : 1 : 0;
	filled = (int)(done * 20);
	for (int i = 0; i < 20; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[20] = '\0';
	fprintf(stderr, "\r\033[K[%s] %3.0f %%", bar, done * 100);
	if (eta_s > 0)
		fprintf(stderr, "  %.0f s left", eta_s);
	fprintf(stderr, "  %.50s", what);
	fflush(stderr);
	tell->shown = true;
}
