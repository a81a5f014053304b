// SPDX-License-Identifier: MIT
#include "base/listen.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"

/*
 * Until the other end is closed. Signals are let in only while we wait: one that came
 * between the last look and a plain read() would not be passed on.
 */
static void listen_to(int fd, pid_t child, char *said, size_t bytes)
{
	sigset_t ours, before;
	bool passed_on = false;
	size_t used = 0;

	interrupt_signals(&ours);
	sigprocmask(SIG_BLOCK, &ours, &before);
	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		size_t room = bytes - 1 - used;
		ssize_t got;

		if (interrupt_pending() && !passed_on)
			passed_on = kill(child, SIGTERM) == 0;
		if (room == 0) { /* what matters comes last */
			used = (bytes - 1) / 2;
			memmove(said, said + bytes - 1 - used, used);
			room = bytes - 1 - used;
		}
		if (ppoll(&wait, 1, NULL, &before) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		got = read(fd, said + used, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	said[used] = '\0';
}

/* In the child: never returns. */
static void become(
	char *const arguments[], char *const environment[], int said, int failure, pid_t parent)
{
	int null = open("/dev/null", O_RDWR), failed;

	/* Not the terminal's signals and ours as well: the second would end it at once. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1); /* it is gone already */
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	dup2(said, STDERR_FILENO);
	execvpe(arguments[0], arguments, environment);
	failed = errno;
	if (write(failure, &failed, sizeof(failed)) < 0)
		_exit(126);
	_exit(127);
}

bool listen_run(char *const arguments[], char *const environment[], char *said, size_t bytes,
	int *status, struct err *e)
{
	int ends[2], failure[2], failed = 0;
	pid_t parent = getpid(), child, ended;

	said[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_errno(e, errno, "cannot run %s: pipe", arguments[0]);
	if (pipe2(failure, O_CLOEXEC) != 0) {
		err_errno(e, errno, "cannot run %s: pipe", arguments[0]);
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	child = fork();
	if (child == 0)
		become(arguments, environment, ends[1], failure[1], parent);
	if (child < 0)
		failed = errno;
	close(ends[1]);
	close(failure[1]);
	if (child > 0) {
		if (read(failure[0], &failed, sizeof(failed)) != sizeof(failed))
			failed = 0;
		listen_to(ends[0], child, said, bytes);
		while ((ended = waitpid(child, status, 0)) < 0 && errno == EINTR)
			;
		if (ended < 0 && failed == 0)
			failed = errno;
	}
	close(ends[0]);
	close(failure[0]);
	return failed == 0 || err_errno(e, failed, "cannot run %s", arguments[0]);
}

const char *listen_last_line(char *said)
{
	size_t len = strlen(said);

	while (len > 0 && isspace((unsigned char)said[len - 1]))
		said[--len] = '\0';
	while (len > 0 && said[len - 1] != '\n')
		len--;
	return said + len;
}
