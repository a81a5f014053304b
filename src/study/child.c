// SPDX-License-Identifier: MIT
#include "study/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/listen.h"
#include "base/self.h"

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
	char **variables;
	int status;
	bool ran;

	if (child->value != NULL)
		snprintf(setting, sizeof(setting), "%s=%s", child->variable, child->value);
	variables = environment(child, setting);
	if (variables == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	ran = listen_run(arguments, variables, said, sizeof(said), &status, e);
	free(variables);
	if (!ran)
		return false;
	if (interrupt_pending())
		return err_set(e, ERR_FAILED, "interrupted");
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       err_set(e, ERR_FAILED, "%.380s",
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
	char program[SELF_BYTES];
	const char *folder = getenv("TMPDIR");
	char path[440];
	size_t n = 0;
	bool ok;
	int fd;

	memset(result, 0, sizeof(*result));
	if (!self_path(program))
		return err_set(e, ERR_FAILED,
			"cannot run daxmark again: /proc is not mounted, and its own name is not a "
			"path");
	snprintf(path, sizeof(path), "%.400s/daxmark-child-XXXXXX",
		folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return err_errno(e, errno, "cannot make %s", path);
	close(fd);
	snprintf(text[n++], ARGUMENT_BYTES, "%s", program);
	strcpy(text[n++], "run");
	strcpy(text[n++], "--quiet");
	strcpy(text[n++], "--force");
	snprintf(text[n++], ARGUMENT_BYTES, "--budget=%.3fs", child->budget_s);
	snprintf(text[n++], ARGUMENT_BYTES, "--output=%s", path);
	if (child->overwrite)
		strcpy(text[n++], "--overwrite");
	if (child->create)
		strcpy(text[n++], "--create");
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
