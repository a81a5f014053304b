// SPDX-License-Identifier: MIT
/* The folder of a report: made, known again, and emptied of figures that it draws no more. */
#include "report/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool folder_is_empty(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool empty = dir != NULL;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = false;
	if (dir != NULL)
		closedir(dir);
	return empty;
}

/* True when `name` in `folder` begins with (or soon holds) `mark`. */
static bool file_has(const char *folder, const char *name, const char *mark)
{
	char path[FOLDER_PATH_BYTES], start[600];
	size_t got = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (file != NULL) {
		got = fread(start, 1, sizeof(start) - 1, file);
		fclose(file);
	}
	start[got] = '\0';
	return strstr(start, mark) != NULL;
}

/* Made by daxmark: complete, or cut short after the table, which is written first. */
bool folder_is_report(const char *folder)
{
	return file_has(folder, "index.html", "<meta name=\"generator\" content=\"daxmark\">") ||
	       file_has(folder, "cases.tsv", "case\toperation\tsize_bytes\t");
}

bool folder_make(const char *folder, bool force, struct err *e)
{
	struct stat st;

	if (folder[0] == '\0' || strlen(folder) > FOLDER_PATH_BYTES - 300)
		return err_set(e, ERR_USAGE, "the report's folder has an empty or too long name");
	if (mkdir(folder, 0777) == 0)
		return true;
	if (errno != EEXIST)
		return err_errno(e, errno, "cannot make folder %s", folder);
	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(e, ERR_FAILED,
			"%s exists and is not a folder: choose another " ERR_OF("output"), folder);
	if (force || folder_is_empty(folder) || folder_is_report(folder))
		return true;
	return err_set(e, ERR_FAILED,
		"%s holds files that are no daxmark report: choose another " ERR_OF(
			"output") ", or " ERR_OF("force"),
		folder);
}

/* "3-ratio", of one of the plots or of what a page draws besides. */
static bool is_figure(const char *name, const char *const *plots, size_t n)
{
	static const char *const others[] = {"answer", "machine"};
	size_t digits = strspn(name, "0123456789"), stem = strcspn(name, ".");

	if (digits == 0 || name[digits] != '-' || digits + 1 >= stem)
		return false;
	for (size_t i = 0; i < n + 2; i++) {
		const char *plot = i < n ? plots[i] : others[i - n];
		size_t len = strlen(plot);

		if (strncmp(name + digits + 1, plot, len) == 0 &&
			(name[digits + 1 + len] == '.' || name[digits + 1 + len] == '-'))
			return true;
	}
	return false;
}

static bool ends_in(const char *name, const char *ending)
{
	const char *at = strrchr(name, '.');

	return at != NULL && strcmp(at + 1, ending) == 0;
}

/* "cases-2.tsv", "machines-1.tsv": tables of a page of several results. */
static bool is_table(const char *name)
{
	return ends_in(name, "tsv") &&
	       (strncmp(name, "cases-", 6) == 0 || strncmp(name, "machines-", 9) == 0);
}

void folder_drop_figures(const char *folder, const char *const *plots, size_t n)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;
		char path[FOLDER_PATH_BYTES];

		if (!is_table(name) && !(is_figure(name, plots, n) &&
					       (ends_in(name, "svg") || ends_in(name, "png"))))
			continue;
		snprintf(path, sizeof(path), "%.3600s/%.255s", folder, name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
}

bool folder_has_scripts(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool any = false;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		any |= ends_in(entry->d_name, "gp");
	if (dir != NULL)
		closedir(dir);
	return any;
}
