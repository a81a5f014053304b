// SPDX-License-Identifier: MIT
#include "sys/sysfs.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

void sysfs_line(const char *folder, const char *name, char *text, size_t bytes)
{
	char path[PATH_MAX + 64];
	FILE *file;

	text[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (file == NULL)
		return;
	if (fgets(text, (int)bytes, file) == NULL)
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	fclose(file);
}
