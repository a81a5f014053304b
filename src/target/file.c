// SPDX-License-Identifier: MIT
/*
 * A file: fsdax with synchronous faults where the file system grants MAP_SYNC,
 * fsdax without, or the page cache, and the facts say which. Given a folder it
 * makes a file of its own there, which has no name and is gone afterwards; a
 * file that exists is only used when told to overwrite it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sys/nvdimm.h"
#include "sys/sysfs.h"
#include "target/target.h"

/* The folder that will hold the file, or the file itself when it is there; *sync: mounted with -o sync. */
static bool stat_place(const char *path, struct stat *st, bool *sync, struct err *e)
{
	char folder[TARGET_PATH_BYTES];
	struct statvfs mount;

	*sync = statvfs(path, &mount) == 0 && (mount.f_flag & ST_SYNCHRONOUS) != 0;
	if (stat(path, st) == 0)
		return true;
	if (errno != ENOENT)
		return err_errno(e, errno, "target %s", path);
	target_folder(path, folder);
	*sync = statvfs(folder, &mount) == 0 && (mount.f_flag & ST_SYNCHRONOUS) != 0;
	if (stat(folder, st) == 0)
		return true;
	return err_errno(e, errno, "target %s: folder %s", path, folder);
}

static bool file_describe(
	const struct target_request *request, struct target_facts *facts, struct err *e)
{
	struct nvdimm nvdimm;
	struct stat st;

	if (!stat_place(request->path, &st, &facts->sync_mount, e))
		return false;
	/* Until the mapping tells otherwise: pages of the page cache, whatever is below. */
	facts->access = ACCESS_PAGE_CACHE;
	facts->medium = MEDIUM_DRAM;
	facts->domain = DOMAIN_FSYNC_ONLY;
	facts->emulated = true;
	if (nvdimm_describe(NVDIMM_SYSFS, major(st.st_dev), minor(st.st_dev), true, &nvdimm) &&
		nvdimm.kind != NVDIMM_NONE) {
		target_describe_nvdimm(&nvdimm, facts);
		facts->access = ACCESS_FSDAX_SYNC;
	}
	return true;
}

/* A file without a name in a folder; on a file system that makes none, one that loses it. */
static int open_nameless(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char path[TARGET_PATH_BYTES + 20];

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd;
	snprintf(path, sizeof(path), "%s/.daxmark-XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* An open file that may be overwritten, `created` when it was not there; -1 on failure. */
static int open_file(const struct target_request *request, bool *created, struct err *e)
{
	const char *path = request->path;
	struct stat st;
	int fd;

	*created = stat(path, &st) != 0;
	if (*created) {
		fd = open(path, O_RDWR | O_CLOEXEC | O_CREAT | O_EXCL, 0600);
	} else if (S_ISDIR(st.st_mode)) {
		fd = open_nameless(path);
	} else if (request->overwrite) {
		fd = open(path, O_RDWR | O_CLOEXEC);
	} else {
		err_set(e, ERR_FAILED,
			"target %s exists: its content would be lost; name a new file or a folder, "
			"or say " ERR_OF("overwrite"),
			path);
		return -1;
	}
	if (fd < 0)
		err_errno(e, errno, "target %s: cannot open a file", path);
	return fd;
}

/* STATX_ATTR_DAX: the file's pages are the device's. */
static bool is_dax(int fd)
{
	struct statx stx;

	return statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx) == 0 &&
	       (stx.stx_attributes & STATX_ATTR_DAX) != 0;
}

/* The block device under the file offers DAX, whatever the file system makes of it. */
static bool device_has_dax(int fd)
{
	char link[64], path[PATH_MAX], said[8];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
	if (realpath(link, path) == NULL)
		return false;
	sysfs_line(path, "queue/dax", said, sizeof(said));
	if (said[0] == '\0') /* a partition: its disk knows */
		sysfs_line(path, "../queue/dax", said, sizeof(said));
	return said[0] == '1';
}

/*
 * The kernel refuses MAP_SYNC with one error (EOPNOTSUPP) for three reasons,
 * and each has another remedy.
 */
static void say_no_sync(struct target *target, bool dax)
{
	const char *why = "no DAX: there is no device with DAX under this file system";

	if (dax)
		why = "no synchronous faults: the device (or file system) cannot make them; "
		      "virtio-pmem cannot";
	else if (device_has_dax(target->fd))
		why = "the file system's policy: the device has DAX, this file is not (mount -o "
		      "dax=always)";
	snprintf(target->facts.no_sync, sizeof(target->facts.no_sync), "%s", why);
}

static bool map_file(struct target *target, uint64_t bytes, struct err *e)
{
	struct target_facts *facts = &target->facts;
	bool dax = is_dax(target->fd);

	target->base = target_map(target->fd, bytes, 0, MAP_SHARED_VALIDATE | MAP_SYNC);
	facts->map_sync = target->base != MAP_FAILED;
	if (!facts->map_sync) {
		say_no_sync(target, dax);
		target->base = target_map(target->fd, bytes, 0, MAP_SHARED);
	}
	if (target->base == MAP_FAILED) {
		target->base = NULL;
		return err_errno(e, errno, "target %s: mmap", facts->name);
	}
	facts->access = facts->map_sync ? ACCESS_FSDAX_SYNC
			: dax		? ACCESS_FSDAX
					: ACCESS_PAGE_CACHE;
	if (facts->access == ACCESS_PAGE_CACHE) {
		facts->medium = MEDIUM_DRAM;
		facts->domain = DOMAIN_FSYNC_ONLY;
		facts->emulated = true;
	} else if (facts->device.kind[0] == '\0') {
		facts->domain = DOMAIN_UNKNOWN; /* DAX on a device that sysfs says nothing of */
	}
	return true;
}

static uint64_t length_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* Blocks that were shared with lie past its end (stage/pages.c): a file that was there loses them. */
static void file_close(struct target *target)
{
	uint64_t keep =
		target->file_bytes > target->facts.bytes ? target->file_bytes : target->facts.bytes;

	/* Where that fails the file is longer than it was, and no more. */
	if (length_of(target->fd) > keep && ftruncate(target->fd, (off_t)keep) != 0)
		errno = 0;
	target_unmap(target);
}

static bool file_open(
	struct target *target, const struct target_request *request, uint64_t bytes, struct err *e)
{
	bool created;

	if (!file_describe(request, &target->facts, e))
		return false;
	target->fd = open_file(request, &created, e);
	if (target->fd < 0)
		return false;
	target->file_bytes = length_of(target->fd);
	if (created) /* ours: gone when the run is, however it ends */
		unlink(request->path);
	if (target_lock(target, e) && target_allocate(target, e) && map_file(target, bytes, e)) {
		target_ask_pages(target, target->base);
		target_touch(target);
		return true;
	}
	close(target->fd);
	return false;
}

static int file_beside(const struct target_request *request)
{
	char folder[TARGET_PATH_BYTES];
	struct stat st;

	if (stat(request->path, &st) == 0 && S_ISDIR(st.st_mode))
		return open_nameless(request->path);
	target_folder(request->path, folder);
	return open_nameless(folder);
}

const struct target_ops target_file = {
	.is_file = true,
	.name = "PATH",
	.help = "a folder (a file is made there) or a file: fsdax, or the page cache, labelled",
	.describe = file_describe,
	.open = file_open,
	.refresh = target_renew,
	.close = file_close,
	.beside = file_beside,
};
