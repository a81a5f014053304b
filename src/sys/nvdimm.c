// SPDX-License-Identifier: MIT
#include "sys/nvdimm.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/sysfs.h"

static const char *const kinds[] = {
	"", "legacy e820 (memmap=)", "NFIT", "virtio-pmem", "CXL", "other"};

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

	if (start == NULL) /* .../ACPI0017:00/root0/decoder0.0/region0/dax_region0/dax0.0 */
		start = strstr(path, "/ACPI0017");
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

static int number(const char *folder, const char *name, int unknown)
{
	char text[32];

	sysfs_line(folder, name, text, sizeof(text));
	return text[0] != '\0' ? atoi(text) : unknown;
}

/*
 * The mode of the namespace in ndctl's words. Below its region the path goes on
 * with the namespace itself, or with a pfn, btt or dax device that names it.
 */
static void read_mode(const char *path, const char *region, char *mode, size_t bytes)
{
	static const char *const words[][2] = {
		{"memory", "fsdax"}, {"dax", "devdax"}, {"safe", "sector"}, {"raw", "raw"}};
	char folder[PATH_MAX + 64], name[64], said[32];
	size_t at = strlen(region) + 1;

	if (strlen(path) <= at)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(path + at, "/"), path + at);
	if (strncmp(name, "namespace", 9) != 0) {
		snprintf(folder, sizeof(folder), "%s/%s", region, name);
		sysfs_line(folder, "namespace", name, sizeof(name));
	}
	snprintf(folder, sizeof(folder), "%s/%s", region, name);
	sysfs_line(folder, "mode", said, sizeof(said));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(said, words[i][0]) == 0)
			snprintf(mode, bytes, "%s", words[i][1]);
}

/* How much it takes for data to be durable: the more, the weaker. */
static int weakness(enum domain domain)
{
	return domain == DOMAIN_CPU_CACHE	    ? 0
	       : domain == DOMAIN_MEMORY_CONTROLLER ? 1
	       : domain == DOMAIN_FSYNC_ONLY	    ? 3
						    : 2;
}

enum domain nvdimm_weaker(enum domain a, enum domain b)
{
	return weakness(b) > weakness(a) ? b : a;
}

/* One more device below a device-mapper one: it is no better than the worst of them. */
static void join(struct nvdimm *all, const struct nvdimm *part)
{
	struct device_facts *device = &all->device;

	if (all->kind == NVDIMM_NONE) {
		*all = *part;
		return;
	}
	/* Real memory beside what stands in for it does not make that real. */
	if (part->kind == NVDIMM_E820 || part->kind == NVDIMM_VIRTIO)
		all->kind = part->kind;
	else if (part->kind != all->kind && all->kind != NVDIMM_E820 && all->kind != NVDIMM_VIRTIO)
		all->kind = NVDIMM_OTHER;
	all->domain = nvdimm_weaker(all->domain, part->domain);
	if (part->node != all->node)
		all->node = -1;
	if (device->bad_ranges < 0 || part->device.bad_ranges < 0)
		device->bad_ranges = -1;
	else
		device->bad_ranges += part->device.bad_ranges;
	if (part->device.write_cache != device->write_cache)
		device->write_cache = -1;
	if (strcmp(part->device.mode, device->mode) != 0)
		device->mode[0] = '\0';
	if (part->device.interleave_ways != device->interleave_ways)
		device->interleave_ways = 0;
}

/* A device of device-mapper (LVM, dm-linear, dm-stripe): what is below it decides. */
static bool describe_mapped(const char *sysfs, const char *path, struct nvdimm *nvdimm)
{
	char folder[PATH_MAX + 16], below[PATH_MAX + 300], number_text[32];
	struct nvdimm all = {.kind = NVDIMM_NONE, .node = -1};
	struct dirent *entry;
	bool any = false, known = true;
	DIR *slaves;

	snprintf(folder, sizeof(folder), "%s/slaves", path);
	slaves = opendir(folder);
	while (slaves != NULL && (entry = readdir(slaves)) != NULL) {
		unsigned major, minor;
		struct nvdimm part;

		if (entry->d_name[0] == '.')
			continue;
		any = true;
		snprintf(below, sizeof(below), "%s/%.255s", folder, entry->d_name);
		sysfs_line(below, "dev", number_text, sizeof(number_text));
		if (sscanf(number_text, "%u:%u", &major, &minor) == 2 &&
			nvdimm_describe(sysfs, major, minor, true, &part) &&
			part.kind != NVDIMM_NONE)
			join(&all, &part);
		else
			known = false; /* part of it is no pmem at all */
	}
	if (slaves != NULL)
		closedir(slaves);
	if (!any || !known)
		return false;
	snprintf(all.device.name, sizeof(all.device.name), "%.63s", strrchr(path, '/') + 1);
	snprintf(all.device.kind, sizeof(all.device.kind), "%s", kinds[all.kind]);
	snprintf(all.path, sizeof(all.path), "%.511s", path);
	*nvdimm = all;
	return true;
}

/* The driver that a devdax node is bound to: device_dax hands it out, kmem gave it to the kernel. */
static bool is_system_ram(const char *path)
{
	char link[PATH_MAX + 16], driver[PATH_MAX];

	snprintf(link, sizeof(link), "%s/driver", path);
	return realpath(link, driver) != NULL && strcmp(strrchr(driver, '/') + 1, "kmem") == 0;
}

bool nvdimm_describe(
	const char *sysfs, unsigned major, unsigned minor, bool block, struct nvdimm *nvdimm)
{
	struct device_facts *device = &nvdimm->device;
	char link[PATH_MAX], path[PATH_MAX], region[PATH_MAX], text[64];

	memset(nvdimm, 0, sizeof(*nvdimm));
	nvdimm->node = -1;
	nvdimm->domain = DOMAIN_NONE;
	device->write_cache = -1;
	device->bad_ranges = -1;
	snprintf(link, sizeof(link), "%.4000s/dev/%s/%u:%u", sysfs, block ? "block" : "char", major,
		minor);
	if (realpath(link, path) == NULL)
		return false;
	snprintf(nvdimm->path, sizeof(nvdimm->path), "%.511s", path);
	snprintf(device->name, sizeof(device->name), "%.63s", strrchr(path, '/') + 1);
	nvdimm->kind = kind_of(path);
	nvdimm->system_ram = !block && is_system_ram(path);
	snprintf(device->kind, sizeof(device->kind), "%s", kinds[nvdimm->kind]);
	if (!region_of(path, region)) {
		if (block && nvdimm->kind == NVDIMM_NONE)
			describe_mapped(sysfs, path, nvdimm);
		else if (!block)
			nvdimm->node = number(path, "target_node", number(path, "numa_node", -1));
		return true;
	}
	/* Of a partition the disk knows. */
	if (block)
		device->bad_ranges = count_lines(path, "badblocks");
	if (block && device->bad_ranges < 0)
		device->bad_ranges = count_lines(path, "../badblocks");
	if (device->bad_ranges < 0)
		device->bad_ranges = count_lines(region, "badblocks");
	device->interleave_ways = number(region, "mappings", number(region, "interleave_ways", 0));
	device->write_cache =
		number(path, "dax/write_cache", number(path, "../dax/write_cache", -1));
	read_mode(path, region, device->mode, sizeof(device->mode));
	/* A region of CXL says itself whether it is persistent; only then is anything durable. */
	sysfs_line(region, "mode", text, sizeof(text));
	nvdimm->is_volatile = nvdimm->kind == NVDIMM_CXL && strcmp(text, "ram") == 0;
	if (nvdimm->is_volatile)
		snprintf(device->mode, sizeof(device->mode), "ram");
	sysfs_line(region, "persistence_domain", text, sizeof(text));
	nvdimm->domain = nvdimm->is_volatile ? DOMAIN_NONE : domain_of(nvdimm, text);
	nvdimm->node = number(region, "numa_node", number(path, "numa_node", -1));
	return true;
}
