// SPDX-License-Identifier: MIT
#include "transfer/ends.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Names to try for a file that waits for its own. */
#define NAMES_MOST 100

static bool open_from(struct ends *ends, const char *path, struct err *e)
{
	/* A fifo would be waited for. */
	ends->from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (ends->from < 0 || fstat(ends->from, &ends->from_stat) != 0)
		return err_errno(e, errno, "cannot open %s", path);
	if (S_ISDIR(ends->from_stat.st_mode))
		return err_set(e, ERR_USAGE, "%s is a folder: one file at a time", path);
	return S_ISREG(ends->from_stat.st_mode) ||
	       err_set(e, ERR_USAGE, "%s is no regular file", path);
}

/* "DST", or "DST/SRC" where that is a folder; and the folder of it. */
static bool choose_path(struct ends *ends, const struct transfer_request *request, struct err *e)
{
	char from[ENDS_PATH], to[ENDS_PATH];
	struct stat st;
	int used;

	if (strlen(request->to) >= ENDS_PATH || strlen(request->from) >= ENDS_PATH)
		return err_set(e, ERR_USAGE, "a path is too long");
	strcpy(from, request->from);
	if (stat(request->to, &st) == 0 && S_ISDIR(st.st_mode))
		used = snprintf(
			ends->path, sizeof(ends->path), "%s/%s", request->to, basename(from));
	else
		used = snprintf(ends->path, sizeof(ends->path), "%s", request->to);
	strcpy(to, ends->path);
	snprintf(ends->folder, sizeof(ends->folder), "%s", dirname(to));
	return (used > 0 && used < ENDS_PATH) || err_set(e, ERR_USAGE, "a path is too long");
}

/* May what has the name already be lost? */
static bool may_lose(const struct ends *ends, const struct stat *st,
	const struct transfer_request *request, struct err *e)
{
	if (st->st_dev == ends->from_stat.st_dev && st->st_ino == ends->from_stat.st_ino)
		return err_set(
			e, ERR_USAGE, "%s and %s are the same file", request->from, ends->path);
	if (S_ISBLK(st->st_mode))
		return err_set(e, ERR_USAGE,
			"%s is a block device, whose mmap is the page cache: take its devdax node "
			"or a file on it",
			ends->path);
	if (S_ISCHR(st->st_mode)) {
		if (!request->in_place || !request->overwrite)
			return err_set(e, ERR_USAGE,
				"%s is a device, what it holds would be lost: " ERR_OF(
					"in place") " and " ERR_OF("overwrite") " together allow "
										"it",
				ends->path);
		return true;
	}
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_USAGE, "%s is no regular file", ends->path);
	return request->overwrite || request->in_place ||
	       err_set(e, ERR_USAGE,
		       "%s is there already: " ERR_OF("overwrite") " replaces it, " ERR_OF(
			       "in place") " writes into it",
		       ends->path);
}

/* A name that nobody has beside the one that the file is to get. */
static void waiting_name(struct ends *ends, unsigned n)
{
	snprintf(ends->waiting, sizeof(ends->waiting), "%s/.daxmark-copy-%ld-%u", ends->folder,
		(long)getpid(), n);
}

/*
 * Without a name where the file system can do that: what is killed leaves nothing. Else
 * under a name of its own.
 */
static bool open_new(struct ends *ends, struct err *e)
{
	ends->is_new = true;
	ends->to = open(ends->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (ends->to >= 0)
		return true;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)
		return err_errno(e, errno, "cannot make a file in %s", ends->folder);
	for (unsigned n = 0; n < NAMES_MOST && ends->to < 0; n++) {
		waiting_name(ends, n);
		ends->to = open(ends->waiting, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
		if (ends->to < 0 && errno != EEXIST)
			break;
	}
	if (ends->to >= 0)
		return true;
	ends->waiting[0] = '\0';
	return err_errno(e, errno, "cannot make a file in %s", ends->folder);
}

bool ends_open(struct ends *ends, const struct transfer_request *request, struct err *e)
{
	struct stat st;

	memset(ends, 0, sizeof(*ends));
	ends->from = ends->to = -1;
	if (!open_from(ends, request->from, e) || !choose_path(ends, request, e))
		return false;
	ends->exists = stat(ends->path, &st) == 0;
	if (!ends->exists && errno != ENOENT)
		return err_errno(e, errno, "cannot look at %s", ends->path);
	if (!ends->exists && lstat(ends->path, &st) == 0)
		return err_set(e, ERR_USAGE, "%s is a link to nothing", ends->path);
	if (ends->exists && !may_lose(ends, &st, request, e))
		return false;
	ends->device = ends->exists && S_ISCHR(st.st_mode);
	if (!ends->exists || !request->in_place)
		return open_new(ends, e);
	ends->to = open(ends->path, O_RDWR | O_CLOEXEC);
	return ends->to >= 0 || err_errno(e, errno, "cannot open %s", ends->path);
}

/* A name for a file that has none. It may not be there: so no other is ever replaced by mistake. */
static bool link_as(const struct ends *ends, const char *name)
{
	char self[40];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", ends->to);
	return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

static bool sync_folder(const struct ends *ends, struct err *e)
{
	int fd = open(ends->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	int failed = errno;

	if (fd >= 0)
		close(fd);
	return ok || err_errno(e, failed, "cannot sync folder %s", ends->folder);
}

bool ends_name(struct ends *ends, const struct transfer_request *request, struct err *e)
{
	bool ok;

	if (!ends->is_new)
		return true;
	if (fchmod(ends->to, ends->from_stat.st_mode & 0777) != 0)
		return err_errno(e, errno, "cannot set the mode of %s", ends->path);
	if (!ends->exists && ends->waiting[0] == '\0') {
		ok = link_as(ends, ends->path);
	} else {
		for (unsigned n = 0; ends->waiting[0] == '\0' && n < NAMES_MOST; n++) {
			waiting_name(ends, n);
			if (!link_as(ends, ends->waiting) && errno == EEXIST)
				ends->waiting[0] = '\0';
		}
		ok = ends->exists ? rename(ends->waiting, ends->path) == 0
				  : link(ends->waiting, ends->path) == 0;
	}
	if (!ok)
		return err_errno(e, errno, "cannot name the copy %s", ends->path);
	if (!ends->exists && ends->waiting[0] != '\0')
		unlink(ends->waiting);
	ends->waiting[0] = '\0';
	ends->is_new = false;
	return !request->sync || sync_folder(ends, e);
}

void ends_close(struct ends *ends)
{
	if (ends->is_new && ends->waiting[0] != '\0')
		unlink(ends->waiting);
	if (ends->to >= 0)
		close(ends->to);
	if (ends->from >= 0)
		close(ends->from);
	ends->from = ends->to = -1;
}
