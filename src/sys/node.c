// SPDX-License-Identifier: MIT
#include "sys/node.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE 1024
#define HEADROOM (16ull << 20) /* that the kernel keeps for itself on a node */

bool node_has_memory(int node)
{
	if (numa_available() < 0)
		return node == 0;
	return node >= 0 && node <= numa_max_node() &&
	       numa_bitmask_isbitset(numa_all_nodes_ptr, (unsigned)node) &&
	       numa_node_size64(node, NULL) > 0;
}

bool node_has_cpus(int node)
{
	struct bitmask *cpus;
	bool any;

	if (numa_available() < 0)
		return node == 0;
	if (node < 0 || node > numa_max_node())
		return false;
	cpus = numa_allocate_cpumask();
	any = numa_node_to_cpus(node, cpus) == 0 && numa_bitmask_weight(cpus) > 0;
	numa_bitmask_free(cpus);
	return any;
}

int node_of_cpu(int cpu)
{
	return numa_available() < 0 ? 0 : numa_node_of_cpu(cpu);
}

int node_last(void)
{
	return numa_available() < 0 ? 0 : numa_max_node();
}

/* "Node 1 MemFree:  123 kB" of a node's meminfo, in bytes; 0 when it is not there. */
static uint64_t meminfo(int node, const char *key)
{
	char path[80], line[200], name[60];
	unsigned long long kib, bytes = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/meminfo", node);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Node %*d %59s %llu kB", name, &kib) == 2 &&
			strcmp(name, key) == 0)
			bytes = kib << 10;
	if (file != NULL)
		fclose(file);
	return bytes;
}

bool node_fits(int node, uint64_t bytes, struct err *e)
{
	long long all = numa_available() < 0 ? -1 : numa_node_size64(node, NULL);
	uint64_t usable = meminfo(node, "MemFree:") + meminfo(node, "Inactive(file):") +
			  meminfo(node, "Active(file):");

	if (all < 0)
		return true;
	if (bytes > (uint64_t)all / 2)
		return err_set(e, ERR_FAILED,
			"more than half of the memory of NUMA node %d, which has %lld MiB", node,
			all >> 20);
	return usable == 0 || bytes + HEADROOM <= usable / 10 * 9 ||
	       err_set(e, ERR_FAILED, "more than NUMA node %d has free, which is %llu MiB", node,
		       (unsigned long long)usable >> 20);
}

bool node_verify(const void *base, size_t bytes, int node, struct err *e)
{
	int failed, is = node_of_range(base, bytes, &failed);

	if (is == node)
		return true;
	if (failed != 0)
		return err_errno(e, failed, "placement cannot be verified: move_pages");
	if (is < 0)
		return err_set(e, ERR_FAILED,
			"the kernel put its pages on several NUMA nodes, not all on %d", node);
	return err_set(
		e, ERR_FAILED, "the kernel put its pages on NUMA node %d, not on %d", is, node);
}

bool node_bind(void *base, size_t bytes, int node, struct err *e)
{
	struct bitmask *mask;
	long failed;

	if (!node_has_memory(node))
		return err_set(e, ERR_FAILED, "this machine has no memory on NUMA node %d", node);
	if (numa_available() < 0)
		return true; /* all there is is node 0 */
	mask = numa_allocate_nodemask();
	numa_bitmask_setbit(mask, (unsigned)node);
	failed = mbind(base, bytes, MPOL_BIND, mask->maskp, mask->size + 1, 0);
	numa_bitmask_free(mask);
	return failed == 0 || err_errno(e, errno, "cannot take memory from NUMA node %d", node);
}

int node_of_range(const void *base, size_t bytes, int *failed)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = bytes / page, n = 0;
	size_t stride = pages / SAMPLE + 1;
	void *asked[SAMPLE];
	int said[SAMPLE];

	for (size_t i = 0; i < pages && n < SAMPLE; i += stride)
		asked[n++] = (void *)((uintptr_t)base + i * page);
	if (failed != NULL)
		*failed = 0;
	if (n == 0)
		return -1;
	if (move_pages(0, n, asked, NULL, said, 0) != 0) {
		if (failed != NULL)
			*failed = errno;
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		if (said[i] < 0 || said[i] != said[0])
			return -1;
	return said[0];
}
