// SPDX-License-Identifier: MIT
/* Finds the command, prints its error once, and turns it into the exit status. */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "command.h"

static void print_usage(void)
{
	printf("Usage: daxmark COMMAND [OPTIONS] [ARGUMENTS]\n\n"
	       "Measures the ways to copy to DAX memory: which is right and fastest, on this\n"
	       "machine, at this size, for this guarantee, and how sure that is.\n\nCommands:\n");
	for (size_t i = 0; i < commands_n; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("  %-10s %s\n", "help", "the options of a command: daxmark help run");
	printf("\nOptions:\n  --help     this text\n  --version  the version\n\n"
	       "Exit status: 0 all done, 1 something failed, 2 wrong usage.\n");
}

static void print_command(const struct command *command)
{
	printf("Usage: daxmark %s %s\n\n%s.\n\nOptions:\n", command->name, command->arguments,
		command->summary);
	option_help(stdout, command->options, command->n_options);
	printf("  %-30s %s\n", "    --help", "this text");
	if (command->notes != NULL)
		printf("\n%s", command->notes);
}

static const struct command *find(const char *name, struct err *e)
{
	const char *names[COMMANDS_MOST + 1], *nearest;

	for (size_t i = 0; i < commands_n; i++) {
		names[i] = commands[i]->name;
		if (strcmp(names[i], name) == 0)
			return commands[i];
	}
	names[commands_n] = "help";
	nearest = text_nearest(name, names, commands_n + 1);
	if (nearest != NULL)
		err_set(e, ERR_USAGE, "unknown command '%s': did you mean '%s'?", name, nearest);
	else
		err_set(e, ERR_USAGE, "unknown command '%s': 'daxmark help' lists them", name);
	return NULL;
}

bool command_no_arguments(int argc, char **argv, int first, struct err *e)
{
	if (first == argc)
		return true;
	return err_set(e, ERR_USAGE, "%s: unexpected argument '%s'", argv[0], argv[first]);
}

static bool help(int argc, char **argv, struct err *e)
{
	const struct command *command;

	if (argc == 1) {
		print_usage();
		return true;
	}
	if (argc > 2)
		return err_set(e, ERR_USAGE, "help: unexpected argument '%s'", argv[2]);
	command = find(argv[1], e);
	if (command != NULL)
		print_command(command);
	return command != NULL;
}

/* True when --help stands among the options, before a "--". */
static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

static bool dispatch(int argc, char **argv, struct err *e)
{
	const struct command *command;

	if (argc < 2)
		return err_set(e, ERR_USAGE, "no command: 'daxmark help' lists them");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0)
		return help(strcmp(argv[1], "help") == 0 ? argc - 1 : 1, argv + 1, e);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("daxmark %s\n", PACKAGE_VERSION);
		return true;
	}
	command = find(argv[1], e);
	if (command == NULL)
		return false;
	if (wants_help(argc - 1, argv + 1)) {
		print_command(command);
		return true;
	}
	return command->run(argc - 1, argv + 1, e);
}

/*
 * jansson (2.14) dereferences NULL when memory runs out inside an object's key,
 * so for it there is no such thing: the end comes here, in words.
 */
static void *json_memory(size_t bytes)
{
	void *memory = malloc(bytes);

	if (memory == NULL && bytes > 0) {
		static const char words[] = "daxmark: out of memory\n";

		if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
			_exit(ERR_FAILED); /* nobody to tell */
		_exit(ERR_FAILED);
	}
	return memory;
}

int main(int argc, char **argv)
{
	struct err e = {ERR_NONE, ""};
	bool ok;

	gsl_set_error_handler_off(); /* its own way to report is abort() */
	json_set_alloc_funcs(json_memory, free);
	ok = dispatch(argc, argv, &e);

	/* A product that did not reach its reader is a failure, whatever made it. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && ok)
		ok = err_errno(&e, errno, "cannot write standard output");
	if (!ok && e.code == ERR_NONE) /* only memory runs out without a word */
		err_set(&e, ERR_FAILED, "out of memory");
	if (!ok)
		fprintf(stderr, "daxmark: %s\n", e.text);
	interrupt_die();
	return ok ? 0 : (int)e.code;
}
