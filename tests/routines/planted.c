/* SPDX-License-Identifier: MIT */
/* Routines with planted faults, one each, for tests/cli/load.sh. x86-64. */
#include <daxmark/strategy.h>
#include <immintrin.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define LATE 100000u /* calls: more than a trace makes, fewer than a run */

static void flush(void *dst, size_t len)
{
	for (uintptr_t at = (uintptr_t)dst & ~63ul; at < (uintptr_t)dst + len; at += 64)
		_mm_clflush((const void *)at);
}

static void right(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	flush(dst, len);
	_mm_sfence();
}

static void no_flush(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	_mm_sfence();
}

static void no_fence(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	flush(dst, len);
}

static void twice(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	flush(dst, len);
	flush(dst, len);
	_mm_sfence();
	_mm_sfence();
}

static void crashes(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	if (len > 500)
		*(volatile char *)8 = 1;
}

static void beyond(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	((volatile char *)dst)[len] = 1;
}

static void wrong(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	if (len == 257)
		((char *)dst)[200] ^= 1;
}

static void hangs(void *dst, const void *src, size_t len)
{
	memcpy(dst, src, len);
	while (len == 511)
		pause();
}

static void crashes_late(void *dst, const void *src, size_t len)
{
	static volatile unsigned calls;

	memcpy(dst, src, len);
	if (++calls > LATE)
		*(volatile char *)8 = 1;
}

static void hangs_late(void *dst, const void *src, size_t len)
{
	static volatile unsigned calls;

	memcpy(dst, src, len);
	while (++calls > LATE)
		;
}

static void overflows_late(void *dst, const void *src, size_t len)
{
	static volatile unsigned calls;
	volatile char room[4096];

	memcpy(dst, src, len);
	room[0] = *(char *)dst;
	if (++calls > LATE)
		overflows_late(dst, src, len);
	(void)room[0];
}

static const char *never(void)
{
	return "it is Tuesday";
}

#define ROUTINE(id, its_name, ...)                                                           \
	static const struct daxmark_loadable_strategy routine_##id = {DAXMARK_LOADABLE_HEAD, \
		.name = its_name, .help = #id, .revision = "r7", .steps = {__VA_ARGS__},     \
		.write = id}
ROUTINE(right, "my-right", DAXMARK_COPY, DAXMARK_FLUSH, DAXMARK_FENCE);
ROUTINE(no_flush, "my-no-flush", DAXMARK_COPY, DAXMARK_FLUSH, DAXMARK_FENCE);
ROUTINE(no_fence, "my-no-fence", DAXMARK_COPY, DAXMARK_FLUSH, DAXMARK_FENCE);
ROUTINE(twice, "my-twice", DAXMARK_COPY, DAXMARK_FLUSH, DAXMARK_FENCE);
ROUTINE(crashes, "my-crashes", DAXMARK_COPY);
ROUTINE(beyond, "my-beyond", DAXMARK_COPY);
ROUTINE(wrong, "my-wrong", DAXMARK_COPY);
ROUTINE(hangs, "my-hangs", DAXMARK_COPY);
ROUTINE(crashes_late, "my-crashes-late", DAXMARK_COPY);
ROUTINE(hangs_late, "my-hangs-late", DAXMARK_COPY);
ROUTINE(overflows_late, "my-overflows-late", DAXMARK_COPY);

/* Both ways, and a read that is only declared. */
static const struct daxmark_loadable_strategy routine_reads = {DAXMARK_LOADABLE_HEAD,
	.name = "my-reads", .help = "reads that drop nothing",
	.read_steps = {DAXMARK_DROP, DAXMARK_COPY}, .read = no_flush};
static const struct daxmark_loadable_strategy routine_never = {DAXMARK_LOADABLE_HEAD,
	.name = "my-never", .steps = {DAXMARK_COPY}, .write = right, .unavailable = never};

#ifdef PLANT_NAME /* of a declaration: one routine alone */
static const struct daxmark_loadable_strategy planted = {.version = PLANT_VERSION,
	.bytes = PLANT_BYTES,
	.name = PLANT_NAME,
	.steps = PLANT_STEPS,
	.write = PLANT_WRITE};
const struct daxmark_loadable_strategy *const daxmark_loadable[] = {&planted, NULL};
#elif defined(PLANT_OPEN) /* a constructor that ends the process */
__attribute__((constructor)) static void open_me(void)
{
	raise(PLANT_OPEN);
}
const struct daxmark_loadable_strategy *const daxmark_loadable[] = {&routine_right, NULL};
#elif defined(PLANT_LATE)
const struct daxmark_loadable_strategy *const daxmark_loadable[] = {
	&routine_right, &routine_crashes_late, &routine_hangs_late, &routine_overflows_late, NULL};
#elif defined(PLANT_TRIAL)
const struct daxmark_loadable_strategy *const daxmark_loadable[] = {&routine_right,
	&routine_crashes, &routine_beyond, &routine_wrong, &routine_hangs, &routine_never, NULL};
#elif !defined(PLANT_NOTHING)
const struct daxmark_loadable_strategy *const daxmark_loadable[] = {
	&routine_right, &routine_no_flush, &routine_no_fence, &routine_twice, &routine_reads, NULL};
#endif
