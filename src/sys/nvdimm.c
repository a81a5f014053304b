// SPDX-License-Identifier: MIT
#include "sys/nvdimm.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/sysfs.h"

/*
 * Where the device hangs says who made it: /sys/devices/platform/e820_pmem/ndbus0,
 * .../ACPI0012:00/ndbus0 (the NFIT's ACPI device), .../virtioN/ndbus0.
 */
static enum nvdimm_kind kind_of(const char *path)
{
	if (strstr(path, "/cxl") != NULL || strstr(path, "/ACPI0017") != NULL)
		return NVDIMM_CXL;
	if (strstr(path, "/ndbus") == NULL)
		return NVDIMM_NONE;
	if (strstr(path, "/e820_pmem") != NULL)
		return NVDIMM_E820;
	if (strstr(path, "/ACPI0012") != NULL)
		return NVDIMM_NFIT;
	if (strstr(path, "/virtio") != NULL)
		return NVDIMM_VIRTIO;
	return NVDIMM_OTHER;
}

/* .../ndbus0/region0/namespace0.0/... -> .../ndbus0/region0 */
static bool region_of(const char *path, char region[PATH_MAX])
{
	const char *start = strstr(path, "/ndbus");
	size_t len;

	start = start != NULL ? strstr(start, "/region") : NULL;
	if (start == NULL)
		return false;
	len = (size_t)(start - path) + 1 + strcspn(start + 1, "/");
	snprintf(region, PATH_MAX, "%.*s", (int)len, path);
	return true;
}

static enum domain domain_of(const struct nvdimm *nvdimm, const char *said)
{
	/* Its stores end in the host's page cache; a devdax node on it even grants MAP_SYNC. */
	if (nvdimm->kind == NVDIMM_VIRTIO)
		return DOMAIN_FSYNC_ONLY;
	if (strcmp(said, "cpu_cache") == 0)
		return DOMAIN_CPU_CACHE;
	if (strcmp(said, "memory_controller") == 0)
		return DOMAIN_MEMORY_CONTROLLER;
	return DOMAIN_UNKNOWN;
}

/* How many lines a file has; -1 when there is none. */
static int count_lines(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];
	int lines = 0, c;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	while ((c = fgetc(file)) != EOF)
		lines += c == '\n';
	fclose(file);
	return lines;
}

bool nvdimm_describe(unsigned major, unsigned minor, bool block, struct nvdimm *nvdimm)
{
	char link[64], path[PATH_MAX], region[PATH_MAX], text[64];

	memset(nvdimm, 0, sizeof(*nvdimm));
	nvdimm->node = -1;
	nvdimm->domain = DOMAIN_NONE;
	nvdimm->write_cache = -1;
	nvdimm->bad_ranges = -1;
	snprintf(link, sizeof(link), "/sys/dev/%s/%u:%u", block ? "block" : "char", major, minor);
	if (realpath(link, path) == NULL)
		return false;
	snprintf(nvdimm->path, sizeof(nvdimm->path), "%.511s", path);
	snprintf(nvdimm->device, sizeof(nvdimm->device), "%.63s", strrchr(path, '/') + 1);
	nvdimm->kind = kind_of(path);
	if (!region_of(path, region))
		return true;
	nvdimm->bad_ranges = count_lines(region, "badblocks");
	sysfs_line(path, "dax/write_cache", text, sizeof(text));
	if (text[0] != '\0')
		nvdimm->write_cache = atoi(text);
	sysfs_line(region, "persistence_domain", text, sizeof(text));
	nvdimm->domain = domain_of(nvdimm, text);
	sysfs_line(region, "numa_node", text, sizeof(text));
	if (text[0] != '\0')
		nvdimm->node = atoi(text);
	return true;
}

const char *nvdimm_kind_name(enum nvdimm_kind kind)
{
	static const char *const names[] = {
		"not an NVDIMM", "legacy e820 (memmap=)", "NFIT", "virtio-pmem", "CXL", "other"};

	return names[kind];
}
