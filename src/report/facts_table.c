// SPDX-License-Identifier: MIT
#include "report/facts_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

static const char *guarantee_of(
	const struct result_arm *arm, enum guarantee guarantee, unsigned operations)
{
	return arm->copies && (arm->operations & operations) ? guarantee_words.names[guarantee]
							     : "–";
}

void facts_table_arms(struct document *document, const struct result *result)
{
	static const char *const columns[] = {
		"strategy", "family", "writes", "reads", "steps", "kernel"};

	document_heading(document, 2, "Strategies");
	document_paragraph(document,
		"What each guarantees at best, when no line is cached beforehand; the tables say "
		"what it is in each setting.");
	document_table_begin(document, columns, 6, 6);
	for (size_t a = 0; a < result->n_arms; a++) {
		const struct result_arm *arm = &result->arms[a];
		char kernel[200];
		const char *cells[] = {arm->name, family_words.names[arm->family],
			guarantee_of(arm, arm->guarantee, 1u << OP_WRITE | 1u << OP_WRITE_CONSUME),
			guarantee_of(arm, arm->read_guarantee, 1u << OP_READ), arm->steps, kernel};

		if (arm->available)
			snprintf(kernel, sizeof(kernel), "%s", arm->variant);
		else
			snprintf(kernel, sizeof(kernel), "not available: %s", arm->why);
		document_row(document, cells, 6, 6, false);
	}
	document_table_end(document);
}

static void write_fact(struct document *document, const char *name, const char *value)
{
	const char *cells[] = {name, value[0] != '\0' ? value : "not stated"};

	document_row(document, cells, 2, 2, false);
}

static void write_device(struct document *document, const struct device_facts *device)
{
	char text[300], ways[40] = "", bad[40] = "";

	if (device->interleave_ways > 0)
		snprintf(ways, sizeof(ways), ", %d-way interleaved", device->interleave_ways);
	if (device->bad_ranges >= 0)
		snprintf(bad, sizeof(bad), ", %d bad block ranges", device->bad_ranges);
	snprintf(text, sizeof(text), "%s: %s, namespace mode %s%s%s%s", device->name, device->kind,
		device->mode[0] != '\0' ? device->mode : "not stated", ways, bad,
		device->write_cache > 0	   ? ", the kernel flushes CPU caches"
		: device->write_cache == 0 ? ", the kernel flushes no CPU caches"
					   : "");
	write_fact(document, "device", text);
}

/* How much the machine wavered, for those who judge the numbers. */
static void write_noise(struct document *document, const struct summary *summary)
{
	const struct result *result = summary->result;
	double cpu_s = result->wall_s * result->facts.cpus_online;
	char text[400], spread[200] = "";

	if (isfinite(summary->spread_median))
		snprintf(spread, sizeof(spread),
			"; the time of one case differs between visits by %.1f %% (standard "
			"deviation; median over cases), at most %.1f %%",
			100 * summary->spread_median, 100 * summary->spread_most);
	snprintf(text, sizeof(text),
		"%.2f s stolen by the hypervisor (%.1f %% of all CPUs' time)%s; carry-over between "
		"strategies can bias a ratio by at most %.2f %%",
		result->steal_s, cpu_s > 0 ? 100 * result->steal_s / cpu_s : 0, spread,
		100 * summary->carry_over);
	write_fact(document, "noise", text);
}

void facts_table_facts(struct document *document, const struct summary *summary)
{
	static const char *const columns[] = {"fact", "value"};
	const struct result *result = summary->result;
	const struct facts *facts = &result->facts;
	char text[1000], size[UNITS_TEXT_BYTES], node[24] = "not stated", visits[60], cpu[24];

	snprintf(cpu, sizeof(cpu), "%d", facts->cpu);
	document_heading(document, 2, "Facts");
	document_table_begin(document, columns, 2, 2);
	write_fact(document, "when", result->created);
	write_fact(document, "command", result->command);
	if (result->suite[0] != '\0')
		write_fact(document, "suite", result->suite);
	if (result->question[0] != '\0')
		write_fact(document, "question", result->question);
	for (size_t a = 0; a < result->n_arms; a++)
		if (result->arms[a].path[0] != '\0') {
			snprintf(text, sizeof(text), "%.47s%s%.63s of %.511s, SHA-256 %.64s",
				result->arms[a].name,
				result->arms[a].revision[0] != '\0' ? " " : "",
				result->arms[a].revision, result->arms[a].path,
				result->arms[a].sha256);
			write_fact(document, "loaded", text);
		}
	if (result->label[0] != '\0')
		write_fact(document, "label", result->label);
	if (result->commit[0] != '\0')
		write_fact(document, "commit", result->commit);
	write_fact(document, "machine", facts->host);
	write_fact(document, "CPU", facts->cpu_model);
	snprintf(text, sizeof(text), "%s; microcode %s", facts->cpu_features,
		facts->microcode[0] ? facts->microcode : "not stated");
	write_fact(document, "CPU features used", text);
	text[0] = '\0';
	for (int i = 0; i < facts->n_caches; i++) {
		const struct cache_facts *cache = &facts->caches[i];
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "%sL%d %s %s, %d ways", i ? "; " : "",
			cache->level, cache->type, units_bytes(cache->bytes, size), cache->ways);
	}
	write_fact(document, "caches", text);
	snprintf(text, sizeof(text),
		"%d CPUs, measured on CPU %s; %d NUMA node%s; governor %s; hypervisor: %s",
		facts->cpus_online, facts->cpus[0] ? facts->cpus : cpu, facts->numa_nodes,
		facts->numa_nodes == 1 ? "" : "s",
		facts->governor[0] ? facts->governor : "not stated",
		facts->hypervisor[0] ? facts->hypervisor : "none seen");
	write_fact(document, "set-up", text);
	write_fact(document, "kernel", facts->kernel);
	if (result->target.node >= 0)
		snprintf(node, sizeof(node), "%d", result->target.node);
	snprintf(text, sizeof(text),
		"%s: access %s, medium %s, persistence domain %s, pages of %s (%.0f %% of it), "
		"NUMA "
		"node %s%s%s%s",
		result->target.name, access_words.names[result->target.access],
		medium_words.names[result->target.medium],
		domain_words.names[result->target.domain],
		units_bytes(result->target.page_bytes, size), 100 * result->target.page_share, node,
		result->target.incoherent ? "; others reach it past this machine's caches" : "",
		result->target.source_file ? "; copies come from a file beside it" : "",
		result->target.emulated ? "; EMULATED" : "");
	write_fact(document, "target", text);
	if (result->target.device.kind[0] != '\0')
		write_device(document, &result->target.device);
	if (result->target.aliases.modulus != 0) {
		snprintf(text, sizeof(text), "congruent modulo %s: %s",
			units_bytes(result->target.aliases.modulus, size),
			result->target.aliases.held > 0	   ? "line costs agree"
			: result->target.aliases.held == 0 ? "NOT SO: line costs differ"
							   : "not checked");
		write_fact(document, "aliases", text);
	}
	if (result->target.sync_mount)
		write_fact(document, "mount", "-o sync: every write is a write and sync");
	if (result->target.no_sync[0] != '\0')
		write_fact(document, "no MAP_SYNC", result->target.no_sync);
	snprintf(text, sizeof(text), "%s, one tick %.4g ns, a begin and end %.3g ns", facts->clock,
		facts->clock_tick_ns, facts->clock_cost_ns);
	write_fact(document, "clock", text);
	snprintf(text, sizeof(text), "%.1f ns to a cached line, %.0f ns to an absent one",
		facts->nocache_hit_ns, facts->nocache_miss_ns);
	write_fact(document, "non-temporal store and fence",
		isnan(facts->nocache_miss_ns) ? "" : text);
	facts_lines_text(&facts->lines, text, sizeof(text));
	write_fact(document, "where a line is afterwards", text);
	write_fact(document, "build", facts->build);
	write_fact(document, "libraries", facts->libraries);
	snprintf(visits, sizeof(visits), "%zu", summary->least_visits);
	if (summary->most_visits != summary->least_visits)
		snprintf(visits, sizeof(visits), "%zu to %zu", summary->least_visits,
			summary->most_visits);
	snprintf(text, sizeof(text),
		"%.1f s of a budget of %g s, %s visits a comparison, seed %llu", result->wall_s,
		result->budget_s, visits, (unsigned long long)result->seed);
	write_fact(document, "run", text);
	write_noise(document, summary);
	if (isfinite(summary->empty_ns)) {
		snprintf(text, sizeof(text),
			"%.2f ns an operation (the empty strategy; not subtracted)",
			summary->empty_ns);
		write_fact(document, "loop", text);
	}
	document_table_end(document);
}
