// SPDX-License-Identifier: MIT
#include "strategy/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROOM 65536ul
#define FILL 0x5a

/* Until the child ends; false: it had to be ended. */
static bool await(pid_t child, int *status)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	for (unsigned waited = 0; waited < TRIAL_SECONDS * 200; waited++) {
		pid_t ended = waitpid(child, status, WNOHANG);

		if (ended == child)
			return true;
		nanosleep(&pause, NULL);
	}
	kill(child, SIGKILL);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	return false;
}

static bool judge(bool ended, int status, const char *said, struct err *why)
{
	const char *where = said[0] != '\0' ? ": " : "";

	if (!ended)
		return err_set(why, ERR_FAILED, "it did not come back within %d s%s%.200s",
			TRIAL_SECONDS, where, said);
	if (WIFSIGNALED(status))
		return err_set(why, ERR_FAILED, "it crashed (%s)%s%.200s",
			strsignal(WTERMSIG(status)), where, said);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	return err_set(why, ERR_FAILED, "%.200s", said[0] != '\0' ? said : "it left the process");
}

bool trial_run(void (*work)(void *arg, char *said), void *arg, struct err *why)
{
	char *said =
		mmap(NULL, TRIAL_SAID, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool ended = false, ok;
	int status = 0;
	pid_t child;

	if (said == MAP_FAILED)
		return err_errno(why, errno, "cannot try it: mmap");
	child = fork();
	if (child == 0) {
		/* What it may have caught of our signals is not caught here. */
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		work(arg, said);
		_exit(said[0] != '\0');
	}
	if (child > 0)
		ended = await(child, &status);
	ok = child > 0 ? judge(ended, status, said, why)
		       : err_errno(why, errno, "cannot try it: fork");
	munmap(said, TRIAL_SAID);
	return ok;
}

/* ROOM bytes with a page before and behind them that nobody may touch. */
static char *guarded(size_t page)
{
	char *all = mmap(NULL, ROOM + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED || mprotect(all + page, ROOM, PROT_READ | PROT_WRITE) != 0)
		return NULL;
	return all + page;
}

struct copies {
	trial_copy *copy;
};

static bool right(const char *to, const char *dst, const char *src, size_t len, char *said)
{
	size_t start = (size_t)(dst - to);

	for (size_t i = 0; i < ROOM; i++) {
		bool inside = i >= start && i < start + len;
		char should = inside ? src[i - start] : FILL;

		if (to[i] == should)
			continue;
		if (inside)
			snprintf(said, TRIAL_SAID,
				"it copies wrongly: byte %zu of %zu, the destination %zu past a "
				"line, is 0x%02x, should be 0x%02x",
				i - start, len, start % 64, (unsigned char)to[i],
				(unsigned char)should);
		else
			snprintf(said, TRIAL_SAID,
				"it writes outside its destination: %td bytes from the start of "
				"%zu, %zu past a line",
				(ptrdiff_t)i - (ptrdiff_t)start, len, start % 64);
		return false;
	}
	return true;
}

/* At the start of its room, ending with it, and in between. */
static void try_copies(void *arg, char *said)
{
	static const size_t sizes[] = {1, 2, 3, 7, 8, 9, 15, 16, 31, 33, 63, 64, 65, 100, 127, 128,
		129, 255, 256, 257, 511, 513, 1000, 1024, 4095, 4096, 4097, 8192, 20000, 60000};
	static const size_t aligns[] = {0, 1, 8, 33, 63};
	const struct copies *copies = arg;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *to = guarded(page), *from = guarded(page);

	if (to == NULL || from == NULL) {
		snprintf(said, TRIAL_SAID, "no memory to try it in");
		return;
	}
	for (size_t i = 0; i < ROOM; i++)
		from[i] = (char)(i * 167 + i / 256);
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (size_t a = 0; a < 2 * sizeof(aligns) / sizeof(aligns[0]); a++) {
			size_t len = sizes[s], align = aligns[a / 2];
			/* Both against the guard behind, and against the one before. */
			char *dst = a % 2 == 0 ? to + ROOM - len : to + align;
			const char *src = a % 2 == 0 ? from + align : from + ROOM - len;

			memset(to, FILL, ROOM);
			/* Stands when it does not come back; empty again when it does. */
			snprintf(said, TRIAL_SAID,
				"copying %zu bytes, the destination %zu and the source %zu past a "
				"line",
				len, (size_t)(uintptr_t)dst % 64, (size_t)(uintptr_t)src % 64);
			copies->copy(dst, src, len);
			said[0] = '\0';
			if (!right(to, dst, src, len, said))
				return;
		}
}

bool trial_copies(trial_copy *copy, struct err *why)
{
	struct copies copies = {copy};

	return trial_run(try_copies, &copies, why);
}
