// SPDX-License-Identifier: MIT
#include "report/gnuplot.h"

#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listen.h"
#include "report/svg.h"

#define PATH_BYTES 4400
#define FILE_LIMIT (64u << 20)

static const char *const formats_names[PICTURE_FORMATS] = {
	"svg", "png", "pdf", "eps", "tex", "text"};
const struct words picture_words = {"picture format", formats_names, PICTURE_FORMATS, NULL};

const struct picture picture_usual = {160, 118, "DejaVu Sans", 9};

/* Run gnuplot with these arguments; what it says on stderr goes into `said`. */
static bool run(char *const arguments[], char *said, size_t bytes, struct err *e)
{
	int status;

	if (!listen_run(arguments, environ, said, bytes, &status, e))
		return false;
	if (WIFSIGNALED(status))
		return err_set(e, ERR_FAILED, "gnuplot was ended by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return err_set(e, ERR_FAILED, "gnuplot: %.300s", listen_last_line(said));
	return true;
}

bool gnuplot_can(struct err *why_not)
{
	char program[] = "gnuplot", option[] = "--version", said[64];
	char *arguments[] = {program, option, NULL};

	return run(arguments, said, sizeof(said), why_not);
}

void gnuplot_assign(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		/* Octal for all that a double-quoted string, a macro or a shell could take up. */
		if (isalnum(c) || c >= 0x80 || strchr(" ,.:;/+-_()[]=#%|<>*", c) != NULL)
			fputc(c, out);
		else
			fprintf(out, "\\%03o", c);
	}
	fputs("\"; ", out);
}

void gnuplot_assign_path(FILE *out, const char *name, const char *path)
{
	char plain[PATH_BYTES];

	snprintf(plain, sizeof(plain), "%s%s", path[0] == '/' ? "" : "./", path);
	gnuplot_assign(out, name, plain);
}

const char *gnuplot_ending(enum picture_format format)
{
	return format == PICTURE_TEXT ? "txt" : formats_names[format];
}

bool gnuplot_may_create(const char *base, enum picture_format format, bool force, struct err *e)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%.4390s.%s", base, gnuplot_ending(format));
	if (!file_may_create(path, force, e))
		return false;
	snprintf(path, sizeof(path), "%.4390s.pdf", base);
	return format != PICTURE_TEX || file_may_create(path, force, e);
}

bool gnuplot_format_of(
	const char *path, char *base, size_t bytes, enum picture_format *format, struct err *e)
{
	const char *ending = strrchr(path, '.');

	for (unsigned i = 0; ending != NULL && strchr(ending, '/') == NULL && i < PICTURE_FORMATS;
		i++)
		if (strcmp(ending + 1, gnuplot_ending((enum picture_format)i)) == 0) {
			snprintf(base, bytes, "%.*s", (int)(ending - path), path);
			*format = (enum picture_format)i;
			return true;
		}
	return err_set(
		e, ERR_USAGE, "'%.200s' ends in none of .svg, .png, .pdf, .eps, .tex, .txt", path);
}

static void assign_picture(
	FILE *out, const struct picture *picture, enum picture_format format, const char *file)
{
	fprintf(out, "wide=%g; high=%g; points=%g; ", picture->width_mm, picture->height_mm,
		picture->points);
	gnuplot_assign(out, "font", picture->font);
	gnuplot_assign(out, "format", formats_names[format]);
	gnuplot_assign_path(out, "out", file);
}

/* gnuplot's status does not tell that the disk was full: the picture's own end does. */
static bool is_whole(const char *file, enum picture_format format)
{
	static const char *const marks[PICTURE_FORMATS] = {
		"</svg>", "IEND", "%%EOF", "%%EOF", "endgroup", "\n"};
	char end[65] = "";
	FILE *in = fopen(file, "re");
	size_t got = 0;
	long bytes;

	if (in == NULL)
		return false;
	if (fseek(in, 0, SEEK_END) == 0 && (bytes = ftell(in)) > 0 &&
		fseek(in, bytes > 64 ? -64 : -bytes, SEEK_END) == 0)
		got = fread(end, 1, sizeof(end) - 1, in);
	fclose(in);
	return memmem(end, got, marks[format], strlen(marks[format])) != NULL;
}

/* Text up to `end`, so that TeX sets it as it is; a number of gnuplot's is TeX already. */
static void tex_text(FILE *out, const char *text, const char *end)
{
	static const char nine[] = "\xe2\x81\xb9"; /* superscript nine */
	bool number = *text == '$';

	for (; text < end; text++) {
		if (number) {
			fputc(*text, out);
		} else if (strncmp(text, nine, strlen(nine)) == 0) {
			fputs("$^9$", out);
			text += strlen(nine) - 1;
		} else if (*text == '\\') {
			fputs("\\textbackslash{}", out);
		} else if (strchr("^~", *text) != NULL) {
			fprintf(out, "\\%c{}", *text);
		} else {
			fprintf(out, "%s%c", strchr("%_&#${}", *text) != NULL ? "\\" : "", *text);
		}
	}
}

/*
 * Text that TeX would read as its own is quoted; what gnuplot put around it, and its numbers
 * between dollars, stay. The picture is named without `folder`, in which it was made.
 */
static char *tex_tidy(const char *tex, const char *folder)
{
	static const char mark[] = "\\strut{}";
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	if (out == NULL)
		return NULL;
	while (*tex != '\0') {
		const char *place = strncmp(tex, "{./", 3) == 0 ? tex + 3 : tex + 1, *end;

		if (*tex == '{' && strncmp(place, folder, strlen(folder)) == 0) {
			fputc('{', out);
			tex = place + strlen(folder) + 1; /* and its slash */
		} else if (strncmp(tex, mark, strlen(mark)) == 0 &&
			   (end = strstr(tex, "}}%")) != NULL) {
			fputs(mark, out);
			tex += strlen(mark);
			tex_text(out, tex, end);
			tex = end;
		} else {
			fputc(*tex++, out);
		}
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* Characters without the lines around that are empty, and without blanks at the end of others. */
static char *text_tidy(const char *raw)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	while (*raw != '\0') {
		size_t len = strcspn(raw, "\n\f"), shown = len;

		while (shown > 0 && raw[shown - 1] == ' ')
			shown--;
		if (shown > 0)
			fprintf(out, "%.*s\n", (int)shown, raw);
		raw += len + (raw[len] != '\0');
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static bool tidy(const char *file, const char *folder, enum picture_format format, struct err *e)
{
	size_t bytes;
	char *raw = file_read(file, FILE_LIMIT, &bytes, e), *text;
	bool ok;

	if (raw == NULL)
		return false;
	text = format == PICTURE_SVG   ? svg_tidy(raw, "")
	       : format == PICTURE_TEX ? tex_tidy(raw, folder)
				       : text_tidy(raw);
	free(raw);
	if (text == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	ok = file_replace(file, text, strlen(text), e);
	free(text);
	return ok;
}

/* Where pictures are made: what was there stands until the new one is whole. */
struct workshop {
	char folder[PATH_BYTES]; /* of its own, beside what is made in it */
	char name[300];		 /* of the picture, without ending: a tex names its PDF by it */
};

static bool open_workshop(struct workshop *workshop, const char *base, struct err *e)
{
	char copy[PATH_BYTES], other[PATH_BYTES];

	snprintf(copy, sizeof(copy), "%s", base);
	snprintf(other, sizeof(other), "%s", base);
	snprintf(workshop->name, sizeof(workshop->name), "%.290s", basename(other));
	snprintf(workshop->folder, sizeof(workshop->folder), "%.4300s/.daxmark-XXXXXX",
		dirname(copy));
	return mkdtemp(workshop->folder) != NULL ||
	       err_errno(e, errno, "cannot make a folder for %s", base);
}

static void path_in(
	const struct workshop *workshop, const char *ending, char path[PATH_BYTES + 320])
{
	snprintf(path, PATH_BYTES + 320, "%s/%s.%s", workshop->folder, workshop->name, ending);
}

static void close_workshop(const struct workshop *workshop)
{
	char path[PATH_BYTES + 320];

	for (unsigned format = 0; format < PICTURE_FORMATS; format++) {
		path_in(workshop, gnuplot_ending((enum picture_format)format), path);
		unlink(path);
	}
	rmdir(workshop->folder);
}

static bool take(
	const struct workshop *workshop, const char *base, const char *ending, struct err *e)
{
	char from[PATH_BYTES + 320], to[PATH_BYTES + 16];

	path_in(workshop, ending, from);
	snprintf(to, sizeof(to), "%s.%s", base, ending);
	return rename(from, to) == 0 || err_errno(e, errno, "cannot write %s", to);
}

/* One picture that gnuplot has made: checked, and put where it belongs. */
static bool finish(const struct workshop *workshop, const char *base, enum picture_format format,
	char *said, struct err *e)
{
	const char *ending = gnuplot_ending(format);
	char path[PATH_BYTES + 320];

	path_in(workshop, ending, path);
	if (!is_whole(path, format))
		return err_set(e, ERR_FAILED,
			"gnuplot could not write the whole of %s.%s: is the disk full? %.200s",
			base, ending, listen_last_line(said));
	if ((format == PICTURE_SVG || format == PICTURE_TEX || format == PICTURE_TEXT) &&
		!tidy(path, workshop->folder, format, e))
		return false;
	if (format == PICTURE_TEX && !take(workshop, base, "pdf", e))
		return false;
	return take(workshop, base, ending, e);
}

#define ARGUMENTS_EACH 4

bool gnuplot_draw(const char *folder, const char *script, const char *settings,
	const struct picture *picture, const char *base, const enum picture_format *formats,
	size_t n, struct err *e)
{
	/* Without the user's start-up files: they would draw something else. */
	char program[] = "gnuplot", defaults[] = "-d", option[] = "-e", said[2000] = "",
	     common[PATH_BYTES], plot[PATH_BYTES], file[PATH_BYTES + 320];
	char *arguments[2 + ARGUMENTS_EACH * PICTURE_FORMATS + 1] = {program, defaults};
	char *texts[PICTURE_FORMATS] = {NULL};
	struct workshop workshop;
	bool ok = true;
	size_t at = 2;

	if (!open_workshop(&workshop, base, e))
		return false;
	snprintf(common, sizeof(common), "%.4300s/common.gp", folder);
	snprintf(plot, sizeof(plot), "%.4300s", script);
	for (size_t i = 0; i < n && ok; i++) {
		size_t bytes;
		FILE *out = open_memstream(&texts[i], &bytes);

		ok = out != NULL;
		if (!ok)
			break;
		path_in(&workshop, gnuplot_ending(formats[i]), file);
		fputs(i == 0 ? settings : "unset output; reset; ", out);
		assign_picture(out, picture, formats[i], file);
		ok = fclose(out) == 0;
		arguments[at++] = option;
		arguments[at++] = texts[i];
		arguments[at++] = common;
		arguments[at++] = plot;
	}
	if (!ok)
		err_set(e, ERR_FAILED, "out of memory");
	ok = ok && run(arguments, said, sizeof(said), e);
	for (size_t i = 0; i < n && ok; i++)
		ok = finish(&workshop, base, formats[i], said, e);
	close_workshop(&workshop);
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
	return ok;
}

static bool append_file(FILE *out, const char *path, struct err *e)
{
	size_t bytes;
	char *text = file_read(path, FILE_LIMIT, &bytes, e);

	if (text == NULL)
		return false;
	fprintf(out, "%s\n", text);
	free(text);
	return true;
}

bool gnuplot_keep(const char *folder, const char *script, const char *settings,
	const struct picture *picture, const char *base, struct err *e)
{
	char path[PATH_BYTES + 16], copy[PATH_BYTES], file[300], *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	snprintf(copy, sizeof(copy), "%.4390s", base);
	snprintf(file, sizeof(file), "%.290s.svg", basename(copy));
	fprintf(out,
		"# Draws %s again: gnuplot -d THIS_FILE, in this folder. By daxmark; yours to "
		"change.\n%s\n",
		file, settings);
	assign_picture(out, picture, PICTURE_SVG, file);
	fputc('\n', out);
	snprintf(path, sizeof(path), "%.4300s/common.gp", folder);
	ok = append_file(out, path, e) && append_file(out, script, e);
	if (fclose(out) != 0)
		ok = err_set(e, ERR_FAILED, "out of memory");
	snprintf(path, sizeof(path), "%.4390s.gp", base);
	ok = ok && file_replace(path, text, bytes, e);
	free(text);
	return ok;
}
