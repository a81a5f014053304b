// SPDX-License-Identifier: MIT
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/*
 * Bytes of a character that could change what a terminal shows, 0 where there is none:
 * ASCII's and Unicode's controls (C1), and those that turn the direction of writing.
 */
static size_t control_bytes(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	if ((*c < 0x20 && *c != '\0') || *c == 0x7f)
		return 1;
	if ((c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f) || (c[0] == 0xd8 && c[1] == 0x9c))
		return 2;
	if (c[0] == 0xe2 && c[1] == 0x80 &&
		((c[2] >= 0xaa && c[2] <= 0xae) || c[2] == 0x8e || c[2] == 0x8f))
		return 3;
	return c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9 ? 3 : 0;
}

json_t *place_parse(const char *text, size_t bytes, const char *name, struct err *e)
{
	json_error_t why;
	json_t *root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &why);

	if (root == NULL)
		err_set(e, ERR_FAILED, "%s: not JSON: %.100s at line %d column %d", name, why.text,
			why.line, why.column);
	return root;
}

json_t *place_read(const char *path, size_t limit, struct err *e)
{
	size_t bytes;
	char *text = file_read(path, limit, &bytes, e);
	json_t *root;

	if (text == NULL)
		return NULL;
	root = place_parse(text, bytes, path, e);
	free(text);
	return root;
}

bool place_bad(const struct place *place, const char *key, const char *what)
{
	return err_set(place->e, ERR_FAILED, "%s: %s%s%s: %s", place->path, place->at,
		place->at[0] && key[0] ? "." : "", key, what);
}

bool place_object(const struct place *place, const json_t *in, const char *key, json_t **out)
{
	*out = json_object_get(in, key);
	return json_is_object(*out) || place_bad(place, key, "missing or not an object");
}

bool place_array(const struct place *place, const json_t *in, const char *key, size_t least,
	size_t most, json_t **out)
{
	*out = json_object_get(in, key);
	if (!json_is_array(*out))
		return place_bad(place, key, "missing or not an array");
	if (json_array_size(*out) < least || json_array_size(*out) > most)
		return place_bad(place, key, "has the wrong number of elements");
	return true;
}

bool place_text(
	const struct place *place, const json_t *in, const char *key, char *out, size_t bytes)
{
	const json_t *value = json_object_get(in, key);

	if (!json_is_string(value))
		return place_bad(place, key, "missing or not a string");
	if (json_string_length(value) >= bytes ||
		strlen(json_string_value(value)) != json_string_length(value))
		return place_bad(place, key, "string too long");
	for (const char *c = json_string_value(value); *c != '\0'; c++)
		if (control_bytes(c) > 0)
			return place_bad(place, key, "holds a control character");
	strcpy(out, json_string_value(value));
	return true;
}

bool place_number(const struct place *place, const json_t *in, const char *key, double *out)
{
	const json_t *value = json_object_get(in, key);

	if (!json_is_number(value))
		return place_bad(place, key, "missing or not a number");
	*out = json_number_value(value);
	return true;
}

bool place_number_or_null(const struct place *place, const json_t *in, const char *key, double *out)
{
	*out = NAN;
	return json_is_null(json_object_get(in, key)) || place_number(place, in, key, out);
}

bool place_integer(const struct place *place, const json_t *in, const char *key, long long least,
	long long most, long long *out)
{
	const json_t *value = json_object_get(in, key);

	if (!json_is_integer(value))
		return place_bad(place, key, "missing or not a whole number");
	*out = json_integer_value(value);
	return (*out >= least && *out <= most) || place_bad(place, key, "out of range");
}

bool place_bool(const struct place *place, const json_t *in, const char *key, bool *out)
{
	const json_t *value = json_object_get(in, key);

	if (!json_is_boolean(value))
		return place_bad(place, key, "missing or neither true nor false");
	*out = json_is_true(value);
	return true;
}

bool place_bool_or(
	const struct place *place, const json_t *in, const char *key, bool missing, bool *out)
{
	*out = missing;
	return json_object_get(in, key) == NULL || place_bool(place, in, key, out);
}

bool place_text_or(const struct place *place, const json_t *in, const char *key,
	const char *missing, char *out, size_t bytes)
{
	if (json_object_get(in, key) != NULL)
		return place_text(place, in, key, out, bytes);
	snprintf(out, bytes, "%s", missing);
	return true;
}

bool place_word(const struct place *place, const json_t *in, const char *key,
	const struct words *words, unsigned *out)
{
	char name[64];
	struct err why;

	return place_text(place, in, key, name, sizeof(name)) &&
	       (words_find(words, name, out, &why) || place_bad(place, key, why.text));
}

void json_put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

json_t *json_plain(const char *text)
{
	char plain[1024];
	json_t *string;
	size_t used = 0;

	while (*text != '\0' && used < sizeof(plain) - 1) {
		size_t bytes = control_bytes(text);

		plain[used++] = bytes > 0 ? '?' : *text;
		text += bytes > 0 ? bytes : 1;
	}
	plain[used] = '\0';
	string = json_string(plain);
	return string != NULL ? string : json_string("(not UTF-8)");
}

json_t *json_double(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_bits(uint64_t set)
{
	json_t *bits = json_array();

	for (; set != 0; set &= set - 1)
		json_array_append_new(bits, json_integer(__builtin_ctzll(set)));
	return bits;
}

bool json_print(json_t *root, size_t flags, struct err *e)
{
	char *text = json_dumps(root, flags);

	json_decref(root);
	if (text == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	printf("%s\n", text);
	free(text);
	return true;
}
