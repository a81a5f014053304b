// SPDX-License-Identifier: MIT
#include "report/look.h"

#include <string.h>

#define SHADES 5

/*
 * Shades of one hue a family, after Okabe and Ito's palette, which readers with colour-blindness
 * tell apart; the first of each is that palette's own. Every one has 3:1 or more on its page.
 */
static const struct {
	const char *light, *dark;
} shades[FAMILY_COUNT][SHADES] = {
	[FAMILY_BASELINE] = {{"#1a1a1a", "#f2f2f2"}, {"#5a5a5a", "#bdbdbd"}, {"#3a3a3a", "#d6d6d6"},
		{"#707070", "#a8a8a8"}, {"#2a2a2a", "#e2e2e2"}},
	[FAMILY_NOCACHE] = {{"#0072b2", "#56b4e9"}, {"#08417a", "#9cc9f0"}, {"#3d8bd1", "#3d8bd1"},
		{"#138496", "#5fd0e0"}, {"#4b5fc4", "#8d9cf0"}},
	[FAMILY_FLUSH] = {{"#d55e00", "#f08a3c"}, {"#8c3a00", "#ffc08a"}, {"#c4452d", "#e8705a"},
		{"#a86a00", "#d99a2b"}, {"#6e2a10", "#e0a890"}},
	[FAMILY_ALIAS] = {{"#008c66", "#2fc79a"}, {"#00523c", "#8ee3c8"}, {"#3f8f1f", "#7fce5c"},
		{"#5b7a00", "#b4d24a"}, {"#2b6b5b", "#68b8a4"}},
	[FAMILY_LIBPMEM] = {{"#b4558c", "#e39ac4"}, {"#6b2a68", "#d0a0ce"}, {"#8f4fc0", "#c193ec"},
		{"#c23b78", "#f07fb0"}, {"#553377", "#a98fd0"}},
	[FAMILY_KERNEL] = {{"#8a6d00", "#e6c84a"}, {"#5c4a00", "#cdb76a"}, {"#a07c1a", "#c9a227"},
		{"#6f6230", "#b8ab78"}, {"#444022", "#dcd3a0"}},
	[FAMILY_ROOF] = {{"#888888", "#9aa0a6"}, {"#6e6e6e", "#b4bac0"}, {"#555555", "#cfd4d9"},
		{"#7a7a7a", "#8a9096"}, {"#606060", "#c0c6cc"}},
	[FAMILY_EMPTY] = {{"#888888", "#9aa0a6"}},
};

/* Filled, so that a hollow one can say something else: circle, triangle, square, diamond, pentagon, star. */
static const unsigned marks[FAMILY_COUNT] = {[FAMILY_BASELINE] = 7,
	[FAMILY_NOCACHE] = 9,
	[FAMILY_FLUSH] = 5,
	[FAMILY_ALIAS] = 13,
	[FAMILY_LIBPMEM] = 15,
	[FAMILY_KERNEL] = 3,
	[FAMILY_ROOF] = 1,
	[FAMILY_EMPTY] = 1};

/* Never change a row: old and new pictures would no longer say the same. Mark 0: the family's. */
static const struct row {
	const char *strategy;
	unsigned char shade, dash, mark;
} table[] = {
	{"memcpy", 0, 1, 0},
	{"memcpy+fence", 1, 2, 0},
	{"prefetchw+memcpy", 0, 2, 0},
	{"memcpy+cldemote", 1, 4, 0},
	{"kernel-copy-mc", 0, 4, 0},
	{"kernel-copy-mc-fast", 1, 5, 0},
	{"memcpy+clwb", 0, 1, 0},
	{"memcpy+clflushopt", 1, 2, 0},
	{"memcpy+clflush", 2, 4, 0},
	{"movsb+clwb", 3, 1, 0},
	{"movsb+clflushopt", 3, 2, 0},
	{"movsb+clflush", 3, 4, 0},
	{"fused-clwb", 4, 1, 0},
	{"fused-clwb-line", 4, 2, 0},
	{"fused-clflushopt", 2, 1, 0},
	{"fused-clflushopt-line", 2, 2, 0},
	{"drop+memcpy", 1, 4, 0},
	{"nt-avx512", 0, 1, 0},
	{"nt-avx512-prefetch", 0, 2, 11},
	{"nt-avx512-prefetchnta", 0, 4, 0},
	{"nt-avx512-pages", 0, 5, 11},
	{"nt-avx", 1, 1, 0},
	{"nt-avx-prefetch", 1, 2, 11},
	{"nt-avx-prefetchnta", 1, 4, 0},
	{"nt-sse2", 2, 1, 0},
	{"nt-sse2-prefetch", 2, 2, 11},
	{"nt-sse2-prefetchnta", 2, 4, 0},
	{"nt-movnti", 3, 1, 0},
	{"nt-movnti-prefetch", 3, 2, 11},
	{"nt-movnti-prefetchnta", 3, 4, 0},
	{"nt-movdir64b", 4, 1, 0},
	{"nt-movdir64b-prefetch", 4, 2, 11},
	{"nt-movdir64b-prefetchnta", 4, 4, 0},
	{"kernel-flushcache", 1, 5, 11},
	{"read-prefetchnta", 2, 5, 11},
	{"alias-congruent", 0, 1, 0},
	{"alias-incongruent", 1, 2, 0},
	{"alias-congruent+clwb", 2, 1, 0},
	{"alias-incongruent+clflush", 3, 4, 0},
	{"alias-incongruent+clflushopt", 3, 2, 0},
	{"alias-incongruent+clwb", 3, 1, 0},
	{"alias-congruent-user-window", 4, 1, 0},
	{"alias-congruent-user-window-mremap", 4, 2, 0},
	{"alias-congruent-user-window-run", 4, 4, 0},
	{"alias-incongruent-user-window", 1, 4, 0},
	{"libpmem-nt", 0, 5, 0},
	{"libpmem-temporal", 1, 2, 0},
	{"libpmem-nodrain", 0, 4, 0},
	{"libpmem", 2, 3, 0},
	{"pwrite", 0, 2, 0},
	{"pwrite+fdatasync", 1, 4, 0},
	{"pwrite-dsync", 2, 5, 0},
	{"mmap+msync", 3, 3, 0},
	{"process-vm-writev", 0, 4, 0},
	{"splice", 1, 2, 0},
	{"copy-file-range", 2, 4, 0},
	{"io-uring-write", 3, 4, 0},
	{"io-uring-read", 4, 4, 0},
	{"pread", 4, 2, 0},
	{"roof-load", 0, 2, 0},
	{"roof-store", 0, 3, 0},
	{"roof-nt-store", 0, 4, 0},
};

/* FNV-1a: one name, one look, on every machine. */
static unsigned hash(const char *name)
{
	unsigned value = 2166136261u;

	for (; *name != '\0'; name++)
		value = (value ^ (unsigned char)*name) * 16777619u;
	return value;
}

struct look look_of(const char *strategy, enum family family)
{
	unsigned value = hash(strategy);
	unsigned n_shades = family == FAMILY_EMPTY ? 1 : SHADES;
	struct row row = {.shade = (unsigned char)(value % n_shades),
		.dash = (unsigned char)(1 + value / SHADES % 5)};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].strategy, strategy) == 0)
			row = table[i];
	return (struct look){shades[family][row.shade].light, shades[family][row.shade].dark,
		row.mark != 0 ? row.mark : marks[family], row.dash};
}

void look_style(FILE *out)
{
	for (unsigned family = 0; family < FAMILY_COUNT; family++)
		for (unsigned shade = 0; shade < SHADES && shades[family][shade].light != NULL;
			shade++) {
			unsigned r, g, b;
			const char *dark = shades[family][shade].dark;

			if (sscanf(shades[family][shade].light, "#%2x%2x%2x", &r, &g, &b) != 3)
				continue;
			fprintf(out,
				"figure [stroke=\"rgb(%3u, %3u, %3u)\"]{stroke:%s}"
				"figure [color=\"rgb(%3u, %3u, %3u)\"]{color:%s}"
				"figure [fill=\"rgb(%3u, %3u, %3u)\"]{fill:%s}",
				r, g, b, dark, r, g, b, dark, r, g, b, dark);
		}
}
