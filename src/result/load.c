// SPDX-License-Identifier: MIT
/*
 * Reading a result file that anybody may have made: every field is checked for
 * type and range before it is believed, and an error says where it is.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "case/axis.h"
#include "result/latency_json.h"
#include "result/load_facts.h"
#include "result/result.h"

#define LARGEST_FILE (2ul << 30)
#define MOST_ITERATIONS (1ll << 40)
#define MOST_COMPARISONS 100000
#define LOG_LIMIT 100.0 /* no log of a time or a ratio is near this */

/* n numbers; null becomes NAN where `unknown` allows it. */
static bool get_numbers(const struct place *place, const json_t *in, const char *key, size_t n,
	bool unknown, double *out)
{
	json_t *array;

	if (!place_array(place, in, key, n, n, &array))
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_array_get(array, i);

		if (json_is_null(value) && unknown)
			out[i] = NAN;
		else if (!json_is_number(value) || fabs(json_number_value(value)) > LOG_LIMIT)
			return place_bad(
				place, key, "holds something that is no logarithm of a time");
		else
			out[i] = json_number_value(value);
	}
	return true;
}

static bool load_plan(struct place *place, const json_t *root, struct result *result)
{
	json_t *plan, *noise;
	long long passes, loaders = 0, others = 0;
	unsigned asked = GUARANTEE_NONE;
	const json_t *seed;

	place->at[0] = '\0';
	if (!place_object(place, root, "plan", &plan) ||
		!place_object(place, root, "noise", &noise))
		return false;
	strcpy(place->at, "plan");
	seed = json_object_get(plan, "seed");
	if (!json_is_integer(seed))
		return place_bad(place, "seed", "missing or not a whole number");
	result->seed = (uint64_t)json_integer_value(seed);
	if (!place_number(place, plan, "budget_s", &result->budget_s) ||
		!place_integer(place, plan, "passes", 1, 1 << 20, &passes) ||
		(json_object_get(plan, "loaders") != NULL &&
			!place_integer(place, plan, "loaders", 0, 1 << 20, &loaders)))
		return false;
	result->passes = (unsigned)passes;
	result->loaders = (unsigned)loaders;
	if (json_is_string(json_object_get(plan, "guarantee")) &&
		!place_word(place, plan, "guarantee", &guarantee_words, &asked))
		return false;
	result->asked = (enum guarantee)asked;
	strcpy(place->at, "noise");
	if (json_object_get(noise, "other_daxmarks") != NULL &&
		!place_integer(place, noise, "other_daxmarks", 0, 1 << 20, &others))
		return false;
	result->others = (unsigned)others;
	return place_number(place, noise, "wall_s", &result->wall_s) &&
	       place_number(place, noise, "steal_s", &result->steal_s);
}

/* Strategy names go into plots and tables: a plain alphabet, as ours have. */
static bool plain_name(const char *name)
{
	return name[0] != '\0' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+-._")] == '\0';
}

/* An array of words as a mask. */
static bool get_words(const struct place *place, const json_t *in, const char *key,
	const struct words *words, unsigned *mask)
{
	json_t *array;

	*mask = 0;
	if (!place_array(place, in, key, 0, words->n, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *word = json_string_value(json_array_get(array, i));
		unsigned value;
		struct err why;

		if (word == NULL || !words_find(words, word, &value, &why))
			return place_bad(place, key, "holds an unknown word");
		*mask |= 1u << value;
	}
	return true;
}

/* Files had no such keys at first: then the names of those days, and the steps, say it. */
static bool load_role(const struct place *place, const json_t *in, struct result_arm *arm)
{
	static const struct {
		const char *begins;
		enum alias_kind alias;
	} names[] = {{"alias-congruent-user-window", ALIAS_WINDOW},
		{"alias-incongruent-user-window", ALIAS_WINDOW},
		{"alias-congruent", ALIAS_CONGRUENT}, {"alias-incongruent", ALIAS_INCONGRUENT}};
	unsigned alias = ALIAS_NONE;

	if (json_object_get(in, "alias") != NULL) {
		if (!place_word(place, in, "alias", &alias_words, &alias) ||
			!place_bool(place, in, "flushes", &arm->flushes))
			return false;
		arm->alias = (enum alias_kind)alias;
		return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && arm->alias == ALIAS_NONE; i++)
		if (strncmp(arm->name, names[i].begins, strlen(names[i].begins)) == 0)
			arm->alias = names[i].alias;
	arm->flushes = strstr(arm->steps, "lines") != NULL;
	return true;
}

/* Where a loaded routine came from; missing: it is one of ours. */
static bool load_origin(const struct place *place, const json_t *in, struct result_arm *arm)
{
	json_t *loaded;

	if (json_object_get(in, "loaded") == NULL)
		return true;
	return place_object(place, in, "loaded", &loaded) &&
	       place_text(place, loaded, "path", arm->path, sizeof(arm->path)) &&
	       place_text(place, loaded, "revision", arm->revision, sizeof(arm->revision)) &&
	       place_text(place, loaded, "sha256", arm->sha256, sizeof(arm->sha256));
}

static bool load_arms(struct place *place, const json_t *root, struct result *result)
{
	json_t *array;

	place->at[0] = '\0';
	if (!place_array(place, root, "arms", 1, CASE_MOST_ARMS, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct result_arm *arm = &result->arms[i];
		const json_t *in = json_array_get(array, i);
		unsigned family, guarantee, read;
		long long plainness = 0;

		snprintf(place->at, sizeof(place->at), "arms[%zu]", i);
		if (!place_text(place, in, "name", arm->name, sizeof(arm->name)) ||
			!place_text(place, in, "variant", arm->variant, sizeof(arm->variant)) ||
			!place_word(place, in, "family", &family_words, &family) ||
			(json_object_get(in, "plainness") != NULL &&
				!place_integer(place, in, "plainness", 0, 1000, &plainness)) ||
			!get_words(place, in, "operations", &operation_words, &arm->operations) ||
			!place_word(place, in, "guarantee", &guarantee_words, &guarantee) ||
			!place_word(place, in, "read_guarantee", &guarantee_words, &read) ||
			!place_text(place, in, "steps", arm->steps, sizeof(arm->steps)) ||
			!load_role(place, in, arm) ||
			!place_bool(place, in, "copies", &arm->copies) ||
			!place_bool(place, in, "available", &arm->available) ||
			!place_text(place, in, "why", arm->why, sizeof(arm->why)) ||
			!load_origin(place, in, arm))
			return false;
		if (!plain_name(arm->name))
			return place_bad(place, "name", "is no strategy's name");
		arm->family = (enum family)family;
		arm->plainness = (unsigned)plainness;
		arm->guarantee = (enum guarantee)guarantee;
		arm->read_guarantee = (enum guarantee)read;
		result->n_arms++;
		for (size_t other = 0; other < i; other++)
			if (strcmp(result->arms[other].name, arm->name) == 0)
				return place_bad(place, "name", "an earlier arm has this name");
	}
	return true;
}

static bool load_visit(
	const struct place *place, const json_t *in, struct result_comparison *comparison)
{
	size_t k = comparison->n_measured;
	struct result_visit *visit = result_add_visit(comparison);
	long long pass, rounds;

	if (visit == NULL)
		return place_bad(place, "", "out of memory");
	if (!place_number(place, in, "at_s", &visit->at_s) ||
		!place_number(place, in, "wall_s", &visit->wall_s) ||
		!place_integer(place, in, "pass", 0, 1 << 20, &pass) ||
		!place_integer(place, in, "rounds", 1, 1ll << 31, &rounds) ||
		!place_number(place, in, "beside_gb_per_s", &visit->beside_gbps) ||
		!get_numbers(place, in, "log_ns", k, false, visit->log_ns) ||
		!get_numbers(place, in, "log_ratio", k * (k - 1) / 2, false, visit->log_ratio) ||
		!get_numbers(place, in, "after", k, true, visit->after))
		return false;
	visit->pass = (unsigned)pass;
	visit->rounds = (unsigned)rounds;
	return true;
}

static bool load_setting(const struct place *place, const json_t *in, struct setting *setting)
{
	const struct axis_field *field;

	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;) {
		long long number = 0;
		unsigned word = 0;

		if (field->added && json_object_get(in, field->key) == NULL) {
			axis_put(field, setting, field->usual);
			continue;
		}
		if (field->words != NULL ? !place_word(place, in, field->key, field->words, &word)
					 : !place_integer(place, in, field->key, field->least,
						   field->most, &number))
			return false;
		axis_put(field, setting, field->words != NULL ? (long long)word : number);
	}
	return true;
}

static bool load_guarantees(const struct place *place, const json_t *in, size_t n_arms,
	struct result_comparison *comparison)
{
	json_t *array;

	if (!place_array(place, in, "guarantees", n_arms, n_arms, &array))
		return false;
	for (size_t a = 0; a < n_arms; a++) {
		const json_t *word = json_array_get(array, a);
		unsigned guarantee;
		struct err why;

		if (!json_is_string(word) ||
			!words_find(&guarantee_words, json_string_value(word), &guarantee, &why))
			return place_bad(
				place, "guarantees", "holds something that is no guarantee");
		comparison->guarantee[a] = (enum guarantee)guarantee;
	}
	return true;
}

/* Indices of arms as bits; left as they are where the key is missing. */
static bool load_bits(
	const struct place *place, const json_t *in, const char *key, size_t n_arms, uint64_t *bits)
{
	json_t *array;

	if (json_object_get(in, key) == NULL)
		return true;
	if (!place_array(place, in, key, 0, n_arms, &array))
		return false;
	*bits = 0;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *index = json_array_get(array, i);
		json_int_t arm = json_is_integer(index) ? json_integer_value(index) : -1;

		if (arm < 0 || (size_t)arm >= n_arms)
			return place_bad(place, key, "holds something that is no arm of this run");
		*bits |= 1ull << arm;
	}
	return true;
}

/* Which arms run in it: each once, available, and able to do the operation. */
static bool load_measured(const struct place *place, const json_t *in, const struct result *result,
	struct result_comparison *comparison)
{
	json_t *array;

	if (!place_array(place, in, "arms", 0, result->n_arms, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *index = json_array_get(array, i);
		json_int_t arm = json_is_integer(index) ? json_integer_value(index) : -1;

		if (arm < 0 || (size_t)arm >= result->n_arms || !result->arms[arm].available ||
			!result_does(result, comparison, (size_t)arm) ||
			result_position(comparison, (size_t)arm) < comparison->n_measured)
			return place_bad(
				place, "arms", "holds something that is no arm of this run");
		comparison->measured[comparison->n_measured++] = (size_t)arm;
	}
	return true;
}

static bool load_per_arm(
	const struct place *place, const json_t *in, struct result_comparison *comparison)
{
	size_t k = comparison->n_measured;
	json_t *iterations, *verified;

	if (!place_array(place, in, "iterations", k, k, &iterations) ||
		!place_array(place, in, "verified", k, k, &verified))
		return false;
	for (size_t i = 0; i < k; i++) {
		const json_t *count = json_array_get(iterations, i);
		const json_t *word = json_array_get(verified, i);
		unsigned verdict;
		struct err why;

		if (!json_is_integer(count) || json_integer_value(count) < 0 ||
			json_integer_value(count) > MOST_ITERATIONS)
			return place_bad(place, "iterations", "holds something that is no count");
		if (!json_is_string(word) ||
			!words_find(&verdict_words, json_string_value(word), &verdict, &why))
			return place_bad(place, "verified", "holds something that is no verdict");
		comparison->iterations[i] = (uint64_t)json_integer_value(count);
		comparison->verdict[i] = (enum verdict)verdict;
	}
	return true;
}

static bool load_failures(const struct place *place, const json_t *in, const struct result *result,
	struct result_comparison *comparison)
{
	json_t *array;

	if (json_object_get(in, "failures") == NULL)
		return true;
	if (!place_array(place, in, "failures", 0, result->n_arms, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *failure = json_array_get(array, i);
		long long arm;
		char why[200];

		if (!place_integer(place, failure, "arm", 0, (long long)result->n_arms - 1, &arm) ||
			!place_text(place, failure, "why", why, sizeof(why)))
			return false;
		if (result_position(comparison, (size_t)arm) < comparison->n_measured)
			return place_bad(place, "failures", "holds an arm that was measured");
		if (!result_fail_arm(comparison, (size_t)arm, why))
			return place_bad(place, "failures", "out of memory");
	}
	return true;
}

static bool load_comparisons(struct place *place, const json_t *array, struct result *result)
{
	for (size_t c = 0; c < result->n_comparisons; c++) {
		struct result_comparison *comparison = &result->comparisons[c];
		const json_t *in = json_array_get(array, c);
		json_t *visits;

		snprintf(place->at, sizeof(place->at), "comparisons[%zu]", c);
		if (!load_setting(place, in, &comparison->setting) ||
			!place_text(place, in, "why", comparison->why, sizeof(comparison->why)) ||
			!load_guarantees(place, in, result->n_arms, comparison) ||
			!load_bits(place, in, "roster", result->n_arms, &comparison->roster) ||
			!load_bits(place, in, "unproved", result->n_arms, &comparison->unproved) ||
			!load_measured(place, in, result, comparison) ||
			!load_per_arm(place, in, comparison) ||
			!load_failures(place, in, result, comparison) ||
			!latency_load(place, in, comparison) ||
			!place_array(place, in, "visits", 0, 10000, &visits))
			return false;
		for (size_t v = 0; v < json_array_size(visits); v++) {
			snprintf(
				place->at, sizeof(place->at), "comparisons[%zu].visits[%zu]", c, v);
			if (!load_visit(place, json_array_get(visits, v), comparison))
				return false;
		}
	}
	return true;
}

/* "2026-11-23T05:22:00+00:00": it is sorted by and drawn over. */
static bool is_time(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd+dd:dd";

	for (size_t i = 0; i < sizeof(form); i++) {
		bool sign = form[i] == '+' && (text[i] == '+' || text[i] == '-');

		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : !sign && text[i] != form[i])
			return false;
	}
	return true;
}

static int by_setting(const void *a, const void *b)
{
	const struct setting *const *x = a, *const *y = b;

	return setting_compare(*x, *y);
}

/* One comparison a setting: everything after looks them up by it. */
static bool settings_differ(const struct place *place, const struct result *result)
{
	size_t n = result->n_comparisons;
	const struct setting **sorted = malloc((n + 1) * sizeof(sorted[0]));
	bool differ = true;

	if (sorted == NULL)
		return place_bad(place, "", "out of memory");
	for (size_t c = 0; c < n; c++)
		sorted[c] = &result->comparisons[c].setting;
	qsort(sorted, n, sizeof(sorted[0]), by_setting);
	for (size_t c = 1; c < n; c++)
		differ &= setting_compare(sorted[c - 1], sorted[c]) != 0;
	free(sorted);
	return differ || place_bad(place, "comparisons", "two of them have the same setting");
}

static bool load_root(struct place *place, const json_t *root, struct result *result)
{
	char format[32];
	long long version;
	json_t *comparisons;

	if (!json_is_object(root))
		return place_bad(place, "", "not a daxmark result: no JSON object");
	if (!place_text(place, root, "format", format, sizeof(format)) ||
		strcmp(format, "daxmark-result") != 0)
		return place_bad(place, "format", "not a daxmark result");
	if (!place_integer(place, root, "version", 1, 1 << 20, &version))
		return false;
	if (version != 2)
		return place_bad(place, "version",
			version < 2 ? "made by an older daxmark: this one reads version 2"
				    : "made by a newer daxmark: this one reads version 2");
	if (!place_array(place, root, "comparisons", 0, MOST_COMPARISONS, &comparisons) ||
		!result_init(result, json_array_size(comparisons), place->e))
		return false;
	if (!place_text_or(place, root, "suite", "", result->suite, sizeof(result->suite)) ||
		!place_text_or(
			place, root, "question", "", result->question, sizeof(result->question)) ||
		!place_bool_or(place, root, "provisional", false, &result->provisional) ||
		!place_text_or(place, root, "label", "", result->label, sizeof(result->label)) ||
		!place_text_or(place, root, "commit", "", result->commit, sizeof(result->commit)))
		return false;
	return place_bool(place, root, "complete", &result->complete) &&
	       place_text(place, root, "created", result->created, sizeof(result->created)) &&
	       (is_time(result->created) ||
		       place_bad(place, "created", "is no time as in 2026-11-23T05:22:00+00:00")) &&
	       place_text(place, root, "command", result->command, sizeof(result->command)) &&
	       load_facts(place, root, &result->facts) &&
	       load_target(place, root, &result->target) && load_plan(place, root, result) &&
	       load_arms(place, root, result) && load_comparisons(place, comparisons, result) &&
	       settings_differ(place, result);
}

/* Load from a document and release it; NULL where there was none to parse. */
static bool take(struct result *result, json_t *root, const char *name, struct err *e)
{
	struct place place = {.path = name, .e = e};
	bool ok;

	memset(result, 0, sizeof(*result));
	ok = root != NULL && load_root(&place, root, result);
	json_decref(root);
	return ok;
}

bool result_parse(
	struct result *result, const char *text, size_t bytes, const char *name, struct err *e)
{
	return take(result, place_parse(text, bytes, name, e), name, e);
}

bool result_read(struct result *result, const char *path, struct err *e)
{
	return take(result, place_read(path, LARGEST_FILE, e), path, e);
}
