/* SPDX-License-Identifier: MIT */
/*
 * A copy routine of one's own among daxmark's strategies:
 *
 *     cc -O2 -shared -fPIC my_copy.c -o my_copy.so
 *     daxmark list --load=./my_copy.so my-copy
 *     daxmark verify --load=./my_copy.so --trace -s my-copy
 *     daxmark run --load=./my_copy.so
 *
 * This one copies with memcpy and writes each line back, as soon as it is whole.
 */
#include <daxmark/strategy.h>
#include <stdint.h>
#include <string.h>

#define LINE 64u

#if defined(__x86_64__)
static void flush_line(const void *line)
{
	__asm__ volatile("clflush %0" ::"m"(*(const char *)line) : "memory");
}

static void fence(void)
{
	__asm__ volatile("sfence" ::: "memory");
}

static const char *unavailable(void)
{
	return NULL; /* every x86-64 CPU has both */
}
#else
static void flush_line(const void *line)
{
	(void)line;
}

static void fence(void)
{
}

static const char *unavailable(void)
{
	return "my-copy knows the flush instruction of x86-64 only";
}
#endif

static void copy(void *dst, const void *src, size_t len)
{
	char *to = dst;
	const char *from = src;

	while (len > 0) {
		size_t part = LINE - (uintptr_t)to % LINE;

		if (part > len)
			part = len;
		memcpy(to, from, part);
		flush_line(to);
		to += part;
		from += part;
		len -= part;
	}
	fence();
}

static const struct daxmark_loadable_strategy my_copy = {
	DAXMARK_LOADABLE_HEAD,
	.name = "my-copy",
	.help = "memcpy line by line, each flushed at once, then fence",
	.revision = "1",
	.steps = {DAXMARK_COPY, DAXMARK_FLUSH, DAXMARK_FENCE},
	.write = copy,
	.unavailable = unavailable,
};

const struct daxmark_loadable_strategy *const daxmark_loadable[] = {&my_copy, NULL};
