// SPDX-License-Identifier: MIT
#include "base/self.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

bool self_path(char path[SELF_BYTES])
{
	const char *started = (const char *)getauxval(AT_EXECFN);
	ssize_t len = readlink("/proc/self/exe", path, SELF_BYTES - 1);
	char whole[PATH_MAX];

	if (len > 0) {
		path[len] = '\0';
		return true;
	}
	if (started == NULL || realpath(started, whole) == NULL || strlen(whole) >= SELF_BYTES)
		return false;
	snprintf(path, SELF_BYTES, "%.*s", SELF_BYTES - 1, whole);
	return true;
}

bool self_folder(const char *name, const char *probe, char *path, size_t bytes)
{
	static const char *const places[] = {"", "../share/daxmark/"};
	char self[SELF_BYTES], file[SELF_BYTES + 200], *base;

	if (!self_path(self))
		return false;
	base = dirname(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(file, sizeof(file), "%s/%s%s/%s", base, places[i], name, probe);
		if (access(file, R_OK) != 0)
			continue;
		return snprintf(path, bytes, "%s/%s%s", base, places[i], name) < (int)bytes;
	}
	return false;
}
