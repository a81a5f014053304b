// SPDX-License-Identifier: MIT
/* daxmark report: result files to a page, to one picture, or to a text for a mail. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/summary.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/tell.h"
#include "command/command.h"
#include "report/machines.h"
#include "report/mail.h"
#include "report/report.h"
#include "report/take.h"
#include "result/result.h"

/* A column of a journal to a poster; of type what is read. */
#define WIDTH_LEAST 30
#define WIDTH_MOST 2000
#define POINTS_LEAST 4
#define POINTS_MOST 96

struct config {
	const char *output, *baseline, *strategies, *plot, *format, *width, *height, *font, *labels;
	const char *asked[AXIS_COUNT];
	bool force, keep, quiet;
};

#define ASKED(axis) (offsetof(struct config, asked) + (axis) * sizeof(const char *))

static const struct option_spec options[] = {
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "PATH",
		"the report's folder, or the file (default: after the result's name)")},
	{OPTION("strategies", 's', OPTION_TEXT, offsetof(struct config, strategies), "NAME,..",
		"show these, by name, glob or /expression/; verdicts stay those of all")},
	{OPTION("op", 0, OPTION_TEXT, ASKED(AXIS_OPERATION), "OP,..", "show these operations"),
		.words = &operation_words},
	{OPTION("size", 0, OPTION_TEXT, ASKED(AXIS_SIZE), "SIZE,..", "show these sizes")},
	{OPTION("baseline", 'b', OPTION_TEXT, offsetof(struct config, baseline), "NAME",
		"strategy that ratios are to (default memcpy)")},
	{OPTION("plot", 'p', OPTION_TEXT, offsetof(struct config, plot), "NAME",
		"draw this plot alone: throughput, ratio, duration, roof, ..")},
	{OPTION("format", 0, OPTION_TEXT, offsetof(struct config, format), "FORMAT",
		 "of the plot: svg (default), png, pdf, eps, tex, text; text alone: for a mail"),
		.words = &picture_words},
	{OPTION("width", 0, OPTION_TEXT, offsetof(struct config, width), "MM",
		"of the plot, in millimetres (default 160)")},
	{OPTION("height", 0, OPTION_TEXT, offsetof(struct config, height), "MM",
		"of the plot, in millimetres (default 118)")},
	{OPTION("font", 0, OPTION_TEXT, offsetof(struct config, font), "NAME,POINTS",
		"of the plot (default DejaVu Sans,9)")},
	{OPTION("label", 0, OPTION_TEXT, offsetof(struct config, labels), "NAME,..",
		"of several results: what each is called, in order")},
	{OPTION("keep", 'k', OPTION_FLAG, offsetof(struct config, keep), NULL,
		"leave each figure's table (.tsv) and gnuplot script (.gp) beside it")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"replace what is there, write into a folder that holds other files")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL, "no notes")},
};

/* The results, and what is asked of them. */
struct job {
	const struct config *config;
	struct result results[MACHINES_MOST];
	struct summary summaries[MACHINES_MOST];
	struct axis_values values[AXIS_COUNT];
	struct choice choice;
	size_t n;
	struct imported imported[MACHINES_MOST]; /* what other tools measured */
	size_t n_imported;
	const char *first; /* path of the first */
};

static bool parse_number(const char *what, const char *text, double least, double most,
	double *number, struct err *e)
{
	char *end;

	*number = strtod(text, &end);
	if (*text != '\0' && *end == '\0' && *number >= least && *number <= most)
		return true;
	return err_set(e, ERR_USAGE, "%s: '%s' is not between %g and %g", what, text, least, most);
}

static bool parse_picture(const struct config *config, enum picture_format format,
	struct picture *picture, struct err *e)
{
	const char *comma = config->font != NULL ? strrchr(config->font, ',') : NULL;

	*picture = picture_usual;
	if (config->width != NULL && !parse_number("--width", config->width, WIDTH_LEAST,
					     WIDTH_MOST, &picture->width_mm, e))
		return false;
	picture->height_mm = picture->width_mm * picture_usual.height_mm / picture_usual.width_mm;
	if (config->height != NULL && !parse_number("--height", config->height, WIDTH_LEAST,
					      WIDTH_MOST, &picture->height_mm, e))
		return false;
	/* A narrow picture has smaller type, as journals have. */
	picture->points *= fmin(1, fmax(0.62, picture->width_mm / picture_usual.width_mm));
	if (format == PICTURE_TEX)
		picture->points = 8; /* footnotesize, in the document's own type */
	if (config->font == NULL)
		return true;
	if (comma != NULL &&
		!parse_number("--font", comma + 1, POINTS_LEAST, POINTS_MOST, &picture->points, e))
		return false;
	snprintf(picture->font, sizeof(picture->font), "%.*s",
		comma != NULL ? (int)(comma - config->font) : (int)strlen(config->font),
		config->font);
	for (const char *c = picture->font; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr(" -_.:", *c) == NULL)
			return err_set(e, ERR_USAGE, "--font: '%s': no font has such a name",
				config->font);
	return picture->font[0] != '\0' ||
	       err_set(e, ERR_USAGE, "--font: '%s' names no font: NAME,POINTS", config->font);
}

static bool parse_choice(struct job *job, struct err *e)
{
	const struct result *results[MACHINES_MOST];

	for (size_t i = 0; i < job->n; i++)
		results[i] = &job->results[i];
	job->choice.strategies = job->config->strategies;
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++) {
		if (job->config->asked[axis] == NULL)
			continue;
		if (!axis_parse((enum setting_axis)axis, job->config->asked[axis],
			    &job->values[axis], e))
			return false;
		job->choice.of[axis] = &job->values[axis];
	}
	return choice_check(&job->choice, results, job->n, e);
}

/* The first result's name without .json, and what is made of it. */
static void default_path(const char *path, const char *ending, char *text, size_t bytes)
{
	size_t len = strlen(path);

	if (len > 5 && strcmp(path + len - 5, ".json") == 0)
		len -= 5;
	snprintf(text, bytes, "%.*s-%s", (int)len, path, ending);
}

/* Read, sort and summarise. */
static bool read_result(struct job *job, const char *path, struct err *e)
{
	size_t i = job->n++;

	if (!result_read(&job->results[i], path, e))
		return false;
	result_sort(&job->results[i]);
	return summary_make(&job->summaries[i], &job->results[i], job->config->baseline, e);
}

static bool read_all(struct job *job, char **paths, size_t n_paths, struct err *e)
{
	job->first = paths[0];
	for (size_t i = 0; i < n_paths; i++)
		if (imported_is(paths[i])
				? !imported_read(&job->imported[job->n_imported++], paths[i], e)
				: !read_result(job, paths[i], e))
			return false;
	return true;
}

static void free_job(struct job *job)
{
	for (size_t i = 0; job != NULL && i < job->n_imported; i++)
		imported_free(&job->imported[i]);
	for (size_t i = 0; job != NULL && i < job->n; i++) {
		summary_free(&job->summaries[i]);
		result_free(&job->results[i]);
	}
	free(job);
}

/* ---- one picture ---- */

static void say_made(void *arg, const char *path, const char *note)
{
	printf("%s\n", path);
	if (note[0] != '\0')
		tell_note(arg, "%s: %s", path, note);
}

static bool take(const struct job *job, enum picture_format format, struct err *e)
{
	const struct config *config = job->config;
	struct plots plots;
	struct picture picture;
	struct drawing drawing = {.plots = &plots,
		.picture = &picture,
		.choice = &job->choice,
		.formats = &format,
		.n_formats = 1,
		.keep = config->keep};
	const struct plot *plot;
	char base[4200], name[100];
	struct tell tell;
	struct err why;

	tell_init(&tell, config->quiet);
	if (job->n > 1)
		return err_set(e, ERR_USAGE, "report: --plot is of one result, not of %zu", job->n);
	if (!plots_find(&plots, e) || !parse_picture(config, format, &picture, e))
		return false;
	plot = plots_named(&plots, config->plot, e);
	if (plot == NULL)
		return false;
	if (!gnuplot_can(&why))
		return err_set(e, ERR_FAILED, "%.200s (apt-get install gnuplot-nox)", why.text);
	snprintf(name, sizeof(name), "%s", plot->name);
	default_path(job->first, name, base, sizeof(base));
	if (config->output != NULL) {
		enum picture_format its;

		if (!gnuplot_format_of(config->output, base, sizeof(base), &its, &why))
			snprintf(base, sizeof(base), "%s", config->output);
		else if (config->format != NULL && its != format)
			return err_set(e, ERR_USAGE, "report: %s is no name of a %s",
				config->output, config->format);
		else
			format = its;
	}
	return take_plot(
		&drawing, plot, &job->summaries[0], base, config->force, say_made, &tell, e);
}

/* ---- a mail ---- */

static bool write_mails(const struct job *job, struct err *e)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	bool ok = out != NULL || err_set(e, ERR_FAILED, "out of memory");

	for (size_t i = 0; ok && i < job->n; i++) {
		if (i > 0)
			fputs("\n-- \n\n", out);
		ok = mail_write(out, &job->summaries[i], &job->choice, e);
	}
	if (out != NULL && fclose(out) != 0)
		ok = err_set(e, ERR_FAILED, "out of memory");
	if (ok && job->config->output == NULL)
		fputs(text, stdout);
	else if (ok)
		ok = file_may_create(job->config->output, job->config->force, e) &&
		     file_replace(job->config->output, text, bytes, e);
	free(text);
	return ok;
}

/* ---- the page ---- */

static bool write_folder(const struct job *job, struct err *e)
{
	const struct config *config = job->config;
	char folder[4096];
	struct report_request request = {.summaries = job->summaries,
		.n = job->n,
		.folder = config->output != NULL ? config->output : folder,
		.choice = job->choice,
		.force = config->force,
		.keep = config->keep,
		.labels = config->labels,
		.imported = job->imported,
		.n_imported = job->n_imported};
	struct tell tell;

	tell_init(&tell, config->quiet);
	default_path(job->first, "report", folder, sizeof(folder));
	if (!report_write(&request, &tell, e))
		return false;
	printf("%s/index.html\n", request.folder);
	return true;
}

static bool check_options(const struct config *config, unsigned *format, struct err *e)
{
	const char *const sized[] = {config->width, config->height, config->font};
	static const char *const names[] = {"--width", "--height", "--font"};

	if (config->output != NULL && config->output[0] == '\0')
		return err_set(e, ERR_USAGE, "report: --output is empty");
	if (config->format != NULL && !words_find(&picture_words, config->format, format, e))
		return false;
	if (config->keep && config->plot == NULL && config->format != NULL)
		return err_set(e, ERR_USAGE, "report: --keep is of figures: a mail has none");
	if (config->plot != NULL)
		return true;
	for (size_t i = 0; i < 3; i++)
		if (sized[i] != NULL)
			return err_set(e, ERR_USAGE,
				"report: %s is of a plot: choose one with --plot", names[i]);
	return config->format == NULL || *format == PICTURE_TEXT ||
	       err_set(e, ERR_USAGE,
		       "report: --format=%s is of a plot: choose one with --plot (--format=text "
		       "alone is for a mail)",
		       config->format);
}

/* Labels are of the page that has several results. */
static bool labels_fit(const struct config *config, int n, struct err *e)
{
	int labels = 1;

	if (config->labels == NULL)
		return true;
	for (const char *c = config->labels; *c != '\0'; c++)
		labels += *c == ',';
	if (n < 2 || config->plot != NULL || config->format != NULL)
		return err_set(
			e, ERR_USAGE, "report: --label names the results of a page of several");
	return labels <= n ||
	       err_set(e, ERR_USAGE, "report: --label has %d names for %d results", labels, n);
}

static bool report(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	unsigned format = PICTURE_SVG;
	struct job *job;
	int first;
	bool ok;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!check_options(&config, &format, e))
		return false;
	if (first == argc)
		return err_set(e, ERR_USAGE, "report: no result file: daxmark report RESULT.json");
	if (!labels_fit(&config, argc - first, e))
		return false;
	if (argc - first > MACHINES_MOST)
		return err_set(e, ERR_USAGE,
			"report: %d results: a page has at most %d side by side, more are a fleet, "
			"which this version has no statistics for",
			argc - first, MACHINES_MOST);
	interrupt_install(); /* what was begun is cleaned up first */
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	job->config = &config;
	ok = read_all(job, argv + first, (size_t)(argc - first), e) && parse_choice(job, e);
	if (ok && job->n == 0 && (config.plot != NULL || config.format != NULL))
		ok = err_set(e, ERR_USAGE,
			"report: figures and mails are of daxmark's results: what was imported "
			"has a page");
	else if (ok && config.plot != NULL)
		ok = take(job, (enum picture_format)format, e);
	else if (ok && config.format != NULL)
		ok = write_mails(job, e);
	else if (ok)
		ok = write_folder(job, e);
	free_job(job);
	return ok;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTIONS] RESULT.json..",
	.summary = "plots, a page and a table from a result file, or several",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = report,
};
