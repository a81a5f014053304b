/* SPDX-License-Identifier: MIT */
/*
 * The table of subcommands: the program is this table and main.c. A command
 * prints its product on stdout and returns false with *e filled when something
 * failed; it never exits.
 */
#ifndef DAXMARK_COMMAND_COMMAND_H
#define DAXMARK_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/option.h"

struct target_request;

struct command {
	const char *name;
	const char *arguments; /* after the name, in usage lines */
	const char *summary;
	const struct option_spec *options;
	size_t n_options;
	const char *notes; /* more lines for --help, or NULL */
	/* argv[0] is the command's name. */
	bool (*run)(int argc, char **argv, struct err *e);
};

#define COMMANDS_MOST 32
#define COMMAND_NAME_MOST 63

extern const struct command *const commands[];
extern const size_t commands_n;
extern const struct command command_run; /* what studies have run, too */

/* For commands that take no arguments beside options. */
bool command_no_arguments(int argc, char **argv, int first, struct err *e);

/* A name of the user's own that a result keeps: short, and of one line. NULL fits. */
bool command_name_fits(const char *option, const char *name, struct err *e);

/*
 * The target that an option names, as target_parse(); what the user should know of the
 * choice goes to stderr unless `quiet`.
 */
bool command_target(
	const char *spec, unsigned may, bool quiet, struct target_request *request, struct err *e);

/* What --overwrite and --create allow, for command_target(); and the options themselves. */
struct command_may {
	bool overwrite, create;
};
unsigned command_may(const struct command_may *may);
#define COMMAND_MAY_OPTIONS(config)                                                            \
	{OPTION("overwrite", 0, OPTION_FLAG,                                                   \
		offsetof(config, may) + offsetof(struct command_may, overwrite), NULL,         \
		"the target's content may be lost (devdax, a file that exists)")},             \
	{                                                                                      \
		OPTION("create", 0, OPTION_FLAG,                                               \
			offsetof(config, may) + offsetof(struct command_may, create), NULL,    \
			"a target that is not there: make a file, even off persistent memory") \
	}

#endif
