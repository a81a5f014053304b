// SPDX-License-Identifier: MIT
/*
 * Google Benchmark's JSON: repetitions of one name are one row; its own aggregates (mean,
 * median, BigO) are left out. A benchmark that was skipped has its reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/import.h"

static bool unit_ns(const struct place *place, const json_t *in, double *factor)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	char unit[8];

	if (!place_text(place, in, "time_unit", unit, sizeof(unit)))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, unit) == 0) {
			*factor = units[i].ns;
			return true;
		}
	return place_bad(place, "time_unit", "is none of ns, us, ms, s");
}

/* One repetition: its name, and its time or why it has none. */
struct entry {
	char name[IMPORTED_NAME], why[200];
	double ns;
	bool aggregate;
};

static bool read_entry(const struct place *place, const json_t *in, struct entry *entry)
{
	char type[24];
	bool failed = false;
	double time, factor = 1;

	memset(entry, 0, sizeof(*entry));
	if (!place_text(place, in, json_object_get(in, "run_name") != NULL ? "run_name" : "name",
		    entry->name, sizeof(entry->name)) ||
		!place_text_or(place, in, "run_type", "iteration", type, sizeof(type)) ||
		!place_bool_or(place, in, "error_occurred", false, &failed))
		return false;
	entry->aggregate = strcmp(type, "aggregate") == 0;
	if (entry->aggregate)
		return true;
	if (failed)
		return place_text_or(
			place, in, "error_message", "it failed", entry->why, sizeof(entry->why));
	if (!place_number(place, in, "real_time", &time) || !unit_ns(place, in, &factor))
		return false;
	entry->ns = time * factor;
	return (entry->ns >= 0 && entry->ns < 1e18) || place_bad(place, "real_time", "is no time");
}

static int by_name(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	/* In the file's order where names are the same. */
	return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* Repetitions that follow one another in the order of names become rows in the file's order. */
static bool add_rows(
	struct entry **sorted, size_t n, const struct entry *entries, struct imported *imported)
{
	double *ns = malloc((n + 1) * sizeof(ns[0]));
	bool ok = ns != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		const struct entry *first = &entries[i];
		struct entry **found = bsearch(&first, sorted, n, sizeof(sorted[0]), by_name);
		size_t times = 0;
		struct imported_row *row;

		if (found == NULL || (found > sorted && strcmp(found[-1]->name, first->name) == 0))
			continue; /* told with an earlier one of its name */
		row = imported_add(imported);
		ok = row != NULL;
		if (!ok)
			break;
		strcpy(row->name, first->name);
		for (; found < sorted + n && strcmp((*found)->name, first->name) == 0; found++) {
			if ((*found)->why[0] != '\0')
				strcpy(row->why, (*found)->why);
			else
				ns[times++] = (*found)->ns;
		}
		if (times > 0 && row->why[0] == '\0')
			imported_take(row, ns, times);
	}
	free(ns);
	return ok;
}

static bool read_entries(struct place *place, const json_t *array, struct imported *imported)
{
	size_t n = json_array_size(array), kept = 0;
	struct entry *entries = calloc(n + 1, sizeof(entries[0]));
	struct entry **sorted = calloc(n + 1, sizeof(sorted[0]));
	bool ok = entries != NULL && sorted != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		snprintf(place->at, sizeof(place->at), "benchmarks[%zu]", i);
		ok = read_entry(place, json_array_get(array, i), &entries[kept]);
		if (ok && !entries[kept].aggregate)
			kept++;
	}
	for (size_t i = 0; ok && i < kept; i++)
		sorted[i] = &entries[i];
	if (ok) {
		qsort(sorted, kept, sizeof(sorted[0]), by_name);
		ok = add_rows(sorted, kept, entries, imported) ||
		     place_bad(place, "", "too many benchmarks, or out of memory");
	}
	free(entries);
	free(sorted);
	return ok;
}

/* What of the context is text or a number; empty where it is not there. */
static void word_of(const json_t *context, const char *key, char *text, size_t bytes)
{
	const json_t *value = json_object_get(context, key);

	text[0] = '\0';
	if (json_is_string(value))
		snprintf(text, bytes, "%s", json_string_value(value));
	else if (json_is_integer(value))
		snprintf(text, bytes, "%lld", (long long)json_integer_value(value));
	for (char *c = text; *c != '\0'; c++)
		*c = (unsigned char)*c < ' ' ? '?' : *c;
}

static bool read_gbench(struct place *place, const json_t *root, struct imported *imported)
{
	json_t *context, *array;
	char host[100], cpus[24], mhz[24], program[90];

	if (!place_object(place, root, "context", &context) ||
		!place_array(place, root, "benchmarks", 0, 1000000, &array))
		return false;
	word_of(context, "date", imported->created, sizeof(imported->created));
	word_of(context, "host_name", host, sizeof(host));
	word_of(context, "num_cpus", cpus, sizeof(cpus));
	word_of(context, "mhz_per_cpu", mhz, sizeof(mhz));
	word_of(context, "executable", program, sizeof(program));
	snprintf(imported->machine, sizeof(imported->machine), "%s, %s CPUs of %s MHz", host, cpus,
		mhz);
	snprintf(imported->tool, sizeof(imported->tool), "Google Benchmark, %s", program);
	snprintf(imported->column, sizeof(imported->column), "real_time of an iteration");
	return read_entries(place, array, imported);
}

extern const struct import_format import_gbench;
const struct import_format import_gbench = {"gbench", read_gbench};
