// SPDX-License-Identifier: MIT
#include "report/plots.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyse/table.h"
#include "base/listen.h"
#include "base/self.h"
#include "case/axis.h"

extern char **environ;

/* The rest of a "#: key rest" line. */
static void header_line(const char *line, const char *key, char *out, size_t bytes)
{
	size_t len = strlen(key);

	if (strncmp(line, "#: ", 3) == 0 && strncmp(line + 3, key, len) == 0 &&
		line[3 + len] == ' ')
		snprintf(out, bytes, "%.*s", (int)strcspn(line + 4 + len, "\n"), line + 4 + len);
}

/* Which there are, from their rows. */
static bool unknown_axis(const struct plot *plot, struct err *e)
{
	char all[200] = "";
	size_t used = 0;

	for (size_t axis = 0; axis < AXIS_COUNT && used < sizeof(all); axis++)
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
			axis > 0 ? ", " : "", axes[axis].name);
	return err_set(e, ERR_FAILED, "%.200s: unknown '#: axis %s': it is one of %s", plot->path,
		plot->axis, all);
}

static bool read_header(struct plot *plot, const char *folder, const char *file, struct err *e)
{
	char line[512];
	FILE *in;

	if (strlen(file) >= sizeof(plot->name))
		return err_set(e, ERR_FAILED,
			"%s/%.60s..: a plot's name has at most %zu characters", folder, file,
			sizeof(plot->name) - 1);
	snprintf(plot->path, sizeof(plot->path), "%.440s/%.63s", folder, file);
	snprintf(plot->name, sizeof(plot->name), "%.*s", (int)strcspn(file, "."), file);
	in = fopen(plot->path, "re");
	if (in == NULL)
		return err_errno(e, errno, "cannot read %s", plot->path);
	while (fgets(line, sizeof(line), in) != NULL && line[0] == '#') {
		header_line(line, "needs", plot->needs, sizeof(plot->needs));
		header_line(line, "title", plot->title, sizeof(plot->title));
		header_line(line, "alt", plot->alt, sizeof(plot->alt));
		header_line(line, "axis", plot->axis, sizeof(plot->axis));
		header_line(line, "of", plot->of, sizeof(plot->of));
	}
	fclose(in);
	if (plot->axis[0] == '\0')
		strcpy(plot->axis, "size");
	if (plot->needs[0] == '\0' || plot->title[0] == '\0' || plot->alt[0] == '\0')
		return err_set(e, ERR_FAILED,
			"%s: its '#: needs', '#: title' or '#: alt' line is missing", plot->path);
	if (plot->of[0] != '\0') {
		plot->axis[0] = '\0'; /* of a table of the command's own */
		return true;
	}
	return setting_axis_named(plot->axis) < AXIS_COUNT || unknown_axis(plot, e);
}

static bool locate(char *folder, size_t bytes)
{
	static const char *const places[] = {"plots", "../share/daxmark/plots"};
	char self[SELF_BYTES], *base;

	if (!self_path(self))
		return false;
	base = dirname(self);
	for (size_t i = 0; i < 2; i++) {
		char probe[480];

		snprintf(folder, bytes, "%.380s/%s", base, places[i]);
		snprintf(probe, sizeof(probe), "%.460s/common.gp", folder);
		if (access(probe, R_OK) == 0)
			return true;
	}
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct plot *)b)->name, ((const struct plot *)a)->name);
}

bool plots_find(struct plots *plots, struct err *e)
{
	struct dirent *entry;
	DIR *dir;
	bool ok = true;

	memset(plots, 0, sizeof(*plots));
	if (!locate(plots->folder, sizeof(plots->folder)))
		return err_set(e, ERR_FAILED,
			"cannot find the plot scripts (plots/common.gp) beside the program or in "
			"../share/daxmark");
	dir = opendir(plots->folder);
	if (dir == NULL)
		return err_errno(e, errno, "cannot read %s", plots->folder);
	while (ok && (entry = readdir(dir)) != NULL) {
		const char *ending = strrchr(entry->d_name, '.');

		if (ending == NULL || strcmp(ending, ".gp") != 0 || entry->d_name[0] == '.' ||
			strcmp(entry->d_name, "common.gp") == 0)
			continue;
		if (plots->n == PLOTS_MAX)
			ok = err_set(
				e, ERR_FAILED, "%s: more than %d plots", plots->folder, PLOTS_MAX);
		ok = ok && read_header(&plots->all[plots->n++], plots->folder, entry->d_name, e);
	}
	closedir(dir);
	/* Reverse order of names puts throughput before ratio: the overview first. */
	qsort(plots->all, plots->n, sizeof(plots->all[0]), by_name);
	return ok;
}

/* What is drawn are copies: roofs and the empty loop alone make no picture. */
static bool has_copies(const struct result *result, const struct figure *figure)
{
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	bool any = false;

	for (size_t i = 0; i < first->n_measured; i++)
		any |= result->arms[first->measured[i]].copies;
	return any;
}

bool plots_wanted(
	const struct plot *plot, const struct summary *summary, const struct figure *figure)
{
	char needs[sizeof(plot->needs)], *save = NULL;

	if (!has_copies(summary->result, figure))
		return false;
	strcpy(needs, plot->needs);
	for (char *column = strtok_r(needs, " ", &save); column != NULL;
		column = strtok_r(NULL, " ", &save)) {
		bool any = false;

		for (size_t i = 0; i < figure->n && !any; i++)
			any = table_has(
				summary, figure->members[i], figure->members[i] + 1, column);
		if (!any)
			return false;
	}
	return true;
}

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

bool plots_can_draw(struct err *why_not)
{
	char program[] = "gnuplot", option[] = "--version", said[64];
	char *arguments[] = {program, option, NULL};

	return run(arguments, said, sizeof(said), why_not);
}

/* name='value' in gnuplot's own quoting: nothing inside is expanded, '' is one quote. */
static void assign(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s='", name);
	for (; *value != '\0'; value++) {
		if (*value == '\'')
			fputc('\'', out);
		fputc(*value, out);
	}
	fputs("'; ", out);
}

/* gnuplot takes a name that begins with | or < for a command: none of ours may. */
static void assign_path(FILE *out, const char *name, const char *path)
{
	char plain[4400];

	snprintf(plain, sizeof(plain), "%s%s", path[0] == '/' ? "" : "./", path);
	assign(out, name, plain);
}

/* More curves than this nobody can tell apart. */
#define CURVES_MOST 10

/* Mean log time over the members that have it; infinite where none has. */
static double mean_log_ns(const struct summary *summary, const struct figure *figure, size_t arm)
{
	double sum = 0;
	size_t n = 0;

	for (size_t m = 0; m < figure->n; m++) {
		const struct summary_case *row = summary_at(summary, figure->members[m], arm);

		if (!summary_measured(row))
			continue;
		sum += log(row->ns.estimate);
		n++;
	}
	return n > 0 ? sum / (double)n : INFINITY;
}

struct candidate {
	size_t arm;
	double log_ns;
	bool drawn;
};

static int by_time(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->log_ns > y->log_ns) - (x->log_ns < y->log_ns);
}

/*
 * Which copies are drawn: all, or, where they are too many, the baseline, the fastest
 * of each family, and then the fastest. Returns how many there are.
 */
static size_t choose_drawn(
	const struct summary *summary, const struct figure *figure, bool drawn[CASE_MOST_ARMS])
{
	const struct result *result = summary->result;
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	struct candidate all[CASE_MOST_ARMS];
	bool families[FAMILY_COUNT] = {false};
	size_t n = 0, n_drawn = 0;

	memset(drawn, 0, CASE_MOST_ARMS * sizeof(drawn[0]));
	for (size_t i = 0; i < first->n_measured; i++) {
		size_t a = first->measured[i];

		if (result->arms[a].copies)
			all[n++] = (struct candidate){a, mean_log_ns(summary, figure, a), false};
	}
	qsort(all, n, sizeof(all[0]), by_time);
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < n && n_drawn < CURVES_MOST; i++) {
			const struct result_arm *arm = &result->arms[all[i].arm];
			bool wanted = turn == 1 || n <= CURVES_MOST || arm == summary->baseline ||
				      !families[arm->family];

			families[arm->family] = true;
			if (!wanted || all[i].drawn)
				continue;
			drawn[all[i].arm] = all[i].drawn = true;
			n_drawn++;
		}
	}
	return n;
}

/* Their names, and those of the roofs, separated by spaces; returns how many copies are left out. */
static size_t assign_arms(FILE *out, const struct summary *summary, const struct figure *figure)
{
	const struct result *result = summary->result;
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	bool drawn[CASE_MOST_ARMS];
	size_t n = choose_drawn(summary, figure, drawn), n_drawn = 0;

	fprintf(out, "strategies='");
	for (size_t a = 0; a < result->n_arms; a++) {
		if (drawn[a])
			fprintf(out, "%s ", result->arms[a].name);
		n_drawn += drawn[a];
	}
	fprintf(out, "'; roofs='");
	for (size_t i = 0; i < first->n_measured; i++)
		if (result->arms[first->measured[i]].family == FAMILY_ROOF)
			fprintf(out, "%s ", result->arms[first->measured[i]].name);
	fputs("'; ", out);
	return n - n_drawn;
}

/* The words of an axis that the members have, in their order, as `places`. */
static void assign_places(FILE *out, const struct result *result, const struct figure *figure)
{
	const struct words *const words[] = {&operation_words, &state_words, &page_state_words};

	for (size_t w = 0; w < 3; w++) {
		fprintf(out, "%s='", w == 0 ? "operations" : w == 1 ? "states" : "pages");
		for (unsigned value = 0; value < words[w]->n; value++)
			for (size_t m = 0; m < figure->n; m++) {
				const struct setting *setting =
					&result->comparisons[figure->members[m]].setting;
				unsigned its = w == 0	? (unsigned)setting->operation
					       : w == 1 ? (unsigned)setting->state
							: (unsigned)setting->pages;

				if (its != value)
					continue;
				fprintf(out, "%s ", words[w]->names[value]);
				break;
			}
		fputs("'; ", out);
	}
}

/* The fastest of the first member: for plots that show one strategy only. */
static void assign_best(FILE *out, const struct summary *summary, size_t c)
{
	enum operation operation = summary->result->comparisons[c].setting.operation;
	const struct summary_case *best =
		summary_best(summary, c, summary_level(summary->result, operation));

	assign(out, "best", best != NULL ? best->described->name : "");
}

/* The level, where some copy that is drawn falls short of it. */
static void assign_weak(FILE *out, const struct summary *summary, const struct figure *figure)
{
	const struct result *result = summary->result;
	enum operation operation = result->comparisons[figure->members[0]].setting.operation;
	bool any = false;

	for (size_t m = 0; m < figure->n; m++)
		for (size_t a = 0; a < result->n_arms; a++) {
			const struct summary_case *row = summary_at(summary, figure->members[m], a);

			any |= summary_measured(row) && row->described->copies && !row->meets;
		}
	assign(out, "weak", any ? guarantee_words.names[summary_level(result, operation)] : "");
}

static void assign_all(
	FILE *out, const struct summary *summary, const struct figure *figure, const char *table)
{
	const struct result *result = summary->result;
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	char caption[1300], note[100] = "";
	size_t left_out;

	assign_path(out, "table", table);
	fprintf(out, "curves=' ");
	for (size_t i = 0; i < figure->n; i++)
		fprintf(out, "%zu ", summary_at(summary, figure->members[i], 0)->curve);
	fprintf(out, "'; size_bytes=%llu; is_cut=%d; ", (unsigned long long)first->setting.size,
		figure->is_cut);
	left_out = assign_arms(out, summary, figure);
	assign_places(out, result, figure);
	assign_best(out, summary, figure->members[0]);
	assign_weak(out, summary, figure);
	assign(out, "baseline", summary->baseline != NULL ? summary->baseline->name : "");
	if (left_out > 0)
		snprintf(note, sizeof(note), "\n(%zu more strategies: in the table)", left_out);
	snprintf(caption, sizeof(caption), "%s\non %s%s, %s%s", figure->title,
		result->target.emulated ? "EMULATED pmem: " : "", result->target.name,
		result->facts.cpu_model, note);
	assign(out, "caption", caption);
}

/* gnuplot's status does not tell that the disk was full: the picture's own end does. */
static bool is_whole(const char *file)
{
	static const char svg[] = "</svg>", png[] = "IEND";
	char end[33] = "";
	FILE *in = fopen(file, "re");
	size_t got = 0;

	if (in == NULL)
		return false;
	if (fseek(in, -32, SEEK_END) == 0)
		got = fread(end, 1, sizeof(end) - 1, in);
	fclose(in);
	return memmem(end, got, svg, strlen(svg)) != NULL ||
	       memmem(end, got, png, strlen(png)) != NULL;
}

/* "x.svg" by way of "x.svg.part.svg": what was there stands until the new one is whole. */
static bool draw(const struct plots *plots, const char *script, const char *settings,
	const char *file, struct err *e)
{
	/* Without the user's start-up files: they would draw something else. */
	char program[] = "gnuplot", defaults[] = "-d", option[] = "-e", said[2000], common[512],
	     path[512], part[4200];
	char *arguments[] = {program, defaults, option, NULL, common, path, NULL}, *all = NULL;
	size_t bytes;
	FILE *out = open_memstream(&all, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	snprintf(part, sizeof(part), "%.4000s.part%.100s", file, strrchr(file, '.'));
	fputs(settings, out);
	assign_path(out, "out", part);
	if (fclose(out) != 0) {
		free(all);
		return err_set(e, ERR_FAILED, "out of memory");
	}
	arguments[3] = all;
	snprintf(common, sizeof(common), "%s/common.gp", plots->folder);
	snprintf(path, sizeof(path), "%s", script);
	ok = run(arguments, said, sizeof(said), e);
	if (ok && !is_whole(part))
		ok = err_set(e, ERR_FAILED,
			"gnuplot could not write the whole of %s: is the disk full? %.200s", file,
			listen_last_line(said));
	if (ok && rename(part, file) != 0)
		ok = err_errno(e, errno, "cannot write %s", file);
	if (!ok)
		unlink(part);
	free(all);
	return ok;
}

bool plots_draw(const struct plots *plots, const struct plot *plot, const struct summary *summary,
	const struct figure *figure, const char *table, const char *file, struct err *e)
{
	char *settings = NULL;
	size_t bytes;
	FILE *out = open_memstream(&settings, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	assign_all(out, summary, figure, table);
	fclose(out);
	ok = draw(plots, plot->path, settings, file, e);
	free(settings);
	return ok;
}

bool plots_draw_table(const struct plots *plots, const char *name, const char *table,
	const char *file, const char *caption, const char *series, struct err *e)
{
	char *settings = NULL, script[512];
	size_t bytes;
	FILE *out = open_memstream(&settings, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	assign_path(out, "table", table);
	assign(out, "caption", caption);
	assign(out, "strategies", series);
	fprintf(out, "is_cut=1; curves=''; size_bytes=0; weak=''; ");
	fclose(out);
	snprintf(script, sizeof(script), "%s/%s.gp", plots->folder, name);
	ok = draw(plots, script, settings, file, e);
	free(settings);
	return ok;
}
