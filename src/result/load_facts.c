// SPDX-License-Identifier: MIT
/* Reading what a result says of the machine and of the target: every field is checked. */
#include "result/load_facts.h"

#include <math.h>
#include <string.h>

static bool load_caches(struct place *place, const json_t *in, struct facts *facts)
{
	json_t *array;

	if (!place_array(place, in, "caches", 0, FACTS_CACHES, &array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct cache_facts *cache = &facts->caches[facts->n_caches++];
		const json_t *entry = json_array_get(array, i);
		long long level, bytes, ways, line;

		if (!place_integer(place, entry, "level", 0, 16, &level) ||
			!place_text(place, entry, "type", cache->type, sizeof(cache->type)) ||
			!place_integer(place, entry, "bytes", 0, 1ll << 50, &bytes) ||
			!place_integer(place, entry, "ways", 0, 1 << 30, &ways) ||
			!place_integer(place, entry, "line_bytes", 0, 1 << 20, &line))
			return false;
		cache->level = (int)level;
		cache->bytes = (uint64_t)bytes;
		cache->ways = (int)ways;
		cache->line_bytes = (int)line;
	}
	return true;
}

/* Of an earlier daxmark, or where nothing can be measured, there are none. */
static bool load_lines(struct place *place, const json_t *facts, struct facts_lines *lines)
{
	json_t *in, *after, *value;
	const char *name;

	*lines = (struct facts_lines){.hit_ns = NAN, .miss_ns = NAN};
	if (json_object_get(facts, "lines") == NULL)
		return true;
	if (!place_object(place, facts, "lines", &in))
		return false;
	strcpy(place->at, "facts.lines");
	if (!place_number(place, in, "hit_ns", &lines->hit_ns) ||
		!place_number(place, in, "miss_ns", &lines->miss_ns) ||
		!place_object(place, in, "after", &after))
		return false;
	json_object_foreach(after, name, value)
	{
		struct facts_line *line = &lines->after[lines->n];

		if (lines->n == FACTS_LINES || strlen(name) >= sizeof(line->name) ||
			name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
			return place_bad(place, "after", "holds something that is no instruction");
		strcpy(line->name, name);
		if (!place_number(place, after, name, &line->ns))
			return false;
		lines->n++;
	}
	strcpy(place->at, "facts");
	return true;
}

bool load_facts(struct place *place, const json_t *root, struct facts *facts)
{
	const struct {
		const char *key;
		char *field;
		size_t bytes;
	} texts[] = {{"host", facts->host, FACTS_TEXT}, {"kernel", facts->kernel, FACTS_TEXT},
		{"cpu_model", facts->cpu_model, FACTS_TEXT},
		{"microcode", facts->microcode, FACTS_TEXT},
		{"cpu_features", facts->cpu_features, FACTS_TEXT},
		{"governor", facts->governor, FACTS_TEXT},
		{"hypervisor", facts->hypervisor, FACTS_TEXT}, {"clock", facts->clock, FACTS_TEXT},
		{"build", facts->build, FACTS_TEXT},
		{"libraries", facts->libraries, FACTS_LIBRARIES}};
	long long cpus, nodes, memory, cpu;
	json_t *in;

	facts->cpus[0] = '\0';

	if (!place_object(place, root, "facts", &in))
		return false;
	strcpy(place->at, "facts");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!place_text(place, in, texts[i].key, texts[i].field, texts[i].bytes))
			return false;
	if (!place_text_or(place, in, "cpus", "", facts->cpus, sizeof(facts->cpus)) ||
		!place_integer(place, in, "cpus_online", 0, 1 << 20, &cpus) ||
		!place_integer(place, in, "numa_nodes", 0, 1 << 20, &nodes) ||
		!place_integer(place, in, "memory_bytes", 0, 1ll << 60, &memory) ||
		!place_integer(place, in, "cpu", -1, 1 << 20, &cpu) ||
		!place_number(place, in, "clock_tick_ns", &facts->clock_tick_ns) ||
		!place_number(place, in, "clock_cost_ns", &facts->clock_cost_ns) ||
		!place_bool_or(place, in, "smt_shared", false, &facts->smt_shared) ||
		!place_number_or_null(place, in, "nocache_hit_ns", &facts->nocache_hit_ns) ||
		!place_number_or_null(place, in, "nocache_miss_ns", &facts->nocache_miss_ns) ||
		!load_caches(place, in, facts) || !load_lines(place, in, &facts->lines))
		return false;
	facts->cpus_online = (int)cpus;
	facts->numa_nodes = (int)nodes;
	facts->memory_bytes = (uint64_t)memory;
	facts->cpu = (int)cpu;
	return true;
}

static bool load_device(struct place *place, const json_t *target, struct device_facts *device)
{
	long long ways, bad_ranges, write_cache;
	json_t *in;

	if (!place_object(place, target, "device", &in))
		return false;
	strcpy(place->at, "target.device");
	if (!place_text(place, in, "name", device->name, sizeof(device->name)) ||
		!place_text(place, in, "kind", device->kind, sizeof(device->kind)) ||
		!place_text(place, in, "mode", device->mode, sizeof(device->mode)) ||
		!place_integer(place, in, "interleave_ways", 0, 1 << 20, &ways) ||
		!place_integer(place, in, "bad_ranges", -1, 1 << 30, &bad_ranges) ||
		!place_integer(place, in, "write_cache", -1, 1, &write_cache))
		return false;
	device->interleave_ways = (int)ways;
	device->bad_ranges = (int)bad_ranges;
	device->write_cache = (int)write_cache;
	return true;
}

/* Of a run without aliases, or by an earlier daxmark, there are none. */
static bool load_aliases(struct place *place, const json_t *target, struct alias_facts *aliases)
{
	long long modulus, incongruent;
	const json_t *held;
	json_t *in;

	if (json_object_get(target, "aliases") == NULL)
		return true;
	if (!place_object(place, target, "aliases", &in))
		return false;
	strcpy(place->at, "target.aliases");
	held = json_object_get(in, "congruent");
	if (!json_is_boolean(held) && !json_is_null(held))
		return place_bad(place, "congruent", "is neither true, false nor null");
	aliases->held = json_is_null(held) ? -1 : json_is_true(held);
	if (!place_integer(place, in, "congruent_modulo_bytes", 1, 1ll << 60, &modulus) ||
		!place_integer(place, in, "incongruent_bytes", 0, 1ll << 60, &incongruent) ||
		!place_number_or_null(place, in, "one_address_ns", &aliases->one_ns) ||
		!place_number_or_null(place, in, "two_addresses_ns", &aliases->two_ns))
		return false;
	aliases->modulus = (uint64_t)modulus;
	aliases->incongruent = (uint64_t)incongruent;
	return true;
}

bool load_target(struct place *place, const json_t *root, struct target_facts *target)
{
	unsigned access, medium, domain;
	long long bytes, page, node;
	json_t *in;

	place->at[0] = '\0';
	if (!place_object(place, root, "target", &in))
		return false;
	strcpy(place->at, "target");
	if (!place_text(place, in, "name", target->name, sizeof(target->name)) ||
		!place_word(place, in, "access", &access_words, &access) ||
		!place_word(place, in, "medium", &medium_words, &medium) ||
		!place_word(place, in, "domain", &domain_words, &domain) ||
		!place_bool(place, in, "emulated", &target->emulated) ||
		!place_bool(place, in, "map_sync", &target->map_sync) ||
		!place_bool(place, in, "incoherent", &target->incoherent) ||
		!place_bool_or(place, in, "source_file", false, &target->source_file) ||
		!place_bool_or(place, in, "sync_mount", false, &target->sync_mount) ||
		!place_text(place, in, "no_sync", target->no_sync, sizeof(target->no_sync)) ||
		!place_number(place, in, "page_share", &target->page_share) ||
		!place_integer(place, in, "bytes", 0, 1ll << 60, &bytes) ||
		!place_integer(place, in, "page_bytes", 0, 1ll << 40, &page) ||
		!place_integer(place, in, "node", -1, 1 << 20, &node))
		return false;
	target->access = (enum access)access;
	target->medium = (enum medium)medium;
	target->domain = (enum domain)domain;
	target->bytes = (uint64_t)bytes;
	target->page_bytes = (uint64_t)page;
	target->node = (int)node;
	return load_device(place, in, &target->device) && load_aliases(place, in, &target->aliases);
}
