// SPDX-License-Identifier: MIT
/* Finds the command, prints its error once, and turns it into the exit status. */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "command/command.h"
#include "strategy/loaded.h"

#define LEAST_STACK (4 << 20)

static void print_usage(void)
{
	printf("Usage: daxmark COMMAND [OPTIONS] [ARGUMENTS]\n\n"
	       "Measures the ways to copy to DAX memory: which is right and fastest, on this\n"
	       "machine, at this size, for this guarantee, and how sure that is.\n\nCommands:\n");
	for (size_t i = 0; i < commands_n; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("  %-10s %s\n", "help", "the options of a command: daxmark help run");
	printf("\nOptions:\n  -h, --help     this text\n  -V, --version  the version\n"
	       "  --load=FILE    with any command: copy routines of your own as strategies\n\n"
	       "Exit status:\n"
#define X(code, value, what) "  " #value "  " what "\n"
		ERR_STATUSES
#undef X
	       "  128 + N  interrupted by signal N; what was measured is kept\n");
}

static void print_command(const struct command *command)
{
	printf("Usage: daxmark %s %s\n\n%s.\n\nOptions:\n", command->name, command->arguments,
		command->summary);
	option_help(stdout, command->options, command->n_options);
	printf("  %-30s %s\n", "    --load=FILE.so",
		"take up copy routines of your own (<daxmark/strategy.h>)");
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

bool command_name_fits(const char *option, const char *name, struct err *e)
{
	if (name == NULL)
		return true;
	if (name[0] == '\0' || strlen(name) > COMMAND_NAME_MOST)
		return err_set(e, ERR_USAGE, "--%s: '%.20s%s' has not 1 to %d characters", option,
			name, strlen(name) > 20 ? ".." : "", COMMAND_NAME_MOST);
	for (const char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(e, ERR_USAGE, "--%s: a control character in it", option);
	return true;
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

/* True when --help or -h stands among the options, before a "--". */
static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/*
 * --load FILE is every command's: taken out of the arguments, before a "--", and the file's
 * routines are strategies from here on.
 */
static bool take_loads(int *argc, char **argv, struct err *e)
{
	static const char option[] = "--load";
	const size_t length = sizeof(option) - 1;
	int kept = 1, i = 1;

	for (; i < *argc && strcmp(argv[i], "--") != 0; i++) {
		const char *path = NULL;

		if (strncmp(argv[i], option, length) == 0 && argv[i][length] == '=')
			path = argv[i] + length + 1;
		else if (strcmp(argv[i], option) != 0)
			argv[kept++] = argv[i];
		else if (i + 1 < *argc)
			path = argv[++i];
		else
			return err_set(e, ERR_USAGE, "option '--load' needs a value");
		if (path != NULL && !loaded_open(path, e))
			return false;
	}
	while (i < *argc)
		argv[kept++] = argv[i++];
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

/* *ran gets the command that was run, if any: it knows how its options are spelled. */
static bool dispatch(int argc, char **argv, const struct command **ran, struct err *e)
{
	const struct command *command;

	if (argc < 2)
		return err_set(e, ERR_USAGE, "no command: 'daxmark help' lists them");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0)
		return help(strcmp(argv[1], "help") == 0 ? argc - 1 : 1, argv + 1, e);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0 ||
		strcmp(argv[1], "-v") == 0 || strcmp(argv[1], "version") == 0) {
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
	*ran = command;
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

/*
 * Some of what a command holds is large, and a stack that may not grow ends a program
 * without a word. The limit that counts is the one at the time when the stack grows.
 */
static bool stack_suffices(struct err *e)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
		limit.rlim_cur >= LEAST_STACK)
		return true;
	limit.rlim_cur = LEAST_STACK;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < LEAST_STACK)
		return err_set(e, ERR_FAILED,
			"the stack may have %llu KiB, daxmark needs %d: raise it with 'ulimit -s'",
			(unsigned long long)limit.rlim_max >> 10, LEAST_STACK >> 10);
	return setrlimit(RLIMIT_STACK, &limit) == 0 ||
	       err_errno(e, errno, "cannot raise the limit of the stack");
}

int main(int argc, char **argv)
{
	struct err e = {ERR_NONE, ""};
	const struct command *ran = NULL;
	bool ok;

	setlocale(LC_CTYPE, ""); /* alone: numbers are written with a point everywhere */
	interrupt_begin();
	gsl_set_error_handler_off(); /* its own way to report is abort() */
	json_set_alloc_funcs(json_memory, free);
	ok = stack_suffices(&e) && take_loads(&argc, argv, &e) && dispatch(argc, argv, &ran, &e);

	/* A product that did not reach its reader is a failure, whatever made it. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && ok)
		ok = err_errno(&e, errno, "cannot write standard output");
	if (!ok && e.code == ERR_NONE) /* a stop, or memory, which alone runs out without a word */
		err_set(&e, ERR_FAILED, interrupt_pending() ? "interrupted" : "out of memory");
	if (!ok && e.text[0] != '\0') { /* else a child has said it */
		char text[sizeof(e.text)];

		option_spell(ran != NULL ? ran->options : NULL, ran != NULL ? ran->n_options : 0,
			e.text, text, sizeof(text));
		fprintf(stderr, "daxmark: %s\n", text);
	}
	interrupt_die();
	return ok ? 0 : (int)e.code;
}
