// SPDX-License-Identifier: MIT
#include "sys/cpu.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/node.h"

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
		set |= c & (1u << 27) ? CPU_MOVDIRI : 0;
		set |= c & (1u << 28) ? CPU_MOVDIR64B : 0;
	}
	if (__get_cpuid(0x80000001, &a, &b, &c, &d))
		set |= d & (1u << 27) ? CPU_RDTSCP : 0;
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
		"clflushopt", "clwb", "rdtscp", "invariant_tsc", "movdiri", "movdir64b"};

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
size_t cpu_last_level_cache_bytes(void)
{
	size_t best = 0;

	for (int index = 0; index < 8; index++) {
		char path[80];
		unsigned long kib;
		FILE *file;

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu0/cache/index%d/size",
			index);
		file = fopen(path, "re");
		if (file == NULL)
			break;
		if (fscanf(file, "%luK", &kib) == 1 && kib * 1024 > best)
			best = kib * 1024;
		fclose(file);
	}
	return best;
}

bool cpu_move(int cpu, struct err *e)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one) == 0 ||
	       err_errno(e, errno, "cannot run on CPU %d", cpu);
}

bool cpu_pin(int wanted, struct cpu_place *place, struct err *e)
{
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return err_errno(e, errno, "cannot ask which CPUs this process may use");
	place->n_allowed = 0;
	for (int i = 0; i < CPU_SETSIZE && place->n_allowed < CPU_MOST; i++)
		if (CPU_ISSET(i, &allowed))
			place->allowed[place->n_allowed++] = i;
	if (wanted < 0 && place->n_allowed > 0)
		wanted = place->allowed[place->n_allowed - 1];
	if (wanted < 0 || wanted >= CPU_SETSIZE || !CPU_ISSET(wanted, &allowed))
		return err_set(
			e, ERR_FAILED, "CPU %d is not one that this process may use", wanted);
	if (!cpu_move(wanted, e))
		return false;
	place->cpu = wanted;
	place->other = -1;
	for (size_t i = 0; i < place->n_allowed; i++)
		if (place->allowed[i] != wanted)
			place->other = place->allowed[i];
	return true;
}

bool cpu_choose(const struct cpu_place *place, int node, size_t n, int *cpus, struct err *why_not)
{
	size_t found = 0;

	if (n > 0 && (node < 0 || node_of_cpu(place->cpu) == node))
		cpus[found++] = place->cpu;
	for (size_t i = place->n_allowed; i-- > 0 && found < n;)
		if (place->allowed[i] != place->cpu &&
			(node < 0 || node_of_cpu(place->allowed[i]) == node))
			cpus[found++] = place->allowed[i];
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
	int beside = -1;

	for (size_t i = place->n_allowed; i-- > 0;) {
		bool is_taken = false;

		for (size_t j = 0; j < n; j++)
			is_taken |= taken[j] == place->allowed[i];
		if (is_taken)
			continue;
		if (n == 0 || node_of_cpu(place->allowed[i]) == node_of_cpu(taken[0]))
			return place->allowed[i];
		if (beside < 0)
			beside = place->allowed[i];
	}
	return beside;
}
