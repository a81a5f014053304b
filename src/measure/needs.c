// SPDX-License-Identifier: MIT
#include "measure/needs.h"

#include <string.h>
#include <unistd.h>

#include "arch/arch.h"
#include "case/workload.h"
#include "measure/engine.h"

/* As large as the largest operation of each thread needs, or the window where it walks. */
static void size_dram(struct stage_request *request, const struct plan *plan)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];
		bool read = setting->operation == OP_READ;
		/* One operation, and where a thread has its own, one of each. */
		bool own = read || setting->source != SOURCE_HOT;
		uint64_t need = stage_step(workload_span(setting), arch_line_bytes(), 0) *
				(own ? setting->threads : 1);

		if (own && need < plan->window_bytes)
			need = plan->window_bytes;
		if (read && need > request->sink_bytes)
			request->sink_bytes = need;
		if (!read && need > request->source_bytes)
			request->source_bytes = need;
	}
	request->source_bytes = (request->source_bytes + page - 1) / page * page;
	request->sink_bytes = (request->sink_bytes + page - 1) / page * page;
	if (request->source_bytes == 0 &&
		request->sink_bytes > 0) /* what reads refill the target from */
		request->source_bytes = page;
}

/* Once each. */
static bool add_node(int nodes[STAGE_NODES], size_t *n, int node, struct err *e)
{
	for (size_t i = 0; i < *n; i++)
		if (nodes[i] == node)
			return true;
	if (*n == STAGE_NODES)
		return err_set(e, ERR_FAILED, "more than %d NUMA nodes", STAGE_NODES);
	nodes[(*n)++] = node;
	return true;
}

bool needs_of(const struct plan *plan, const struct target_request *target,
	struct stage_request *request, struct err *e)
{
	memset(request, 0, sizeof(*request));
	request->target = target;
	request->target_bytes = plan->window_bytes;
	request->seed = plan->seed;
	for (size_t a = 0; a < plan->n_arms; a++)
		request->source_is_file |=
			plan->arms[a].strategy->from_file && plan->arms[a].kernel != NULL;
	size_dram(request, plan);

	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];

		if (!add_node(request->dram_nodes, &request->n_dram_nodes, setting->mem_node, e) ||
			!add_node(request->target_nodes, &request->n_target_nodes,
				setting->target_node, e))
			return false;
	}
	return true;
}
