// SPDX-License-Identifier: MIT
#include "base/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOTE_BYTES 1000

void tell_init(struct tell *tell, bool quiet)
{
	const char *term = getenv("TERM");

	tell->quiet = quiet;
	tell->shown = false;
	tell->json = false;
	tell->said_s = 0;
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

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* `what` is of our own making: it holds nothing that JSON would escape. */
static void tell_json(struct tell *tell, double done, double eta_s, const char *what)
{
	double now = now_s();

	if (done < 1 && now - tell->said_s < 0.5)
		return;
	tell->said_s = now;
	fprintf(stderr, "{\"progress\": %.4f, \"left_s\": ", done);
	if (eta_s > 0)
		fprintf(stderr, "%.1f", eta_s);
	else
		fputs("null", stderr);
	fprintf(stderr, ", \"what\": \"%s\"}\n", what);
}

void tell_progress(struct tell *tell, double done, double eta_s, const char *what)
{
	char bar[21];
	int filled;

	done = done > 0 ? done < 1 ? done : 1 : 0;
	if (tell->json)
		tell_json(tell, done, eta_s, what);
	if (tell->json || !tell->terminal)
		return;
	filled = (int)(done * 20);
	for (int i = 0; i < 20; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[20] = '\0';
	fprintf(stderr, "\r\033[K[%s] %3.0f %%", bar, done * 100);
	if (eta_s > 0)
		fprintf(stderr, "  %.0f s left", eta_s);
	fprintf(stderr, "  %.42s", what);
	fflush(stderr);
	tell->shown = true;
}
