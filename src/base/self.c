// SPDX-License-Identifier: MIT
#include "base/self.h"

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
