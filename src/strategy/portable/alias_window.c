// SPDX-License-Identifier: MIT
/*
 * memcpy through a user window: an alias that is mapped for an operation, or for a
 * run of them, and taken away again. A window is mapped by system calls and faults,
 * which cost far more than a kernel's kmap_local: these strategies show what they
 * cost, not what a kernel's windows would. A window shows at most 2 MiB; larger
 * operations move it along.
 */
#include <errno.h>
#include <sys/mman.h>

#include "strategy/syscall.h"

/* What a window shows now: target bytes [from, end) at `k`. */
struct view {
	uintptr_t from, end;
	char *k;
};

struct window {
	const struct walk *w;
	size_t shift; /* from the congruent place */
	bool whole;   /* map all of an aligned 2 MiB, to be used again; else what the copy needs */
	bool duplicate;	 /* by mremap of the user's mapping; else by mmap of the file */
	struct view now; /* from == end: nothing is mapped */
};

static bool window_map(struct window *window, uintptr_t from, uintptr_t end)
{
	const struct walk *w = window->w;
	char *k = (char *)from + w->window + window->shift;
	void *got;

	if (window->duplicate)
		got = mremap((void *)from, 0, end - from, MREMAP_MAYMOVE | MREMAP_FIXED, k);
	else
		got = mmap(k, end - from, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, w->fd,
			(off_t)(from - (uintptr_t)w->base));
	if (got == MAP_FAILED)
		return walk_fail(w, window->duplicate ? "mremap" : "mmap", errno);
	window->now = (struct view){from, end, k};
	return true;
}

/* The address space stays reserved. */
static bool window_unmap(struct window *window)
{
	size_t bytes = window->now.end - window->now.from;

	window->now.end = window->now.from;
	return bytes == 0 ||
	       mmap(window->now.k, bytes, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		       0) != MAP_FAILED ||
	       walk_fail(window->w, "mmap", errno);
}

/* Where u is in the window, which is moved there if it shows something else. */
static char *window_at(struct window *window, uintptr_t u, size_t len)
{
	size_t granule = window->whole ? WALK_WINDOW : window->w->granule;
	uintptr_t from = u / granule * granule;
	uintptr_t end = (u + len + granule - 1) / granule * granule;

	if (u < window->now.from || u + len > window->now.end) {
		if (!window_unmap(window) || !window_map(window, from, end))
			return NULL;
	}
	return window->now.k + (u - window->now.from);
}

/* Piece by piece of what one window shows; `write`: to the target, else from it. */
static bool window_copy(
	struct window *window, uintptr_t u, char *to, const char *from, size_t len, bool write)
{
	while (len > 0) {
		size_t left = WALK_WINDOW - u % WALK_WINDOW, n = len < left ? len : left;
		char *k = window_at(window, u, n);

		if (k == NULL)
			return false;
		memcpy(write ? k : to, write ? from : k, n);
		if (!window->whole && !window_unmap(window))
			return false;
		u += n;
		from += n;
		to += n;
		len -= n;
	}
	return true;
}

static void window_write(struct window window, bool consume)
{
	const struct walk *w = window.w;

	for (size_t i = 0; i < w->n; i++) {
		char *u = w->dst + i * w->dst_step;

		if (!window_copy(&window, (uintptr_t)u, u, w->src + i * w->src_step, w->len, true))
			return;
		if (consume)
			loop_consume(w->user + i * w->dst_step, w->len);
	}
	window_unmap(&window);
}

static void window_read(struct window window)
{
	const struct walk *w = window.w;

	for (size_t i = 0; i < w->n; i++) {
		const char *u = w->src + i * w->src_step;

		if (!window_copy(&window, (uintptr_t)u, w->dst + i * w->dst_step, u, w->len, false))
			return;
	}
	window_unmap(&window);
}

/* `fields` of struct window. */
#define WINDOW_LOOPS(id, ...)                                              \
	static void id##_write(const struct walk *w)                       \
	{                                                                  \
		window_write((struct window){.w = w, __VA_ARGS__}, false); \
	}                                                                  \
	static void id##_write_consume(const struct walk *w)               \
	{                                                                  \
		window_write((struct window){.w = w, __VA_ARGS__}, true);  \
	}                                                                  \
	static void id##_read(const struct walk *w)                        \
	{                                                                  \
		window_read((struct window){.w = w, __VA_ARGS__});         \
	}
#define WINDOW_KERNEL(id)                                        \
	{                                                        \
		.variant = "system call", .loop = {              \
			[OP_WRITE] = id##_write,                 \
			[OP_WRITE_CONSUME] = id##_write_consume, \
			[OP_READ] = id##_read                    \
		}                                                \
	}
/* clang-format off */
#define WINDOW_STEPS {STEP_MAP_WINDOW, STEP_ALIAS_COPY, STEP_UNMAP_WINDOW}
/* clang-format on */

WINDOW_LOOPS(congruent, .shift = 0)
WINDOW_LOOPS(incongruent, .shift = w->granule)
WINDOW_LOOPS(run, .whole = true)
WINDOW_LOOPS(moved, .duplicate = true)

const struct strategy strategy_alias_congruent_user_window = {
	.name = "alias-congruent-user-window",
	.help = "map a congruent window for each operation (mmap), memcpy, unmap it",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_WINDOW,
	.steps = WINDOW_STEPS,
	.read_steps = WINDOW_STEPS,
	.kernels = {WINDOW_KERNEL(congruent)},
};

const struct strategy strategy_alias_congruent_user_window_mremap = {
	.name = "alias-congruent-user-window-mremap",
	.help = "the same, mapped by duplicating the user's mapping (mremap)",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_WINDOW,
	.steps = WINDOW_STEPS,
	.read_steps = WINDOW_STEPS,
	.kernels = {WINDOW_KERNEL(moved)},
};

const struct strategy strategy_alias_congruent_user_window_run = {
	.name = "alias-congruent-user-window-run",
	.help = "a congruent window of 2 MiB, kept for a run of 64 operations or while they "
		"stay inside it",
	.family = FAMILY_ALIAS,
	.copies = true,
	.run = 64,
	.alias = ALIAS_WINDOW,
	.steps = WINDOW_STEPS,
	.read_steps = WINDOW_STEPS,
	.kernels = {WINDOW_KERNEL(run)},
};

const struct strategy strategy_alias_incongruent_user_window = {
	.name = "alias-incongruent-user-window",
	.help = "map a window of another colour for each operation, memcpy, unmap it",
	.family = FAMILY_ALIAS,
	.copies = true,
	.alias = ALIAS_WINDOW,
	.steps = WINDOW_STEPS,
	.read_steps = WINDOW_STEPS,
	.kernels = {WINDOW_KERNEL(incongruent)},
};
