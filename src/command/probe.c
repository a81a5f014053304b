// SPDX-License-Identifier: MIT
/* daxmark probe: the facts about this machine, or about a target, that results record. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/units.h"
#include "command/command.h"
#include "measure/lines.h"
#include "measure/nocache.h"
#include "result/facts_json.h"
#include "stage/state.h"
#include "command/show.h"
#include "sys/cpu.h"
#include "sys/facts.h"
#include "target/target.h"

#define PROBE_BYTES (4u << 20) /* DRAM: the question is about the CPU */

struct config {
	bool json;
};

static const struct option_spec options[] = {
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
};

static bool add(struct show_table *table, const char *name, const char *value)
{
	const char *cells[] = {name, value[0] != '\0' ? value : "not stated"};

	return show_row(table, cells, 2);
}

static bool add_caches(struct show_table *table, const struct facts *facts)
{
	bool ok = true;

	for (int i = 0; ok && i < facts->n_caches; i++) {
		const struct cache_facts *cache = &facts->caches[i];
		char name[40], value[100], size[UNITS_TEXT_BYTES];

		snprintf(name, sizeof(name), "cache L%d %s", cache->level, cache->type);
		snprintf(value, sizeof(value), "%s, %d ways, lines of %d bytes",
			units_bytes(cache->bytes, size), cache->ways, cache->line_bytes);
		ok = add(table, name, value);
	}
	return ok;
}

static bool add_states(struct show_table *table, int other)
{
	bool ok = true;

	for (unsigned s = 0; ok && s < STATE_COUNT; s++) {
		char name[60];
		struct setting setting = {.state = (enum state)s, SETTING_DEFAULTS};
		struct err why;

		snprintf(name, sizeof(name), "destination %s", state_words.names[s]);
		ok = add(table, name,
			state_usable(&setting, other, &why) ? "can be prepared" : why.text);
	}
	return ok;
}

static bool add_nocache(struct show_table *table, const struct facts *facts)
{
	char text[200] = "";

	if (!isnan(facts->nocache_miss_ns))
		snprintf(text, sizeof(text),
			"%.1f ns to a cached line, %.0f ns to an absent one: %s",
			facts->nocache_hit_ns, facts->nocache_miss_ns,
			facts_nocache_leaves(facts) ? "leaves the caches"
						    : "STAYS in the cache when the line is there: "
						      "not durable without a flush");
	return add(table, "non-temporal store", text);
}

static bool add_lines(struct show_table *table, const struct facts *facts)
{
	char text[400];

	facts_lines_text(&facts->lines, text, sizeof(text));
	return add(table, "a line afterwards", text);
}

/* The machine's facts, and which other CPU could own a line. */
static bool read_machine(struct facts *facts, int *other, struct err *e)
{
	struct cpu_place place;
	struct clock clock;
	char *room;
	bool ok = cpu_pin(-1, &place, e);

	if (ok) {
		clock_init(&clock);
		facts_read(facts, &clock, place.cpu);
		*other = place.other;
		room = aligned_alloc(4096, PROBE_BYTES);
		ok = room != NULL || err_set(e, ERR_FAILED, "out of memory");
		if (ok) {
			memset(room, 1, PROBE_BYTES);
			nocache_probe(&clock, room, PROBE_BYTES, &facts->nocache_hit_ns,
				&facts->nocache_miss_ns);
			lines_probe(&clock, room, PROBE_BYTES, &facts->lines);
		}
		free(room);
	}
	cpu_free(&place);
	return ok;
}

static bool add_machine(struct show_table *table, const struct facts *facts, int other)
{
	char text[200], size[UNITS_TEXT_BYTES];
	bool ok = add(table, "machine", facts->host) && add(table, "kernel", facts->kernel) &&
		  add(table, "CPU", facts->cpu_model) &&
		  add(table, "microcode", facts->microcode) &&
		  add(table, "CPU features used", facts->cpu_features);

	snprintf(text, sizeof(text), "%d online, %d NUMA node%s", facts->cpus_online,
		facts->numa_nodes, facts->numa_nodes == 1 ? "" : "s");
	ok = ok && add(table, "CPUs", text) &&
	     add(table, "memory", units_bytes(facts->memory_bytes >> 20 << 20, size)) &&
	     add_caches(table, facts) && add(table, "governor", facts->governor) &&
	     add(table, "hypervisor", facts->hypervisor[0] ? facts->hypervisor : "none seen");
	snprintf(text, sizeof(text), "%s, one tick %.4g ns, a begin and end %.3g ns", facts->clock,
		facts->clock_tick_ns, facts->clock_cost_ns);
	return ok && add(table, "clock", text) && add_nocache(table, facts) &&
	       add_lines(table, facts) && add_states(table, other) &&
	       add(table, "build", facts->build) && add(table, "libraries", facts->libraries);
}

/* The pmem device behind the target; nothing for other memory. */
static bool add_device(struct show_table *table, const struct device_facts *device)
{
	char bad[32], ways[32];

	if (strcmp(device->mode, "system-ram") == 0)
		return add(table, "used as",
			"system RAM (driver kmem): the kernel hands it to anybody, no target");
	if (device->kind[0] == '\0')
		return true;
	snprintf(bad, sizeof(bad), "%d", device->bad_ranges);
	snprintf(ways, sizeof(ways), "%d", device->interleave_ways);
	return add(table, "device", device->name) && add(table, "kind", device->kind) &&
	       add(table, "namespace mode", device->mode) &&
	       add(table, "interleave ways", device->interleave_ways > 0 ? ways : "") &&
	       add(table, "bad block ranges", device->bad_ranges < 0 ? "" : bad) &&
	       add(table, "kernel flushes CPU caches",
		       device->write_cache < 0 ? ""
		       : device->write_cache   ? "yes"
					       : "no");
}

static bool is_file(const struct target_request *request)
{
	return request->ops->is_file;
}

static const char *sync_text(const struct target_facts *facts, bool mapped)
{
	if (!mapped)
		return "not tried: name a folder";
	return facts->map_sync ? "granted" : facts->no_sync;
}

/* A target's facts; *mapped: it was mapped to learn them. */
static bool read_target(const char *spec, bool quiet, struct target_request *request,
	struct target_facts *facts, bool *mapped, struct err *e)
{
	struct target target;
	struct stat st;

	if (!command_target(spec, 0, quiet, request, e) || !target_describe(request, facts, e))
		return false;
	/* In a folder a file of our own can be mapped, and the kernel asked; elsewhere nothing is touched. */
	*mapped =
		request->path[0] == '\0' || (stat(request->path, &st) == 0 && S_ISDIR(st.st_mode));
	if (*mapped) {
		if (!target_open(&target, request, PROBE_BYTES, e))
			return false;
		*facts = target.facts;
		target_close(&target);
	}
	return true;
}

static bool add_target(struct show_table *table, const struct target_request *request,
	const struct target_facts *facts, bool mapped)
{
	char size[UNITS_TEXT_BYTES], node[16], pages[80];

	snprintf(node, sizeof(node), "%d", facts->node);
	snprintf(pages, sizeof(pages), "%s (%.0f %% of it%s)", units_bytes(facts->page_bytes, size),
		100 * facts->page_share, mapped ? ", told by its faults" : ", as stated");
	return add(table, "target", facts->name) &&
	       add(table, mapped ? "access" : "access, not tried",
		       access_words.names[facts->access]) &&
	       add(table, "medium", medium_words.names[facts->medium]) &&
	       add(table, "persistence domain", domain_words.names[facts->domain]) &&
	       add(table, "emulated", facts->emulated ? "yes" : "no") &&
	       add(table, "NUMA node", facts->node < 0 ? "" : node) &&
	       add(table, "pages of", pages) &&
	       (!is_file(request) || add(table, "MAP_SYNC", sync_text(facts, mapped))) &&
	       (!is_file(request) ||
		       add(table, "mounted with -o sync", facts->sync_mount ? "yes" : "no")) &&
	       add_device(table, &facts->device);
}

/* ---- for programs: the keys, numbers and units of result files ---- */

static json_t *states_json(int other)
{
	json_t *states = json_object();

	for (unsigned s = 0; s < STATE_COUNT; s++) {
		struct setting setting = {.state = (enum state)s, SETTING_DEFAULTS};
		json_t *state = json_object();
		struct err why;
		bool usable = state_usable(&setting, other, &why);

		json_put(state, "can_be_prepared", json_boolean(usable));
		if (!usable)
			json_put(state, "why", json_plain(why.text));
		json_put(states, state_words.names[s], state);
	}
	return states;
}

static struct show_table *begin(void)
{
	static const struct show_column columns[] = {{.name = "FACT"}, {.name = "VALUE"}};

	return show_begin("facts", columns, 2, false);
}

static bool probe_machine(bool json, struct err *e)
{
	struct facts facts;
	struct show_table *table;
	json_t *root;
	int other = -1;

	if (!read_machine(&facts, &other, e))
		return false;
	if (json) {
		root = json_object();
		json_put(root, "facts", result_facts_json(&facts));
		json_put(root, "nocache_leaves", json_boolean(facts_nocache_leaves(&facts)));
		json_put(root, "destination_states", states_json(other));
		return json_print(root, JSON_INDENT(2) | JSON_REAL_PRECISION(8), e);
	}
	table = begin();
	return show_finish(table, table != NULL && add_machine(table, &facts, other), e);
}

static bool probe_target(const char *spec, bool json, struct err *e)
{
	struct target_request request;
	struct target_facts facts;
	struct show_table *table;
	bool mapped;
	json_t *root;

	if (!read_target(spec, json, &request, &facts, &mapped, e))
		return false;
	if (json) {
		root = json_object();
		json_put(root, "target", result_target_json(&facts));
		json_put(root, "mapped", json_boolean(mapped));
		return json_print(root, JSON_INDENT(2) | JSON_REAL_PRECISION(8), e);
	}
	table = begin();
	return show_finish(table, table != NULL && add_target(table, &request, &facts, mapped), e);
}

static bool probe(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	int first;

	if (!option_parse(
		    argc, argv, options, sizeof(options) / sizeof(options[0]), &config, &first, e))
		return false;
	if (first + 1 < argc)
		return err_set(e, ERR_USAGE, "probe: unexpected argument '%s'", argv[first + 1]);
	return first < argc ? probe_target(argv[first], config.json, e)
			    : probe_machine(config.json, e);
}

const struct command command_probe = {
	.name = "probe",
	.arguments = "[TARGET] [--json]",
	.summary = "what this machine is, or what a target is, as results record it",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = probe,
};
