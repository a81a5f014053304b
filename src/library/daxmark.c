// SPDX-License-Identifier: MIT
/* The library's face: what include/daxmark/daxmark.h says, on the stage and the strategies. */
#include <daxmark/daxmark.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/option.h"
#include "case/axis.h"
#include "stage/pages.h"
#include "stage/stage.h"
#include "stage/state.h"
#include "stage/verify.h"
#include "sys/clock.h"
#include "sys/cpu.h"
#include "target/congruence.h"

struct daxmark_stage {
	struct stage stage;
	unsigned threads;
	bool mapped[ALIAS_KINDS]; /* for copies that go through one */
	struct alias_facts aliases;
	struct clock clock;
};

struct daxmark_copy {
	struct daxmark_stage *owner;
	const struct strategy *strategy;
	const struct kernel *kernel;
	struct setting setting;
	struct state_prepare prepare;
	char *dst; /* this thread's part of either side */
	const char *src;
	uint64_t dst_bytes, src_bytes;
	uint64_t dst_at, src_at;     /* where the next run begins */
	struct walk_failure failure; /* of a system call of this copy's */
	struct walk walk;	     /* of the run at hand, its warm operations first */
	uint64_t warm;
};

/* The public header's words are ours. */
_Static_assert((int)DAXMARK_WRITE == (int)OP_WRITE, "operations");
_Static_assert((int)DAXMARK_WRITE_CONSUME == (int)OP_WRITE_CONSUME, "operations");
_Static_assert((int)DAXMARK_READ == (int)OP_READ, "operations");

/* False, and the error as a caller reads it. */
static bool fail(struct daxmark_error *error, const struct err *e)
{
	if (error != NULL)
		option_spell(NULL, 0, e->text, error->text, sizeof(error->text));
	return false;
}

const char *daxmark_version(void)
{
	return PACKAGE_VERSION;
}

size_t daxmark_strategies(void)
{
	return strategies_n;
}

const char *daxmark_strategy_name(size_t i)
{
	return i < strategies_n ? strategies[i]->name : NULL;
}

const char *daxmark_strategy_help(size_t i)
{
	return i < strategies_n ? strategies[i]->help : NULL;
}

bool daxmark_strategy_available(size_t i, struct daxmark_error *why_not)
{
	struct err why = {ERR_USAGE, "no such strategy"};

	return (i < strategies_n && strategy_kernel(strategies[i], cpu_features(), &why) != NULL) ||
	       fail(why_not, &why);
}

void daxmark_strategy_steps(
	size_t i, enum daxmark_operation operation, uint64_t size, char *text, size_t bytes)
{
	bool read = operation == DAXMARK_READ;

	if (bytes == 0)
		return;
	text[0] = '\0';
	if (i < strategies_n && operation <= DAXMARK_READ)
		steps_text(strategy_steps(strategies[i], (enum operation)operation, size),
			(struct step_context){
				.read = read, .aliases = strategies[i]->alias != ALIAS_NONE},
			text, bytes);
}

daxmark_stage *daxmark_stage_open(const char *target, uint64_t bytes, unsigned threads,
	unsigned flags, struct daxmark_error *error)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	unsigned may = (flags & DAXMARK_OVERWRITE ? TARGET_OVERWRITE : 0u) |
		       (flags & DAXMARK_CREATE ? TARGET_CREATE : 0u);
	struct target_request request;
	struct stage_request needs = {.target = &request, .seed = 1};
	struct daxmark_stage *stage = calloc(1, sizeof(*stage));
	struct err e = {ERR_FAILED, "out of memory"};
	bool ok = stage != NULL;

	if (ok && target == NULL)
		ok = err_set(&e, ERR_USAGE, "which target?");
	if (ok && (bytes == 0 || bytes > CASE_MOST_BYTES || threads == 0))
		ok = err_set(&e, ERR_USAGE, "a stage has 1 byte to 1 TiB, and 1 thread at least");
	needs.target_bytes = needs.source_bytes = needs.sink_bytes =
		(bytes + page - 1) / page * page;
	ok = ok && target_parse(target, may, &request, &e);
	if (ok && request.bytes != 0 && request.bytes != needs.target_bytes)
		ok = err_set(&e, ERR_USAGE, "target '%.300s' says another size than the stage's",
			target);
	ok = ok && stage_open(&stage->stage, &needs, &e);
	if (!ok) {
		fail(error, &e);
		daxmark_stage_close(stage);
		return NULL;
	}
	stage->threads = threads;
	clock_init(&stage->clock);
	return stage;
}

void daxmark_stage_close(daxmark_stage *stage)
{
	if (stage == NULL)
		return;
	stage_close(&stage->stage);
	free(stage);
}

const char *daxmark_stage_target(const daxmark_stage *stage)
{
	return stage->stage.targets[0].facts.name;
}

bool daxmark_stage_emulated(const daxmark_stage *stage)
{
	return stage->stage.targets[0].facts.emulated;
}

/* The mapping that a strategy copies through, once. */
static bool map_alias(struct daxmark_stage *stage, enum alias_kind kind, struct err *e)
{
	if (kind == ALIAS_NONE || stage->mapped[kind])
		return true;
	if (stage->aliases.modulus == 0)
		congruence_of(&stage->aliases, &stage->stage.targets[0], &stage->clock);
	stage->mapped[kind] =
		stage_map_alias(&stage->stage, kind, stage->threads, &stage->aliases, e);
	return stage->mapped[kind];
}

static bool read_word(
	enum setting_axis axis, const char *word, struct setting *setting, struct err *e)
{
	struct axis_values *values;
	bool ok;

	if (word == NULL)
		word = axis == AXIS_STATE ? state_usual() : axes[axis].usual;
	values = calloc(1, sizeof(*values));
	if (values == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	ok = axis_parse(axis, word, values, e);
	if (ok && values->n != 1)
		ok = err_set(e, ERR_USAGE, "%s: '%.40s': one of them", axes[axis].what, word);
	if (ok)
		setting_take(setting, &values->values[0], axis);
	free(values);
	return ok;
}

static bool read_setting(struct setting *to, const struct daxmark_setting *from, struct err *e)
{
	size_t line = arch_line_bytes();

	if (from == NULL)
		return err_set(e, ERR_USAGE, "which setting?");
	*to = (struct setting){SETTING_DEFAULTS, .size = from->size};
	if (from->size == 0 || from->size > CASE_MOST_BYTES || from->operation > DAXMARK_READ ||
		from->dst_align >= line || from->src_align >= line)
		return err_set(e, ERR_USAGE,
			"a copy has 1 byte to 1 TiB, and alignments below a line of %zu", line);
	to->operation = (enum operation)from->operation;
	to->dst_align = from->dst_align;
	to->src_align = from->src_align;
	return read_word(AXIS_STATE, from->state, to, e) &&
	       read_word(AXIS_SOURCE, from->source, to, e) &&
	       read_word(AXIS_PAGES, from->pages, to, e) &&
	       (setting_makes_sense(to) ||
		       err_set(e, ERR_USAGE,
			       "no machine can do that: reads take no fault on pages that only "
			       "stores may not touch, nor more than one from a hot source; such "
			       "pages go with absent lines"));
}

/* A thread's part of a side, a multiple of `unit`. */
static uint64_t share(const struct daxmark_stage *stage, uint64_t bytes, uint64_t unit)
{
	return bytes / stage->threads / unit * unit;
}

static bool place_copy(struct daxmark_copy *copy, const struct daxmark_setting *setting,
	unsigned thread, struct err *e)
{
	struct stage *stage = &copy->owner->stage;
	const struct stage_place place = stage_place(stage, &copy->setting);
	bool read = copy->setting.operation == OP_READ, walks = copy->setting.source != SOURCE_HOT;
	size_t page = copy->setting.pages == PAGES_MAPPED ? 0 : stage->targets[0].facts.page_bytes;
	uint64_t n = (setting->operations > 0 ? setting->operations : 1) + setting->warm;
	size_t dst_step = stage_step(setting->size, setting->dst_align, read ? 0 : page);
	size_t src_step = stage_step(setting->size, setting->src_align, read ? page : 0);
	uint64_t line = arch_line_bytes(), part = stage->targets[0].facts.page_bytes;

	if (part < (uint64_t)sysconf(_SC_PAGESIZE))
		part = (uint64_t)sysconf(_SC_PAGESIZE);
	/* Pages of the target are one thread's alone: their states are put page by page. */
	copy->dst_bytes = share(copy->owner, place.dst_bytes, read ? line : part);
	copy->src_bytes = share(copy->owner, place.src_bytes, read ? part : line);
	copy->dst = place.dst + thread * copy->dst_bytes;
	copy->src = place.src + thread * copy->src_bytes;
	copy->walk = place.frame;
	copy->walk.failed = &copy->failure;
	copy->walk.window += (ptrdiff_t)thread * copy->walk.window_step;
	if (n > copy->dst_bytes / dst_step || (walks ? n : 1) > copy->src_bytes / src_step)
		return err_set(e, ERR_USAGE,
			"%llu operations of %llu bytes do not fit into a thread's part of the "
			"stage",
			(unsigned long long)n, (unsigned long long)setting->size);
	copy->walk.n = n;
	copy->warm = setting->warm;
	copy->walk.len = setting->size;
	copy->walk.dst_step = dst_step;
	copy->walk.src_step = walks ? src_step : 0;
	return true;
}

static bool can_prepare(struct daxmark_copy *copy, struct err *e)
{
	const struct target *target = &copy->owner->stage.targets[0];

	copy->prepare = (struct state_prepare){.state = copy->setting.state,
		.source = copy->setting.source,
		.operation = copy->setting.operation,
		.pages = copy->setting.pages,
		.page_bytes = target->facts.page_bytes,
		.hot_limit_bytes = cpu_last_level_cache_bytes(sched_getcpu()),
		.evict = arch_evictor()};
	if (copy->setting.state == STATE_DIRTY_ELSEWHERE)
		return err_set(e, ERR_FAILED,
			"'dirty-elsewhere' needs a thread, which this library does not start");
	if (copy->setting.pages != PAGES_MAPPED && copy->strategy->alias != ALIAS_NONE)
		return err_set(e, ERR_FAILED,
			"page states are of the user's mapping, and an alias has pages of its own");
	return state_usable(&copy->setting, -1, e) &&
	       pages_usable(&copy->setting, target->facts.access, target->base, target->fd,
		       target->facts.page_bytes, e);
}

/* The strategy, and the machine code of it that this CPU runs. */
static bool take_strategy(struct daxmark_copy *copy, const char *name, struct err *e)
{
	struct err why;

	if (name == NULL)
		return err_set(e, ERR_USAGE, "which strategy?");
	copy->strategy = strategy_find(name, e);
	if (copy->strategy == NULL)
		return false;
	copy->kernel = strategy_kernel(copy->strategy, cpu_features(), &why);
	if (copy->kernel == NULL)
		return err_set(e, ERR_FAILED, "strategy '%s': %.300s", name, why.text);
	if (copy->kernel->loop[copy->setting.operation] == NULL)
		return err_set(e, ERR_USAGE, "strategy '%s' does no %s", name,
			operation_words.names[copy->setting.operation]);
	if (!strategy_reaches(
		    copy->strategy, copy->owner->stage.targets[0].facts.access, false, &why))
		return err_set(e, ERR_FAILED, "strategy '%s': %.300s", name, why.text);
	return map_alias(copy->owner, copy->strategy->alias, e);
}

daxmark_copy *daxmark_copy_new(daxmark_stage *stage, const char *strategy,
	const struct daxmark_setting *setting, unsigned thread, struct daxmark_error *error)
{
	struct daxmark_copy *copy = calloc(1, sizeof(*copy));
	struct err e = {ERR_FAILED, "out of memory"};
	bool ok = copy != NULL;

	if (ok)
		copy->owner = stage;
	if (ok && thread >= stage->threads)
		ok = err_set(
			&e, ERR_USAGE, "thread %u: the stage is for %u", thread, stage->threads);
	if (ok && read_setting(&copy->setting, setting, &e) && take_strategy(copy, strategy, &e) &&
		can_prepare(copy, &e) && place_copy(copy, setting, thread, &e)) {
		/* What was tried on the target's first page is no data to read. */
		stage_refill(&stage->stage, stage->stage.targets[0].base,
			stage->stage.targets[0].facts.page_bytes);
		return copy;
	}
	fail(error, &e);
	free(copy);
	return NULL;
}

void daxmark_copy_free(daxmark_copy *copy)
{
	free(copy);
}

const char *daxmark_copy_guarantee(const daxmark_copy *copy)
{
	struct protocol_facts facts = protocol_facts_of(&copy->owner->stage.targets[0].facts);

	/* A cached line may keep what a non-temporal store brings: nothing more is promised. */
	facts.nocache_leaves = !setting_caches(&copy->setting);

	return guarantee_words.names[copy->strategy->copies ? strategy_guarantee(copy->strategy,
								      copy->setting.operation,
								      copy->setting.size, &facts)
							    : GUARANTEE_NONE];
}

uint64_t daxmark_copy_bytes(const daxmark_copy *copy)
{
	return (copy->walk.n - copy->warm) * copy->walk.len;
}

/* The next place of a side for so many bytes; the beginning where the rest is too short. */
static uint64_t next_place(uint64_t *at, uint64_t bytes, uint64_t room)
{
	uint64_t place = *at + bytes <= room ? *at : 0;

	*at = place + bytes;
	return place;
}

void daxmark_prepare(daxmark_copy *copy)
{
	struct walk *walk = &copy->walk;

	/* A hot source does not move: its step is 0, and so is its place. */
	walk->dst = copy->dst + copy->setting.dst_align +
		    next_place(&copy->dst_at, walk->n * walk->dst_step, copy->dst_bytes);
	walk->user = walk->dst;
	walk->src = copy->src + copy->setting.src_align +
		    next_place(&copy->src_at, walk->n * walk->src_step, copy->src_bytes);
	state_prepare(&copy->prepare, walk);
}

/* The copy's failed call, said once. */
static bool no_failure(struct daxmark_copy *copy, struct daxmark_error *error)
{
	struct walk_failure *failure = &copy->failure;
	struct err e;

	if (failure->error == 0)
		return true;
	if (failure->setting)
		err_errno(&e, failure->error, "%s", failure->call);
	else
		err_errno(&e, failure->error, "%s: %s", copy->strategy->name, failure->call);
	*failure = (struct walk_failure){0};
	return fail(error, &e);
}

/* Operations first to end of the run at hand. */
static bool run_part(
	struct daxmark_copy *copy, uint64_t first, uint64_t end, struct daxmark_error *error)
{
	struct walk part;

	if (copy->walk.dst == NULL)
		daxmark_prepare(copy);
	part = copy->walk;
	part.n = end - first;
	part.dst += first * part.dst_step;
	part.user += first * part.dst_step;
	part.src += first * part.src_step;
	copy->kernel->loop[copy->setting.operation](&part);
	return no_failure(copy, error);
}

bool daxmark_warm(daxmark_copy *copy, struct daxmark_error *error)
{
	return copy->warm == 0 || run_part(copy, 0, copy->warm, error);
}

bool daxmark_run(daxmark_copy *copy, struct daxmark_error *error)
{
	return run_part(copy, copy->warm, copy->walk.n, error);
}

void daxmark_restore(daxmark_copy *copy)
{
	if (copy->walk.dst != NULL)
		state_restore(&copy->prepare, &copy->walk);
}

bool daxmark_check(daxmark_copy *copy, struct daxmark_error *error)
{
	char *room;
	struct err e;
	bool right;

	if (!copy->strategy->copies)
		return true;
	daxmark_prepare(copy);
	room = copy->walk.dst - copy->setting.dst_align;
	right = verify_loop(copy->kernel->loop[copy->setting.operation], &copy->walk, room,
		copy->walk.n * copy->walk.dst_step, &e);
	stage_refill(&copy->owner->stage, room, copy->walk.n * copy->walk.dst_step);
	return no_failure(copy, error) && (right || fail(error, &e));
}
