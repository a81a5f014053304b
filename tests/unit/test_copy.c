// SPDX-License-Identifier: MIT
/*
 * Every kernel of every strategy that this CPU runs, byte for byte: all
 * alignments 0-63 of both sides with small sizes, and random larger ones, on
 * a shared mapping with guards. Those it cannot run are named as skipped.
 */
#include "test.h"

#include <errno.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "stage/stage.h"
#include "stage/state.h"
#include "stage/verify.h"
#include "strategy/strategy.h"
#include "sys/cpu.h"

#define ROOM (1u << 20)
#define GUARD 64

/* The target as a file and under its other addresses, for those that need that. */
static struct walk frame;
#define MODULUS (1ull << 30)

static char *source(void)
{
	static char bytes[ROOM + 128];
	uint64_t x = 1;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		bytes[i] = (char)(x >> 56);
	}
	return bytes;
}

/* One copy at these offsets, room for a guard on either side. */
static bool copy_is_right(void (*loop)(const struct walk *), char *room, const char *src,
	size_t dst_at, size_t src_at, size_t len, struct err *why)
{
	struct walk walk = frame;

	walk.dst = room + GUARD + dst_at;
	walk.user = walk.dst;
	walk.src = src + src_at;
	walk.len = len;
	walk.n = 1;
	return verify_loop(loop, &walk, room, 2 * GUARD + dst_at + len + 64, why);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__SANITIZE_MEMORY__)
#define SLOWLY true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLOWLY true
#endif
#endif
#if !defined(SLOWLY)
#define SLOWLY false
#endif
#define MOST_SMALL 257

/* All alignments of both sides with every size from 0 on: a million copies. */
static size_t check_all(
	void (*loop)(const struct walk *), char *room, const char *src, const char *name)
{
	size_t copies = 0;
	struct err why;

	for (size_t dst = 0; dst < 64; dst++)
		for (size_t from = 0; from < 64; from++)
			for (size_t len = 0; len <= MOST_SMALL; len++, copies++)
				if (!copy_is_right(loop, room, src, dst, from, len, &why))
					fail_msg("%s: dst+%zu src+%zu %zu bytes: %s", name, dst,
						from, len, why.text);
	return copies;
}

/* A page of source bytes between two that no access survives. */
static char *fenced_source(void)
{
	char *pages = mmap(NULL, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(pages != MAP_FAILED);
	assert_int_equal(mprotect(pages + 4096, 4096, PROT_READ | PROT_WRITE), 0);
	for (size_t i = 0; i < 4096; i++)
		pages[4096 + i] = (char)(i * 7 + i / 256);
	return pages + 4096;
}

/* Nothing before the source's first byte or behind its last is loaded. */
static size_t check_source_ends(
	void (*loop)(const struct walk *), char *room, const char *page, const char *name)
{
	size_t copies = 0;
	struct err why;

	for (size_t dst = 0; dst < 64; dst++)
		for (size_t len = 1; len <= MOST_SMALL; len++, copies += 2)
			if (!copy_is_right(loop, room, page, dst, 4096 - len, len, &why) ||
				!copy_is_right(loop, room, page, dst, 0, len, &why))
				fail_msg("%s: dst+%zu %zu bytes: %s", name, dst, len, why.text);
	return copies;
}

/* `stride`: of the destination's alignments, for those that take a system call each. */
static size_t check_alignments(void (*loop)(const struct walk *), char *room, const char *src,
	size_t stride, const char *name)
{
	/* Around every boundary the kernels treat apart: words, lines, unrolled blocks. */
	static const size_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 71,
		127, 128, 129, 191, 255, 256, 257};
	size_t copies = 0;
	struct err why;

	for (size_t dst = 0; dst < 64; dst += stride)
		for (size_t from = 0; from < 64; from += 1 + dst % 3)
			for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++, copies++)
				if (!copy_is_right(loop, room, src, dst, from, sizes[i], &why))
					fail_msg("%s: dst+%zu src+%zu %zu bytes: %s", name, dst,
						from, sizes[i], why.text);
	return copies;
}

static size_t check_random(
	void (*loop)(const struct walk *), char *room, const char *src, const char *name)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	size_t copies = 0;
	struct err why;

	for (; copies < 300; copies++) {
		size_t len = 1 + gsl_rng_uniform_int(rng, 1u << (8 + copies % 10));
		size_t dst = gsl_rng_uniform_int(rng, 64), from = gsl_rng_uniform_int(rng, 64);

		if (!copy_is_right(loop, room, src, dst, from, len, &why))
			fail_msg("%s: dst+%zu src+%zu %zu bytes: %s", name, dst, from, len,
				why.text);
	}
	gsl_rng_free(rng);
	return copies;
}

/* Several operations in one loop, with gaps between them that must stay. */
static void check_steps(
	void (*loop)(const struct walk *), char *room, const char *src, const char *name)
{
	struct walk walk = frame;
	struct err why;

	walk.dst = room + GUARD + 5;
	walk.user = walk.dst;
	walk.src = src + 1;
	walk.dst_step = 320;
	walk.src_step = 256;
	walk.len = 200;
	walk.n = 50;

	if (!verify_loop(loop, &walk, room, GUARD + 320 * 51, &why))
		fail_msg("%s: 50 operations: %s", name, why.text);
}

static void every_kernel_copies(void **state)
{
	unsigned features = cpu_features();
	const struct target_request memory = {.ops = &target_memfd, .node = -1};
	const struct stage_request needs = {.target = &memory,
		.target_bytes = 4 * ROOM,
		.source_bytes = 2 * ROOM,
		.sink_bytes = 2 * ROOM,
		.source_is_file = true,
		.seed = 1};
	struct stage stage;
	char *fenced = fenced_source();
	size_t copies = 0;
	struct err e;

	(void)state;
	assert_true(stage_open(&stage, &needs, &e));
	for (unsigned kind = ALIAS_NONE + 1; kind < ALIAS_KINDS; kind++) {
		struct alias_facts facts = {.modulus = MODULUS};

		assert_true(stage_map_alias(&stage, (enum alias_kind)kind, 1, &facts, &e));
	}
	for (size_t s = 0; s < strategies_n; s++) {
		const struct strategy *strategy = strategies[s];

		if (strategy->ready != NULL && !strategy->ready(&e)) {
			print_message("skipped: %s: %s\n", strategy->name, e.text);
			continue;
		}
		for (size_t k = 0; strategy->copies && k < STRATEGY_KERNELS; k++) {
			const struct kernel *kernel = &strategy->kernels[k];

			if (kernel->variant == NULL)
				break;
			if (kernel->needs & ~features) {
				print_message("skipped: %s (%s): not offered by this CPU\n",
					strategy->name, kernel->variant);
				continue;
			}
			for (size_t op = 0; op < OP_COUNT; op++) {
				const struct setting setting = {
					SETTING_DEFAULTS, .operation = (enum operation)op};
				const struct stage_place place = stage_place(&stage, &setting);
				char *room = place.dst;
				/* What reads read is where no write of this test goes. */
				const char *from = place.src + (op == OP_READ ? 2 * ROOM : 0);

				frame = place.frame;
				if (kernel->loop[op] == NULL)
					continue;
				/* The other operations' loops hold the same copies, which the sizes around boundaries tell. */
				if (op == OP_WRITE && !SLOWLY && !strategy->calls_kernel &&
					strategy->alias == ALIAS_NONE)
					copies += check_all(
						kernel->loop[op], room, from, strategy->name);
				else
					copies += check_alignments(kernel->loop[op], room, from,
						strategy->alias == ALIAS_WINDOW ? 21 : 1,
						strategy->name);
				if (op == OP_WRITE && strategy->alias != ALIAS_WINDOW &&
					!strategy->from_file)
					copies += check_source_ends(
						kernel->loop[op], room, fenced, strategy->name);
				copies +=
					check_random(kernel->loop[op], room, from, strategy->name);
				check_steps(kernel->loop[op], room, from, strategy->name);
			}
		}
	}
	print_message("%zu copies checked\n", copies);
	assert_true(copies >= (SLOWLY ? 100000 : 1000000));
	assert_int_equal(stage.failure.error, 0);
	munmap(fenced - 4096, 3 * 4096);
	stage_close(&stage);
}

static void writes_nothing(const struct walk *walk)
{
	(void)walk;
}

static void forgets_the_last_byte(const struct walk *walk)
{
	memcpy(walk->dst, walk->src, walk->len - 1);
}

static void writes_one_more(const struct walk *walk)
{
	memcpy(walk->dst, walk->src, walk->len + 1);
}

static void writes_before(const struct walk *walk)
{
	memcpy(walk->dst, walk->src, walk->len);
	walk->dst[-1] = 0;
}

/* The check itself can fail: planted faults are found. */
static void wrong_copies_are_found(void **state)
{
	static char room[4096];
	char *src = source();
	struct err why;

	(void)state;
	assert_false(copy_is_right(writes_nothing, room, src, 3, 5, 100, &why));
	assert_non_null(strstr(why.text, "byte 0 "));
	assert_false(copy_is_right(forgets_the_last_byte, room, src, 3, 5, 100, &why));
	assert_non_null(strstr(why.text, "byte 99 "));
	assert_false(copy_is_right(writes_one_more, room, src, 3, 5, 100, &why));
	assert_non_null(strstr(why.text, "outside"));
	assert_false(copy_is_right(writes_before, room, src, 3, 5, 100, &why));
	assert_non_null(strstr(why.text, "outside"));
}

/* Whoever comes second, a strategy's call or a preparation, changes no part of the message. */
static void the_first_failure_stays(void **state)
{
	struct walk_failure failure = {0};
	struct walk walk = {.failed = &failure};

	(void)state;
	assert_false(walk_fail(&walk, "pwrite", ENOSPC));
	assert_false(walk_fail(&walk, "mmap", ENOMEM));
	walk_failure_note(&failure, "preparing", EIO, true);
	assert_int_equal(failure.error, ENOSPC);
	assert_string_equal(failure.call, "pwrite");
	assert_false(failure.setting);
}

/* Preparing a state may not change a byte, whatever the alignment. */
static void preparing_changes_no_data(void **state)
{
	static char room[8192], before[8192];
	struct state_helper helper = {0};
	struct err e;
	struct walk slice = {.dst = room + 67,
		.user = room + 67,
		.src = source() + 3,
		.dst_step = 320,
		.src_step = 320,
		.len = 250,
		.n = 20};
	struct cpu_place place;

	(void)state;
	assert_true(cpu_pin(-1, &place, &e));
	memcpy(room, source(), sizeof(room));
	memcpy(before, room, sizeof(room));
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		struct setting setting = {
			.state = (enum state)s, .source = SOURCE_ABSENT, SETTING_DEFAULTS};
		struct state_prepare prepare = {.state = (enum state)s,
			.source = SOURCE_ABSENT,
			.hot_limit_bytes = 4096,
			.evict = arch_evictor(),
			.helper = &helper};

		if (!state_usable(&setting, place.other, &e)) {
			print_message("skipped: %s\n", e.text);
			continue;
		}
		if (s == STATE_DIRTY_ELSEWHERE)
			assert_true(state_helper_start(&helper, place.other, &e));
		state_prepare(&prepare, &slice);
		assert_memory_equal(room, before, sizeof(room));
	}
	state_helper_stop(&helper);
	cpu_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_copies),
		cmocka_unit_test(wrong_copies_are_found),
		cmocka_unit_test(the_first_failure_stays),
		cmocka_unit_test(preparing_changes_no_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
