// SPDX-License-Identifier: MIT
#include "command/child.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/listen.h"
#include "base/self.h"
#include "strategy/loaded.h"

extern char **environ;

#define MOST_ARGUMENTS 24
#define ARGUMENT_BYTES 700

/* The environment with the variable as the child wants it; the caller frees the array alone. */
static char **environment(const struct study_run *run, char *setting)
{
	size_t n = 0, kept = 0, len = run->variable != NULL ? strlen(run->variable) : 0;
	char **copy;

	while (environ[n] != NULL)
		n++;
	copy = calloc(n + 2, sizeof(copy[0]));
	if (copy == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (len == 0 || strncmp(environ[i], run->variable, len) != 0 ||
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

static bool spawn(const struct study_run *run, char *const arguments[], struct err *e)
{
	char setting[100] = "", said[2000];
	char **variables;
	int status;
	bool heard;

	if (run->value != NULL)
		snprintf(setting, sizeof(setting), "%s=%s", run->variable, run->value);
	variables = environment(run, setting);
	if (variables == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	heard = listen_run(arguments, variables, said, sizeof(said), &status, e);
	free(variables);
	if (!heard)
		return false;
	if (interrupt_pending())
		return err_set(e, ERR_FAILED, "interrupted");
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       err_set(e, ERR_FAILED, "%.380s",
		       said[0] != '\0' ? error_of(said) : "a measurement died");
}

/* The arguments of "daxmark run". */
struct arguments {
	char text[MOST_ARGUMENTS][ARGUMENT_BYTES];
	char *all[MOST_ARGUMENTS + 1];
	size_t n;
};

static __attribute__((format(printf, 2, 3))) bool add(
	struct arguments *arguments, const char *format, ...)
{
	char *text = arguments->text[arguments->n];
	va_list args;
	int used;

	if (arguments->n == MOST_ARGUMENTS)
		return false;
	va_start(args, format);
	used = vsnprintf(text, ARGUMENT_BYTES, format, args);
	va_end(args);
	arguments->all[arguments->n++] = text;
	return used >= 0 && used < ARGUMENT_BYTES;
}

/* The option of "daxmark run" that asks for an axis. */
static const char *option_of(enum setting_axis axis)
{
	for (size_t i = 0; i < command_run.n_options; i++) {
		const struct option_spec *spec = &command_run.options[i];

		if (strcmp(spec->of != NULL ? spec->of : spec->name, axes[axis].what) == 0)
			return spec->name;
	}
	return NULL;
}

static bool spell(const char *program, const struct child *child, const struct study_run *run,
	const char *path, struct arguments *arguments)
{
	char values[ARGUMENT_BYTES];
	bool fits = add(arguments, "%s", program) && add(arguments, "run") &&
		    add(arguments, "--quiet") && add(arguments, "--force") &&
		    add(arguments, "--budget=%.3fs", run->budget_s) &&
		    add(arguments, "--output=%s", path) &&
		    add(arguments, "--target=%s", child->target) &&
		    add(arguments, "--strategies=%s", run->strategies);

	for (size_t i = 0; loaded_path(i) != NULL; i++)
		fits = fits && add(arguments, "--load=%s", loaded_path(i));
	if (child->may.overwrite)
		fits = fits && add(arguments, "--overwrite");
	if (child->may.create)
		fits = fits && add(arguments, "--create");
	if (run->footprint_bytes > 0)
		fits = fits &&
		       add(arguments, "--footprint=%llu", (unsigned long long)run->footprint_bytes);
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		if (run->of[axis] != NULL)
			fits = fits &&
			       axis_text((enum setting_axis)axis, run->of[axis], values,
				       sizeof(values)) &&
			       option_of((enum setting_axis)axis) != NULL &&
			       add(arguments, "--%s=%s", option_of((enum setting_axis)axis),
				       values);
	return fits;
}

bool child_measure(void *arg, const struct study_run *run, struct result *result, struct err *e)
{
	const struct child *child = arg;
	struct arguments arguments = {.n = 0};
	char program[SELF_BYTES];
	const char *folder = getenv("TMPDIR");
	char path[440];
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
	ok = spell(program, child, run, path, &arguments)
		     ? spawn(run, arguments.all, e)
		     : err_set(e, ERR_FAILED,
			       "what daxmark is asked to measure does not fit a command line: "
			       "target '%.40s..'",
			       child->target);
	ok = ok && result_read(result, path, e);
	if (ok)
		result_sort(result);
	unlink(path);
	return ok;
}
