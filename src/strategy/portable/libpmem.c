// SPDX-License-Identifier: MIT
/*
 * libpmem's copies, as its users call them: pmem_memcpy() drains before it
 * returns unless told not to. Which instructions it takes it chooses itself.
 */
#include "strategy/loop.h"
#include "sys/pmem.h"

#define LIBPMEM_NT_FROM 256 /* unless PMEM_MOVNT_THRESHOLD says else: libpmem(7) */

#if defined(HAVE_LIBPMEM)
#include <dirent.h>
#include <libpmem.h>
#include <stdlib.h>

/* Its functions, once it was asked for. */
static struct pmem_library pmem;

static bool ready(struct err *why_not)
{
	const struct pmem_library *library = pmem_library(why_not);

	if (library != NULL)
		pmem = *library;
	return library != NULL;
}

/* There are regions to look at: where there are none it is not asked, for it does not survive a failed allocation. */
static bool has_regions(void)
{
	DIR *devices = opendir("/sys/bus/nd/devices");
	struct dirent *entry;
	bool any = false;

	while (devices != NULL && (entry = readdir(devices)) != NULL)
		any |= strncmp(entry->d_name, "region", 6) == 0;
	if (devices != NULL)
		closedir(devices);
	return any;
}

/* libpmem(7): PMEM_NO_FLUSH decides, else whether the platform's caches are persistent. */
bool strategy_libpmem_skips_flush(void)
{
	static _Thread_local int skips = -1;
	const char *said = getenv("PMEM_NO_FLUSH");
	struct err why;

	if (skips < 0 && said != NULL && (strcmp(said, "0") == 0 || strcmp(said, "1") == 0))
		skips = said[0] == '1';
	else if (skips < 0)
		skips = has_regions() && ready(&why) && pmem.has_auto_flush() == 1;
	return skips == 1;
}

/* PMEM_NO_MOVNT=1: it copies by the C library and flushes, whatever it is asked for. */
static bool without_nt(void)
{
	const char *said = getenv("PMEM_NO_MOVNT");

	return said != NULL && strcmp(said, "1") == 0;
}

/* From here on pmem_memcpy() stores non-temporally (libpmem 1.12.1, and libpmem(7)). */
static size_t nt_from(void)
{
	const char *said = getenv("PMEM_MOVNT_THRESHOLD");
	long long threshold = said != NULL ? atoll(said) : LIBPMEM_NT_FROM;

	if (without_nt())
		return SIZE_MAX;
	return threshold < 0 ? LIBPMEM_NT_FROM : (size_t)threshold;
}

/* Asked for non-temporal stores it takes them at every size. */
static size_t nt_always(void)
{
	return without_nt() ? SIZE_MAX : 0;
}

#define COPY_LIBPMEM_NT(dst, src, len) pmem.copy(dst, src, len, PMEM_F_MEM_NONTEMPORAL)

STRATEGY_LOOPS(libpmem_nt, , COPY_LIBPMEM_NT)

#define COPY_LIBPMEM_TEMPORAL(dst, src, len) pmem.copy(dst, src, len, PMEM_F_MEM_TEMPORAL)

STRATEGY_LOOPS(libpmem_temporal, , COPY_LIBPMEM_TEMPORAL)

static inline void copy_libpmem_nodrain(char *dst, const char *src, size_t len)
{
	pmem.copy(dst, src, len, PMEM_F_MEM_NONTEMPORAL | PMEM_F_MEM_NODRAIN);
	pmem.drain();
}

STRATEGY_LOOPS(libpmem_nodrain, , copy_libpmem_nodrain)

#define COPY_LIBPMEM(dst, src, len) pmem.copy(dst, src, len, 0)

STRATEGY_LOOPS(libpmem, , COPY_LIBPMEM)
#else
bool strategy_libpmem_skips_flush(void)
{
	return false;
}

static size_t nt_from(void)
{
	return LIBPMEM_NT_FROM;
}

static size_t nt_always(void)
{
	return 0;
}

#define LIBPMEM_MISSING "this daxmark was built without libpmem"
#endif

static const struct step nocache[] = {STEP_COPY_NOCACHE, STEP_FENCE, STEP_END};
/* What is ragged of its non-temporal copies is cached, too. */
static const struct step unflushed[] = {STEP_COPY, STEP_FENCE, STEP_END};

static const struct step *steps_from(uint64_t size, size_t from)
{
	if (strategy_libpmem_skips_flush())
		return unflushed;
	return from != SIZE_MAX && size >= from ? nocache : NULL;
}

static const struct step *steps_of_nt(uint64_t size)
{
	return steps_from(size, nt_always());
}

static const struct step *steps_of_temporal(uint64_t size)
{
	return steps_from(size, SIZE_MAX);
}

static const struct step *steps_of_any(uint64_t size)
{
	return steps_from(size, nt_from());
}

/* Without flushes all sizes take the same steps. */
static size_t large_from(void)
{
	return strategy_libpmem_skips_flush() ? SIZE_MAX : nt_from();
}

const struct strategy strategy_libpmem_nt = {
	.name = "libpmem-nt",
	.plainness = PLAIN_LIBRARY,
	.help = "libpmem's pmem_memcpy() with PMEM_F_MEM_NONTEMPORAL",
	.family = FAMILY_LIBPMEM,
	.chooses = true,
	.copies = true,
	.by_default = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.steps_at = steps_of_nt,
#if defined(HAVE_LIBPMEM)
	.ready = ready,
	.kernels = {STRATEGY_KERNEL(libpmem_nt, "libpmem", 0)},
#else
	.missing = LIBPMEM_MISSING,
#endif
};

const struct strategy strategy_libpmem_temporal = {
	.name = "libpmem-temporal",
	.plainness = PLAIN_LIBRARY,
	.help = "libpmem's pmem_memcpy() with PMEM_F_MEM_TEMPORAL: flushes as it goes",
	.family = FAMILY_LIBPMEM,
	.chooses = true,
	.copies = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.steps_at = steps_of_temporal,
#if defined(HAVE_LIBPMEM)
	.ready = ready,
	.kernels = {STRATEGY_KERNEL(libpmem_temporal, "libpmem", 0)},
#else
	.missing = LIBPMEM_MISSING,
#endif
};

const struct strategy strategy_libpmem_nodrain = {
	.name = "libpmem-nodrain",
	.plainness = PLAIN_LIBRARY,
	.help = "non-temporal pmem_memcpy_nodrain(), then pmem_drain()",
	.family = FAMILY_LIBPMEM,
	.chooses = true,
	.copies = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.steps_at = steps_of_nt,
#if defined(HAVE_LIBPMEM)
	.ready = ready,
	.kernels = {STRATEGY_KERNEL(libpmem_nodrain, "libpmem", 0)},
#else
	.missing = LIBPMEM_MISSING,
#endif
};

const struct strategy strategy_libpmem = {
	.name = "libpmem",
	.plainness = PLAIN_LIBRARY,
	.help = "libpmem's pmem_memcpy_persist(): temporal below PMEM_MOVNT_THRESHOLD, else not",
	.family = FAMILY_LIBPMEM,
	.chooses = true,
	.copies = true,
	.steps = {STEP_COPY, STEP_WRITE_BACK, STEP_FENCE},
	.steps_at = steps_of_any,
	.large_from = large_from,
#if defined(HAVE_LIBPMEM)
	.ready = ready,
	.kernels = {STRATEGY_KERNEL(libpmem, "libpmem", 0)},
#else
	.missing = LIBPMEM_MISSING,
#endif
};
