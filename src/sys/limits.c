// SPDX-License-Identifier: MIT
#include "sys/limits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/sysfs.h"

/* The value of a "key value" line; 0 when there is none. */
static uint64_t value_of(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	unsigned long long value = 0, found = 0;
	char line[200], name[80];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%79s %llu", name, &value) == 2 && strcmp(name, key) == 0)
			found = value;
	if (file != NULL)
		fclose(file);
	return found;
}

static uint64_t number(const char *folder, const char *name)
{
	char text[40];

	sysfs_line(folder, name, text, sizeof(text));
	return text[0] >= '0' && text[0] <= '9' ? strtoull(text, NULL, 10) : UINT64_MAX;
}

/* What one group leaves, of either version; UINT64_MAX when it sets no limit. */
static uint64_t group_leaves(const char *folder, const char *most, const char *used)
{
	uint64_t limit = number(folder, most), now = number(folder, used), cache;
	char stat[PATH_MAX];

	if (limit == UINT64_MAX || now == UINT64_MAX)
		return UINT64_MAX;
	snprintf(stat, sizeof(stat), "%.4000s/memory.stat", folder);
	cache = value_of(stat, "inactive_file") + value_of(stat, "active_file");
	now = now > cache ? now - cache : 0;
	return limit > now ? limit - now : 0;
}

/* The group of a line of /proc/self/cgroup, and all above it, where that hierarchy is mounted. */
static void walk_up(const char *mount, char *path, const char *most, const char *used,
	uint64_t *least, char *name, size_t bytes)
{
	for (;;) {
		char folder[PATH_MAX], *slash;
		uint64_t leaves;

		snprintf(folder, sizeof(folder), "%s%.3000s", mount, path);
		leaves = group_leaves(folder, most, used);
		if (leaves < *least) {
			*least = leaves;
			snprintf(name, bytes, "its memory control group (%s)", most);
		}
		slash = strrchr(path, '/');
		if (slash == NULL)
			return;
		*slash = '\0';
	}
}

uint64_t limits_memory(char *name, size_t bytes)
{
	FILE *groups = fopen("/proc/self/cgroup", "re");
	uint64_t least = value_of("/proc/meminfo", "MemAvailable:") << 10;
	char line[PATH_MAX];

	snprintf(name, bytes, "this machine");
	if (least == 0)
		least = UINT64_MAX;
	while (groups != NULL && fgets(line, sizeof(line), groups) != NULL) {
		/* "4:memory:/a:b": the path is all that follows the second colon. */
		char *path = strchr(line, ':');

		line[strcspn(line, "\n")] = '\0';
		path = path != NULL ? strchr(path + 1, ':') : NULL;
		if (path == NULL)
			continue;
		path++;
		if (strncmp(line, "0::", 3) == 0) {
			walk_up("/sys/fs/cgroup", path, "memory.max", "memory.current", &least,
				name, bytes);
		} else if (strstr(line, ":memory:") != NULL) {
			walk_up("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes",
				"memory.usage_in_bytes", &least, name, bytes);
		}
	}
	if (groups != NULL)
		fclose(groups);
	return least;
}
