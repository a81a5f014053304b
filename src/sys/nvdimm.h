/* SPDX-License-Identifier: MIT */
/*
 * What stands behind a pmem block device or a devdax node, read from sysfs:
 * which driver made it, where its persistence domain begins, its NUMA node.
 * Needs no rights and no library; what the kernel does not say stays unknown.
 */
#ifndef DAXMARK_SYS_NVDIMM_H
#define DAXMARK_SYS_NVDIMM_H

#include <stdbool.h>

#include "base/words.h"

enum nvdimm_kind {
	NVDIMM_NONE,   /* no persistent memory: of a devdax node, DRAM or the like (hmem) */
	NVDIMM_E820,   /* DRAM set aside by memmap=: domain unknown to the kernel */
	NVDIMM_NFIT,   /* ACPI NFIT: NVDIMMs, and what a hypervisor shows as such */
	NVDIMM_VIRTIO, /* virtio-pmem: a file of the host, durable only by fsync */
	NVDIMM_CXL,
	NVDIMM_OTHER,
};

struct nvdimm {
	enum nvdimm_kind kind;
	enum domain domain;
	int node;	  /* -1 unknown */
	bool is_volatile; /* a region of CXL memory that is not persistent (mode "ram") */
	bool system_ram;  /* a devdax node whose memory the kernel took as its own (driver kmem) */
	struct device_facts device;
	char path[512]; /* the device's folder in sysfs */
};

/*
 * By device number; `block` for a block device, else a character device. False when sysfs,
 * mounted at `sysfs` (NVDIMM_SYSFS but in tests), has none.
 */
#define NVDIMM_SYSFS "/sys"
bool nvdimm_describe(
	const char *sysfs, unsigned major, unsigned minor, bool block, struct nvdimm *nvdimm);

/* Which of two domains takes more for data to be durable: a device made of both is no better. */
enum domain nvdimm_weaker(enum domain a, enum domain b);

#endif
