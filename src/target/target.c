// SPDX-License-Identifier: MIT
#include "target/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "base/units.h"
#include "sys/cpu.h"
#include "sys/node.h"
#include "sys/nvdimm.h"

const struct target_ops *const target_kinds[] = {
	&target_memfd, &target_dram, &target_file, &target_devdax};
const size_t target_kinds_n = sizeof(target_kinds) / sizeof(target_kinds[0]);

void target_folder(const char *path, char folder[TARGET_PATH_BYTES])
{
	char *slash;

	strcpy(folder, path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		strcpy(folder, ".");
	else
		slash[slash == folder] = '\0';
}

/*
 * A file of a name that is not there. On a file system with DAX that is what it says;
 * elsewhere it is more often a mount that is missing, and the page cache would be measured.
 */
static bool parse_new(const char *spec, struct target_request *request, struct err *e)
{
	char folder[TARGET_PATH_BYTES];
	struct nvdimm nvdimm;
	struct stat st;

	target_folder(spec, folder);
	if (stat(folder, &st) != 0)
		return err_errno(e, errno, "target %s: folder %s", spec, folder);
	if (!request->create && (!nvdimm_describe(NVDIMM_SYSFS, major(st.st_dev), minor(st.st_dev),
					 true, &nvdimm) ||
					nvdimm.kind == NVDIMM_NONE))
		return err_set(e, ERR_FAILED,
			"target %s is not there, and its folder is on no persistent memory: is "
			"something not mounted? (" ERR_OF(
				"create") ": a file of that name, for this "
					  "alone)",
			spec);
	snprintf(request->note, sizeof(request->note),
		"target %s is not there: a file of that name is made for this, and removed", spec);
	return true;
}

static bool parse_path(const char *spec, struct target_request *request, struct err *e)
{
	struct stat st;

	if (strlen(spec) >= sizeof(request->path))
		return err_set(e, ERR_USAGE, "target '%.40s...': the path is too long", spec);
	strcpy(request->path, spec);
	request->ops = &target_file;
	if (stat(spec, &st) != 0) {
		/* A file to be made, if its folder is there; but nobody means a new file in /dev. */
		if (strncmp(spec, "/dev/", 5) == 0)
			return err_errno(e, errno, "target %s", spec);
		return parse_new(spec, request, e);
	}
	if (S_ISBLK(st.st_mode))
		return err_set(e, ERR_USAGE,
			"target %s is a block device: its mmap is the page cache, not DAX; name a "
			"folder on a file system mounted with -o dax, or a devdax node",
			spec);
	if (S_ISCHR(st.st_mode))
		request->ops = &target_devdax;
	else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return err_set(e, ERR_USAGE, "target %s is no file, folder or devdax node", spec);
	return true;
}

#define MOST_WORDS 16

bool target_parse(const char *spec, unsigned may, struct target_request *request, struct err *e)
{
	const char *words[MOST_WORDS] = {"auto"}, *nearest;
	size_t n_words = 1;
	size_t word = strcspn(spec, ":");
	const char *rest = spec[word] == ':' ? spec + word + 1 : NULL;
	char typed[64];

	memset(request, 0, sizeof(*request));
	request->node = -1;
	request->overwrite = (may & TARGET_OVERWRITE) != 0;
	request->create = (may & TARGET_CREATE) != 0;
	snprintf(typed, sizeof(typed), "%.*s", (int)(word < 63 ? word : 63), spec);
	for (size_t i = 0; i < target_kinds_n; i++) {
		const struct target_ops *kind = target_kinds[i];

		if (kind->word == NULL)
			continue;
		request->ops = kind;
		if (strcmp(typed, kind->word) == 0)
			return kind->parse(spec, rest, request, e);
		if (n_words < MOST_WORDS)
			words[n_words++] = kind->word;
	}
	if (strcmp(spec, "auto") == 0)
		return target_choose(request, e);
	if (strchr(spec, '/') != NULL || (spec[0] != '\0' && access(spec, F_OK) == 0))
		return parse_path(spec, request, e);
	nearest = text_nearest(typed, words, n_words);
	if (nearest != NULL)
		return err_set(
			e, ERR_USAGE, "unknown target '%s': did you mean '%s'?", spec, nearest);
	return err_set(e, ERR_USAGE,
		"unknown target '%s': 'daxmark list' names the kinds; a file here is ./%s", spec,
		spec);
}

static void set_name(
	const struct target_request *request, uint64_t bytes, struct target_facts *facts)
{
	char size[UNITS_TEXT_BYTES], *space;

	if (request->path[0] != '\0') {
		snprintf(facts->name, sizeof(facts->name), "%s", request->path);
		return;
	}
	units_bytes(bytes, size);
	space = size + strcspn(size, " "); /* "256 MiB" -> "256MiB", as one writes it */
	memmove(space, space + 1, strlen(space));
	if (request->node >= 0)
		snprintf(facts->name, sizeof(facts->name), "dram:%d", request->node);
	else
		snprintf(facts->name, sizeof(facts->name), "%s:%s", request->ops->name, size);
}

/* A machine made of software: nothing timed there says anything about hardware. */
static void note_machine(struct target_facts *facts)
{
	char hypervisor[16];

	cpu_hypervisor(hypervisor);
	if (strncmp(hypervisor, "TCG", 3) != 0)
		return;
	facts->medium = MEDIUM_EMULATED_MACHINE;
	facts->emulated = true;
}

bool target_describe(
	const struct target_request *request, struct target_facts *facts, struct err *e)
{
	memset(facts, 0, sizeof(*facts));
	facts->node = -1;
	facts->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	facts->page_share = 1;
	facts->device.bad_ranges = facts->device.write_cache = -1;
	facts->incoherent = request->incoherent;
	set_name(request, request->bytes, facts);
	if (!request->ops->describe(request, facts, e))
		return false;
	note_machine(facts);
	return true;
}

/* Pages of a size that was asked for map all of it, or it is a failure. */
static bool has_wanted_pages(const struct target *target, struct err *e)
{
	const struct target_facts *facts = &target->facts;
	bool dax = access_traits[facts->access].dax;
	char wanted[UNITS_TEXT_BYTES], have[UNITS_TEXT_BYTES];

	if (!target->must_have_pages ||
		(facts->page_bytes == target->wanted_page && facts->page_share > 0.999))
		return true;
	return err_set(e, ERR_FAILED,
		"target %s: pages of %s were asked for, the kernel maps %.0f %% of it by pages of "
		"%s%s",
		facts->name, units_bytes(target->wanted_page, wanted), 100 * facts->page_share,
		units_bytes(facts->page_bytes, have),
		dax ? ": make the file system with a stripe of 2 MiB, as scripts/pmem-setup does"
		    : "");
}

int target_beside(const struct target_request *request, uint64_t bytes, struct err *e)
{
	int fd = request->ops->beside(request), failed;

	if (fd < 0) {
		err_errno(e, errno, "cannot make a file beside the target");
		return -1;
	}
	failed = posix_fallocate(fd, 0, (off_t)bytes);
	if (failed == 0)
		return fd;
	err_errno(e, failed, "cannot allocate a source of %llu MiB beside the target",
		(unsigned long long)bytes >> 20);
	close(fd);
	return -1;
}

bool target_open(
	struct target *target, const struct target_request *request, uint64_t bytes, struct err *e)
{
	memset(target, 0, sizeof(*target));
	target->ops = request->ops;
	target->fd = -1;
	target->wanted_page = request->page_bytes;
	target->must_have_pages = request->page_bytes != 0 && !request->pages_wished;
	if (!target_describe(request, &target->facts, e))
		return false;
	set_name(request, bytes, &target->facts);
	target->facts.bytes = bytes;
	if (!request->ops->open(target, request, bytes, e))
		return false;
	note_machine(&target->facts);
	target->touched = target->large = 0; /* what is measured comes with the refreshes */
	if (has_wanted_pages(target, e))
		return true;
	target_close(target);
	return false;
}

void target_close(struct target *target)
{
	if (target->base != NULL)
		target->ops->close(target);
	target->base = NULL;
}

/* A signal that is not our stop must not end a run: both calls are repeated after one. */
bool target_allocate(struct target *target, struct err *e)
{
	int failed;

	do
		failed = posix_fallocate(target->fd, 0, (off_t)target->facts.bytes);
	while (failed == EINTR && !interrupt_pending());
	return failed == 0 || err_errno(e, failed, "target %s: cannot allocate %llu bytes",
				      target->facts.name, (unsigned long long)target->facts.bytes);
}

bool target_renew(struct target *target, struct err *e)
{
	struct stat st;
	int failed;

	/* Allocating would silently make it whole again. */
	if (fstat(target->fd, &st) == 0 && (uint64_t)st.st_size < target->facts.bytes)
		return err_set(e, ERR_FAILED, "target %s was truncated while it was measured",
			target->facts.name);
	do
		failed = fallocate(target->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
				 (off_t)target->facts.bytes) != 0
				 ? errno
				 : 0;
	while (failed == EINTR && !interrupt_pending());
	if (failed == EOPNOTSUPP) /* this file system keeps its blocks */
		return true;
	if (failed != 0)
		return err_errno(
			e, failed, "target %s: cannot give its pages back", target->facts.name);
	if (!target_allocate(target, e))
		return false;
	if (target->collapses)
		target_collapse(target);
	target_touch(target);
	if (target->facts.node >= 0 && target->facts.access == ACCESS_SHARED_MEMORY)
		target->facts.node = node_of_range(target->base, target->facts.bytes, NULL);
	return has_wanted_pages(target, e);
}

void target_unmap(struct target *target)
{
	munmap(target->base, target->facts.bytes);
	close(target->fd);
}

void target_describe_nvdimm(const struct nvdimm *nvdimm, struct target_facts *facts)
{
	facts->device = nvdimm->device;
	facts->domain = nvdimm->domain;
	facts->node = nvdimm->node;
	/* What the kernel does not call persistent is DRAM, whatever device it comes through. */
	if (nvdimm->kind == NVDIMM_NONE || nvdimm->is_volatile || nvdimm->system_ram) {
		facts->medium = MEDIUM_DRAM;
		facts->domain = DOMAIN_NONE;
		facts->emulated = true;
		return;
	}
	facts->medium = nvdimm->kind == NVDIMM_E820  ? MEDIUM_DRAM_MEMMAP
			: nvdimm->kind == NVDIMM_CXL ? MEDIUM_CXL
						     : MEDIUM_PMEM;
	facts->emulated = nvdimm->kind == NVDIMM_E820 || nvdimm->kind == NVDIMM_VIRTIO;
}
