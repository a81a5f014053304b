// SPDX-License-Identifier: MIT
/* What is read of a machine, from a made-up one: devices, cores, line costs, states of lines. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "stage/stage.h"
#include "stage/state.h"
#include "stage/verify.h"
#include "sys/clock.h"
#include "sys/cpu.h"
#include "sys/nvdimm.h"
#include "target/alias.h"
#include "sys/facts.h"
#include "target/congruence.h"
#include "target/target.h"

static char sysfs[100];

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[600];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s%s", sysfs, folder, name);
	for (char *slash = strchr(path + strlen(sysfs) + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* /sys/dev/char/250:N for a device folder of it. */
static void link_device(const char *kind, unsigned minor, const char *folder)
{
	char from[600], to[600], name[40];

	snprintf(name, sizeof(name), "dev/%s/", kind);
	write_file(name, "made", "");
	snprintf(from, sizeof(from), "%s/%s", sysfs, folder);
	snprintf(to, sizeof(to), "%s/dev/%s/250:%u", sysfs, kind, minor);
	unlink(to);
	assert_int_equal(symlink(from, to), 0);
}

static struct target_facts facts_of(bool block, unsigned minor)
{
	struct target_facts facts = {.access = ACCESS_DEVDAX};
	struct nvdimm nvdimm;

	assert_true(nvdimm_describe(sysfs, 250, minor, block, &nvdimm));
	target_describe_nvdimm(&nvdimm, &facts);
	return facts;
}

static void a_device_is_what_sysfs_says(void **state)
{
	struct target_facts facts;
	struct nvdimm nvdimm;
	char path[600];

	(void)state;
	/* Soft-reserved memory through dax_hmem: the kernel calls nothing of it persistent. */
	write_file("devices/platform/hmem.0/dax0.0/", "size", "1073741824\n");
	link_device("char", 0, "devices/platform/hmem.0/dax0.0");
	facts = facts_of(false, 0);
	assert_int_equal(facts.medium, MEDIUM_DRAM);
	assert_int_equal(facts.domain, DOMAIN_NONE);
	assert_true(facts.emulated);
	/* A region of CXL memory, by its mode. */
	write_file("devices/platform/ACPI0017:00/root0/decoder0.0/region0/", "mode", "ram\n");
	write_file("devices/platform/ACPI0017:00/root0/decoder0.0/region0/dax_region0/dax1.0/",
		"size", "1\n");
	link_device("char", 1,
		"devices/platform/ACPI0017:00/root0/decoder0.0/region0/dax_region0/dax1.0");
	facts = facts_of(false, 1);
	assert_int_equal(facts.medium, MEDIUM_DRAM);
	assert_int_equal(facts.domain, DOMAIN_NONE);
	assert_true(facts.emulated);
	assert_string_equal(facts.device.mode, "ram");
	write_file("devices/platform/ACPI0017:00/root0/decoder0.0/region0/", "mode", "pmem\n");
	write_file("devices/platform/ACPI0017:00/root0/decoder0.0/region0/", "persistence_domain",
		"memory_controller\n");
	facts = facts_of(false, 1);
	assert_int_equal(facts.medium, MEDIUM_CXL);
	assert_int_equal(facts.domain, DOMAIN_MEMORY_CONTROLLER);
	assert_false(facts.emulated);
	/* NVDIMMs: persistent, each with its domain. */
	write_file("devices/LNXSYSTM:00/ACPI0012:00/ndbus0/region0/", "persistence_domain",
		"cpu_cache\n");
	write_file("devices/LNXSYSTM:00/ACPI0012:00/ndbus0/region0/namespace0.0/block/pmem0/",
		"size", "1\n");
	link_device("block", 2,
		"devices/LNXSYSTM:00/ACPI0012:00/ndbus0/region0/namespace0.0/block/pmem0");
	facts = facts_of(true, 2);
	assert_int_equal(facts.medium, MEDIUM_PMEM);
	assert_int_equal(facts.domain, DOMAIN_CPU_CACHE);
	assert_false(facts.emulated);
	/* memmap=: DRAM, whose domain the kernel does not know. */
	write_file("devices/platform/e820_pmem/ndbus1/region1/", "persistence_domain", "\n");
	write_file("devices/platform/e820_pmem/ndbus1/region1/dax1.0/dax2.0/", "size", "1\n");
	link_device("char", 3, "devices/platform/e820_pmem/ndbus1/region1/dax1.0/dax2.0");
	facts = facts_of(false, 3);
	assert_int_equal(facts.medium, MEDIUM_DRAM_MEMMAP);
	assert_int_equal(facts.domain, DOMAIN_UNKNOWN);
	assert_true(facts.emulated);
	/* In system-ram mode it is the kernel's own memory. */
	write_file("bus/dax/drivers/kmem/", "made", "");
	snprintf(path, sizeof(path),
		"%s/devices/platform/e820_pmem/ndbus1/region1/dax1.0/dax2.0/driver", sysfs);
	{
		char driver[200];

		snprintf(driver, sizeof(driver), "%s/bus/dax/drivers/kmem", sysfs);
		assert_int_equal(symlink(driver, path), 0);
	}
	assert_true(nvdimm_describe(sysfs, 250, 3, false, &nvdimm));
	assert_true(nvdimm.system_ram);
	facts = facts_of(false, 3);
	assert_int_equal(facts.medium, MEDIUM_DRAM);
	assert_int_equal(facts.domain, DOMAIN_NONE);
	assert_false(nvdimm_describe(sysfs, 250, 99, false, &nvdimm));
}

static void of_two_domains_the_weaker_counts(void **state)
{
	(void)state;
	assert_int_equal(nvdimm_weaker(DOMAIN_CPU_CACHE, DOMAIN_MEMORY_CONTROLLER),
		DOMAIN_MEMORY_CONTROLLER);
	assert_int_equal(
		nvdimm_weaker(DOMAIN_FSYNC_ONLY, DOMAIN_MEMORY_CONTROLLER), DOMAIN_FSYNC_ONLY);
	assert_int_equal(nvdimm_weaker(DOMAIN_MEMORY_CONTROLLER, DOMAIN_UNKNOWN), DOMAIN_UNKNOWN);
	assert_int_equal(nvdimm_weaker(DOMAIN_UNKNOWN, DOMAIN_FSYNC_ONLY), DOMAIN_FSYNC_ONLY);
}

static void cores_come_before_their_second_threads(void **state)
{
	/* Two cores of two threads each, as Linux numbers them: 0 and 2, 1 and 3. */
	struct cpu_seat seats[] = {{0, 0}, {1, 1}, {2, 0}, {3, 1}};
	struct cpu_place place = {.cpu = 1, .n_allowed = 4, .allowed = seats};
	int cpus[4], one = 1;
	struct err e;

	(void)state;
	assert_true(cpu_choose(&place, -1, 2, cpus, &e));
	assert_int_equal(cpus[0], 1);
	assert_int_equal(cpus[1], 2); /* the other core, not CPU 3, which comes first */
	assert_false(cpu_share_core(&place, cpus, 2));
	assert_true(cpu_choose(&place, -1, 3, cpus, &e));
	assert_true(cpu_share_core(&place, cpus, 3));
	assert_false(cpu_choose(&place, -1, 5, cpus, &e));
	/* Of the other core: 0 or 2, by the nodes that this machine really has. */
	assert_int_equal(cpu_beside(&place, &one, 1) % 2, 0);
	/* Another core even on another node. */
	place.n_allowed = 3;
	place.cpu = one = 0;
	seats[0] = (struct cpu_seat){0, 0};
	seats[1] = (struct cpu_seat){1, 0};
	seats[2] = (struct cpu_seat){4000, 4000};
	assert_int_equal(cpu_beside(&place, &one, 1), 4000);
	/* One core: its second thread, and that is seen. */
	place.n_allowed = 2;
	place.cpu = one = 3;
	seats[0] = (struct cpu_seat){3, 1};
	seats[1] = (struct cpu_seat){4, 1};
	assert_int_equal(cpu_beside(&place, &one, 1), 4);
	cpus[0] = 3;
	cpus[1] = 4;
	assert_true(cpu_share_core(&place, cpus, 2));
	/* The kernel's own list. */
	write_file("cpus/cpu5/topology/", "thread_siblings_list", "1,5\n");
	{
		char folder[200];

		snprintf(folder, sizeof(folder), "%s/cpus", sysfs);
		assert_int_equal(cpu_core(folder, 5), 1);
		assert_int_equal(cpu_core(folder, 7), 7);
	}
}

/* ---- line costs ---- */

/* Zen 5's hash, as measured: eight pairs of bits, and 28 to 31 each by itself. */
static bool zen5_agrees(uint64_t distance)
{
	for (unsigned bit = 12; bit <= 19; bit++) {
		static const unsigned with[] = {27, 26, 25, 20, 21, 22, 23, 24};

		if ((distance >> bit & 1) != (distance >> with[bit - 12] & 1))
			return false;
	}
	return (distance >> 28 & 15) == 0;
}

static double zen5(void *arg, uint64_t distance, enum line_use use)
{
	(void)arg;
	(void)use;
	return zen5_agrees(distance) ? 0.69 : 0.77;
}

static double zen3(void *arg, uint64_t distance, enum line_use use)
{
	(void)arg;
	return use == LINE_LOAD_LOAD || (distance & 0xffff000) == 0 ? 4.5 : 13.4;
}

static double never_free(void *arg, uint64_t distance, enum line_use use)
{
	(void)arg;
	(void)use;
	return distance == 0 ? 3 : 3.5;
}

/* An address space of 40 bits, and 32 costs. */
static double small(void *arg, uint64_t distance, enum line_use use)
{
	(void)arg;
	(void)use;
	if (distance >= 1ull << 40)
		return NAN;
	return distance >> 32 & 1 ? 5 : 4;
}

static void congruent_is_what_costs_nothing(void **state)
{
	struct alias_facts facts = {0};

	(void)state;
	congruence_derive(&facts, zen5, NULL);
	assert_int_equal(facts.held, 1);
	assert_int_equal(facts.modulus, 1ull << 32); /* free from 4 GiB on, not at 1 GiB */
	congruence_derive(&facts, zen3, NULL);
	assert_int_equal(facts.held, 1);
	assert_int_equal(facts.modulus, 1ull << 30);
	congruence_derive(&facts, never_free, NULL);
	assert_int_equal(facts.held, 0);
	assert_true(facts.two_ns > 1.1 * facts.one_ns);
	congruence_derive(&facts, small, NULL);
	assert_int_equal(facts.held, 1);
	assert_int_equal(facts.modulus, 1ull << 33);
}

/* ---- a fake cache ---- */

#define WINDOW 4096
static char window[WINDOW] __attribute__((aligned(4096)));
static size_t evictions;
static const char *evicted;
static size_t evicted_bytes;

static void fake_evict(const void *start, size_t bytes)
{
	evictions++;
	evicted = start;
	evicted_bytes = bytes;
}

static void lines_are_put_where_they_are_wanted(void **state)
{
	struct walk slice = {.dst = window + 64,
		.src = window + 2048,
		.dst_step = 128,
		.src_step = 64,
		.len = 64,
		.n = 3};
	struct state_prepare prepare = {.state = STATE_ABSENT,
		.source = SOURCE_WALK,
		.pages = PAGES_MAPPED,
		.evict = fake_evict};

	(void)state;
	state_prepare(&prepare, &slice);
	assert_int_equal(evictions, 1);
	assert_ptr_equal(evicted, window + 64);
	assert_int_equal(evicted_bytes, 2 * 128 + 64);
	prepare.state = STATE_CLEAN;
	state_prepare(&prepare, &slice);
	assert_int_equal(evictions, 2);
	prepare.state = STATE_DIRTY;
	state_prepare(&prepare, &slice);
	assert_int_equal(evictions, 2);
	prepare.source = SOURCE_ABSENT;
	state_prepare(&prepare, &slice);
	assert_int_equal(evictions, 3);
	assert_ptr_equal(evicted, window + 2048);
	/* What a slice wrote is put away after it. */
	state_restore(&prepare, &slice);
	assert_int_equal(evictions, 4);
	assert_ptr_equal(evicted, window + 64);
	assert_int_equal(evicted_bytes, 2 * 128 + 64);
}

/* ---- what follows a change of pages ---- */

static void an_alias_follows_its_target(void **state)
{
	const struct target_request memory = {.ops = &target_memfd, .node = -1};
	struct target target;
	struct alias alias;
	struct err e;

	(void)state;
	/* As devdax does: the mapping moves along the device. */
	assert_true(target_open(&target, &memory, 1 << 20, &e));
	assert_true(alias_map(&alias, &target, 1ull << 30, 0, &e));
	assert_int_equal(ftruncate(target.fd, 2 << 20), 0);
	target.base[0] = 1;
	assert_int_equal(alias.base[0], 1);
	assert_true(mmap(target.base, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			    target.fd, 1 << 20) != MAP_FAILED);
	target.offset = 1 << 20;
	target.base[0] = 2;
	assert_true(alias_follow(&alias, &target, &e));
	assert_int_equal(alias.base[0], 2);
	alias_unmap(&alias);
	target_close(&target);
}

static bool all_zero(const char *start, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (start[i] != 0)
			return false;
	return true;
}

static void what_reads_read_is_data_after_every_change(void **state)
{
	const struct target_request request = {.ops = &target_memfd, .node = -1};
	struct setting setting = {.operation = OP_READ, .size = 4096, SETTING_DEFAULTS};
	const struct stage_request needs = {.target = &request,
		.target_bytes = 1 << 20,
		.source_bytes = 4096,
		.sink_bytes = 4096,
		.seed = 7};
	struct stage stage;
	struct target *target;
	struct err e;

	(void)state;
	assert_true(stage_open(&stage, &needs, &e));
	target = stage_target(&stage, &setting);
	assert_false(all_zero(target->base, 4096));
	assert_true(stage_refresh(&stage, &e));
	assert_false(all_zero(target->base, 4096));
	assert_false(all_zero(target->base + (1 << 20) - 4096, 4096));
	stage_close(&stage);
}

/* ---- byte checks ---- */

static void does_nothing(const struct walk *walk)
{
	(void)walk;
}

static void copies_all(const struct walk *walk)
{
	for (size_t i = 0; i < walk->n; i++)
		memcpy(walk->dst + i * walk->dst_step, walk->src + i * walk->src_step, walk->len);
}

static void copies_too_much(const struct walk *walk)
{
	copies_all(walk);
	walk->dst[walk->len] ^= 1;
}

static void a_copy_left_out_is_seen(void **state)
{
	static char room[1024], source[256] = "data";
	struct walk walk = {.dst = room + 64,
		.src = source,
		.dst_step = 192,
		.src_step = 64,
		.len = 60,
		.n = 3};
	struct err why;

	(void)state;
	assert_true(verify_loop(copies_all, &walk, room, sizeof(room), &why));
	/* Even where the bytes were right before. */
	assert_false(verify_loop(does_nothing, &walk, room, sizeof(room), &why));
	assert_false(verify_loop(copies_too_much, &walk, room, sizeof(room), &why));
	assert_non_null(strstr(why.text, "outside its destination"));
}

/* ---- clocks ---- */

static void a_known_time_is_timed(void **state)
{
	struct clock clock;
	double best = INFINITY;

	(void)state;
	clock_init(&clock);
	/* Against the system's own clock: the least of many, so that a disturbance is left out. */
	for (int i = 0; i < 20; i++) {
		struct timespec before, after;
		uint64_t ticks = clock.begin();
		double ns;

		clock_gettime(CLOCK_MONOTONIC, &before);
		do
			clock_gettime(CLOCK_MONOTONIC, &after);
		while ((ns = (double)(after.tv_sec - before.tv_sec) * 1e9 +
			       (double)(after.tv_nsec - before.tv_nsec)) < 2e6);
		ns = (double)(clock.end() - ticks) * clock.tick_ns / ns;
		best = fmin(best, ns);
	}
	assert_true(best > 0.95 && best < 1.3);
}

/* Which instruction keeps a line follows from two loads that are known; an emulator knows neither. */
static void lines_are_kept_or_dropped(void **state)
{
	struct facts_lines lines = {.hit_ns = 1,
		.miss_ns = 100,
		.after = {{"clwb", 20}, {"clflush", 90}, {"odd", 50.4}, {"other", 50.6}},
		.n = 4};
	char text[400];

	(void)state;
	assert_int_equal(facts_line_stays(&lines, 0), 1);
	assert_int_equal(facts_line_stays(&lines, 1), 0);
	assert_int_equal(facts_line_stays(&lines, 2), 1);
	assert_int_equal(facts_line_stays(&lines, 3), 0);
	facts_lines_text(&lines, text, sizeof(text));
	assert_non_null(strstr(text, "clwb keeps it (20 ns), clflush drops it (90 ns)"));
	/* No cache to tell from memory: hits and misses cost the same, whatever was done. */
	lines.hit_ns = 30;
	lines.miss_ns = 33;
	assert_int_equal(facts_line_stays(&lines, 0), -1);
	facts_lines_text(&lines, text, sizeof(text));
	assert_non_null(strstr(text, "does not tell"));
	assert_null(strstr(text, "keeps"));
	/* Few ns are the clock's: a miss of them is none. */
	lines.hit_ns = 0;
	lines.miss_ns = 14;
	assert_int_equal(facts_line_stays(&lines, 1), -1);
	lines.hit_ns = NAN;
	facts_lines_text(&lines, text, sizeof(text));
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_kept_or_dropped),
		cmocka_unit_test(a_device_is_what_sysfs_says),
		cmocka_unit_test(of_two_domains_the_weaker_counts),
		cmocka_unit_test(cores_come_before_their_second_threads),
		cmocka_unit_test(congruent_is_what_costs_nothing),
		cmocka_unit_test(lines_are_put_where_they_are_wanted),
		cmocka_unit_test(an_alias_follows_its_target),
		cmocka_unit_test(what_reads_read_is_data_after_every_change),
		cmocka_unit_test(a_copy_left_out_is_seen),
		cmocka_unit_test(a_known_time_is_timed),
	};
	char command[200];
	int failed;

	strcpy(sysfs, "/tmp/daxmark-sys-XXXXXX");
	if (mkdtemp(sysfs) == NULL)
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf '%s'", sysfs);
	return system(command) != 0 ? 99 : failed;
}
