// SPDX-License-Identifier: MIT
#include "sys/cpu.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/node.h"
#include "sys/sysfs.h"

#if defined(__x86_64__)
#include <cpuid.h>

/* The register sets that the kernel saves (XCR0): bits 1-2 SSE and AVX, 5-7 AVX-512. */
static unsigned saved_registers(void)
{
	unsigned low, high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

/* Intel SDM vol. 2A, CPUID; AMD APM vol. 3, appendix E. */
unsigned cpu_features(void)
{
	unsigned a, b, c, d, set = 0, saved = 0;

	if (__get_cpuid(1, &a, &b, &c, &d)) {
		set |= d & bit_SSE2 ? CPU_SSE2 : 0;
		set |= d & (1u << 19) ? CPU_CLFLUSH : 0;
		saved = c & bit_OSXSAVE ? saved_registers() : 0;
		set |= (c & bit_AVX) && (saved & 0x06) == 0x06 ? CPU_AVX : 0;
	}
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
		set |= (b & bit_AVX512F) && (saved & 0xe6) == 0xe6 ? CPU_AVX512F : 0;
		set |= b & (1u << 23) ? CPU_CLFLUSHOPT : 0;
		set |= b & (1u << 24) ? CPU_CLWB : 0;
		set |= c & (1u << 25) ? CPU_CLDEMOTE : 0;
		set |= c & (1u << 27) ? CPU_MOVDIRI : 0;
		set |= c & (1u << 28) ? CPU_MOVDIR64B : 0;
	}
	if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
		set |= c & (1u << 8) ? CPU_PREFETCHW : 0;
		set |= d & (1u << 27) ? CPU_RDTSCP : 0;
	}
	if (__get_cpuid(0x80000007, &a, &b, &c, &d))
		set |= d & (1u << 8) ? CPU_INVARIANT_TSC : 0;
	return set;
}
/* Leaf 1 ECX bit 31, then leaf 0x40000000: a convention that all x86 hypervisors keep. */
void cpu_hypervisor(char name[16])
{
	unsigned a, b, c, d;

	memset(name, 0, 16);
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 31))
		return;
	__cpuid(0x40000000, a, b, c, d);
	memcpy(name, &b, 4);
	memcpy(name + 4, &c, 4);
	memcpy(name + 8, &d, 4);
}
#else
unsigned cpu_features(void)
{
	return 0;
}

void cpu_hypervisor(char name[16])
{
	name[0] = '\0';
}
#endif

const char *cpu_feature_name(unsigned index)
{
	static const char *const names[CPU_FEATURE_COUNT] = {"sse2", "avx", "avx512f", "clflush",
		"clflushopt", "clwb", "rdtscp", "invariant_tsc", "movdiri", "movdir64b",
		"prefetchw", "cldemote"};

	return index < CPU_FEATURE_COUNT ? names[index] : "?";
}

void cpu_feature_names(unsigned set, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < CPU_FEATURE_COUNT && used < bytes; i++)
		if (set & (1u << i))
			used += (size_t)snprintf(text + used, bytes - used, "%s%s", used ? " " : "",
				cpu_feature_name(i));
}

/*
 * sysfs rather than sysconf: under a hypervisor glibc multiplies CPUID's share
 * count and can report an L3 twelve times the one the guest may use.
 */
size_t cpu_last_level_cache_bytes(int cpu)
{
	size_t best = 0;

	for (int index = 0; index < 8; index++) {
		char path[80];
		unsigned long kib;
		FILE *file;

		snprintf(path, sizeof(path), CPU_SYSFS "/cpu%d/cache/index%d/size",
			cpu < 0 ? 0 : cpu, index);
		file = fopen(path, "re");
		if (file == NULL)
			break;
		if (fscanf(file, "%luK", &kib) == 1 && kib * 1024 > best)
			best = kib * 1024;
		fclose(file);
	}
	return best;
}

int cpu_take(int cpu)
{
	cpu_set_t *one = CPU_ALLOC(cpu + 1);
	size_t bytes = CPU_ALLOC_SIZE(cpu + 1);
	int failed;

	if (one == NULL)
		return ENOMEM;
	CPU_ZERO_S(bytes, one);
	CPU_SET_S(cpu, bytes, one);
	failed = sched_setaffinity(0, bytes, one) == 0 ? 0 : errno;
	CPU_FREE(one);
	return failed;
}

bool cpu_move(int cpu, struct err *e)
{
	int failed = cpu_take(cpu);

	return failed == 0 || err_errno(e, failed, "cannot run on CPU %d", cpu);
}

int cpu_core(const char *sysfs, int cpu)
{
	char folder[300], text[32];

	snprintf(folder, sizeof(folder), "%.200s/cpu%d/topology", sysfs, cpu);
	sysfs_line(folder, "thread_siblings_list", text, sizeof(text));
	return text[0] >= '0' && text[0] <= '9' ? atoi(text) : cpu;
}

/* The set that the kernel keeps, however large; NULL and errno on failure. */
static cpu_set_t *ask_allowed(size_t *n)
{
	for (*n = CPU_SETSIZE; *n <= 1u << 20; *n *= 2) {
		cpu_set_t *set = CPU_ALLOC(*n);

		if (set == NULL)
			return NULL;
		if (sched_getaffinity(0, CPU_ALLOC_SIZE(*n), set) == 0)
			return set;
		CPU_FREE(set);
		if (errno != EINVAL) /* that is: too small */
			return NULL;
	}
	return NULL;
}

static bool list_allowed(struct cpu_place *place, struct err *e)
{
	size_t n, bytes;
	cpu_set_t *set = ask_allowed(&n);

	if (set == NULL)
		return err_errno(e, errno, "cannot ask which CPUs this process may use");
	bytes = CPU_ALLOC_SIZE(n);
	place->n_allowed = 0;
	place->allowed = calloc((size_t)CPU_COUNT_S(bytes, set) + 1, sizeof(place->allowed[0]));
	for (int i = 0; place->allowed != NULL && i < (int)n; i++)
		if (CPU_ISSET_S(i, bytes, set))
			place->allowed[place->n_allowed++] =
				(struct cpu_seat){i, cpu_core(CPU_SYSFS, i)};
	CPU_FREE(set);
	return place->allowed != NULL || err_set(e, ERR_FAILED, "out of memory");
}

static const struct cpu_seat *seat_of(const struct cpu_place *place, int cpu)
{
	for (size_t i = 0; i < place->n_allowed; i++)
		if (place->allowed[i].cpu == cpu)
			return &place->allowed[i];
	return NULL;
}

bool cpu_pin(int wanted, struct cpu_place *place, struct err *e)
{
	memset(place, 0, sizeof(*place));
	if (!list_allowed(place, e))
		return false;
	if (wanted < 0 && place->n_allowed > 0)
		wanted = place->allowed[place->n_allowed - 1].cpu;
	if (seat_of(place, wanted) == NULL)
		return err_set(
			e, ERR_FAILED, "CPU %d is not one that this process may use", wanted);
	if (!cpu_move(wanted, e))
		return false;
	place->cpu = wanted;
	place->other = cpu_beside(place, &wanted, 1);
	return true;
}

void cpu_free(struct cpu_place *place)
{
	free(place->allowed);
	place->allowed = NULL;
	place->n_allowed = 0;
}

static bool among(const int *cpus, size_t n, int cpu)
{
	for (size_t i = 0; i < n; i++)
		if (cpus[i] == cpu)
			return true;
	return false;
}

/* Its core is one of theirs. */
static bool shares(const struct cpu_place *place, const int *cpus, size_t n, int core)
{
	for (size_t i = 0; i < n; i++) {
		const struct cpu_seat *seat = seat_of(place, cpus[i]);

		if (seat != NULL && seat->core == core)
			return true;
	}
	return false;
}

bool cpu_share_core(const struct cpu_place *place, const int *cpus, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct cpu_seat *seat = seat_of(place, cpus[i]);

		if (seat != NULL && shares(place, cpus, i, seat->core))
			return true;
	}
	return false;
}

bool cpu_choose(const struct cpu_place *place, int node, size_t n, int *cpus, struct err *why_not)
{
	size_t found = 0;

	if (n > 0 && (node < 0 || node_of_cpu(place->cpu) == node))
		cpus[found++] = place->cpu;
	for (int siblings = 0; siblings < 2; siblings++)
		for (size_t i = place->n_allowed; i-- > 0 && found < n;) {
			const struct cpu_seat *seat = &place->allowed[i];

			if (!among(cpus, found, seat->cpu) &&
				(siblings || !shares(place, cpus, found, seat->core)) &&
				(node < 0 || node_of_cpu(seat->cpu) == node))
				cpus[found++] = seat->cpu;
		}
	if (found == n)
		return true;
	if (node >= 0)
		return err_set(why_not, ERR_FAILED,
			"%zu threads on NUMA node %d: this process may use %zu CPUs there", n, node,
			found);
	return err_set(why_not, ERR_FAILED, "%zu threads: this process may use %zu CPUs", n, found);
}

int cpu_beside(const struct cpu_place *place, const int *taken, size_t n)
{
	int beside = -1, best = -1;

	for (size_t i = place->n_allowed; i-- > 0;) {
		const struct cpu_seat *seat = &place->allowed[i];
		bool near = n == 0 || node_of_cpu(seat->cpu) == node_of_cpu(taken[0]);
		int worth = 2 * !shares(place, taken, n, seat->core) + near;

		if (among(taken, n, seat->cpu) || worth <= best)
			continue;
		best = worth;
		beside = seat->cpu;
	}
	return beside;
}
