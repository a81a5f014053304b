/* SPDX-License-Identifier: MIT */
/* --cpu-node, --mem-node and --numa as the list of placements that a plan crosses with its other axes. */
#ifndef DAXMARK_COMMAND_PLACEMENT_H
#define DAXMARK_COMMAND_PLACEMENT_H

#include "base/err.h"
#include "case/axis.h"

struct placement_request {
	const char *cpu_node, *mem_node, *numa; /* as typed; NULL: not given */
	bool movable;				/* the target can be put on any node */
	int target_node;			/* that it must be on; -1: any */
};

/*
 * The placements; none where nothing was chosen. A matrix is every node with CPUs against
 * every node with memory: the target's where it can be put anywhere (the DRAM side is then
 * on the CPU's node), else the DRAM side's.
 */
bool placement_choose(
	const struct placement_request *request, struct axis_values *list, struct err *e);

#endif
