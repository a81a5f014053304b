// SPDX-License-Identifier: MIT
#include "strategy/loaded.h"

#include <daxmark/strategy.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strategy/guard.h"
#include "strategy/loop.h"
#include "strategy/trial.h"

#ifdef HAVE_LIBMD
#include <sha2.h>
#endif

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789+-._"

/* A routine and what a timed loop needs of it. */
struct routine {
	const struct daxmark_loadable_strategy *from;
	struct strategy strategy;
	struct strategy_origin origin;
	char name[DAXMARK_NAME_BYTES], help[160], revision[64], why[200];
	_Atomic int dead; /* the signal that ended it; 0: it lives */
};

static struct routine routines[LOADED_MOST];
static size_t n_routines;

#define SHA256_TEXT 65
struct file {
	char path[PATH_MAX], sha256[SHA256_TEXT];
};
static struct file *files[LOADED_MOST + 1];
static size_t n_files;

/* ---- the timed loops ---- */

static const char *end_of(int signal)
{
	switch (signal) {
	case GUARD_LATE:
		return "the loaded routine did not come back";
	case SIGSEGV:
		return "the loaded routine crashed (SIGSEGV)";
	case SIGBUS:
		return "the loaded routine crashed (SIGBUS)";
	case SIGILL:
		return "the loaded routine crashed (SIGILL)";
	default:
		return "the loaded routine crashed";
	}
}

static void copies(void (*copy)(void *, const void *, size_t), const struct walk *w)
{
	char *dst = w->dst;
	const char *src = w->src;

	for (size_t i = 0; i < w->n; i++) {
		copy(dst, src, w->len);
		dst += w->dst_step;
		src += w->src_step;
	}
}

static void copies_and_consumes(void (*copy)(void *, const void *, size_t), const struct walk *w)
{
	char *dst = w->dst;
	const char *src = w->src, *user = w->user;

	for (size_t i = 0; i < w->n; i++) {
		copy(dst, src, w->len);
		LOOP_BARRIER();
		loop_consume(user, w->len);
		dst += w->dst_step;
		src += w->src_step;
		user += w->dst_step;
	}
}

/* What ended once is not called again: the others' time is too good for it. */
static void run(struct routine *routine, const struct walk *walk,
	void (*copy)(void *, const void *, size_t),
	void (*loop)(void (*)(void *, const void *, size_t), const struct walk *))
{
	struct guard *guard = guard_mine(true);
	int signal = atomic_load_explicit(&routine->dead, memory_order_relaxed);

	if (signal == 0 && guard != NULL)
		signal = sigsetjmp(guard->back, 0);
	if (signal != 0) {
		atomic_store(&routine->dead, signal);
		walk_fail(walk, end_of(signal), signal == GUARD_LATE ? ETIMEDOUT : EFAULT);
		return;
	}
	if (guard != NULL)
		guard_enter(guard, walk->n * walk->len);
	loop(copy, walk);
	if (guard != NULL)
		guard_leave(guard);
}

/* A timed loop is told nothing but its walk: each place among the routines has loops of its own. */
#define PLACE(i)                                                                    \
	static void loaded_##i##_write(const struct walk *w)                        \
	{                                                                           \
		run(&routines[i], w, routines[i].from->write, copies);              \
	}                                                                           \
	static void loaded_##i##_write_consume(const struct walk *w)                \
	{                                                                           \
		run(&routines[i], w, routines[i].from->write, copies_and_consumes); \
	}                                                                           \
	static void loaded_##i##_read(const struct walk *w)                         \
	{                                                                           \
		run(&routines[i], w, routines[i].from->read, copies);               \
	}
PLACE(0)
PLACE(1)
PLACE(2)
PLACE(3)
PLACE(4)
PLACE(5)
PLACE(6)
PLACE(7)

#define LOOPS(i)                                                                                  \
	{                                                                                         \
		[OP_WRITE] = loaded_##i##_write, [OP_WRITE_CONSUME] = loaded_##i##_write_consume, \
		[OP_READ] = loaded_##i##_read,                                                    \
	}
static void (*const loops[LOADED_MOST][OP_COUNT])(const struct walk *) = {
	LOOPS(0), LOOPS(1), LOOPS(2), LOOPS(3), LOOPS(4), LOOPS(5), LOOPS(6), LOOPS(7)};

/* ---- what is declared ---- */

static bool refuse(const struct file *file, const char *name, const char *what, struct err *e)
{
	return err_set(e, ERR_USAGE, "%.200s: routine '%.40s': %s", file->path,
		name != NULL ? name : "?", what);
}

static bool step_of(uint8_t declared, bool read, struct step *step)
{
	switch (declared) {
	case DAXMARK_COPY:
		*step = (struct step)STEP_COPY;
		return true;
	case DAXMARK_COPY_NOCACHE:
		*step = (struct step)STEP_COPY_NOCACHE;
		return !read;
	case DAXMARK_WRITE_BACK:
		*step = (struct step)STEP_WRITE_BACK;
		return !read;
	case DAXMARK_FLUSH:
		*step = (struct step)STEP_FLUSH;
		return !read;
	case DAXMARK_FENCE:
		*step = (struct step)STEP_FENCE;
		return true;
	case DAXMARK_DROP:
		*step = (struct step)STEP_DROP_SOURCE;
		return read;
	default:
		return false;
	}
}

/* A list of steps is whole: it ends, each is known, and one of them copies. */
static bool take_steps(const uint8_t declared[DAXMARK_STEPS], bool read,
	struct step steps[STRATEGY_STEPS], const char **what)
{
	size_t n = 0, copied = 0;

	while (n < DAXMARK_STEPS && declared[n] != DAXMARK_END) {
		copied += declared[n] == DAXMARK_COPY || declared[n] == DAXMARK_COPY_NOCACHE;
		if (!step_of(declared[n], read, &steps[n])) {
			*what = read ? "read_steps: an unknown step, or one that no read takes"
				     : "steps: an unknown step, or one that no write takes";
			return false;
		}
		n++;
	}
	_Static_assert((int)DAXMARK_STEPS == (int)STRATEGY_STEPS, "a list of theirs fits");
	if (n == DAXMARK_STEPS)
		*what = "more steps than there is room for: DAXMARK_END is missing";
	else if (n > 0 && copied != 1)
		*what = "its steps copy not just once";
	else
		return true;
	return false;
}

static bool take_declared(struct routine *routine, const char **what)
{
	const struct daxmark_loadable_strategy *from = routine->from;
	struct strategy *strategy = &routine->strategy;
	size_t length;

	if (from->version != DAXMARK_LOADABLE_VERSION || from->bytes != sizeof(*from)) {
		*what = "compiled with another <daxmark/strategy.h>: compile it with this "
			"daxmark's";
		return false;
	}
	length = from->name != NULL ? strlen(from->name) : 0;
	if (length == 0 || length >= DAXMARK_NAME_BYTES ||
		from->name[strspn(from->name, NAME_LETTERS)] != '\0') {
		*what = "name: 1 to 39 small letters, digits, '+', '-', '.' or '_'";
		return false;
	}
	if (!take_steps(from->steps, false, strategy->steps, what) ||
		!take_steps(from->read_steps, true, strategy->read_steps, what))
		return false;
	*what = steps_none(strategy->steps) != (from->write == NULL)
			? "steps of writes and a write go together"
		: steps_none(strategy->read_steps) != (from->read == NULL)
			? "read_steps and a read go together"
		: from->write == NULL && from->read == NULL ? "it copies nothing"
							    : NULL;
	return *what == NULL;
}

static enum family family_of(const struct step *steps)
{
	for (const struct step *step = steps; step->verb != VERB_END; step++)
		if (step->verb == VERB_COPY && step->non_temporal)
			return FAMILY_NOCACHE;
	return steps_have(steps, VERB_WRITE_BACK) || steps_have(steps, VERB_FLUSH) ||
			       steps_have(steps, VERB_DROP)
		       ? FAMILY_FLUSH
		       : FAMILY_BASELINE;
}

/* ---- trial ---- */

static void ask_there(void *arg, char *said)
{
	const struct routine *routine = arg;
	const char *reason = routine->from->unavailable();

	if (reason != NULL)
		snprintf(said, TRIAL_SAID, "%s", reason[0] != '\0' ? reason : "it says so");
}

/* Both ways, each in a child. */
static bool try_routine(struct routine *routine)
{
	const struct daxmark_loadable_strategy *from = routine->from;
	struct err why;

	if (from->unavailable != NULL && !trial_run(ask_there, routine, &why))
		snprintf(routine->why, sizeof(routine->why), "%.199s", why.text);
	else if (from->write != NULL && !trial_copies(from->write, &why))
		snprintf(routine->why, sizeof(routine->why), "%.199s", why.text);
	else if (from->read != NULL && !trial_copies(from->read, &why))
		snprintf(routine->why, sizeof(routine->why), "reads: %.190s", why.text);
	return routine->why[0] == '\0';
}

/* Of one line, and kept whatever becomes of theirs. */
static void take_text(char *to, size_t bytes, const char *from)
{
	snprintf(to, bytes, "%s", from);
	for (char *c = to; *c != '\0'; c++)
		*c = (unsigned char)*c < ' ' ? ' ' : *c;
}

static void fill(struct routine *routine, const struct file *file, size_t place)
{
	const struct daxmark_loadable_strategy *from = routine->from;
	struct strategy *strategy = &routine->strategy;
	const struct step *main =
		steps_none(strategy->steps) ? strategy->read_steps : strategy->steps;

	take_text(routine->name, sizeof(routine->name), from->name);
	take_text(routine->help, sizeof(routine->help),
		from->help != NULL ? from->help : "a loaded routine");
	take_text(routine->revision, sizeof(routine->revision),
		from->revision != NULL ? from->revision : "");
	routine->origin = (struct strategy_origin){file->path, routine->revision, file->sha256};
	strategy->name = routine->name;
	strategy->help = routine->help;
	strategy->family = family_of(main);
	strategy->copies = true;
	strategy->by_default = true;
	strategy->plainness = PLAIN_LAST;
	strategy->origin = &routine->origin;
	if (!try_routine(routine)) {
		strategy->missing = routine->why;
		return;
	}
	strategy->kernels[0].variant = "loaded";
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (op == OP_READ ? from->read != NULL : from->write != NULL)
			strategy->kernels[0].loop[op] = loops[place][op];
}

static bool add(
	const struct daxmark_loadable_strategy *from, const struct file *file, struct err *e)
{
	struct routine *routine = &routines[n_routines];
	const char *what;
	struct err why;

	if (n_routines == LOADED_MOST)
		return err_set(e, ERR_USAGE, "%.200s: more than %d loaded routines", file->path,
			LOADED_MOST);
	routine->from = from;
	if (!take_declared(routine, &what))
		return refuse(file, from->version == DAXMARK_LOADABLE_VERSION ? from->name : NULL,
			what, e);
	fill(routine, file, n_routines);
	if (!strategy_register(&routine->strategy, &why))
		return refuse(file, routine->name, why.text, e);
	n_routines++;
	return true;
}

/* ---- the file ---- */

/* In a child: what an object does when it is opened is done there first. */
static void open_there(void *arg, char *said)
{
	const struct file *file = arg;

	if (dlopen(file->path, RTLD_NOW | RTLD_LOCAL) == NULL)
		snprintf(said, TRIAL_SAID, "%s", dlerror());
}

#ifdef HAVE_LIBMD
static bool can_hash(struct err *e)
{
	(void)e;
	return true;
}

static bool hash(struct file *file)
{
	return SHA256File(file->path, file->sha256) != NULL;
}
#else
static bool can_hash(struct err *e)
{
	return err_set(e, ERR_FAILED,
		"this daxmark was built without libmd (libmd-dev): a routine that cannot be told "
		"from another by its SHA-256 is not loaded");
}

static bool hash(struct file *file)
{
	(void)file;
	return false;
}
#endif

static bool open_file(const char *path, struct file *file, struct err *e)
{
	struct err why;

	if (realpath(path, file->path) == NULL)
		return err_errno(e, errno, "cannot load %.200s", path);
	if (!hash(file))
		return err_errno(e, errno, "cannot read %.200s", path);
	return trial_run(open_there, file, &why) ||
	       err_set(e, ERR_FAILED, "cannot load %.100s: %.300s", path, why.text);
}

bool loaded_open(const char *path, struct err *e)
{
	const struct daxmark_loadable_strategy *const *all;
	struct file *file = calloc(1, sizeof(*file));
	void *object;

	if (file == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (!can_hash(e)) {
		free(file);
		return false;
	}
	if (n_files == LOADED_MOST) {
		free(file);
		return err_set(e, ERR_USAGE, "more than %d files to load", LOADED_MOST);
	}
	files[n_files++] = file;
	if (!open_file(path, file, e))
		return false;
	object = dlopen(file->path, RTLD_NOW | RTLD_LOCAL);
	if (object == NULL)
		return err_set(e, ERR_FAILED, "cannot load %.100s: %.300s", path, dlerror());
	all = dlsym(object, "daxmark_loadable");
	if (all == NULL || *all == NULL)
		return err_set(e, ERR_USAGE,
			"%.200s: defines no routines: 'daxmark_loadable' of <daxmark/strategy.h> "
			"is "
			"missing or empty",
			path);
	for (; *all != NULL; all++)
		if (!add(*all, file, e))
			return false;
	return true;
}

const char *loaded_path(size_t i)
{
	return i < n_files ? files[i]->path : NULL;
}
