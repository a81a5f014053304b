/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON that anybody may have made, and writing our own: every field is checked
 * for type and range before it is believed, and an error says where it is.
 */
#ifndef DAXMARK_BASE_JSON_H
#define DAXMARK_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/words.h"

/* Where we are, for messages: "FILE: comparisons[3].visits[1]". */
struct place {
	const char *path;
	char at[120];
	struct err *e;
};

/* The document, or NULL and the line where it is none; `name` stands for it in messages. */
json_t *place_parse(const char *text, size_t bytes, const char *name, struct err *e);

/* The same of a file of at most `limit` bytes. */
json_t *place_read(const char *path, size_t limit, struct err *e);

/* Always false: "PATH: AT.KEY: WHAT". */
bool place_bad(const struct place *place, const char *key, const char *what);

/* Members of `in`; each is false, with a message, when it is not there or not that. */
bool place_object(const struct place *place, const json_t *in, const char *key, json_t **out);
bool place_array(const struct place *place, const json_t *in, const char *key, size_t least,
	size_t most, json_t **out);
/* Shorter than `bytes`, without control characters. */
bool place_text(
	const struct place *place, const json_t *in, const char *key, char *out, size_t bytes);
bool place_number(const struct place *place, const json_t *in, const char *key, double *out);
/* null is NAN: not measured. */
bool place_number_or_null(
	const struct place *place, const json_t *in, const char *key, double *out);
bool place_integer(const struct place *place, const json_t *in, const char *key, long long least,
	long long most, long long *out);
bool place_bool(const struct place *place, const json_t *in, const char *key, bool *out);

/* The same where the key may be missing: results of an earlier daxmark have it not. */
bool place_bool_or(
	const struct place *place, const json_t *in, const char *key, bool missing, bool *out);
bool place_text_or(const struct place *place, const json_t *in, const char *key,
	const char *missing, char *out, size_t bytes);
bool place_word(const struct place *place, const json_t *in, const char *key,
	const struct words *words, unsigned *out);

/* For writing; values that could not be made fail at the dump. */
void json_put(json_t *object, const char *key, json_t *value);
/* Control characters, which a path may hold, become '?': we would refuse to read them. */
json_t *json_plain(const char *text);
/* A double, or null for what is not a number (JSON has no NaN). */
json_t *json_double(double value);

/* One document on stdout, with so many digits; takes the reference. */
bool json_print(json_t *root, size_t flags, struct err *e);

/* The numbers of the bits that are set, ascending. */
json_t *json_bits(uint64_t set);

#endif
