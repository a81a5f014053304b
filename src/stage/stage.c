// SPDX-License-Identifier: MIT
#include "stage/stage.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/interrupt.h"
#include "base/random.h"
#include "base/units.h"
#include "sys/limits.h"
#include "sys/node.h"

static void fill_random(char *start, uint64_t bytes, uint64_t seed)
{
	uint64_t *words = (uint64_t *)(void *)start, state = seed;

	for (uint64_t i = 0; i < bytes / 8 && !interrupt_pending(); i++)
		words[i] = random_next(&state);
}

/* Memory of one node or any, anonymous or of a file, touched, and where it was asked for. */
static char *take(uint64_t bytes, int node, bool shared, int fd, struct err *e)
{
	int flags = fd >= 0 ? MAP_SHARED : (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS;
	char *base;
	struct err why;

	if (node >= 0 && !node_fits(node, bytes, &why)) {
		err_set(e, ERR_FAILED, ERR_OF("memory node") ": a buffer of %llu MiB needs %s",
			(unsigned long long)bytes >> 20, why.text);
		return NULL;
	}
	base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
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

static atomic_uint drams_made;

static bool add_dram(
	struct stage *stage, const struct stage_request *request, int node, struct err *e)
{
	struct stage_dram *dram = &stage->drams[stage->n_drams];

	for (size_t i = 0; i < stage->n_drams; i++)
		if (stage->drams[i].node == node)
			return true;
	if (stage->n_drams == STAGE_NODES)
		return err_set(e, ERR_FAILED, "more than %d NUMA nodes", STAGE_NODES);
	stage->n_drams++;
	dram->node = node;
	dram->number = atomic_fetch_add(&drams_made, 1) + 1;
	dram->source_fd = -1;
	if (stage->source_is_file) {
		dram->source_fd = target_beside(request->target, stage->source_bytes, e);
		if (dram->source_fd < 0)
			return false;
	}
	dram->source = take(stage->source_bytes, node, request->shared, dram->source_fd, e);
	if (dram->source == NULL)
		return false;
	fill_random(dram->source, stage->source_bytes, stage->seed);
	if (stage->sink_bytes > 0)
		dram->sink = take(stage->sink_bytes, node, request->shared, -1, e);
	return stage->sink_bytes == 0 || dram->sink != NULL;
}

static bool add_target(
	struct stage *stage, const struct stage_request *request, int node, struct err *e)
{
	struct target_request there = *request->target;

	for (size_t i = 0; i < stage->n_targets; i++)
		if (stage->target_nodes[i] == node)
			return true;
	if (stage->n_targets == STAGE_NODES)
		return err_set(e, ERR_FAILED, "more than %d NUMA nodes", STAGE_NODES);
	if (node >= 0)
		there.node = node;
	if (!target_open(&stage->targets[stage->n_targets], &there, request->target_bytes, e))
		return false;
	stage->target_nodes[stage->n_targets++] = node;
	return true;
}

static void refill(struct stage *stage)
{
	for (size_t i = 0; stage->sink_bytes > 0 && i < stage->n_targets; i++)
		fill_random(
			stage->targets[i].base, stage->targets[i].facts.bytes, stage->seed + i + 1);
}

/* All that will be taken, before any of it is: what does not fit ends in a killed process. */
static bool fits_memory(const struct stage_request *request, struct err *e)
{
	uint64_t targets = request->target->path[0] == '\0' ? request->n_target_nodes : 0;
	uint64_t needs, leaves;
	char name[100], need_text[UNITS_TEXT_BYTES], leaves_text[UNITS_TEXT_BYTES];

	needs = targets * request->target_bytes +
		request->n_dram_nodes * (request->source_bytes + request->sink_bytes);
	leaves = limits_memory(name, sizeof(name));
	return leaves == UINT64_MAX || needs <= leaves / 20 * 19 ||
	       err_set(e, ERR_FAILED,
		       "this needs %s of memory, %s has %s left: a smaller " ERR_OF(
			       "footprint") " or " ERR_OF("size"),
		       units_bytes(needs, need_text), name,
		       units_bytes(leaves >> 20 << 20, leaves_text));
}

/* With one node of its own where none is named. */
static struct stage_request with_nodes(const struct stage_request *request)
{
	struct stage_request with = *request;

	if (with.n_target_nodes == 0)
		with.target_nodes[with.n_target_nodes++] = -1;
	if (with.n_dram_nodes == 0)
		with.dram_nodes[with.n_dram_nodes++] = -1;
	return with;
}

bool stage_open(struct stage *stage, const struct stage_request *asked, struct err *e)
{
	const struct stage_request with = with_nodes(asked), *request = &with;

	memset(stage, 0, sizeof(*stage));
	stage->seed = request->seed;
	stage->source_bytes = request->source_bytes;
	stage->sink_bytes = request->sink_bytes;
	/* A device has no files beside it: what must copy from one is not available there. */
	stage->source_is_file = request->source_is_file && !request->target->ops->own_pages;
	if (!fits_memory(request, e))
		return false;
	/* What is bound to a node comes first: a target on any goes where there is room. */
	for (size_t i = 0; i < request->n_dram_nodes; i++)
		if (!add_dram(stage, request, request->dram_nodes[i], e))
			return false;
	for (size_t i = 0; i < request->n_target_nodes; i++)
		if (!add_target(stage, request, request->target_nodes[i], e))
			return false;
	refill(stage);
	return true;
}

static bool reserve_windows(
	struct stage *stage, size_t threads, const struct alias_facts *facts, struct err *e)
{
	for (size_t i = 0; i < stage->n_targets; i++)
		if (!alias_reserve(&stage->targets[i], facts->modulus, threads, &stage->windows[i],
			    &stage->window_steps[i], e)) {
			stage->windows[i] = 0;
			return false;
		}
	return true;
}

bool stage_map_alias(struct stage *stage, enum alias_kind kind, size_t threads,
	struct alias_facts *facts, struct err *e)
{
	if (kind == ALIAS_WINDOW) {
		stage->n_windows = threads;
		return reserve_windows(stage, threads, facts, e);
	}
	for (size_t i = 0; i < stage->n_targets; i++) {
		const struct target *target = &stage->targets[i];
		uint64_t granule = alias_granule(target), shift = 0;

		if (kind == ALIAS_INCONGRUENT) {
			if (facts->incongruent == 0)
				facts->incongruent = granule;
			shift = facts->incongruent;
		}
		if (shift % granule != 0)
			return err_set(e, ERR_FAILED,
				"alias distance: target %s is mapped at multiples of %llu bytes",
				target->facts.name, (unsigned long long)granule);
		if (!alias_map(&stage->aliases[kind][i], target, facts->modulus, shift, e))
			return false;
	}
	return true;
}

void stage_close(struct stage *stage)
{
	for (size_t i = 0; i < stage->n_targets; i++) {
		for (size_t kind = 0; kind < ALIAS_KINDS; kind++)
			alias_unmap(&stage->aliases[kind][i]);
		if (stage->windows[i] != 0)
			alias_release(&stage->targets[i], stage->n_windows, stage->windows[i],
				stage->window_steps[i]);
		target_close(&stage->targets[i]);
	}
	for (size_t i = 0; i < stage->n_drams; i++) {
		if (stage->drams[i].source != NULL)
			munmap(stage->drams[i].source, stage->source_bytes);
		if (stage->drams[i].sink != NULL)
			munmap(stage->drams[i].sink, stage->sink_bytes);
		if (stage->drams[i].source_fd >= 0)
			close(stage->drams[i].source_fd);
	}
	memset(stage, 0, sizeof(*stage));
}

size_t stage_step(size_t len, size_t align, size_t unit)
{
	if (unit == 0)
		unit = arch_line_bytes();
	return (len + align + unit - 1) / unit * unit;
}

struct target *stage_target(struct stage *stage, const struct setting *setting)
{
	for (size_t i = 1; i < stage->n_targets; i++)
		if (stage->target_nodes[i] == setting->target_node)
			return &stage->targets[i];
	return &stage->targets[0];
}

ptrdiff_t stage_alias(
	const struct stage *stage, const struct setting *setting, enum alias_kind kind)
{
	for (size_t i = 0; i < stage->n_targets; i++) {
		const struct alias *alias = &stage->aliases[kind][i];

		if (stage->target_nodes[i] == setting->target_node && alias->base != NULL)
			return (ptrdiff_t)((uintptr_t)alias->base -
					   (uintptr_t)stage->targets[i].base);
	}
	return 0;
}

void stage_refill(struct stage *stage, char *start, size_t bytes)
{
	size_t into = (uintptr_t)start % 8;

	if (stage->sink_bytes > 0 && bytes > 8)
		fill_random(start + (8 - into) % 8, bytes - 8, stage->seed ^ (uintptr_t)start);
}

static const struct stage_dram *dram_of(const struct stage *stage, const struct setting *setting)
{
	for (size_t i = 1; i < stage->n_drams; i++)
		if (stage->drams[i].node == setting->mem_node)
			return &stage->drams[i];
	return &stage->drams[0];
}

struct stage_place stage_place(struct stage *stage, const struct setting *setting)
{
	const struct target *target = stage_target(stage, setting);
	const struct stage_dram *dram = dram_of(stage, setting);
	size_t i = (size_t)(target - stage->targets);
	struct stage_place place = {.dst = target->base,
		.dst_bytes = target->facts.bytes,
		.src = dram->source,
		.src_bytes = stage->source_bytes};

	if (setting->operation == OP_READ)
		place = (struct stage_place){.dst = dram->sink,
			.dst_bytes = stage->sink_bytes,
			.src = target->base,
			.src_bytes = target->facts.bytes};
	place.frame = (struct walk){.fd = target->fd,
		/* Of a devdax node the mapping moves along: addresses are still file offsets from here. */
		.base = (char *)((uintptr_t)target->base - target->offset),
		.dram = setting->operation == OP_READ ? dram->sink : dram->source,
		.dram_bytes =
			setting->operation == OP_READ ? stage->sink_bytes : stage->source_bytes,
		.dram_fd = setting->operation == OP_READ ? -1 : dram->source_fd,
		.dram_number = dram->number,
		.failed = &stage->failure,
		.congruent = stage_alias(stage, setting, ALIAS_CONGRUENT),
		.incongruent = stage_alias(stage, setting, ALIAS_INCONGRUENT),
		.window = stage->windows[i],
		.window_step = stage->window_steps[i],
		.granule = alias_granule(target)};
	return place;
}

bool stage_refresh(struct stage *stage, struct err *e)
{
	for (size_t i = 0; i < stage->n_targets; i++) {
		struct target *target = &stage->targets[i];

		if (target->ops->refresh != NULL && !target->ops->refresh(target, e))
			return false;
		for (size_t kind = 0; kind < ALIAS_KINDS; kind++)
			if (!alias_follow(&stage->aliases[kind][i], target, e))
				return false;
	}
	refill(stage);
	return true;
}
