/* SPDX-License-Identifier: MIT */
/*
 * Options as a table: one row names the option, its type, the field it fills
 * and its help, and serves parsing, --help and completion alike. Parsing is
 * the C library's getopt_long.
 */
#ifndef DAXMARK_BASE_OPTION_H
#define DAXMARK_BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

struct words;

enum option_type {
	OPTION_FLAG,	/* bool */
	OPTION_TEXT,	/* const char *, points into argv */
	OPTION_SIZE,	/* uint64_t, bytes */
	OPTION_SECONDS, /* double, above 0 */
	OPTION_NUMBER,	/* uint64_t */
};

struct option_spec {
	const char *name; /* long name without dashes */
	char letter;	  /* or 0 */
	enum option_type type;
	size_t offset;	     /* of the field in the command's config struct */
	const char *metavar; /* NULL for flags */
	const char *help;
	const char
		*of; /* the quantity that it asks for, as ERR_OF() names it; NULL: its own name */
	const struct words *words; /* its values, or the items of its list; NULL: no vocabulary */
};

/* A row's first fields, for `{OPTION("size", 's', OPTION_TEXT, offsetof(..), "SIZE", "help")}`. */
#define OPTION(its_name, its_letter, its_type, its_offset, its_metavar, its_help)               \
	.name = (its_name), .letter = (its_letter), .type = (its_type), .offset = (its_offset), \
	.metavar = (its_metavar), .help = (its_help)

#define OPTION_MAX 48

/*
 * Parse argv[1..] into *config; *first gets the index of the first argument
 * that is no option (getopt permutes argv). Usage error, naming the option, on
 * anything unknown, incomplete or malformed.
 */
bool option_parse(int argc, char **argv, const struct option_spec *specs, size_t n, void *config,
	int *first, struct err *e);

/* The row of a long name; NULL: there is none. */
const struct option_spec *option_named(const struct option_spec *specs, size_t n, const char *name);

/* Put the text of an option's value into its field, as option_parse() does; of a flag any. */
bool option_store(const struct option_spec *spec, const char *text, void *config, struct err *e);

/*
 * A message with how each quantity that it names by ERR_OF() is spelled here: "--size" for
 * ERR_OF("size"); one that no option asks for stays as it is. NULL for specs with n 0.
 */
void option_spell(
	const struct option_spec *specs, size_t n, const char *message, char *text, size_t bytes);

/* The table as the lines of a --help text. */
void option_help(FILE *out, const struct option_spec *specs, size_t n);

#endif
