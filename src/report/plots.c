// SPDX-License-Identifier: MIT
#include "report/plots.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "analyse/table.h"
#include "base/text.h"
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
	char line[512], least[16] = "0", most[16] = "0";
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
		header_line(line, "least", least, sizeof(least));
		header_line(line, "most", most, sizeof(most));
	}
	fclose(in);
	if (plot->axis[0] == '\0')
		strcpy(plot->axis, "size");
	plot->least = (unsigned)strtoul(least, NULL, 10);
	plot->most = (unsigned)strtoul(most, NULL, 10);
	if (plot->needs[0] == '\0' || plot->title[0] == '\0' || plot->alt[0] == '\0')
		return err_set(e, ERR_FAILED,
			"%s: its '#: needs', '#: title' or '#: alt' line is missing", plot->path);
	if (plot->of[0] != '\0') {
		plot->axis[0] = '\0'; /* of a table of the command's own */
		return true;
	}
	return setting_axis_named(plot->axis) < AXIS_COUNT || unknown_axis(plot, e);
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
	if (!self_folder("plots", "common.gp", plots->folder, sizeof(plots->folder)))
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
static bool has_copies(
	const struct result *result, const struct figure *figure, const struct choice *choice)
{
	const struct result_comparison *first = &result->comparisons[figure->members[0]];
	bool any = false;

	for (size_t i = 0; i < first->n_measured; i++)
		any |= result->arms[first->measured[i]].copies &&
		       choice_shows_arm(choice, &result->arms[first->measured[i]]);
	return any;
}

bool plots_wanted(const struct plot *plot, const struct summary *summary,
	const struct figure *figure, const struct choice *choice)
{
	char needs[sizeof(plot->needs)], *save = NULL;

	if (!has_copies(summary->result, figure, choice) || figure->n < plot->least ||
		(plot->most > 0 && figure->n > plot->most))
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

const struct plot *plots_named(const struct plots *plots, const char *name, struct err *e)
{
	const char *names[PLOTS_MAX], *nearest;
	size_t n = 0;

	for (size_t i = 0; i < plots->n; i++) {
		if (plots->all[i].of[0] != '\0')
			continue;
		if (strcmp(plots->all[i].name, name) == 0)
			return &plots->all[i];
		names[n++] = plots->all[i].name;
	}
	nearest = text_nearest(name, names, n);
	err_set(e, ERR_USAGE, ERR_OF("plot") ": no plot '%s'%s%s%s", name,
		nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
	return NULL;
}
