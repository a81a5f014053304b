// SPDX-License-Identifier: MIT
#include "protocol/hooks.h"

/*
 * Sources, all of Linux 6.12: arch/{arm,arm64,mips,sparc,parisc,sh,x86}'s cacheflush.h
 * and mm/, arch/x86/lib/usercopy_64.c, arch/arm64/lib/uaccess_flushcache.c,
 * include/linux/highmem.h, include/linux/uio.h, drivers/nvdimm/pmem.c, fs/dax.c.
 */
const struct hook hooks[] = {
	{
		.name = "flush_cache_vmap",
		.steps = {STEP_ALIAS_DROP},
		.when = "after a kernel mapping is made, before it is used",
		.x86_64 = "nothing",
		.arm64 = "nothing",
		.aliasing = "the whole data cache (arm, mips, sh, parisc); sparc64: nothing",
		.strategies = {"alias-incongruent+clflushopt"},
	},
	{
		.name = "flush_kernel_vmap_range",
		.steps = {STEP_ALIAS_FLUSH},
		.when = "after the kernel stored through its mapping (W4)",
		.x86_64 = "nothing",
		.arm64 = "nothing",
		.aliasing = "the range, line by line (arm, mips, sh), the whole cache (parisc); "
			    "others have an empty stub",
		.strategies = {"alias-incongruent+clflush", "alias-incongruent+clflushopt",
			"alias-incongruent+clwb"},
	},
	{
		.name = "invalidate_kernel_vmap_range",
		.steps = {STEP_ALIAS_DROP},
		.when = "before the kernel loads through its mapping (R2)",
		.x86_64 = "nothing",
		.arm64 = "nothing",
		.aliasing = "the range; arm and mips write dirty lines back, sh throws them away",
		.strategies = {"alias-incongruent+clflush", "alias-incongruent+clflushopt",
			"alias-incongruent+clwb"},
	},
	{
		.name = "flush_cache_page",
		.steps = {STEP_USER_FLUSH},
		.when = "before the kernel touches a page that a user has mapped (W1, R1)",
		.x86_64 = "nothing",
		.arm64 = "nothing",
		.aliasing = "the page under the user's address, or under another of its colour",
		.strategies = {"alias-incongruent+clflush", "alias-incongruent+clflushopt"},
	},
	{
		.name = "flush_cache_range",
		.steps = {STEP_USER_FLUSH},
		.when = "the same for a range of addresses",
		.x86_64 = "nothing",
		.arm64 = "nothing",
		.aliasing = "the range, from some size on the whole cache",
		.strategies = {"alias-incongruent+clflush", "alias-incongruent+clflushopt"},
	},
	{
		.name = "flush_dcache_page",
		.steps = {STEP_ALIAS_FLUSH, STEP_USER_FLUSH},
		.when = "after the kernel wrote a page of a file, before it reads one",
		.x86_64 = "nothing",
		.arm64 = "forgets that the page is clean for instructions",
		.aliasing =
			"the kernel's lines and every user's; put off while nobody has it mapped",
		.strategies = {"alias-incongruent+clflush", "alias-incongruent+clflushopt"},
	},
	{
		.name = "update_mmu_cache",
		.steps = {STEP_ALIAS_FLUSH},
		.when = "when a page table entry is made: what flush_dcache_page put off",
		.x86_64 = "nothing",
		.arm64 = "nothing",
		.aliasing =
			"the kernel's lines; arm VIVT makes pages mapped twice uncached instead",
		.strategies = {"alias-incongruent+clflushopt"},
	},
	{
		.name = "arch_wb_cache_pmem",
		.steps = {STEP_ALIAS_WRITE_BACK},
		.when = "dax_flush: fsync of what was stored through mappings (W6, its fence "
			"apart)",
		.x86_64 = "clwb (else clflushopt, clflush) per line, no fence",
		.arm64 = "dc cvap (else cvac) per line, then dsb",
		.aliasing = "not there: no DAX; through the kernel's address it would miss the "
			    "user's lines",
		.strategies = {"memcpy+clwb", "alias-congruent+clwb"},
	},
	{
		.name = "arch_invalidate_pmem",
		.steps = {STEP_ALIAS_DROP},
		.when = "after bad blocks are cleared; what a reader of shared CXL memory needs",
		.x86_64 = "mfence, clflushopt per line, mfence",
		.arm64 = "dc ivac per line, civac at ragged ends, dsb",
		.aliasing = "not there",
		.strategies = {"drop+memcpy"},
	},
	{
		.name = "memcpy_flushcache",
		.steps = {STEP_COPY_NOCACHE},
		.when = "write(2) to DAX (through copy_from_iter_flushcache), the block path of "
			"pmem",
		.x86_64 = "movnti; ragged ends cached, then clwb",
		.arm64 = "memcpy, then dc cvap per line and dsb: a flush, not a nocache copy",
		.aliasing = "memcpy: nothing leaves the caches",
		.strategies = {"kernel-flushcache", "nt-movnti"},
	},
	{
		.name = "copy_from_user_nocache",
		.steps = {STEP_COPY_NOCACHE, STEP_FENCE},
		.when = "copies that should not fill the cache; no promise of durability",
		.x86_64 = "movnti, ragged ends cached, sfence; since 2026 copy_to_nontemporal",
		.arm64 = "memcpy",
		.aliasing = "memcpy",
		.strategies = {"nt-movnti", "nt-sse2"},
	},
};
const size_t hooks_n = sizeof(hooks) / sizeof(hooks[0]);
