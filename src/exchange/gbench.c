// SPDX-License-Identifier: MIT
#include "exchange/format.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "case/workload.h"

static json_t *caches_json(const struct facts *facts)
{
	json_t *caches = json_array();

	for (int i = 0; i < facts->n_caches; i++) {
		const struct cache_facts *cache = &facts->caches[i];

		json_array_append_new(caches,
			json_pack("{ss si sI si}", "type", cache->type, "level", cache->level,
				"size", (json_int_t)cache->bytes, "num_sharing", 1));
	}
	return caches;
}

static json_t *context_json(const struct result *result)
{
	const struct facts *facts = &result->facts;
	json_t *context = json_object();

	json_object_set_new(context, "date", json_string(result->created));
	json_object_set_new(context, "host_name", json_string(facts->host));
	json_object_set_new(context, "executable", json_string("daxmark"));
	json_object_set_new(context, "num_cpus", json_integer(facts->cpus_online));
	json_object_set_new(context, "mhz_per_cpu", json_integer(0));
	json_object_set_new(context, "cpu_scaling_enabled",
		json_boolean(facts->governor[0] != '\0' && strcmp(facts->governor, "performance")));
	json_object_set_new(context, "caches", caches_json(facts));
	json_object_set_new(context, "load_avg", json_array());
	json_object_set_new(context, "library_build_type", json_string("release"));
	json_object_set_new(context, "daxmark_target", json_string(result->target.name));
	json_object_set_new(context, "daxmark_emulated", json_boolean(result->target.emulated));
	json_object_set_new(context, "daxmark_command", json_string(result->command));
	return context;
}

static void add_visits(json_t *benchmarks, const struct result *result,
	const struct result_comparison *comparison, size_t i, size_t family)
{
	const struct setting *setting = &comparison->setting;
	const struct result_arm *arm = &result->arms[comparison->measured[i]];
	char name[CASE_NAME_BYTES];

	case_name(setting, arm->name, comparison->guarantee[comparison->measured[i]], name);
	for (size_t v = 0; v < comparison->n_visits; v++) {
		const struct result_visit *visit = &comparison->visits[v];
		double ns = exp(visit->log_ns[i]);
		json_int_t operations =
			(json_int_t)(comparison->iterations[i] * visit->rounds * setting->threads);
		json_t *entry = json_pack("{ss sI si ss ss si sI si sI sf sf ss}", "name", name,
			"family_index", (json_int_t)family, "per_family_instance_index", 0,
			"run_name", name, "run_type", "iteration", "repetitions",
			(int)comparison->n_visits, "repetition_index", (json_int_t)v, "threads",
			(int)setting->threads, "iterations", operations, "real_time", ns,
			"cpu_time", ns, "time_unit", "ns");

		if (arm->family != FAMILY_EMPTY)
			json_object_set_new(entry, "bytes_per_second",
				json_real(1e9 * workload_bytes(setting) / ns));
		json_array_append_new(benchmarks, entry);
	}
}

/*
 * Google Benchmark's JSON: one "iteration" entry for each visit of each measured
 * case, so that its compare.py can test repetitions. Unavailable cases are left
 * out: it has no word for them. real_time and cpu_time are ns an operation.
 */
static bool write_gbench(
	FILE *out, const struct result *result, const char *baseline, struct err *e)
{
	json_t *root = json_object(), *benchmarks = json_array();
	size_t family = 0;
	char *text;

	(void)baseline; /* it compares files, not strategies */
	json_object_set_new(root, "context", context_json(result));
	for (size_t c = 0; c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		for (size_t i = 0; i < comparison->n_measured; i++)
			if (comparison->verdict[i] != VERDICT_FAILED)
				add_visits(benchmarks, result, comparison, i, family++);
	}
	json_object_set_new(root, "benchmarks", benchmarks);
	text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
	json_decref(root);
	if (text == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	fprintf(out, "%s\n", text);
	free(text);
	return true;
}

extern const struct exchange_format exchange_gbench;

const struct exchange_format exchange_gbench = {"gbench", write_gbench};
