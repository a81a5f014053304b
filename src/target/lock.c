// SPDX-License-Identifier: MIT
/*
 * One user of a target at a time: two that write to one file each find the other's bytes
 * where theirs should be. The lock (flock) belongs to the open file: no other close drops it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "target/target.h"

/*
 * Who holds it, from a line of /proc/locks:
 * "1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF". The kernel leaves out the holders of
 * other process name spaces. 0: it does not tell.
 */
static long holder(int fd)
{
	FILE *file = fopen("/proc/locks", "re");
	unsigned major_number, minor_number;
	unsigned long long inode;
	long pid, found = 0;
	struct stat st;
	char line[200];

	while (file != NULL && fstat(fd, &st) == 0 && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%*s FLOCK %*s %*s %ld %x:%x:%llu", &pid, &major_number,
			    &minor_number, &inode) == 4 &&
			inode == st.st_ino && major_number == major(st.st_dev) &&
			minor_number == minor(st.st_dev) && pid > 0)
			found = pid;
	if (file != NULL)
		fclose(file);
	return found;
}

bool target_lock(const struct target *target, struct err *e)
{
	char who[60];
	long pid;

	/* File systems that know no such lock leave it to the user. */
	if (flock(target->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return true;
	pid = holder(target->fd);
	if (pid > 0)
		snprintf(who, sizeof(who), "process %ld", pid);
	else
		snprintf(who, sizeof(who), "a process whose id is unknown here");
	return err_set(e, ERR_FAILED, "target %s is in use by another daxmark (%s): one at a time",
		target->facts.name, who);
}
