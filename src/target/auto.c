// SPDX-License-Identifier: MIT
/*
 * The best real target that is free to use: a folder on a mounted file system
 * with DAX, where a file of our own harms nobody. A devdax node may hold what
 * somebody needs, and nothing tells: it is pointed at, never taken.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/units.h"
#include "sys/nvdimm.h"
#include "sys/sysfs.h"
#include "target/target.h"

#define TRIAL_BYTES (4u << 20)
#define LEAST_FREE (256ull << 20)

/* "\040" in a path of mountinfo is a space. */
static void unescape(char *path)
{
	char *out = path;

	for (; *path != '\0'; path++) {
		if (path[0] == '\\' && path[1] >= '0' && path[1] <= '3' && path[2] != '\0' &&
			path[3] != '\0') {
			*out++ = (char)((path[1] - '0') * 64 + (path[2] - '0') * 8 +
					(path[3] - '0'));
			path += 3;
		} else {
			*out++ = *path;
		}
	}
	*out = '\0';
}

/* How good a target is; 0: no real one. Real media before DRAM, synchronous faults before none. */
static int worth(const struct target_facts *facts)
{
	int worth = facts->emulated ? 1 : 3;

	return access_traits[facts->access].dax ? worth + facts->map_sync : 0;
}

/* What a folder is as a target: a file of our own is mapped there and gone again. */
static int try_folder(const char *folder)
{
	struct target_request request;
	struct target target;
	struct statvfs space;
	struct err why;
	int found;

	if (statvfs(folder, &space) != 0 || (space.f_flag & ST_RDONLY) ||
		(uint64_t)space.f_bavail * space.f_frsize < LEAST_FREE ||
		access(folder, W_OK) != 0 || !target_parse(folder, 0, &request, &why) ||
		!target_open(&target, &request, TRIAL_BYTES, &why))
		return 0;
	found = worth(&target.facts);
	target_close(&target);
	return found;
}

static void best_mount(char *best, size_t bytes)
{
	char line[4096], folder[2048];
	unsigned major_number, minor_number;
	struct nvdimm nvdimm;
	int most = 0;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	best[0] = '\0';
	while (mounts != NULL && fgets(line, sizeof(line), mounts) != NULL) {
		int found;

		if (sscanf(line, "%*d %*d %u:%u %*s %2047s", &major_number, &minor_number,
			    folder) != 3 ||
			!nvdimm_describe(NVDIMM_SYSFS, major_number, minor_number, true, &nvdimm) ||
			nvdimm.kind == NVDIMM_NONE)
			continue;
		unescape(folder);
		found = try_folder(folder);
		if (found > most && strlen(folder) < bytes) {
			most = found;
			strcpy(best, folder);
		}
	}
	if (mounts != NULL)
		fclose(mounts);
}

/* The kernel did not take it as its own memory. */
static bool is_offered(const char *name)
{
	char folder[300], text[32];
	struct nvdimm nvdimm;
	unsigned major_number, minor_number;

	snprintf(folder, sizeof(folder), "/sys/bus/dax/devices/%.200s", name);
	sysfs_line(folder, "dev", text, sizeof(text));
	return sscanf(text, "%u:%u", &major_number, &minor_number) == 2 &&
	       nvdimm_describe(NVDIMM_SYSFS, major_number, minor_number, false, &nvdimm) &&
	       !nvdimm.system_ram;
}

/* The first devdax node, for the note; empty when there is none. */
static void first_devdax(char *name, size_t bytes)
{
	DIR *devices = opendir("/sys/bus/dax/devices");
	struct dirent *entry;

	name[0] = '\0';
	while (devices != NULL && (entry = readdir(devices)) != NULL)
		if (strncmp(entry->d_name, "dax", 3) == 0 && name[0] == '\0' &&
			is_offered(entry->d_name))
			snprintf(name, bytes, "/dev/%s", entry->d_name);
	if (devices != NULL)
		closedir(devices);
}

bool target_choose(struct target_request *request, struct err *e)
{
	char folder[sizeof(request->path)], node[300], other[400] = "";
	bool ok;

	best_mount(folder, sizeof(folder));
	if (folder[0] != '\0') {
		ok = target_parse(folder, 0, request, e);
		snprintf(request->note, sizeof(request->note), "target auto: %s", folder);
		return ok;
	}
	first_devdax(node, sizeof(node));
	if (node[0] != '\0')
		snprintf(other, sizeof(other),
			" (%s is there; it would be overwritten, so it must be named)", node);
	ok = target_parse("memfd", 0, request, e);
	snprintf(request->note, sizeof(request->note),
		"target auto: no mounted file system with DAX that this user may write to%s: "
		"memfd, emulated",
		other);
	return ok;
}
