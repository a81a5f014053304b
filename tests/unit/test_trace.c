// SPDX-License-Identifier: MIT
/* What a crash may leave, by known answers; and the proof, by planted faults that it must find. */
#include "test.h"

#include <string.h>

#include "arch/primitives.h"
#include "strategy/alias.h"
#include "sys/cpu.h"
#include "trace/images.h"
#include "trace/prove.h"

static void feed(struct persist *persist, const struct trace_event *events, size_t n)
{
	persist_reset(persist);
	for (size_t i = 0; i < n; i++)
		persist_event(persist, &events[i], i);
}

#define STORE(offset, size)                                          \
	{                                                            \
		.kind = TRACE_STORE, .at = (offset), .bytes = (size) \
	}
#define NT(offset, size)                                                \
	{                                                               \
		.kind = TRACE_STORE_NT, .at = (offset), .bytes = (size) \
	}
#define CLWB(offset)                                                  \
	{                                                             \
		.kind = TRACE_WRITE_BACK, .at = (offset), .bytes = 64 \
	}
#define FENCE                       \
	{                           \
		.kind = TRACE_FENCE \
	}
#define N(array) (sizeof(array) / sizeof((array)[0]))

/* Of four lines together; 0: too many of one. */
static size_t count_images(const struct trace_event *events, size_t n, bool eadr)
{
	static uint64_t of_line[IMAGES_MOST];
	size_t count = 1;

	for (size_t line = 0; line < 4; line++)
		count *= images_of_line(events, n, line, eadr, of_line);
	return count;
}

static void images_are_counted(void **state)
{
	const struct trace_event one[] = {STORE(0, 8)};
	const struct trace_event in_order[] = {STORE(0, 8), STORE(8, 8), STORE(16, 8)};
	const struct trace_event torn[] = {STORE(0, 32)};
	const struct trace_event any_order[] = {NT(0, 8), NT(8, 8), NT(16, 8)};
	const struct trace_event lines[] = {STORE(0, 8), STORE(64, 8), STORE(128, 8)};
	const struct trace_event flushed[] = {STORE(0, 8), CLWB(0)};
	const struct trace_event sure[] = {STORE(0, 8), CLWB(0), FENCE};
	const struct trace_event later[] = {STORE(0, 8), CLWB(0), STORE(8, 8), FENCE};
	const struct trace_event across[] = {STORE(60, 8)};
	const struct trace_event twice[] = {STORE(0, 16), STORE(4, 16)};
	const struct trace_event mixed[] = {STORE(0, 4), NT(8, 8), CLWB(0), FENCE, NT(16, 8)};
	const struct trace_event direct[] = {{.kind = TRACE_STORE_NT, .bytes = 64, .whole = true}};
	uint64_t of_line[IMAGES_MOST];
	bool eadr = false;

	(void)state;
	assert_int_equal(count_images(one, 0, eadr), 1);
#define IMAGES(events, n) assert_int_equal(count_images(events, N(events), eadr), n)
	IMAGES(one, 2);	      /* there or not */
	IMAGES(in_order, 4);  /* none, one, two, all: never the second without the first */
	IMAGES(torn, 16);     /* any of four 8-byte parts */
	IMAGES(any_order, 8); /* any of three */
	IMAGES(lines, 8);     /* lines are independent */
	IMAGES(flushed, 2);   /* a flush alone promises nothing */
	IMAGES(sure, 1);
	IMAGES(later, 2);  /* the store after the flush is not covered by it */
	IMAGES(across, 4); /* one part in each of two lines */
	IMAGES(direct, 2); /* movdir64b is never torn */
	/* Nothing, 0-7, 8-15, both; then, 0-15 there, of 4-7, 8-15 and 16-19 only the last is new. */
	IMAGES(twice, 5);
	IMAGES(mixed, 2); /* what was fenced is there in all of them */
	assert_int_equal(images_of_line(mixed, N(mixed), 0, eadr, of_line), 2);
	assert_int_equal(of_line[0], 0xff0f);
	assert_int_equal(of_line[1], 0xffff0f);
	eadr = true;
	IMAGES(one, 2);
	IMAGES(later, 1); /* the fence alone does it where caches are inside the domain */
}

static void unsure_bytes_are_named(void **state)
{
	const struct trace_event events[] = {
		STORE(0, 64), STORE(64, 64), CLWB(0), FENCE, STORE(10, 1), CLWB(0)};
	struct persist persist;
	struct err e;

	(void)state;
	assert_true(persist_init(&persist, 256, false, &e));
	feed(&persist, events, 4);
	assert_int_equal(persist_first_unsure(&persist, 0, 256), 64); /* its line was not flushed */
	feed(&persist, events, 6);
	assert_int_equal(persist_first_unsure(&persist, 0, 64), 10); /* flushed, not fenced */
	assert_int_equal(persist.by[10], 4);
	assert_int_equal(persist.state[10], PERSIST_LEAVING);
	persist_free(&persist);
}

static void media_bytes_are_counted(void **state)
{
	/* Four lines of one block, then one line of another, then a clean flush. */
	const struct trace_event events[] = {NT(0, 64), NT(64, 64), NT(128, 64), NT(192, 64),
		STORE(256, 8), CLWB(256), CLWB(256), FENCE};
	const struct trace_event partial[] = {NT(0, 8), FENCE, NT(8, 8), FENCE};
	struct persist persist;
	struct err e;

	(void)state;
	assert_true(persist_init(&persist, 512, false, &e));
	feed(&persist, events, N(events));
	assert_int_equal(persist.counts.media_64, 5 * 64);
	assert_int_equal(persist.counts.media_256, 2 * 256);
	assert_int_equal(persist.counts.lines_stored, 5);
	assert_int_equal(persist.counts.flushes, 2);
	assert_int_equal(persist.counts.flushes_clean, 1);
	feed(&persist, partial, N(partial)); /* half-filled lines go out at each fence */
	assert_int_equal(persist.counts.media_64, 2 * 64);
	assert_int_equal(persist.counts.media_256, 256);
	persist_free(&persist);
}

#if defined(ARCH_X86_64)
/* Copies with a fault each, that claim to be durable. */
X86_INLINE X86_TARGET("clwb") void right(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_clwb(dst, len);
	x86_sfence();
}

X86_INLINE X86_TARGET("clwb") void forgets_last_line(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_clwb(dst, len - 1 - (len - 1) % X86_LINE);
	x86_sfence();
}

X86_INLINE void leaves_tail_cached(char *dst, const char *src, size_t len)
{
	size_t whole = len & ~(size_t)(X86_LINE - 1);

	x86_nt_sse2(dst, src, whole, X86_NO_PREFETCH);
	for (size_t i = whole; i < len; i++)
		((volatile char *)dst)[i] = src[i];
	x86_sfence();
}

X86_INLINE X86_TARGET("clwb") void forgets_fence(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_clwb(dst, len);
}

X86_INLINE X86_TARGET("clwb") void flushes_first(char *dst, const char *src, size_t len)
{
	x86_clwb(dst, len);
	LOOP_BARRIER();
	memcpy(dst, src, len);
	x86_sfence();
}

X86_INLINE void fences_only(char *dst, const char *src, size_t len)
{
	memcpy(dst, src, len);
	x86_sfence();
}

X86_INLINE X86_TARGET("clflushopt") void drops_without_holding_loads(
	char *dst, const char *src, size_t len)
{
	x86_clflushopt(src, len);
	x86_sfence();
	memcpy(dst, src, len);
}

X86_INLINE void never_drops(char *dst, const char *src, size_t len)
{
	_mm_mfence();
	memcpy(dst, src, len);
}

X86_INLINE X86_TARGET("clwb") void copies_wrong(char *dst, const char *src, size_t len)
{
	right(dst, src, len);
	((volatile char *)dst)[len / 2] ^= 1;
	x86_clwb(dst, len);
	x86_sfence();
}

X86_INLINE X86_TARGET("clwb") void writes_too_far(char *dst, const char *src, size_t len)
{
	right(dst, src, len);
	((volatile char *)dst)[len] = 1;
}

STRATEGY_LOOPS(right, X86_TARGET("clwb"), right)
STRATEGY_LOOPS(last_line, X86_TARGET("clwb"), forgets_last_line)
STRATEGY_LOOPS(tail, , leaves_tail_cached)
STRATEGY_LOOPS(fence, X86_TARGET("clwb"), forgets_fence)
STRATEGY_LOOPS(first, X86_TARGET("clwb"), flushes_first)
STRATEGY_LOOPS(only_fence, , fences_only)
STRATEGY_LOOPS(only_memcpy, , memcpy)
STRATEGY_LOOPS(wrong, X86_TARGET("clwb"), copies_wrong)
STRATEGY_LOOPS(far, X86_TARGET("clwb"), writes_too_far)
STRATEGY_READ_LOOP(drop, X86_TARGET("clflushopt"), drops_without_holding_loads)
STRATEGY_READ_LOOP(undropped, , never_drops)

/* What copies through an alias must not leave out; each of these leaves out one thing. */
enum { W1 = 1, W2 = 2, W4 = 4, W5 = 8, FENCED = 16, THROUGH = 32, R1 = 64, R2 = 128, ALL = 255 };

X86_INLINE X86_TARGET("clflushopt") void put_some(
	char *u, char *k, const char *src, size_t len, const int does)
{
	if (does & W1)
		x86_clflushopt(u, len);
	if (does & FENCED)
		_mm_mfence();
	if (does & W2)
		x86_clflushopt(k + len - 1, 1);
	if (does & FENCED)
		_mm_mfence();
	memcpy(does & THROUGH ? k : u, src, len);
	if (does & W4)
		x86_clflushopt(k, len);
	_mm_mfence();
	if (does & W5)
		x86_clflushopt(u, len);
	_mm_mfence();
}

X86_INLINE X86_TARGET("clflushopt") void get_some(
	char *dst, const char *u, const char *k, size_t len, const int does)
{
	if (does & R1)
		x86_clflushopt(u, len);
	_mm_mfence();
	if (does & R2)
		x86_clflushopt(k, len);
	if (does & FENCED)
		_mm_mfence();
	memcpy(dst, k, len);
}

#define SOME(id, does)                                               \
	X86_INLINE X86_TARGET("clflushopt") void put_##id(           \
		char *u, char *k, const char *src, size_t len)       \
	{                                                            \
		put_some(u, k, src, len, does);                      \
	}                                                            \
	X86_INLINE X86_TARGET("clflushopt") void get_##id(           \
		char *dst, const char *u, const char *k, size_t len) \
	{                                                            \
		get_some(dst, u, k, len, does);                      \
	}                                                            \
	ALIAS_LOOPS(id, X86_TARGET("clflushopt"), incongruent, put_##id, get_##id)
SOME(every, ALL)
SOME(no_w1, ALL & ~W1)
SOME(no_w2, ALL & ~W2)
SOME(no_w4, ALL & ~W4)
SOME(no_w5, ALL & ~W5)
SOME(no_fence, ALL & ~FENCED)
SOME(past_it, ALL & ~THROUGH)
SOME(no_r1, ALL & ~R1)
SOME(no_r2, ALL & ~R2)

#define FLUSHED                                        \
	{                                              \
		STEP_COPY, STEP_WRITE_BACK, STEP_FENCE \
	}
#define DROPPED                             \
	{                                   \
		STEP_DROP_SOURCE, STEP_COPY \
	}

#define PUT                                                                                  \
	.steps = {STEP_USER_FLUSH, STEP_ALIAS_DROP_EDGES, STEP_ALIAS_COPY, STEP_ALIAS_FLUSH, \
		STEP_USER_DROP, STEP_FENCE}
#define GET .read_steps = {STEP_USER_FLUSH, STEP_ALIAS_DROP, STEP_ALIAS_COPY}
#define ALIAS_PLANT(id, title, which, place, words)            \
	{                                                      \
		{.name = (title),                              \
			.copies = true,                        \
			.alias = ALIAS_INCONGRUENT,            \
			which,                                 \
			.kernels = {ALIAS_KERNEL(id, "", 0)}}, \
			200, place, words                      \
	}

static const struct plant {
	struct strategy strategy;
	size_t len;
	const char *byte, *says; /* NULL: it must be proved */
} plants[] = {
	{{.name = "right",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(right, "", 0)}},
		200, NULL, NULL},
	{{.name = "last line",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(last_line, "", 0)}},
		200, "byte 192 of 200", "its line is not flushed"},
	{{.name = "tail",
		 .copies = true,
		 .steps = {STEP_COPY_NOCACHE, STEP_FENCE},
		 .kernels = {STRATEGY_KERNEL(tail, "", 0)}},
		200, "byte 192 of 200", "its line is not flushed"},
	{{.name = "fence",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(fence, "", 0)}},
		200, "byte 0 of 200", "no fence comes after"},
	{{.name = "first",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(first, "", 0)}},
		200, "byte 0 of 200", "its line is not flushed"},
	{{.name = "memcpy",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(only_memcpy, "", 0)}},
		200, "byte 0 of 200", "its line is not flushed"},
	{{.name = "cached",
		 .copies = true,
		 .steps = {STEP_COPY_NOCACHE},
		 .kernels = {STRATEGY_KERNEL(only_fence, "", 0)}},
		200, "it declares non-temporal stores", "mov"},
	{{.name = "wrong",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(wrong, "", 0)}},
		200, "byte 100 of 200", "wrong"},
	{{.name = "far",
		 .copies = true,
		 .steps = FLUSHED,
		 .kernels = {STRATEGY_KERNEL(far, "", 0)}},
		200, "outside the destination", "200 from its start"},
	{{.name = "drop",
		 .copies = true,
		 .read_steps = DROPPED,
		 .kernels = {STRATEGY_KERNEL_READ(drop, "", 0)}},
		200, "of 200 may be stale", "no fence that holds back loads"},
	{{.name = "undropped",
		 .copies = true,
		 .read_steps = DROPPED,
		 .kernels = {STRATEGY_KERNEL_READ(undropped, "", 0)}},
		200, "of 200 may be stale", "its line was not dropped"},
	ALIAS_PLANT(every, "alias write", PUT, NULL, NULL),
	ALIAS_PLANT(every, "alias read", GET, NULL, NULL),
	ALIAS_PLANT(no_w1, "no W1", PUT, "line 0", "'flush the user's lines' was not done"),
	ALIAS_PLANT(no_w2, "no W2", PUT, "line 3", "'drop the alias's edge lines' was not done"),
	ALIAS_PLANT(no_w4, "no W4", PUT, "line 0", "'flush the alias's lines' was not done"),
	ALIAS_PLANT(no_w5, "no W5", PUT, "line 0",
		"'drop the user's lines' was not done before the end"),
	ALIAS_PLANT(
		no_fence, "no fence", PUT, "line 0", "no fence waits for 'flush the user's lines'"),
	ALIAS_PLANT(past_it, "past the alias", PUT, "line 0",
		"'copy (through the alias)' was not done"),
	ALIAS_PLANT(no_r1, "no R1", GET, "line 0", "'flush the user's lines' was not done"),
	ALIAS_PLANT(no_r2, "no R2", GET, "line 0", "'drop the alias's lines' was not done"),
	ALIAS_PLANT(no_fence, "no fence, read", GET, "line 0",
		"no fence waits for 'drop the alias's lines'"),
};

static void planted_faults_are_named(void **state)
{
	static char from[4096], to[4096];
	struct err e;

	(void)state;
	if (!stepper_available(&e) ||
		(cpu_features() & (CPU_CLWB | CPU_CLFLUSHOPT)) != (CPU_CLWB | CPU_CLFLUSHOPT)) {
		print_message("skipped: planted faults: %s\n",
			stepper_available(&e) ? "this CPU has no clwb" : e.text);
		skip();
	}
	for (size_t i = 0; i < N(plants); i++) {
		const struct plant *plant = &plants[i];
		bool read = steps_none(plant->strategy.steps);
		struct prove_case job = {&plant->strategy, &plant->strategy.kernels[0],
			read ? OP_READ : OP_WRITE, plant->len, 0, 0};
		const struct walk warm = {
			.dst = to, .user = to, .src = from, .len = plant->len, .n = 1};
		struct prove_result result;
		struct prover prover;

		job.kernel->loop[job.operation](&warm);
		if (!prove_open(&prover, PROVE_MOST_BYTES, &e) ||
			!prove_one(&prover, &job, &result, &e))
			fail_msg("%s", e.text);
		prove_close(&prover);
		if (result.proved != (plant->byte == NULL))
			fail_msg("%s: proved %d: %s", plant->strategy.name, result.proved,
				result.why);
		if (plant->byte != NULL && (strstr(result.why, plant->byte) == NULL ||
						   strstr(result.why, plant->says) == NULL))
			fail_msg("%s: says: %s", plant->strategy.name, result.why);
		/* Where bytes may be lost, the instruction that stored them: "'mov ..' at test_trace+0x12". */
		if (strstr(result.why, "is not durable") != NULL &&
			(strstr(result.why, "): 'mov") == NULL &&
				strstr(result.why, "): 'vmov") == NULL &&
				strstr(result.why, "): 'rep") == NULL))
			fail_msg("%s: names no store: %s", plant->strategy.name, result.why);
		if (strstr(result.why, "is not durable") != NULL &&
			(strstr(result.why, "' at ") == NULL || strstr(result.why, "+0x") == NULL))
			fail_msg("%s: names no place: %s", plant->strategy.name, result.why);
	}
}
#else
static void planted_faults_are_named(void **state)
{
	(void)state;
	print_message("skipped: planted faults: tracing is made for x86-64 only\n");
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_are_counted),
		cmocka_unit_test(unsure_bytes_are_named),
		cmocka_unit_test(media_bytes_are_counted),
		cmocka_unit_test(planted_faults_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
