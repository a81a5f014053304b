// SPDX-License-Identifier: MIT
/*
 * A memfd mapped shared, from any node or from a given one: DRAM standing in
 * for pmem, with no set-up at all.
 * Always emulated: a copy to it is durable only as if it were pmem behind a
 * memory controller. Takes no file names and never touches a disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/units.h"
#include "sys/node.h"
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

static bool memfd_open(
	struct target *target, const struct target_request *request, uint64_t bytes, struct err *e)
{
	struct err why;

	if (!fits(target, bytes, e))
		return false;
	if (request->node >= 0 && !node_fits(request->node, bytes, &why))
		return err_set(e, ERR_FAILED, "target %s: needs %s", target->facts.name, why.text);
	target->fd = memfd_create("daxmark", MFD_CLOEXEC);
	if (target->fd < 0)
		return err_errno(e, errno, "target %s: memfd_create", target->facts.name);
	if (ftruncate(target->fd, (off_t)bytes) != 0) {
		err_errno(e, errno, "target %s: cannot set its size", target->facts.name);
		goto fail;
	}
	target->base = target_map(target->fd, bytes, 0, MAP_SHARED);
	if (target->base == MAP_FAILED) {
		err_errno(e, errno, "target %s: mmap", target->facts.name);
		target->base = NULL;
		goto fail;
	}
	if (request->node >= 0 && !node_bind(target->base, bytes, request->node, &why)) {
		err_set(e, ERR_FAILED, "target %s: %s", target->facts.name, why.text);
		goto fail;
	}
	target->collapses = true;
	target_ask_pages(target, target->base);
	if (!target_allocate(target, e))
		goto fail;
	target_collapse(target);
	target_touch(target);
	target->facts.node = node_of_range(target->base, bytes, NULL);
	if (request->node >= 0 && !node_verify(target->base, bytes, request->node, &why)) {
		err_set(e, ERR_FAILED, "target %s: %.300s", target->facts.name, why.text);
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

static bool parse_memfd(
	const char *spec, const char *size, struct target_request *request, struct err *e)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct err why;

	if (size == NULL)
		return true;
	if (!units_parse_bytes(size, &request->bytes, &why))
		return err_set(e, ERR_USAGE, "target '%s': %s", spec, why.text);
	if (request->bytes == 0 || request->bytes % page != 0)
		return err_set(e, ERR_USAGE,
			"target '%s': the size must be a multiple of %llu bytes, above 0", spec,
			(unsigned long long)page);
	return true;
}

static bool parse_dram(
	const char *spec, const char *node, struct target_request *request, struct err *e)
{
	uint64_t value;
	struct err why;

	if (node == NULL)
		return err_set(e, ERR_USAGE, "target '%s': which NUMA node? write dram:0", spec);
	if (!units_parse_u64(node, &value, &why))
		return err_set(e, ERR_USAGE, "target '%s': %s", spec, why.text);
	if (value > 1023)
		return err_set(e, ERR_USAGE, "target '%s': there is no NUMA node %s", spec, node);
	request->node = (int)value;
	return true;
}

static int memfd_beside(const struct target_request *request)
{
	(void)request;
	return memfd_create("daxmark-source", MFD_CLOEXEC);
}

const struct target_ops target_memfd = {
	.word = "memfd",
	.parse = parse_memfd,
	.name = "memfd",
	.help = "memfd[:SIZE], DRAM standing in for pmem (emulated); needs no set-up",
	.describe = memfd_describe,
	.open = memfd_open,
	.refresh = target_renew,
	.close = target_unmap,
	.beside = memfd_beside,
};

const struct target_ops target_dram = {
	.word = "dram",
	.parse = parse_dram,
	.name = "dram:NODE",
	.help = "the same from one NUMA node: stand-in for far or CXL memory (emulated)",
	.describe = memfd_describe,
	.open = memfd_open,
	.refresh = target_renew,
	.close = target_unmap,
	.beside = memfd_beside,
};
