// SPDX-License-Identifier: MIT
/*
 * A devdax node (/dev/daxX.Y): the device's memory without a file system. Its
 * content is overwritten, so it must be said. It has no read, write or fsync.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sys/nvdimm.h"
#include "sys/sysfs.h"
#include "target/target.h"

/* A number in the device's sysfs folder; 0 when there is none. */
static uint64_t attribute(const struct nvdimm *nvdimm, const char *name)
{
	char text[32];

	sysfs_line(nvdimm->path, name, text, sizeof(text));
	return strtoull(text, NULL, 0);
}

static bool find(const struct target_request *request, struct nvdimm *nvdimm, struct err *e)
{
	struct stat st;

	if (stat(request->path, &st) != 0)
		return err_errno(e, errno, "target %s", request->path);
	if (!nvdimm_describe(NVDIMM_SYSFS, major(st.st_rdev), minor(st.st_rdev), false, nvdimm) ||
		strncmp(nvdimm->device.name, "dax", 3) != 0)
		return err_set(e, ERR_USAGE, "target %s is a character device but not devdax",
			request->path);
	return true;
}

static bool devdax_describe(
	const struct target_request *request, struct target_facts *facts, struct err *e)
{
	struct nvdimm nvdimm;

	if (!find(request, &nvdimm, e))
		return false;
	target_describe_nvdimm(&nvdimm, facts);
	facts->access = ACCESS_DEVDAX;
	if (nvdimm.system_ram)
		snprintf(facts->device.mode, sizeof(facts->device.mode), "system-ram");
	facts->bytes = attribute(&nvdimm, "size");
	facts->page_bytes = attribute(&nvdimm, "align");
	return true;
}

static bool devdax_open(
	struct target *target, const struct target_request *request, uint64_t bytes, struct err *e)
{
	struct target_facts *facts = &target->facts;
	struct nvdimm nvdimm;
	uint64_t have, align;

	if (!find(request, &nvdimm, e) || !devdax_describe(request, facts, e))
		return false;
	if (nvdimm.system_ram)
		return err_set(e, ERR_FAILED,
			"target %s is used as system RAM (driver kmem): 'daxctl reconfigure-device "
			"-m devdax' gives it back",
			request->path);
	have = facts->bytes;
	align = facts->page_bytes ? facts->page_bytes : 2 << 20;
	if (!request->overwrite)
		return err_set(e, ERR_FAILED,
			"target %s: its content would be lost: say " ERR_OF("overwrite"),
			request->path);
	bytes = (bytes + align - 1) / align * align;
	if (bytes > have)
		return err_set(e, ERR_FAILED,
			"target %s has %llu bytes, the run needs %llu: ask for smaller sizes",
			request->path, (unsigned long long)have, (unsigned long long)bytes);
	facts->bytes = bytes;
	target->device_bytes = have;
	target->fd = open(request->path, O_RDWR | O_CLOEXEC);
	if (target->fd < 0)
		return err_errno(e, errno, "target %s: cannot open it", request->path);
	if (!target_lock(target, e)) {
		close(target->fd);
		return false;
	}
	target->base = target_map(target->fd, bytes, align, MAP_SHARED);
	if (target->base == MAP_FAILED) {
		target->base = NULL;
		err_errno(e, errno, "target %s: mmap", request->path);
		close(target->fd);
		return false;
	}
	target_touch(target);
	return true;
}

/* Other pages: the next stretch of the device, behind the same addresses. */
static bool devdax_refresh(struct target *target, struct err *e)
{
	uint64_t bytes = target->facts.bytes, next = target->offset + bytes;

	if (next + bytes > target->device_bytes)
		next = 0;
	if (next == target->offset)
		return true;
	if (mmap(target->base, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, target->fd,
		    (off_t)next) == MAP_FAILED)
		return err_errno(e, errno, "target %s: mmap", target->facts.name);
	target->offset = next;
	target_touch(target);
	return true;
}

const struct target_ops target_devdax = {
	.own_pages = true,
	.name = "/dev/daxX.Y",
	.help = "a devdax node; what it holds is overwritten, where that is allowed",
	.describe = devdax_describe,
	.open = devdax_open,
	.refresh = devdax_refresh,
	.close = target_unmap,
};
