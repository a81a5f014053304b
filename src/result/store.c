// SPDX-License-Identifier: MIT
/* A result as JSON text: writing. Order and names are docs/daxmark-result.schema.json's. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "result/result.h"
#include "stat/stat.h"

/* Logarithms need 1e-6 and times 1e-6 relative; more would only be bulk. */
#define DIGITS 8

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value); /* NULL values fail at the final check */
}

/* Control characters, which a path may hold, would make a file we refuse to read. */
static json_t *text(const char *value)
{
	char plain[1024];
	json_t *string;
	size_t i;

	for (i = 0; value[i] != '\0' && i < sizeof(plain) - 1; i++)
		plain[i] = (unsigned char)value[i] < 0x20 ? '?' : value[i];
	plain[i] = '\0';
	string = json_string(plain);
	return string != NULL ? string : json_string("(not UTF-8)");
}

/* A double, or null for what is not a number (JSON has no NaN). */
static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *numbers(const double *values, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, number(values[i]));
	return array;
}

static json_t *facts_json(const struct facts *facts)
{
	json_t *object = json_object(), *caches = json_array();

	set(object, "host", text(facts->host));
	set(object, "kernel", text(facts->kernel));
	set(object, "cpu_model", text(facts->cpu_model));
	set(object, "microcode", text(facts->microcode));
	set(object, "cpu_features", text(facts->cpu_features));
	set(object, "governor", text(facts->governor));
	set(object, "hypervisor", text(facts->hypervisor));
	set(object, "cpus_online", json_integer(facts->cpus_online));
	set(object, "numa_nodes", json_integer(facts->numa_nodes));
	set(object, "memory_bytes", json_integer((json_int_t)facts->memory_bytes));
	for (int i = 0; i < facts->n_caches; i++) {
		const struct cache_facts *cache = &facts->caches[i];
		json_t *entry = json_object();

		set(entry, "level", json_integer(cache->level));
		set(entry, "type", text(cache->type));
		set(entry, "bytes", json_integer((json_int_t)cache->bytes));
		set(entry, "ways", json_integer(cache->ways));
		set(entry, "line_bytes", json_integer(cache->line_bytes));
		json_array_append_new(caches, entry);
	}
	set(object, "caches", caches);
	set(object, "clock", text(facts->clock));
	set(object, "clock_tick_ns", number(facts->clock_tick_ns));
	set(object, "clock_cost_ns", number(facts->clock_cost_ns));
	set(object, "nocache_hit_ns", number(facts->nocache_hit_ns));
	set(object, "nocache_miss_ns", number(facts->nocache_miss_ns));
	set(object, "cpu", json_integer(facts->cpu));
	set(object, "build", text(facts->build));
	set(object, "libraries", text(facts->libraries));
	return object;
}

static json_t *device_json(const struct device_facts *device)
{
	json_t *object = json_object();

	set(object, "name", text(device->name));
	set(object, "kind", text(device->kind));
	set(object, "mode", text(device->mode));
	set(object, "interleave_ways", json_integer(device->interleave_ways));
	set(object, "bad_ranges", json_integer(device->bad_ranges));
	set(object, "write_cache", json_integer(device->write_cache));
	return object;
}

static json_t *target_json(const struct target_facts *target)
{
	json_t *object = json_object();

	set(object, "name", text(target->name));
	set(object, "access", text(access_words.names[target->access]));
	set(object, "medium", text(medium_words.names[target->medium]));
	set(object, "domain", text(domain_words.names[target->domain]));
	set(object, "emulated", json_boolean(target->emulated));
	set(object, "map_sync", json_boolean(target->map_sync));
	set(object, "incoherent", json_boolean(target->incoherent));
	set(object, "no_sync", text(target->no_sync));
	set(object, "bytes", json_integer((json_int_t)target->bytes));
	set(object, "page_share", number(target->page_share));
	set(object, "page_bytes", json_integer((json_int_t)target->page_bytes));
	set(object, "node", json_integer(target->node));
	set(object, "device", device_json(&target->device));
	return object;
}

/* The names of the bits of a mask. */
static json_t *words_json(const struct words *words, unsigned mask)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < words->n; i++)
		if (mask >> i & 1)
			json_array_append_new(array, text(words->names[i]));
	return array;
}

static json_t *arm_json(const struct result_arm *arm)
{
	json_t *object = json_object();

	set(object, "name", text(arm->name));
	set(object, "variant", text(arm->variant));
	set(object, "family", text(family_words.names[arm->family]));
	set(object, "operations", words_json(&operation_words, arm->operations));
	set(object, "guarantee", text(guarantee_words.names[arm->guarantee]));
	set(object, "read_guarantee", text(guarantee_words.names[arm->read_guarantee]));
	set(object, "steps", text(arm->steps));
	set(object, "copies", json_boolean(arm->copies));
	set(object, "available", json_boolean(arm->available));
	set(object, "why", text(arm->why));
	return object;
}

static json_t *visit_json(const struct result_visit *visit, size_t k)
{
	json_t *object = json_object();

	set(object, "at_s", number(visit->at_s));
	set(object, "wall_s", number(visit->wall_s));
	set(object, "pass", json_integer(visit->pass));
	set(object, "rounds", json_integer(visit->rounds));
	set(object, "beside_gb_per_s", number(visit->beside_gbps));
	set(object, "log_ns", numbers(visit->log_ns, k));
	set(object, "log_ratio", numbers(visit->log_ratio, k * (k - 1) / 2));
	set(object, "after", numbers(visit->after, k));
	return object;
}

static void setting_json(json_t *object, const struct setting *setting)
{
	set(object, "operation", text(operation_words.names[setting->operation]));
	set(object, "size_bytes", json_integer((json_int_t)setting->size));
	set(object, "state", text(state_words.names[setting->state]));
	set(object, "source", text(source_words.names[setting->source]));
	set(object, "dst_align_bytes", json_integer(setting->dst_align));
	set(object, "src_align_bytes", json_integer(setting->src_align));
	set(object, "pages", text(page_state_words.names[setting->pages]));
	set(object, "threads", json_integer(setting->threads));
	set(object, "cpu_node", json_integer(setting->cpu_node));
	set(object, "mem_node", json_integer(setting->mem_node));
	set(object, "target_node", json_integer(setting->target_node));
	set(object, "background", text(background_words.names[setting->background]));
	set(object, "background_percent", json_integer(setting->background_percent));
}

static json_t *comparison_json(
	const struct result *result, const struct result_comparison *comparison)
{
	json_t *object = json_object(), *iterations = json_array(), *verdicts = json_array();
	json_t *guarantees = json_array(), *arms = json_array(), *visits = json_array();

	setting_json(object, &comparison->setting);
	set(object, "why", text(comparison->why));
	for (size_t a = 0; a < result->n_arms; a++)
		json_array_append_new(
			guarantees, text(guarantee_words.names[comparison->guarantee[a]]));
	set(object, "guarantees", guarantees);
	for (size_t i = 0; i < comparison->n_measured; i++) {
		json_array_append_new(arms, json_integer((json_int_t)comparison->measured[i]));
		json_array_append_new(
			iterations, json_integer((json_int_t)comparison->iterations[i]));
		json_array_append_new(verdicts, text(verdict_words.names[comparison->verdict[i]]));
	}
	set(object, "arms", arms);
	set(object, "iterations", iterations);
	set(object, "verified", verdicts);
	for (size_t v = 0; v < comparison->n_visits; v++)
		json_array_append_new(
			visits, visit_json(&comparison->visits[v], comparison->n_measured));
	set(object, "visits", visits);
	return object;
}

/* The case of measured arm i: its estimate and interval, made from the visits. */
static void case_estimate(json_t *object, const struct result_comparison *comparison, size_t i,
	struct stat_spread spread)
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
	interval = stat_spread_interval(logs, comparison->n_visits, spread, 0.95);
	set(ns, "estimate", number(exp(interval.estimate)));
	set(ns, "low", number(exp(interval.low)));
	set(ns, "high", number(exp(interval.high)));
	set(object, "n_visits", json_integer((json_int_t)comparison->n_visits));
	set(object, "n_rounds", json_integer(rounds));
	set(object, "operation_ns", ns);
	free(logs);
}

static const char *case_status(const struct result_comparison *comparison, bool available, size_t i)
{
	if (!available || comparison->why[0] != '\0')
		return "unavailable";
	if (comparison->verdict[i] == VERDICT_FAILED)
		return "wrong data";
	return comparison->n_visits > 0 ? "measured" : "not reached";
}

static json_t *case_json(const struct result *result, size_t c, size_t a, struct stat_spread spread)
{
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t i = result_position(comparison, a);
	const struct result_arm *arm = &result->arms[a];
	char name[CASE_NAME_BYTES];
	json_t *object = json_object();
	const char *status = case_status(comparison, arm->available, i);

	case_name(&comparison->setting, arm->name, comparison->guarantee[a], name);
	set(object, "name", text(name));
	set(object, "comparison", json_integer((json_int_t)c));
	set(object, "arm", json_integer((json_int_t)a));
	set(object, "status", text(status));
	set(object, "why", text(arm->available ? comparison->why : arm->why));
	if (strcmp(status, "measured") == 0)
		case_estimate(object, comparison, i, spread);
	return object;
}

static json_t *cases_json(const struct result *result)
{
	json_t *cases = json_array();

	for (size_t c = 0; c < result->n_comparisons; c++) {
		struct stat_spread spread = result_spread(&result->comparisons[c]);

		for (size_t a = 0; a < result->n_arms; a++)
			if (result_does(&result->comparisons[c], &result->arms[a]))
				json_array_append_new(cases, case_json(result, c, a, spread));
	}
	return cases;
}

char *result_to_json(const struct result *result)
{
	json_t *root = json_object(), *arms = json_array(), *comparisons = json_array();
	json_t *plan = json_object(), *noise = json_object();
	char *out;

	set(root, "format", text("daxmark-result"));
	set(root, "version", json_integer(2));
	set(root, "complete", json_boolean(result->complete));
	set(root, "created", text(result->created));
	set(root, "command", text(result->command));
	set(root, "facts", facts_json(&result->facts));
	set(root, "target", target_json(&result->target));
	set(plan, "budget_s", number(result->budget_s));
	set(plan, "passes", json_integer(result->passes));
	set(plan, "seed", json_integer((json_int_t)result->seed));
	set(root, "plan", plan);
	set(noise, "wall_s", number(result->wall_s));
	set(noise, "steal_s", number(result->steal_s));
	set(root, "noise", noise);
	for (size_t a = 0; a < result->n_arms; a++)
		json_array_append_new(arms, arm_json(&result->arms[a]));
	set(root, "arms", arms);
	for (size_t c = 0; c < result->n_comparisons; c++)
		json_array_append_new(
			comparisons, comparison_json(result, &result->comparisons[c]));
	set(root, "comparisons", comparisons);
	set(root, "cases", cases_json(result));
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
