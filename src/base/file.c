// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* malloc()ed name of the folder that holds `path`. */
static char *folder_of(const char *path)
{
	char *copy = strdup(path), *folder = NULL;

	if (copy != NULL)
		folder = strdup(dirname(copy));
	free(copy);
	return folder;
}

bool file_may_create(const char *path, bool force, struct err *e)
{
	struct stat st;
	char *folder;
	bool ok = false;

	if (*path == '\0')
		return err_set(e, ERR_USAGE, "the output file has an empty name");
	if (lstat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return err_set(e, ERR_FAILED,
				"%s exists and is not a regular file: choose another name", path);
		if (!force)
			return err_set(e, ERR_FAILED,
				"%s exists: choose another name, or " ERR_OF(
					"force") " to replace it",
				path);
	} else if (errno != ENOENT) {
		return err_errno(e, errno, "cannot create %s", path);
	}
	folder = folder_of(path);
	if (folder == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (stat(folder, &st) != 0)
		err_errno(e, errno, "cannot create %s: folder %s", path, folder);
	else if (!S_ISDIR(st.st_mode))
		err_set(e, ERR_FAILED, "cannot create %s: %s is not a folder", path, folder);
	else if (access(folder, W_OK | X_OK) != 0)
		err_errno(e, errno, "cannot create %s: folder %s", path, folder);
	else
		ok = true;
	free(folder);
	return ok;
}

static bool write_all(int fd, const char *content, size_t bytes)
{
	while (bytes > 0) {
		ssize_t done = write(fd, content, bytes);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		content += done;
		bytes -= (size_t)done;
	}
	return true;
}

/* A rename is durable once its folder is synced; best effort, some file systems refuse. */
static void sync_folder(const char *path)
{
	char *folder = folder_of(path);
	int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

/*
 * The content in a file of another name in the same folder, synced: malloc()ed name, or
 * NULL. It is short whatever the file's own name is, which may be as long as one can be.
 */
static char *write_beside(const char *path, const char *content, size_t bytes, struct err *e)
{
	char *folder = folder_of(path), *temporary;
	mode_t mask = umask(0);
	int fd, failed;

	umask(mask);
	if (folder == NULL || asprintf(&temporary, "%s/.daxmark-XXXXXX", folder) < 0) {
		free(folder);
		err_set(e, ERR_FAILED, "out of memory");
		return NULL;
	}
	free(folder);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		err_errno(e, errno, "cannot write %s", path);
		free(temporary);
		return NULL;
	}
	failed = write_all(fd, content, bytes) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0
			 ? 0
			 : errno;
	if (close(fd) != 0 && failed == 0)
		failed = errno;
	if (failed == 0)
		return temporary;
	unlink(temporary);
	free(temporary);
	err_errno(e, failed, "cannot write %s", path);
	return NULL;
}

/* As rename(), but never over something; 0 or an errno. */
static int rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	/* A file system that knows no such flag (NFS, FAT). */
	if (link(from, to) == 0)
		return unlink(from) == 0 ? 0 : errno;
	if (errno == EEXIST || access(to, F_OK) == 0)
		return EEXIST;
	return rename(from, to) == 0 ? 0 : errno; /* no links either */
}

bool file_create(const char *path, const char *content, size_t bytes, bool *taken, struct err *e)
{
	char *temporary = write_beside(path, content, bytes, e);
	int failed;

	if (taken != NULL)
		*taken = false;
	if (temporary == NULL)
		return false;
	failed = rename_new(temporary, path);
	if (failed == 0) {
		sync_folder(path);
	} else {
		unlink(temporary);
		if (taken != NULL)
			*taken = failed == EEXIST;
		err_errno(e, failed, "cannot create %s", path);
	}
	free(temporary);
	return failed == 0;
}

bool file_replace(const char *path, const char *content, size_t bytes, struct err *e)
{
	char *temporary = write_beside(path, content, bytes, e);
	int failed = 0;

	if (temporary == NULL)
		return false;
	if (rename(temporary, path) != 0) {
		failed = errno;
		unlink(temporary);
		err_errno(e, failed, "cannot write %s", path);
	} else {
		sync_folder(path);
	}
	free(temporary);
	return failed == 0;
}

bool file_replace_stream(
	const char *path, FILE *stream, char **text, const size_t *bytes, struct err *e)
{
	bool ok = fclose(stream) == 0 ? file_replace(path, *text, *bytes, e)
				      : err_set(e, ERR_FAILED, "out of memory");

	free(*text);
	return ok;
}

char *file_read(const char *path, size_t limit, size_t *bytes, struct err *e)
{
	FILE *file = fopen(path, "re");
	size_t used = 0, room = 0;
	char *content = NULL;
	struct stat st;

	if (file == NULL) {
		err_errno(e, errno, "cannot read %s", path);
		return NULL;
	}
	if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(e, ERR_FAILED, "cannot read %s: it is a folder", path);
		goto fail;
	}
	do {
		char *grown;

		room = room == 0 ? 65536 : room * 2;
		grown = realloc(content, room + 1);
		if (grown == NULL) {
			err_set(e, ERR_FAILED, "cannot read %s: out of memory", path);
			goto fail;
		}
		content = grown;
		used += fread(content + used, 1, room - used, file);
		if (ferror(file)) {
			err_errno(e, errno, "cannot read %s", path);
			goto fail;
		}
		if (used > limit) {
			err_set(e, ERR_FAILED, "cannot read %s: larger than %zu bytes", path,
				limit);
			goto fail;
		}
	} while (used == room);
	fclose(file);
	content[used] = '\0';
	*bytes = used;
	return content;
fail:
	fclose(file);
	free(content);
	return NULL;
}
