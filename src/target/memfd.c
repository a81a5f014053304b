// SPDX-License-Identifier: MIT
/*
 * A memfd mapped shared, from any node or from a given one: DRAM standing in
 * for pmem, with no set-up at all.
 * Always emulated: a copy to it is durable only as if it were pmem behind a
 * memory controller. Takes no file names and never touches a disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/units.h"
#include "target/target.h"

/* Tell a size that cannot fit from one that might, before the kernel kills somebody for it. */
static bool fits(const struct target *target, uint64_t bytes, struct err *e)
{
	struct sysinfo info;
	char have[UNITS_TEXT_BYTES];
	uint64_t free_bytes;

	if (sysinfo(&info) != 0)
		return true;
	free_bytes = ((uint64_t)info.freeram + info.bufferram) * info.mem_unit;
	if (bytes <= (uint64_t)info.totalram * info.mem_unit / 2)
		return true;
	return err_set(e, ERR_FAILED,
		"target %s: needs more than half of this machine's memory (%s free)",
		target->facts.name, units_bytes(free_bytes >> 20 << 20, have));
}

static bool memfd_describe(
	const struct target_request *request, struct target_facts *facts, struct err *e)
{
	(void)request;
	(void)e;
	facts->access = ACCESS_SHARED_MEMORY;
	facts->medium = MEDIUM_DRAM;
	facts->domain = DOMAIN_NONE;
	facts->emulated = true;
	return true;
}

/* Pages come from one node only, or the fault fails: no silent placement elsewhere. */
static bool bind_node(struct target *target, int node, struct err *e)
{
	struct bitmask *mask;
	long failed;

	if (numa_available() < 0 || node > numa_max_node() ||
		!numa_bitmask_isbitset(numa_all_nodes_ptr, (unsigned)node))
		return err_set(e, ERR_FAILED,
			"target %s: this machine has no memory on NUMA node %d", target->facts.name,
			node);
	mask = numa_allocate_nodemask();
	numa_bitmask_setbit(mask, (unsigned)node);
	failed =
		mbind(target->base, target->facts.bytes, MPOL_BIND, mask->maskp, mask->size + 1, 0);
	numa_bitmask_free(mask);
	return failed == 0 || err_errno(e, errno, "target %s: mbind", target->facts.name);
}

/* Where the kernel says the first, the middle and the last page are; -1 when they differ. */
static int node_of(const struct target *target)
{
	uint64_t page = target->facts.page_bytes, last = target->facts.bytes - page;
	uint64_t places[] = {0, last / 2 / page * page, last};
	int node = -1, other;

	for (size_t i = 0; i < 3; i++) {
		if (get_mempolicy(&other, NULL, 0, target->base + places[i],
			    MPOL_F_NODE | MPOL_F_ADDR) != 0 ||
			(i > 0 && other != node))
			return -1;
		node = other;
	}
	return node;
}

static bool memfd_open(
	struct target *target, const struct target_request *request, uint64_t bytes, struct err *e)
{
	if (!fits(target, bytes, e))
		return false;
	target->fd = memfd_create("daxmark", MFD_CLOEXEC);
	if (target->fd < 0)
		return err_errno(e, errno, "target %s: memfd_create", target->facts.name);
	if (ftruncate(target->fd, (off_t)bytes) != 0) {
		err_errno(e, errno, "target %s: cannot set its size", target->facts.name);
		goto fail;
	}
	target->base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, target->fd, 0);
	if (target->base == MAP_FAILED) {
		err_errno(e, errno, "target %s: mmap", target->facts.name);
		target->base = NULL;
		goto fail;
	}
	if ((request->node >= 0 && !bind_node(target, request->node, e)) ||
		!target_allocate(target, e))
		goto fail;
	target_touch(target);
	target->facts.node = node_of(target);
	if (request->node >= 0 && target->facts.node != request->node) {
		err_set(e, ERR_FAILED, "target %s: the kernel put its pages on node %d",
			target->facts.name, target->facts.node);
		goto fail;
	}
	return true;
fail:
	if (target->base != NULL)
		munmap(target->base, bytes);
	target->base = NULL;
	close(target->fd);
	return false;
}

const struct target_ops target_memfd = {
	.name = "memfd",
	.help = "memfd[:SIZE], DRAM standing in for pmem (emulated); needs no set-up",
	.describe = memfd_describe,
	.open = memfd_open,
	.refresh = target_renew,
	.close = target_unmap,
};

const struct target_ops target_dram = {
	.name = "dram:NODE",
	.help = "the same from one NUMA node: stand-in for far or CXL memory (emulated)",
	.describe = memfd_describe,
	.open = memfd_open,
	.refresh = target_renew,
	.close = target_unmap,
};
