// SPDX-License-Identifier: MIT
#include "sys/facts.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <numa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sys/cpu.h"
#include "sys/pmem.h"
#include "sys/sysfs.h"

/* The value of the first "key : value" line of /proc/cpuinfo. */
static void cpuinfo(const char *key, char *text, size_t bytes)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[4096];

	text[0] = '\0';
	if (file == NULL)
		return;
	while (text[0] == '\0' && fgets(line, sizeof(line), file) != NULL) {
		char *value = strstr(line, ": ");

		if (value != NULL && strncmp(line, key, strlen(key)) == 0 &&
			(line[strlen(key)] == '\t' || line[strlen(key)] == ' '))
			snprintf(text, bytes, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
	}
	fclose(file);
}

static bool read_cache(int cpu, int index, struct cache_facts *cache)
{
	char folder[80], text[32];

	snprintf(
		folder, sizeof(folder), CPU_SYSFS "/cpu%d/cache/index%d", cpu < 0 ? 0 : cpu, index);
	sysfs_line(folder, "level", text, sizeof(text));
	if (text[0] == '\0')
		return false;
	cache->level = atoi(text);
	sysfs_line(folder, "type", cache->type, sizeof(cache->type));
	sysfs_line(folder, "size", text, sizeof(text));
	cache->bytes = strtoull(text, NULL, 10) * 1024; /* the kernel writes "48K" */
	sysfs_line(folder, "ways_of_associativity", text, sizeof(text));
	cache->ways = atoi(text);
	sysfs_line(folder, "coherency_line_size", text, sizeof(text));
	cache->line_bytes = atoi(text);
	return true;
}

/* These variables change what the copies of libraries do, and so what they guarantee or cost. */
static void note_environment(char *text, size_t bytes)
{
	static const char *const names[] = {"PMEM_NO_FLUSH", "PMEM_NO_CLWB", "PMEM_NO_CLFLUSHOPT",
		"PMEM_NO_MOVNT", "PMEM_MOVNT_THRESHOLD", "PMEM_NO_GENERIC_MEMCPY", "PMEM_AVX",
		"PMEM_AVX512F", "PMEM_MOVDIR64B", "PMEM_IS_PMEM_FORCE", "GLIBC_TUNABLES",
		"LD_PRELOAD"};
	size_t used = strlen(text);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && used < bytes; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL)
			used += (size_t)snprintf(text + used, bytes - used, ", %s=%.*s", names[i],
				i < 10 ? 20 : 150, value);
	}
}

/* The file that a function was loaded from, without its folders: "libpmem.so.1.0.0". */
static void loaded_file(const void *function, char *text, size_t bytes)
{
	char path[PATH_MAX];
	Dl_info info;

	text[0] = '\0';
	if (dladdr(function, &info) == 0 || info.dli_fname == NULL ||
		realpath(info.dli_fname, path) == NULL)
		return;
	snprintf(text, bytes, "%.100s", strrchr(path, '/') + 1);
}

/* Those that are really loaded: what daxmark was built against may be another version. */
static void note_libraries(char *text, size_t bytes)
{
	char memcpy_file[120];

	loaded_file((const void *)(uintptr_t)memcpy, memcpy_file, sizeof(memcpy_file));
	snprintf(text, bytes, "C library %s", gnu_get_libc_version());
	/* A preloaded one may have brought another memcpy. */
	if (memcpy_file[0] != '\0' && strstr(memcpy_file, "libc.so") == NULL &&
		strstr(memcpy_file, "libc-") == NULL)
		snprintf(text + strlen(text), bytes - strlen(text), " (memcpy of %s)", memcpy_file);
	snprintf(text + strlen(text), bytes - strlen(text), ", GSL %s, jansson %s", gsl_version,
		jansson_version_str());
#if defined(HAVE_LIBPMEM)
	{
		char file[120];

		struct err why;
		const struct pmem_library *library = pmem_library(&why);

		file[0] = '\0';
		if (library != NULL)
			loaded_file((const void *)(uintptr_t)library->copy, file, sizeof(file));
		snprintf(text + strlen(text), bytes - strlen(text), ", libpmem %s (%s)",
			LIBPMEM_VERSION, file);
	}
#endif
	note_environment(text, bytes);
}

void facts_read(struct facts *facts, const struct clock *clock, int cpu)
{
	struct utsname name;
	char folder[100];

	memset(facts, 0, sizeof(*facts));
	if (uname(&name) == 0) {
		snprintf(facts->host, FACTS_TEXT, "%.100s", name.nodename);
		snprintf(facts->kernel, FACTS_TEXT, "%.30s %.60s %.30s", name.sysname, name.release,
			name.machine);
	}
	cpuinfo("model name", facts->cpu_model, FACTS_TEXT);
	cpuinfo("microcode", facts->microcode, FACTS_TEXT);
	cpu_feature_names(cpu_features(), facts->cpu_features, FACTS_TEXT);
	snprintf(folder, sizeof(folder), "/sys/devices/system/cpu/cpu%d/cpufreq", cpu);
	sysfs_line(folder, "scaling_governor", facts->governor, FACTS_TEXT);
	sysfs_line("/sys/hypervisor", "type", facts->hypervisor, FACTS_TEXT);
	if (facts->hypervisor[0] == '\0') {
		char text[16];

		cpu_hypervisor(text);
		for (char *c = text; *c != '\0'; c++)
			if (*c < 0x20 || *c > 0x7e)
				*c = '?';
		snprintf(facts->hypervisor, FACTS_TEXT, "%s", text);
	}
	facts->cpus_online = (int)sysconf(_SC_NPROCESSORS_ONLN);
	/* Without /sys the library knows of none, and there is one at least: not stated. */
	facts->numa_nodes = numa_available() < 0 ? 0 : numa_num_configured_nodes();
	facts->memory_bytes = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	while (facts->n_caches < FACTS_CACHES &&
		read_cache(cpu, facts->n_caches, &facts->caches[facts->n_caches]))
		facts->n_caches++;
	snprintf(facts->clock, FACTS_TEXT, "%s", clock->name);
	facts->clock_tick_ns = clock->tick_ns;
	facts->clock_cost_ns = clock->cost_ns;
	facts->nocache_hit_ns = facts->nocache_miss_ns = NAN;
	facts->lines = (struct facts_lines){.hit_ns = NAN, .miss_ns = NAN};
	facts->cpu = cpu;
	snprintf(facts->build, FACTS_TEXT, "daxmark %s, %s, compiler %s", PACKAGE_VERSION,
		ARCH_NAME, __VERSION__);
	note_libraries(facts->libraries, sizeof(facts->libraries));
}

bool facts_nocache_leaves(const struct facts *facts)
{
	return !(facts->nocache_hit_ns < facts->nocache_miss_ns / 2);
}

/* A miss goes to memory: tens of ns more than a hit, which is within the clock's own cost. */
#define LEAST_MISS_NS 15

int facts_line_stays(const struct facts_lines *lines, size_t i)
{
	if (!(lines->miss_ns > 2 * lines->hit_ns + LEAST_MISS_NS))
		return -1;
	return lines->after[i].ns < (lines->hit_ns + lines->miss_ns) / 2;
}

void facts_lines_text(const struct facts_lines *lines, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	if (isnan(lines->hit_ns))
		return;
	used = (size_t)snprintf(text, bytes,
		"a load takes %.1f ns where it is cached, %.0f ns where not", lines->hit_ns,
		lines->miss_ns);
	if (lines->n > 0 && facts_line_stays(lines, 0) < 0)
		snprintf(text + used, bytes - used,
			": this machine does not tell one from the other");
	for (size_t i = 0; i < lines->n && used < bytes && facts_line_stays(lines, 0) >= 0; i++)
		used += (size_t)snprintf(text + used, bytes - used, "%s%s %s it (%.0f ns)",
			i == 0 ? "; " : ", ", lines->after[i].name,
			facts_line_stays(lines, i) ? "keeps" : "drops", lines->after[i].ns);
}

double facts_steal_s(void)
{
	unsigned long long user, nice, system, idle, iowait, irq, softirq, steal = 0;
	FILE *file = fopen("/proc/stat", "re");

	if (file == NULL)
		return 0;
	if (fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system,
		    &idle, &iowait, &irq, &softirq, &steal) != 8)
		steal = 0;
	fclose(file);
	return (double)steal / (double)sysconf(_SC_CLK_TCK);
}
