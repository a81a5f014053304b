// SPDX-License-Identifier: MIT
/*
 * A memfd mapped shared: DRAM standing in for pmem, with no set-up at all.
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

/*
 * Touch every page by storing to it, so that no timed store takes a fault.
 * The first touch can only fail by SIGBUS when memory runs out, which
 * fallocate() below turns into an error beforehand.
 */
static void touch(struct target *target)
{
	for (uint64_t at = 0; at < target->facts.bytes; at += target->facts.page_bytes)
		((volatile char *)target->base)[at] = 0;
}

static bool allocate(struct target *target, struct err *e)
{
	if (fallocate(target->fd, 0, 0, (off_t)target->facts.bytes) != 0)
		return err_errno(e, errno, "target %s: cannot allocate its pages",
			target->facts.name);
	touch(target);
	return true;
}

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
	return err_set(e, ERR_FAILED, "target %s: needs more than half of this machine's memory (%s free)",
		target->facts.name, units_bytes(free_bytes >> 20 << 20, have));
}

static bool memfd_open(struct target *target, uint64_t bytes, struct err *e)
{
	int node;

	target->facts.access = ACCESS_SHARED_MEMORY;
	target->facts.medium = MEDIUM_DRAM;
	target->facts.domain = DOMAIN_NONE;
	target->facts.emulated = true;
	target->facts.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
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
	if (!allocate(target, e))
		goto fail;
	if (numa_available() >= 0 &&
		get_mempolicy(&node, NULL, 0, target->base, MPOL_F_NODE | MPOL_F_ADDR) == 0)
		target->facts.node = node;
	return true;
fail:
	if (target->base != NULL)
		munmap(target->base, bytes);
	target->base = NULL;
	close(target->fd);
	return false;
}

/* Mapping the same file again would bring the same frames back: punch them out instead. */
static bool memfd_refresh(struct target *target, struct err *e)
{
	if (fallocate(target->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			(off_t)target->facts.bytes) != 0)
		return err_errno(e, errno, "target %s: cannot give its pages back",
			target->facts.name);
	return allocate(target, e);
}

static void memfd_close(struct target *target)
{
	munmap(target->base, target->facts.bytes);
	close(target->fd);
}

const struct target_ops target_memfd = {
	.name = "memfd",
	.help = "memfd[:SIZE], DRAM standing in for pmem (emulated); needs no set-up",
	.open = memfd_open,
	.refresh = memfd_refresh,
	.close = memfd_close,
};
