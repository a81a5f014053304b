// SPDX-License-Identifier: MIT
/* A result as JSON text: writing. Order and names are docs/daxmark-result.schema.json's. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "case/axis.h"
#include "result/facts_json.h"
#include "result/latency_json.h"
#include "result/result.h"
#include "stat/strata.h"

/* Logarithms need 1e-6 and times 1e-6 relative; more would only be bulk. */
#define DIGITS 8

/* Logarithms: a file is mostly these. */
static json_t *numbers(const double *values, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_double(round(values[i] * 1e6) / 1e6));
	return array;
}

static json_t *lines_json(const struct facts_lines *lines)
{
	json_t *object = json_object(), *after = json_object();

	json_put(object, "hit_ns", json_double(lines->hit_ns));
	json_put(object, "miss_ns", json_double(lines->miss_ns));
	for (size_t i = 0; i < lines->n; i++)
		json_put(after, lines->after[i].name, json_double(lines->after[i].ns));
	json_put(object, "after", after);
	return object;
}

json_t *result_facts_json(const struct facts *facts)
{
	json_t *object = json_object(), *caches = json_array();

	json_put(object, "host", json_plain(facts->host));
	json_put(object, "kernel", json_plain(facts->kernel));
	json_put(object, "cpu_model", json_plain(facts->cpu_model));
	json_put(object, "microcode", json_plain(facts->microcode));
	json_put(object, "cpu_features", json_plain(facts->cpu_features));
	json_put(object, "governor", json_plain(facts->governor));
	json_put(object, "hypervisor", json_plain(facts->hypervisor));
	json_put(object, "cpus_online", json_integer(facts->cpus_online));
	json_put(object, "numa_nodes", json_integer(facts->numa_nodes));
	json_put(object, "memory_bytes", json_integer((json_int_t)facts->memory_bytes));
	for (int i = 0; i < facts->n_caches; i++) {
		const struct cache_facts *cache = &facts->caches[i];
		json_t *entry = json_object();

		json_put(entry, "level", json_integer(cache->level));
		json_put(entry, "type", json_plain(cache->type));
		json_put(entry, "bytes", json_integer((json_int_t)cache->bytes));
		json_put(entry, "ways", json_integer(cache->ways));
		json_put(entry, "line_bytes", json_integer(cache->line_bytes));
		json_array_append_new(caches, entry);
	}
	json_put(object, "caches", caches);
	json_put(object, "clock", json_plain(facts->clock));
	json_put(object, "clock_tick_ns", json_double(facts->clock_tick_ns));
	json_put(object, "clock_cost_ns", json_double(facts->clock_cost_ns));
	json_put(object, "nocache_hit_ns", json_double(facts->nocache_hit_ns));
	json_put(object, "nocache_miss_ns", json_double(facts->nocache_miss_ns));
	if (!isnan(facts->lines.hit_ns))
		json_put(object, "lines", lines_json(&facts->lines));
	json_put(object, "cpu", json_integer(facts->cpu));
	json_put(object, "cpus", json_plain(facts->cpus));
	json_put(object, "smt_shared", json_boolean(facts->smt_shared));
	json_put(object, "build", json_plain(facts->build));
	json_put(object, "libraries", json_plain(facts->libraries));
	return object;
}

static json_t *device_json(const struct device_facts *device)
{
	json_t *object = json_object();

	json_put(object, "name", json_plain(device->name));
	json_put(object, "kind", json_plain(device->kind));
	json_put(object, "mode", json_plain(device->mode));
	json_put(object, "interleave_ways", json_integer(device->interleave_ways));
	json_put(object, "bad_ranges", json_integer(device->bad_ranges));
	json_put(object, "write_cache", json_integer(device->write_cache));
	return object;
}

static json_t *aliases_json(const struct alias_facts *aliases)
{
	json_t *object = json_object();

	json_put(object, "congruent_modulo_bytes", json_integer((json_int_t)aliases->modulus));
	json_put(object, "incongruent_bytes", json_integer((json_int_t)aliases->incongruent));
	json_put(
		object, "congruent", aliases->held < 0 ? json_null() : json_boolean(aliases->held));
	json_put(object, "one_address_ns", json_double(aliases->one_ns));
	json_put(object, "two_addresses_ns", json_double(aliases->two_ns));
	return object;
}

json_t *result_target_json(const struct target_facts *target)
{
	json_t *object = json_object();

	json_put(object, "name", json_plain(target->name));
	json_put(object, "access", json_plain(access_words.names[target->access]));
	json_put(object, "medium", json_plain(medium_words.names[target->medium]));
	json_put(object, "domain", json_plain(domain_words.names[target->domain]));
	json_put(object, "emulated", json_boolean(target->emulated));
	json_put(object, "map_sync", json_boolean(target->map_sync));
	json_put(object, "incoherent", json_boolean(target->incoherent));
	if (target->source_file)
		json_put(object, "source_file", json_true());
	json_put(object, "sync_mount", json_boolean(target->sync_mount));
	json_put(object, "no_sync", json_plain(target->no_sync));
	json_put(object, "bytes", json_integer((json_int_t)target->bytes));
	json_put(object, "page_share", json_double(target->page_share));
	json_put(object, "page_bytes", json_integer((json_int_t)target->page_bytes));
	json_put(object, "node", json_integer(target->node));
	json_put(object, "device", device_json(&target->device));
	if (target->aliases.modulus != 0)
		json_put(object, "aliases", aliases_json(&target->aliases));
	return object;
}

/* The names of the bits of a mask. */
static json_t *words_json(const struct words *words, unsigned mask)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < words->n; i++)
		if (mask >> i & 1)
			json_array_append_new(array, json_plain(words->names[i]));
	return array;
}

static json_t *arm_json(const struct result_arm *arm)
{
	json_t *object = json_object();

	json_put(object, "name", json_plain(arm->name));
	json_put(object, "variant", json_plain(arm->variant));
	json_put(object, "family", json_plain(family_words.names[arm->family]));
	json_put(object, "plainness", json_integer(arm->plainness));
	json_put(object, "operations", words_json(&operation_words, arm->operations));
	json_put(object, "guarantee", json_plain(guarantee_words.names[arm->guarantee]));
	json_put(object, "read_guarantee", json_plain(guarantee_words.names[arm->read_guarantee]));
	json_put(object, "steps", json_plain(arm->steps));
	json_put(object, "alias", json_plain(alias_words.names[arm->alias]));
	json_put(object, "flushes", json_boolean(arm->flushes));
	json_put(object, "copies", json_boolean(arm->copies));
	json_put(object, "available", json_boolean(arm->available));
	json_put(object, "why", json_plain(arm->why));
	if (arm->path[0] != '\0') {
		json_t *loaded = json_object();

		json_put(loaded, "path", json_plain(arm->path));
		json_put(loaded, "revision", json_plain(arm->revision));
		json_put(loaded, "sha256", json_plain(arm->sha256));
		json_put(object, "loaded", loaded);
	}
	return object;
}

static json_t *visit_json(const struct result_visit *visit, size_t k)
{
	json_t *object = json_object();

	json_put(object, "at_s", json_double(visit->at_s));
	json_put(object, "wall_s", json_double(visit->wall_s));
	json_put(object, "pass", json_integer(visit->pass));
	json_put(object, "rounds", json_integer(visit->rounds));
	json_put(object, "beside_gb_per_s", json_double(visit->beside_gbps));
	json_put(object, "log_ns", numbers(visit->log_ns, k));
	json_put(object, "log_ratio", numbers(visit->log_ratio, k * (k - 1) / 2));
	json_put(object, "after", numbers(visit->after, k));
	return object;
}

static void setting_json(json_t *object, const struct setting *setting)
{
	const struct axis_field *field;

	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;) {
		long long value = axis_get(field, setting);

		json_put(object, field->key,
			field->words != NULL ? json_plain(field->words->names[value])
					     : json_integer(value));
	}
}

static json_t *comparison_json(
	const struct result *result, const struct result_comparison *comparison)
{
	json_t *object = json_object(), *iterations = json_array(), *verdicts = json_array();
	json_t *guarantees = json_array(), *arms = json_array(), *visits = json_array();
	json_t *failures = json_array();

	setting_json(object, &comparison->setting);
	json_put(object, "why", json_plain(comparison->why));
	for (size_t a = 0; a < result->n_arms; a++)
		json_array_append_new(
			guarantees, json_plain(guarantee_words.names[comparison->guarantee[a]]));
	json_put(object, "guarantees", guarantees);
	if (comparison->roster != UINT64_MAX)
		json_put(object, "roster", json_bits(comparison->roster));
	if (comparison->unproved != 0)
		json_put(object, "unproved", json_bits(comparison->unproved));
	for (size_t i = 0; i < comparison->n_measured; i++) {
		json_array_append_new(arms, json_integer((json_int_t)comparison->measured[i]));
		json_array_append_new(
			iterations, json_integer((json_int_t)comparison->iterations[i]));
		json_array_append_new(
			verdicts, json_plain(verdict_words.names[comparison->verdict[i]]));
	}
	json_put(object, "arms", arms);
	json_put(object, "iterations", iterations);
	json_put(object, "verified", verdicts);
	for (size_t v = 0; v < comparison->n_visits; v++)
		json_array_append_new(
			visits, visit_json(&comparison->visits[v], comparison->n_measured));
	json_put(object, "visits", visits);
	for (size_t i = 0; i < comparison->n_failures; i++) {
		json_t *failure = json_object();

		json_put(failure, "arm", json_integer((json_int_t)comparison->failures[i].arm));
		json_put(failure, "why", json_plain(comparison->failures[i].why));
		json_array_append_new(failures, failure);
	}
	json_put(object, "failures", failures);
	if (comparison->n_latencies > 0)
		json_put(object, "latencies", latency_json(comparison));
	return object;
}

/* The case of measured arm i: its estimate and interval, made from the visits. */
static void case_estimate(json_t *object, const struct result *result,
	const struct result_comparison *comparison, size_t i)
{
	double *logs = malloc((comparison->n_visits + 1) * sizeof(logs[0]));
	struct interval interval;
	json_t *ns = json_object();
	json_int_t rounds = 0;

	if (logs == NULL)
		return;
	for (size_t v = 0; v < comparison->n_visits; v++) {
		logs[v] = comparison->visits[v].log_ns[i];
		rounds += comparison->visits[v].rounds;
	}
	interval = stat_widen(stat_interval(stat_strata(logs, comparison->n_visits), 0.95),
		result_grain(result, comparison, i));
	json_put(ns, "estimate", json_double(exp(interval.estimate)));
	json_put(ns, "low", json_double(exp(interval.low)));
	json_put(ns, "high", json_double(exp(interval.high)));
	json_put(object, "n_visits", json_integer((json_int_t)comparison->n_visits));
	json_put(object, "n_rounds", json_integer(rounds));
	json_put(object, "operation_ns", ns);
	free(logs);
}

static const char *case_status(const struct result_comparison *comparison, bool available, size_t i)
{
	if (!available || comparison->why[0] != '\0' || i == comparison->n_measured)
		return "unavailable";
	if (comparison->verdict[i] == VERDICT_FAILED)
		return "wrong data";
	return comparison->n_visits > 0 ? "measured" : "not reached";
}

static json_t *case_json(const struct result *result, size_t c, size_t a)
{
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t i = result_position(comparison, a);
	const struct result_arm *arm = &result->arms[a];
	char name[CASE_NAME_BYTES];
	json_t *object = json_object();
	const char *status = case_status(comparison, arm->available, i);
	const char *failure = result_failure_of(comparison, a);
	const char *why = !arm->available ? arm->why : failure != NULL ? failure : comparison->why;

	case_name(&comparison->setting, arm->name, comparison->guarantee[a], name);
	json_put(object, "name", json_plain(name));
	json_put(object, "comparison", json_integer((json_int_t)c));
	json_put(object, "arm", json_integer((json_int_t)a));
	json_put(object, "status", json_plain(status));
	json_put(object, "why", json_plain(why));
	if (strcmp(status, "measured") == 0)
		case_estimate(object, result, comparison, i);
	return object;
}

static json_t *cases_json(const struct result *result)
{
	json_t *cases = json_array();

	for (size_t c = 0; c < result->n_comparisons; c++)
		for (size_t a = 0; a < result->n_arms; a++)
			if (result_does(result, &result->comparisons[c], a))
				json_array_append_new(cases, case_json(result, c, a));
	return cases;
}

char *result_to_json(const struct result *result)
{
	json_t *root = json_object(), *arms = json_array(), *comparisons = json_array();
	json_t *plan = json_object(), *noise = json_object();
	char *out;

	json_put(root, "format", json_plain("daxmark-result"));
	json_put(root, "version", json_integer(2));
	json_put(root, "complete", json_boolean(result->complete));
	json_put(root, "created", json_plain(result->created));
	json_put(root, "command", json_plain(result->command));
	if (result->label[0] != '\0')
		json_put(root, "label", json_plain(result->label));
	if (result->commit[0] != '\0')
		json_put(root, "commit", json_plain(result->commit));
	if (result->suite[0] != '\0')
		json_put(root, "suite", json_plain(result->suite));
	if (result->question[0] != '\0')
		json_put(root, "question", json_plain(result->question));
	if (result->provisional)
		json_put(root, "provisional", json_true());
	json_put(root, "facts", result_facts_json(&result->facts));
	json_put(root, "target", result_target_json(&result->target));
	json_put(plan, "budget_s", json_double(result->budget_s));
	json_put(plan, "passes", json_integer(result->passes));
	if (result->loaders > 0)
		json_put(plan, "loaders", json_integer(result->loaders));
	json_put(plan, "seed", json_integer((json_int_t)result->seed));
	json_put(plan, "guarantee",
		result->asked == GUARANTEE_NONE ? json_null()
						: json_plain(guarantee_words.names[result->asked]));
	json_put(root, "plan", plan);
	json_put(noise, "wall_s", json_double(result->wall_s));
	json_put(noise, "steal_s", json_double(result->steal_s));
	json_put(noise, "other_daxmarks", json_integer(result->others));
	json_put(root, "noise", noise);
	for (size_t a = 0; a < result->n_arms; a++)
		json_array_append_new(arms, arm_json(&result->arms[a]));
	json_put(root, "arms", arms);
	for (size_t c = 0; c < result->n_comparisons; c++)
		json_array_append_new(
			comparisons, comparison_json(result, &result->comparisons[c]));
	json_put(root, "comparisons", comparisons);
	json_put(root, "cases", cases_json(result));
	out = json_dumps(root, JSON_REAL_PRECISION(DIGITS) | JSON_COMPACT);
	json_decref(root);
	return out;
}

bool result_write(const struct result *result, const char *path, struct err *e)
{
	char *json = result_to_json(result);
	bool ok;

	if (json == NULL)
		return err_set(e, ERR_FAILED, "cannot write %s: out of memory", path);
	ok = file_replace(path, json, strlen(json), e);
	free(json);
	return ok;
}

bool result_create(const struct result *result, const char *path, bool *taken, struct err *e)
{
	char *json = result_to_json(result);
	bool ok;

	*taken = false;
	if (json == NULL)
		return err_set(e, ERR_FAILED, "cannot write %s: out of memory", path);
	ok = file_create(path, json, strlen(json), taken, e);
	free(json);
	return ok;
}
