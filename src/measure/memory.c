// SPDX-License-Identifier: MIT
#include "measure/memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/interrupt.h"
#include "base/units.h"
#include "measure/engine.h"
#include "sys/limits.h"
#include "sys/node.h"

#define PAGE 4096

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static void fill_random(char *start, uint64_t bytes, uint64_t seed)
{
	uint64_t *words = (uint64_t *)(void *)start, x = seed;

	for (uint64_t i = 0; i < bytes / 8 && !interrupt_pending(); i++) {
		uint64_t z = x += 0x9e3779b97f4a7c15u;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		words[i] = z ^ z >> 31;
	}
}

/* Anonymous memory of one node or any, touched, and where it was asked for. */
static char *take(uint64_t bytes, int node, struct err *e)
{
	char *base;
	struct err why;

	if (node >= 0 && !node_fits(node, bytes, &why)) {
		err_set(e, ERR_FAILED, ERR_OF("memory node") ": a buffer of %llu MiB needs %s",
			(unsigned long long)bytes >> 20, why.text);
		return NULL;
	}
	base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED) {
		err_set(e, ERR_FAILED, "out of memory for a buffer of %llu bytes",
			(unsigned long long)bytes);
		return NULL;
	}
	if (node < 0 || node_bind(base, bytes, node, e)) {
		memset(base, 1, bytes);
		if (node < 0 || node_verify(base, bytes, node, &why))
			return base;
		err_set(e, ERR_FAILED, ERR_OF("memory node") ": the DRAM side: %.300s", why.text);
	}
	munmap(base, bytes);
	return NULL;
}

/* As large as the largest operation of each thread needs, or the window where it walks. */
static void size_dram(struct memory *memory, const struct plan *plan)
{
	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];
		bool read = setting->operation == OP_READ;
		/* One operation, and where a thread has its own, one of each. */
		bool own = read || setting->source != SOURCE_HOT;
		uint64_t need = engine_step(setting->size, 64, 0) * (own ? setting->threads : 1);

		if (own && need < plan->window_bytes)
			need = plan->window_bytes;
		if (read && need > memory->sink_bytes)
			memory->sink_bytes = need;
		if (!read && need > memory->source_bytes)
			memory->source_bytes = need;
	}
	memory->source_bytes = (memory->source_bytes + PAGE - 1) / PAGE * PAGE;
	memory->sink_bytes = (memory->sink_bytes + PAGE - 1) / PAGE * PAGE;
	if (memory->source_bytes == 0 &&
		memory->sink_bytes > 0) /* what reads refill the target from */
		memory->source_bytes = PAGE;
}

static bool add_dram(struct memory *memory, int node, struct err *e)
{
	struct memory_dram *dram = &memory->drams[memory->n_drams];

	for (size_t i = 0; i < memory->n_drams; i++)
		if (memory->drams[i].node == node)
			return true;
	if (memory->n_drams == MEMORY_NODES)
		return err_set(e, ERR_FAILED, "more than %d NUMA nodes", MEMORY_NODES);
	memory->n_drams++;
	dram->node = node;
	dram->source = take(memory->source_bytes, node, e);
	if (dram->source == NULL)
		return false;
	fill_random(dram->source, memory->source_bytes, memory->seed);
	if (memory->sink_bytes > 0)
		dram->sink = take(memory->sink_bytes, node, e);
	return memory->sink_bytes == 0 || dram->sink != NULL;
}

static bool add_target(struct memory *memory, const struct target_request *request, int node,
	uint64_t bytes, struct err *e)
{
	struct target_request there = *request;

	for (size_t i = 0; i < memory->n_targets; i++)
		if (memory->target_nodes[i] == node)
			return true;
	if (memory->n_targets == MEMORY_NODES)
		return err_set(e, ERR_FAILED, "more than %d NUMA nodes", MEMORY_NODES);
	if (node >= 0)
		there.node = node;
	if (!target_open(&memory->targets[memory->n_targets], &there, bytes, e))
		return false;
	memory->target_nodes[memory->n_targets++] = node;
	return true;
}

static void refill(struct memory *memory)
{
	for (size_t i = 0; memory->sink_bytes > 0 && i < memory->n_targets; i++)
		fill_random(memory->targets[i].base, memory->targets[i].facts.bytes,
			memory->seed + i + 1);
}

/* All that will be taken, before any of it is: what does not fit ends in a killed process. */
static bool fits_memory(const struct memory *memory, const struct plan *plan,
	const struct target_request *request, struct err *e)
{
	uint64_t targets = 0, drams = 0, needs, leaves;
	char name[100], need_text[UNITS_TEXT_BYTES], leaves_text[UNITS_TEXT_BYTES];

	for (size_t c = 0; c < plan->n_settings; c++) {
		bool new_target = true, new_dram = true;

		for (size_t i = 0; i < c && (new_target || new_dram); i++) {
			new_target &=
				plan->settings[i].target_node != plan->settings[c].target_node;
			new_dram &= plan->settings[i].mem_node != plan->settings[c].mem_node;
		}
		targets += new_target && request->path[0] == '\0';
		drams += new_dram;
		if (!new_target && !new_dram && c > MEMORY_NODES)
			break; /* the rest is more of the same */
	}
	needs = targets * plan->window_bytes + drams * (memory->source_bytes + memory->sink_bytes);
	leaves = limits_memory(name, sizeof(name));
	return leaves == UINT64_MAX || needs <= leaves / 20 * 19 ||
	       err_set(e, ERR_FAILED,
		       "this run needs %s of memory, %s has %s left: a smaller " ERR_OF(
			       "footprint") " or " ERR_OF("size"),
		       units_bytes(needs, need_text), name,
		       units_bytes(leaves >> 20 << 20, leaves_text));
}

bool memory_open(struct memory *memory, const struct plan *plan,
	const struct target_request *request, struct err *e)
{
	memset(memory, 0, sizeof(*memory));
	memory->seed = plan->seed;
	size_dram(memory, plan);
	if (!fits_memory(memory, plan, request, e))
		return false;
	/* What is bound to a node comes first: a target on any goes where there is room. */
	for (size_t c = 0; c < plan->n_settings; c++)
		if (!add_dram(memory, plan->settings[c].mem_node, e))
			return false;
	for (size_t c = 0; c < plan->n_settings; c++)
		if (!add_target(
			    memory, request, plan->settings[c].target_node, plan->window_bytes, e))
			return false;
	refill(memory);
	return true;
}

static bool reserve_windows(
	struct memory *memory, size_t threads, const struct alias_facts *facts, struct err *e)
{
	for (size_t i = 0; i < memory->n_targets; i++)
		if (!alias_reserve(&memory->targets[i], facts->modulus, threads,
			    &memory->windows[i], &memory->window_steps[i], e)) {
			memory->windows[i] = 0;
			return false;
		}
	return true;
}

bool memory_map_alias(struct memory *memory, enum strategy_alias kind, size_t threads,
	struct alias_facts *facts, struct err *e)
{
	if (kind == STRATEGY_WINDOW) {
		memory->n_windows = threads;
		return reserve_windows(memory, threads, facts, e);
	}
	for (size_t i = 0; i < memory->n_targets; i++) {
		const struct target *target = &memory->targets[i];
		uint64_t granule = alias_granule(target), shift = 0;

		if (kind == STRATEGY_INCONGRUENT) {
			if (facts->incongruent == 0)
				facts->incongruent = granule;
			shift = facts->incongruent;
		}
		if (shift % granule != 0)
			return err_set(e, ERR_FAILED,
				"alias distance: target %s is mapped at multiples of %llu bytes",
				target->facts.name, (unsigned long long)granule);
		if (!alias_map(&memory->aliases[kind][i], target, facts->modulus, shift, e))
			return false;
	}
	return true;
}

void memory_close(struct memory *memory)
{
	for (size_t i = 0; i < memory->n_targets; i++) {
		for (size_t kind = 0; kind < STRATEGY_ALIASES; kind++)
			alias_unmap(&memory->aliases[kind][i]);
		if (memory->windows[i] != 0)
			alias_release(&memory->targets[i], memory->n_windows, memory->windows[i],
				memory->window_steps[i]);
		target_close(&memory->targets[i]);
	}
	for (size_t i = 0; i < memory->n_drams; i++) {
		if (memory->drams[i].source != NULL)
			munmap(memory->drams[i].source, memory->source_bytes);
		if (memory->drams[i].sink != NULL)
			munmap(memory->drams[i].sink, memory->sink_bytes);
	}
	memset(memory, 0, sizeof(*memory));
}

struct target *memory_target(struct memory *memory, const struct setting *setting)
{
	for (size_t i = 0; i < memory->n_targets; i++)
		if (memory->target_nodes[i] == setting->target_node)
			return &memory->targets[i];
	return NULL;
}

struct memory_dram *memory_dram(struct memory *memory, const struct setting *setting)
{
	for (size_t i = 0; i < memory->n_drams; i++)
		if (memory->drams[i].node == setting->mem_node)
			return &memory->drams[i];
	return NULL;
}

ptrdiff_t memory_alias(
	const struct memory *memory, const struct setting *setting, enum strategy_alias kind)
{
	for (size_t i = 0; i < memory->n_targets; i++) {
		const struct alias *alias = &memory->aliases[kind][i];

		if (memory->target_nodes[i] == setting->target_node && alias->base != NULL)
			return (ptrdiff_t)((uintptr_t)alias->base -
					   (uintptr_t)memory->targets[i].base);
	}
	return 0;
}

void memory_refill(struct memory *memory, char *start, size_t bytes)
{
	size_t into = (uintptr_t)start % 8;

	if (memory->sink_bytes > 0 && bytes > 8)
		fill_random(start + (8 - into) % 8, bytes - 8, memory->seed ^ (uintptr_t)start);
}

ptrdiff_t memory_window(const struct memory *memory, const struct setting *setting, ptrdiff_t *step)
{
	for (size_t i = 0; i < memory->n_targets; i++) {
		if (memory->target_nodes[i] != setting->target_node)
			continue;
		*step = memory->window_steps[i];
		return memory->windows[i];
	}
	return *step = 0;
}

bool memory_refresh(struct memory *memory, struct err *e)
{
	for (size_t i = 0; i < memory->n_targets; i++) {
		struct target *target = &memory->targets[i];

		if (target->ops->refresh != NULL && !target->ops->refresh(target, e))
			return false;
		for (size_t kind = 0; kind < STRATEGY_ALIASES; kind++)
			if (!alias_follow(&memory->aliases[kind][i], target, e))
				return false;
	}
	refill(memory);
	return true;
}
