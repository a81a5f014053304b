// SPDX-License-Identifier: MIT
#include "report/plots.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyse/table.h"

extern char **environ;

/* The rest of a "#: key rest" line. */
static void header_line(const char *line, const char *key, char *out, size_t bytes)
{
	size_t len = strlen(key);

	if (strncmp(line, "#: ", 3) == 0 && strncmp(line + 3, key, len) == 0 &&
		line[3 + len] == ' ')
		snprintf(out, bytes, "%.*s", (int)strcspn(line + 4 + len, "\n"), line + 4 + len);
}

static bool read_header(struct plot *plot, const char *folder, const char *file, struct err *e)
{
	char line[512];
	FILE *in;

	snprintf(plot->path, sizeof(plot->path), "%s/%.24s", folder, file);
	snprintf(plot->name, sizeof(plot->name), "%.*s", (int)strcspn(file, "."), file);
	in = fopen(plot->path, "re");
	if (in == NULL)
		return err_errno(e, errno, "cannot read %s", plot->path);
	while (fgets(line, sizeof(line), in) != NULL && line[0] == '#') {
		header_line(line, "needs", plot->needs, sizeof(plot->needs));
		header_line(line, "title", plot->title, sizeof(plot->title));
		header_line(line, "alt", plot->alt, sizeof(plot->alt));
		header_line(line, "axis", plot->axis, sizeof(plot->axis));
	}
	fclose(in);
	if (plot->axis[0] == '\0')
		strcpy(plot->axis, "size");
	if (plot->needs[0] == '\0' || plot->title[0] == '\0' || plot->alt[0] == '\0')
		return err_set(e, ERR_FAILED,
			"%s: its '#: needs', '#: title' or '#: alt' line is missing", plot->path);
	return true;
}

static bool locate(char *folder, size_t bytes)
{
	static const char *const places[] = {"plots", "../share/daxmark/plots"};
	char self[400], *base;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		return false;
	self[len] = '\0';
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

		if (ending == NULL || strcmp(ending, ".gp") != 0 || strlen(entry->d_name) > 24 ||
			strcmp(entry->d_name, "common.gp") == 0 || plots->n == PLOTS_MAX)
			continue;
		ok = read_header(&plots->all[plots->n++], plots->folder, entry->d_name, e);
	}
	closedir(dir);
	/* Reverse order of names puts throughput before ratio: the overview first. */
	qsort(plots->all, plots->n, sizeof(plots->all[0]), by_name);
	return ok;
}

bool plots_wanted(
	const struct plot *plot, const struct summary *summary, const struct figure *figure)
{
	char needs[sizeof(plot->needs)], *save = NULL;

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
	posix_spawn_file_actions_t actions;
	int ends[2], failed, status;
	size_t used = 0;
	pid_t child;

	said[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_errno(e, errno, "cannot run gnuplot: pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	failed = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (failed != 0) {
		close(ends[0]);
		return err_errno(e, failed, "cannot run gnuplot (apt-get install gnuplot-nox)");
	}
	for (;;) {
		char rest[256];
		bool keep = used + 1 < bytes;
		ssize_t got = read(
			ends[0], keep ? said + used : rest, keep ? bytes - 1 - used : sizeof(rest));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += keep ? (size_t)got : 0;
	}
	said[used] = '\0';
	close(ends[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return err_set(e, ERR_FAILED, "cannot run gnuplot (apt-get install gnuplot-nox)");
	if (WEXITSTATUS(status) != 0)
		return err_set(e, ERR_FAILED, "gnuplot: %.300s", said);
	return true;
}

bool plots_can_draw(void)
{
	char program[] = "gnuplot", option[] = "--version", said[64];
	char *arguments[] = {program, option, NULL};
	struct err e;

	return run(arguments, said, sizeof(said), &e);
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
	char plain[4200];

	snprintf(plain, sizeof(plain), "%s%s", path[0] == '/' ? "" : "./", path);
	assign(out, name, plain);
}

/* Names of the arms of a kind that ran, separated by spaces. */
static void assign_arms(FILE *out, const char *variable, const struct result *result,
	const struct result_comparison *comparison, bool roofs)
{
	fprintf(out, "%s='", variable);
	for (size_t i = 0; i < comparison->n_measured; i++) {
		const struct result_arm *arm = &result->arms[comparison->measured[i]];

		if (roofs ? arm->family == FAMILY_ROOF : arm->copies)
			fprintf(out, "%s ", arm->name);
	}
	fputs("'; ", out);
}

/* The fastest of the first member: for plots that show one strategy only. */
static void assign_best(FILE *out, const struct summary *summary, size_t c)
{
	enum operation operation = summary->result->comparisons[c].setting.operation;
	const struct summary_case *best =
		summary_best(summary, c, recommend_guarantee(summary->result, operation));

	assign(out, "best", best != NULL ? best->described->name : "");
}

static void assign_all(FILE *out, const struct summary *summary, const struct figure *figure,
	const char *table, const char *file)
{
	const struct result *result = summary->result;
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	char caption[1200];

	snprintf(caption, sizeof(caption), "%s — on %s%s, %s", figure->title,
		result->target.emulated ? "EMULATED pmem: " : "", result->target.name,
		result->facts.cpu_model);
	assign_path(out, "table", table);
	assign_path(out, "out", file);
	fprintf(out, "curves=' ");
	for (size_t i = 0; i < figure->n; i++)
		fprintf(out, "%zu ", summary_at(summary, figure->members[i], 0)->curve);
	fprintf(out, "'; size_bytes=%llu; is_cut=%d; ", (unsigned long long)first->setting.size,
		figure->is_cut);
	assign_arms(out, "strategies", result, first, false);
	assign_arms(out, "roofs", result, first, true);
	assign_best(out, summary, figure->members[0]);
	assign(out, "baseline", summary->baseline != NULL ? summary->baseline->name : "");
	assign(out, "caption", caption);
}

static bool draw(const struct plots *plots, const char *script, char *settings, const char *file,
	struct err *e)
{
	char program[] = "gnuplot", option[] = "-e", said[400], common[512], path[512];
	char *arguments[] = {program, option, settings, common, path, NULL};

	snprintf(common, sizeof(common), "%s/common.gp", plots->folder);
	snprintf(path, sizeof(path), "%s", script);
	if (!run(arguments, said, sizeof(said), e))
		return false;
	return access(file, R_OK) == 0 ||
	       err_set(e, ERR_FAILED, "gnuplot drew no %s: %.200s", file, said);
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
	assign_all(out, summary, figure, table, file);
	fclose(out);
	ok = draw(plots, plot->path, settings, file, e);
	free(settings);
	return ok;
}

bool plots_draw_table(const struct plots *plots, const char *name, const char *table,
	const char *file, const char *caption, struct err *e)
{
	char *settings = NULL, script[512];
	size_t bytes;
	FILE *out = open_memstream(&settings, &bytes);
	bool ok;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	assign_path(out, "table", table);
	assign_path(out, "out", file);
	assign(out, "caption", caption);
	fprintf(out, "is_cut=1; strategies=''; curves=''; size_bytes=0; ");
	fclose(out);
	snprintf(script, sizeof(script), "%s/%s.gp", plots->folder, name);
	ok = draw(plots, script, settings, file, e);
	free(settings);
	return ok;
}
