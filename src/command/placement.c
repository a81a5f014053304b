// SPDX-License-Identifier: MIT
#include "command/placement.h"

#include <string.h>

#include "base/units.h"
#include "sys/node.h"

static bool parse_node(const char *option, const char *text, int *node, struct err *e)
{
	uint64_t value;
	struct err why;

	*node = -1;
	if (text == NULL)
		return true;
	if (!units_parse_u64(text, &value, &why))
		return err_set(e, ERR_USAGE, "%s: %s", option, why.text);
	if (value > (uint64_t)node_last())
		return err_set(e, ERR_FAILED, "%s: there is no NUMA node %s", option, text);
	*node = (int)value;
	return true;
}

static bool matrix(const struct placement_request *request, int cpu_node, int mem_node,
	struct axis_values *list, struct err *e)
{
	bool move_target = request->movable && request->target_node < 0;

	for (int cpu = 0; cpu <= node_last(); cpu++) {
		if (!node_has_cpus(cpu) || (cpu_node >= 0 && cpu != cpu_node))
			continue;
		for (int memory = 0; memory <= node_last(); memory++) {
			struct setting place = {.threads = 1,
				.cpu_node = cpu,
				.mem_node = memory,
				.target_node = -1};

			if (!node_has_memory(memory))
				continue;
			if (move_target) {
				place.target_node = memory;
				place.mem_node = mem_node >= 0		? mem_node
						 : node_has_memory(cpu) ? cpu
									: -1;
			} else if (mem_node >= 0 && memory != mem_node) {
				continue;
			}
			if (list->n == AXIS_MOST_VALUES)
				return err_set(e, ERR_USAGE,
					"--numa: more than %d placements: name nodes",
					AXIS_MOST_VALUES);
			list->values[list->n++] = place;
		}
	}
	return list->n > 0 ||
	       err_set(e, ERR_FAILED, "--numa: no NUMA node has both what is asked for");
}

bool placement_choose(
	const struct placement_request *request, struct axis_values *list, struct err *e)
{
	int cpu_node, mem_node;

	list->n = 0;
	if (!parse_node("--cpu-node", request->cpu_node, &cpu_node, e) ||
		!parse_node("--mem-node", request->mem_node, &mem_node, e))
		return false;
	if (cpu_node >= 0 && !node_has_cpus(cpu_node))
		return err_set(e, ERR_FAILED, "--cpu-node: NUMA node %d has no CPU", cpu_node);
	if (mem_node >= 0 && !node_has_memory(mem_node))
		return err_set(e, ERR_FAILED, "--mem-node: NUMA node %d has no memory", mem_node);
	if (request->numa != NULL && strcmp(request->numa, "matrix") != 0)
		return err_set(e, ERR_USAGE, "--numa: '%s': it takes 'matrix'", request->numa);
	if (cpu_node < 0 && mem_node < 0 && request->numa == NULL)
		return true;
	if (request->numa != NULL)
		return matrix(request, cpu_node, mem_node, list, e);
	list->values[list->n++] = (struct setting){
		.threads = 1, .cpu_node = cpu_node, .mem_node = mem_node, .target_node = -1};
	return true;
}
