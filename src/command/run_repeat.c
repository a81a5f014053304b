// SPDX-License-Identifier: MIT
#include "command/run_repeat.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"

void run_repeat_name(const char *path, unsigned number, char *name, unsigned bytes)
{
	const char *ending = strrchr(path, '.');
	int stem = ending != NULL && strchr(ending, '/') == NULL ? (int)(ending - path)
								 : (int)strlen(path);

	snprintf(name, bytes, "%.*s-%u%s", stem, path, number, path + stem);
}

/* Until it has ended; what asks us to stop asks it, too. */
static bool await(pid_t child, int *status, struct err *e)
{
	bool told = false;

	while (waitpid(child, status, 0) < 0) {
		if (errno != EINTR)
			return err_errno(e, errno, "cannot wait for a run");
		if (interrupt_pending() && !told)
			kill(child, SIGTERM);
		told = interrupt_pending();
	}
	return true;
}

bool run_repeat(unsigned runs, bool (*one)(void *arg, unsigned number, struct err *e), void *arg,
	struct err *e)
{
	for (unsigned number = 1; number <= runs; number++) {
		int status;
		pid_t child;

		fflush(stdout);
		child = fork();
		if (child < 0)
			return err_errno(e, errno, "cannot start run %u", number);
		if (child == 0)
			return one(arg, number, e);
		interrupt_install(); /* in the parent alone: a child has its own */
		if (!await(child, &status, e))
			return false;
		if (interrupt_pending())
			return err_set(e, ERR_FAILED, "interrupted in run %u of %u", number, runs);
		if (WIFSIGNALED(status))
			return err_set(e, ERR_FAILED, "run %u of %u was ended by signal %d (%s)",
				number, runs, WTERMSIG(status), strsignal(WTERMSIG(status)));
		if (WEXITSTATUS(status) != 0) {
			e->code = WEXITSTATUS(status);
			e->text[0] = '\0'; /* it has said why */
			return false;
		}
	}
	return true;
}
