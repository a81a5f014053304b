// SPDX-License-Identifier: MIT
#include "stage/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "case/workload.h"
#include "stage/verify.h"
#include "sys/clock.h"

#define RING_WAIT_NS 2000000000ull
#define RING_POLLS 1024 /* between looks at the clock */

static bool fill_places(struct work *work, uint64_t *random, struct err *e)
{
	work->places = calloc(work->slots, sizeof(work->places[0]));
	if (work->places == NULL)
		return err_set(e, ERR_FAILED, "out of memory for %zu places", work->slots);
	for (size_t i = 0; i < work->slots; i++)
		work->places[i] = (uint32_t)i;
	random_shuffle(random, work->places, work->slots);
	return true;
}

/*
 * A draw from the middle of each of as many equal parts, shuffled: every run has the same
 * ones, and their shares are the distribution's.
 */
static bool fill_draws(struct work *work, uint64_t *random, struct err *e)
{
	work->draws = calloc(WORK_DRAWS, sizeof(work->draws[0]));
	if (work->draws == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; i < WORK_DRAWS; i++) {
		double u = ((double)i + 0.5) / WORK_DRAWS;

		work->draws[i] = work->kind == WORKLOAD_VALUES
					 ? (uint32_t)workload_value(u, work->size)
					 : u < WORKLOAD_READ_PERCENT / 100.0;
	}
	random_shuffle(random, work->draws, WORK_DRAWS);
	/* The first is no read, so that however few operations there are one writes. */
	for (size_t i = 1; work->kind == WORKLOAD_UPDATES && work->draws[0] != 0; i++) {
		work->draws[0] = work->draws[i];
		work->draws[i] = 1;
	}
	return true;
}

static bool take_sinks(struct work *work, unsigned threads, struct err *e)
{
	size_t line = arch_line_bytes();

	work->sink_step = (work->size + line - 1) / line * line + line;
	work->sinks = aligned_alloc(line, work->sink_step * threads);
	if (work->sinks == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	memset(work->sinks, 0, work->sink_step * threads);
	return true;
}

static bool open_ring(struct work *work, struct err *e)
{
	work->ring.evict = arch_evictor();
	work->ring.slots = work->slots - 1;
	if (work->ring.slots > WORKLOAD_RING_SLOTS)
		work->ring.slots = WORKLOAD_RING_SLOTS;
	return work->slots >= 2 ||
	       err_set(e, ERR_FAILED,
		       "the target is too small for a ring: a message and a count need %zu bytes",
		       2 * work->step);
}

bool work_init(struct work *work, const struct setting *setting, char *first, size_t step,
	size_t slots, uint64_t seed, struct err *e)
{
	uint64_t random = seed;

	memset(work, 0, sizeof(*work));
	work->kind = setting->workload;
	work->reads_target = setting->operation == OP_READ;
	work->size = setting->size;
	work->commit_at = workload_commit_at(setting);
	work->first = first;
	work->step = step;
	work->slots = slots;
	if (slots > UINT32_MAX || setting->size > UINT32_MAX)
		return err_set(e, ERR_FAILED, "a workload has less than 4 G operations and bytes");
	if (work->kind == WORKLOAD_RING)
		return open_ring(work, e);
	if (workload_scatters(setting) && !fill_places(work, &random, e))
		return false;
	if ((work->kind == WORKLOAD_VALUES || work->kind == WORKLOAD_UPDATES) &&
		!fill_draws(work, &random, e))
		return false;
	return work->kind != WORKLOAD_UPDATES || take_sinks(work, setting->threads, e);
}

void work_free(struct work *work)
{
	free(work->places);
	free(work->draws);
	free(work->sinks);
	memset(work, 0, sizeof(*work));
}

struct work work_within(const struct work *work, char *first, size_t step, size_t slots)
{
	struct work within = *work;

	within.first = first;
	within.step = step;
	within.slots = slots;
	within.ring.sent = within.ring.received = 0;
	if (within.ring.slots > 0)
		within.ring.slots = slots - 1;
	return within;
}

/* The number in the window of a walk's first operation. */
static size_t ordinal_of(const struct work *work, const struct walk *walk)
{
	const char *at = work->reads_target ? walk->src : walk->dst;

	return (size_t)(at - work->first) / work->step;
}

/*
 * Where operation i of the window is. A smaller window than the one that the places were
 * made for has them in the same order of its own.
 */
static size_t place_of(const struct work *work, size_t i)
{
	return work->places != NULL ? work->places[i] % work->slots : i;
}

/* A walk of its own for operation i of another. */
static struct walk operation_of(
	const struct work *work, const struct walk *walk, size_t ordinal, size_t i)
{
	size_t at = place_of(work, ordinal + i) * work->step;
	struct walk one = *walk;

	one.n = 1;
	one.dst += i * walk->dst_step;
	one.src += i * walk->src_step;
	if (work->reads_target) {
		one.src = work->first + at;
		one.user = one.dst;
		return one;
	}
	one.user += work->first + at - walk->dst;
	one.dst = work->first + at;
	return one;
}

void work_each(const struct work *work, const struct walk *walk,
	void (*each)(void *arg, const struct walk *walk), void *arg)
{
	size_t ordinal;

	if (work->kind == WORKLOAD_RING) {
		struct walk all = *walk;

		all.dst = work->first;
		all.dst_step = work->step;
		all.n = work->ring.slots + 1;
		all.src_step = 0;
		each(arg, &all);
		return;
	}
	if (work->places == NULL) {
		each(arg, walk);
		return;
	}
	ordinal = ordinal_of(work, walk);
	for (size_t i = 0; i < walk->n; i++) {
		struct walk one = operation_of(work, walk, ordinal, i);

		each(arg, &one);
	}
}

/* ---- places, values, updates ---- */

static void read_back(
	struct work *work, const struct work_loops *loops, const struct walk *one, unsigned member)
{
	struct walk read = *one;

	read.dst = work->sinks + member * work->sink_step;
	read.user = read.dst;
	read.src = one->dst;
	loops->read(&read);
	if (work->check && memcmp(read.dst, read.src, read.len) != 0)
		work->wrong++;
}

static void scatter(
	struct work *work, const struct work_loops *loops, const struct walk *walk, unsigned member)
{
	size_t ordinal = ordinal_of(work, walk);

	for (size_t i = 0; i < walk->n; i++) {
		struct walk one = operation_of(work, walk, ordinal, i);
		uint32_t draw = work->draws != NULL ? work->draws[(ordinal + i) % WORK_DRAWS] : 0;

		one.len = work->kind == WORKLOAD_VALUES ? draw : work->size;
		if (work->kind == WORKLOAD_UPDATES && draw != 0)
			read_back(work, loops, &one, member);
		else
			loops->write(&one);
	}
}

/* ---- log ---- */

/* A commit says what number it is; 0 would be a page that nobody wrote. */
static uint64_t commit_of(size_t ordinal)
{
	return ordinal + 1;
}

static void append(struct work *work, const struct work_loops *loops, const struct walk *walk)
{
	size_t ordinal = ordinal_of(work, walk);

	for (size_t i = 0; i < walk->n; i++) {
		struct walk one = operation_of(work, walk, ordinal, i);
		uint64_t commit = commit_of(ordinal + i);

		one.len = work->size;
		loops->write(&one);
		one.dst += work->commit_at;
		one.user += work->commit_at;
		one.src = (const char *)&commit;
		one.len = WORKLOAD_COMMIT_BYTES;
		loops->write(&one);
	}
}

/* ---- ring ---- */

static uint64_t load_word(const char *at)
{
	return *(const volatile uint64_t *)(const void *)at;
}

static void drop(const struct work_ring *ring, const char *start, size_t bytes)
{
	if (ring->evict != NULL)
		ring->evict(start, bytes);
}

/* The receiver's count of messages that it has done with. */
static char *count_of(const struct work *work)
{
	return work->first + work->ring.slots * work->step;
}

/* The word at `at` says at least, or just, so much; looked at anew each time, past the caches. */
static bool wait_for(const struct work *work, const struct walk *walk, const char *at,
	uint64_t what, bool exactly, const char *whose)
{
	uint64_t start = 0;

	for (unsigned polls = 1;; polls++) {
		uint64_t now;

		drop(&work->ring, at, sizeof(now));
		now = load_word(at);
		if (exactly ? now == what : now >= what) {
			arch_order();
			return true;
		}
		arch_relax();
		if (polls % RING_POLLS != 0)
			continue;
		if (walk->failed->error != 0)
			return false;
		if (start == 0)
			start = clock_wall_ns();
		if (clock_wall_ns() - start > RING_WAIT_NS)
			return walk_fail(walk, whose, ETIMEDOUT);
	}
}

static char *slot_of(const struct work *work, uint64_t message)
{
	return work->first + message % work->ring.slots * work->step;
}

static void send_all(struct work *work, const struct work_loops *loops, const struct walk *walk)
{
	struct work_ring *ring = &work->ring;
	uint64_t done = 0; /* as far as it is known */

	for (size_t i = 0; i < walk->n; i++) {
		uint64_t message = ++ring->sent;
		struct walk one = *walk;

		if (message > ring->slots && done < message - ring->slots) {
			if (!wait_for(work, walk, count_of(work), message - ring->slots, false,
				    "waiting for the receiver of a ring"))
				return;
			done = load_word(count_of(work));
		}
		one.n = 1;
		one.src += i * walk->src_step;
		one.dst = slot_of(work, message);
		one.user = one.dst;
		one.len = work->size;
		loops->write(&one);
		/* What is stored first is seen first: on x86 it is anyway. */
		arch_order();
		one.dst += work->commit_at;
		one.user = one.dst;
		one.src = (const char *)&message;
		one.len = WORKLOAD_COMMIT_BYTES;
		loops->write(&one);
	}
}

/* Every byte of it is loaded. */
static void receive(struct work *work, const char *message, const char *should)
{
	uint64_t sum = 0, word;
	size_t at = 0;

	drop(&work->ring, message, work->size);
	if (work->check && memcmp(message, should, work->size) != 0)
		work->wrong++;
	for (; at + sizeof(word) <= work->size; at += sizeof(word)) {
		memcpy(&word, message + at, sizeof(word));
		sum += word;
	}
	word = 0;
	memcpy(&word, message + at, work->size - at);
	sum += word;
	__asm__ volatile("" ::"r"(sum));
}

static void receive_all(struct work *work, const struct walk *walk)
{
	struct work_ring *ring = &work->ring;
	char *count = count_of(work);

	for (size_t i = 0; i < walk->n; i++) {
		uint64_t message = ++ring->received;
		const char *slot = slot_of(work, message);

		if (!wait_for(work, walk, slot + work->commit_at, message, true,
			    "waiting for a message of a ring"))
			return;
		receive(work, slot, walk->src + i * walk->src_step);
		arch_order();
		*(volatile uint64_t *)(void *)count = message;
		drop(ring, count, sizeof(message));
	}
}

void work_begin(struct work *work)
{
	struct work_ring *ring = &work->ring;

	for (uint64_t i = 0; i <= ring->slots; i++) {
		char *slot = work->first + i * work->step;
		char *word = i < ring->slots ? slot + work->commit_at : slot;

		memset(word, 0, WORKLOAD_COMMIT_BYTES);
		drop(ring, slot, work->step);
	}
	ring->sent = ring->received = 0;
}

void work_run(
	struct work *work, const struct work_loops *loops, const struct walk *walk, unsigned member)
{
	switch (work->kind) {
	case WORKLOAD_LOG:
		append(work, loops, walk);
		break;
	case WORKLOAD_RING:
		if (member == 0)
			send_all(work, loops, walk);
		else
			receive_all(work, walk);
		break;
	default:
		scatter(work, loops, walk, member);
		break;
	}
}

/* ---- check ---- */

/* What operation i should leave where: its data, and its commit. */
struct left {
	char *data, *commit;
	const char *src;
	size_t bytes;
	uint64_t word;
};

static struct left left_by(
	const struct work *work, const struct walk *walk, size_t ordinal, size_t i)
{
	const struct walk one = operation_of(work, walk, ordinal, i);
	struct left left = {.data = one.dst, .src = one.src, .bytes = work->size};

	if (work->kind == WORKLOAD_RING) {
		left.word = i + 1;
		left.data = slot_of(work, left.word);
	} else if (work->kind == WORKLOAD_LOG) {
		left.word = commit_of(ordinal + i);
	} else if (work->kind == WORKLOAD_VALUES) {
		left.bytes = work->draws[(ordinal + i) % WORK_DRAWS];
	} else if (work->kind == WORKLOAD_UPDATES && work->draws[(ordinal + i) % WORK_DRAWS] != 0) {
		left.bytes = 0;
	}
	left.commit = work->commit_at > 0 ? left.data + work->commit_at : NULL;
	return left;
}

/* The room as it should be afterwards; a count in it is the receiver's. */
static void expect(const struct work *work, const struct walk *walk, char *room, char *expected,
	size_t room_bytes)
{
	size_t ordinal = work->kind == WORKLOAD_RING ? 0 : ordinal_of(work, walk);
	uint64_t n = walk->n;

	memset(room, VERIFY_GUARD, room_bytes);
	if (work->kind == WORKLOAD_RING)
		for (size_t i = 0; i <= work->ring.slots; i++)
			memset(work->first + i * work->step +
					(i < work->ring.slots ? work->commit_at : 0),
				0, WORKLOAD_COMMIT_BYTES);
	memcpy(expected, room, room_bytes);
	for (size_t i = 0; i < walk->n; i++) {
		const struct left left = left_by(work, walk, ordinal, i);

		for (size_t b = 0; b < left.bytes; b++)
			left.data[b] = (char)~left.src[b];
		memcpy(expected + (left.data - room), left.src, left.bytes);
		if (left.commit != NULL)
			memcpy(expected + (left.commit - room), &left.word, sizeof(left.word));
	}
	if (work->kind == WORKLOAD_RING)
		memcpy(expected + (count_of(work) - room), &n, sizeof(n));
}

bool work_verify(struct work *work, const struct walk *walk, char *room, size_t room_bytes,
	void (*run)(void *arg), void *arg, struct err *why)
{
	char *expected = malloc(room_bytes);
	bool same;

	if (expected == NULL)
		return err_set(why, ERR_FAILED, "out of memory");
	expect(work, walk, room, expected, room_bytes);
	work->check = true;
	work->wrong = 0;
	run(arg);
	work->check = false;
	same = memcmp(room, expected, room_bytes) == 0;
	for (size_t b = 0; !same && b < room_bytes; b++)
		if (room[b] != expected[b]) {
			err_set(why, ERR_FAILED,
				"workload %s: byte %zu of %zu is 0x%02x, should be 0x%02x",
				workload_words.names[work->kind], b, room_bytes,
				(unsigned char)room[b], (unsigned char)expected[b]);
			break;
		}
	free(expected);
	return same && (work->wrong == 0 ||
			       err_set(why, ERR_FAILED,
				       "workload %s: %zu of %zu were not read as they were written",
				       workload_words.names[work->kind], work->wrong, walk->n));
}
