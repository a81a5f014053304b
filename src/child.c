// SPDX-License-Identifier: MIT
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/listen.h"

extern char **environ;

#define MOST_ARGUMENTS 16
#define ARGUMENT_BYTES 700

/* The environment with the variable as the child wants it; the caller frees the array alone. */
static char **environment(const struct child *child, char *setting)
{
	size_t n = 0, kept = 0, len = child->variable != NULL ? strlen(child->variable) : 0;
	char **copy;

	while (environ[n] != NULL)
		n++;
	copy = calloc(n + 2, sizeof(copy[0]));
	if (copy == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (len == 0 || strncmp(environ[i], child->variable, len) != 0 ||
			environ[i][len] != '=')
			copy[kept++] = environ[i];
	if (setting[0] != '\0')
		copy[kept] = setting;
	return copy;
}

/* Without the name that main puts before an error. */
static const char *error_of(char *said)
{
	static const char name[] = "daxmark: ";
	const char *line = listen_last_line(said);

	return strncmp(line, name, strlen(name)) == 0 ? line + strlen(name) : line;
}

static bool spawn(const struct child *child, char *const arguments[], struct err *e)
{
	char setting[100] = "", said[2000];
	posix_spawn_file_actions_t actions;
	int failed, status, ends[2];
	char **variables;
	pid_t pid;

	if (child->value != NULL)
		snprintf(setting, sizeof(setting), "%s=%s", child->variable, child->value);
	variables = environment(child, setting);
	if (variables == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (pipe2(ends, O_CLOEXEC) != 0) {
		free(variables);
		return err_errno(e, errno, "cannot run daxmark: pipe");
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	failed = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments, variables);
	posix_spawn_file_actions_destroy(&actions);
	free(variables);
	close(ends[1]);
	if (failed != 0) {
		close(ends[0]);
		return err_errno(e, failed, "cannot run daxmark");
	}
	listen_to(ends[0], pid, said, sizeof(said));
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (interrupt_pending())
		return err_set(e, ERR_FAILED, "interrupted");
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       err_set(e, ERR_FAILED, "%.600s",
		       said[0] != '\0' ? error_of(said) : "a measurement died");
}

bool child_measure(const struct child *child, struct result *result, struct err *e)
{
	const struct {
		const char *option, *value;
	} options[] = {{"target", child->target}, {"strategies", child->strategies},
		{"op", child->operations}, {"size", child->sizes}, {"state", child->states},
		{"footprint", child->footprint}};
	char text[MOST_ARGUMENTS][ARGUMENT_BYTES], *arguments[MOST_ARGUMENTS + 1] = {NULL};
	const char *folder = getenv("TMPDIR");
	char path[440];
	size_t n = 0;
	bool ok;
	int fd;

	memset(result, 0, sizeof(*result));
	snprintf(path, sizeof(path), "%.400s/daxmark-child-XXXXXX",
		folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return err_errno(e, errno, "cannot make %s", path);
	close(fd);
	strcpy(text[n++], "daxmark");
	strcpy(text[n++], "run");
	strcpy(text[n++], "--quiet");
	strcpy(text[n++], "--force");
	snprintf(text[n++], ARGUMENT_BYTES, "--budget=%.3fs", child->budget_s);
	snprintf(text[n++], ARGUMENT_BYTES, "--output=%s", path);
	if (child->overwrite)
		strcpy(text[n++], "--overwrite");
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].value != NULL)
			snprintf(text[n++], ARGUMENT_BYTES, "--%s=%.680s", options[i].option,
				options[i].value);
	for (size_t i = 0; i < n; i++)
		arguments[i] = text[i];
	ok = spawn(child, arguments, e) && result_read(result, path, e);
	if (ok)
		result_sort(result);
	unlink(path);
	return ok;
}
