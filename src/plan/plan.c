// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/units.h"

#define LINE 64
#define DEFAULT_WINDOW (64ull << 20)
#define LARGEST (1ull << 40)
#define PLAN_MAX_LOADS 16
#define PLAN_MAX_THREADS 512

struct builder {
	struct plan *plan;
	unsigned features, operations;
	const struct target_facts *target;
	struct err *e;
};

static const char *or_default(const char *given, const char *otherwise)
{
	return given != NULL ? given : otherwise;
}

static bool has_arm(const struct plan *plan, const struct strategy *strategy)
{
	for (size_t i = 0; i < plan->n_arms; i++)
		if (plan->arms[i].strategy == strategy)
			return true;
	return false;
}

static bool add_arm(struct builder *builder, const struct strategy *strategy, bool named)
{
	struct plan *plan = builder->plan;
	struct plan_arm *arm = &plan->arms[plan->n_arms];
	unsigned operations = strategy_operations(strategy);
	struct err why;

	if (has_arm(plan, strategy))
		return true;
	if (operations != 0 && (operations & builder->operations) == 0)
		return !named ||
		       err_set(builder->e, ERR_USAGE,
			       "strategy '%s' does none of the operations of --op", strategy->name);
	if (plan->n_arms == PLAN_MAX_ARMS)
		return err_set(builder->e, ERR_USAGE, "more than %d strategies", PLAN_MAX_ARMS);
	memset(arm, 0, sizeof(*arm));
	arm->strategy = strategy;
	arm->named = named;
	arm->kernel = strategy_kernel(strategy, builder->features, &why);
	if (arm->kernel != NULL && strategy->calls_kernel &&
		builder->target->access == ACCESS_DEVDAX) {
		arm->kernel = NULL;
		err_set(&why, ERR_FAILED, "devdax has no read, write, fsync or msync");
	}
	arm->operations = operations;
	if (arm->kernel == NULL)
		snprintf(arm->why, sizeof(arm->why), "%.159s", why.text);
	else
		for (unsigned op = 0; op < OP_COUNT; op++)
			if (arm->kernel->loop[op] == NULL)
				arm->operations &= ~(1u << op);
	plan->n_arms++;
	return true;
}

/* All of a family; what is missing here stays with its reason and is no failure. */
static bool add_family(struct builder *builder, const char *name)
{
	unsigned family;

	if (!words_find(&family_words, name, &family, builder->e))
		return false;
	for (size_t i = 0; i < strategies_n; i++)
		if (strategies[i]->family == family && !add_arm(builder, strategies[i], false))
			return false;
	return true;
}

/* A strategy, or "family:flush". */
static bool add_by_name(const char *name, void *arg)
{
	static const char prefix[] = "family:";
	struct builder *builder = arg;
	const struct strategy *strategy;

	if (strncmp(name, prefix, strlen(prefix)) == 0)
		return add_family(builder, name + strlen(prefix));
	strategy = strategy_find(name, builder->e);
	return strategy != NULL && add_arm(builder, strategy, true);
}

/* A default strategy that this CPU lacks stays, with its reason, beside its fallback. */
static bool add_default(struct builder *builder, const struct strategy *strategy)
{
	while (strategy != NULL) {
		if (!add_arm(builder, strategy, false))
			return false;
		if (strategy->fallback == NULL || !has_arm(builder->plan, strategy) ||
			builder->plan->arms[builder->plan->n_arms - 1].kernel != NULL)
			return true;
		strategy = strategy_find(strategy->fallback, builder->e);
	}
	return false;
}

/* The kernel's own path belongs to every comparison where it is one: on a file system. */
static bool is_default(const struct builder *builder, const struct strategy *strategy)
{
	enum access access = builder->target->access;

	return strategy->by_default ||
	       (strategy->calls_kernel && (access == ACCESS_FSDAX || access == ACCESS_FSDAX_SYNC));
}

static bool choose_arms(struct builder *builder, const char *list)
{
	if (list != NULL && strcmp(list, "all") != 0)
		return text_each_item(list, add_by_name, builder);
	for (size_t i = 0; i < strategies_n; i++) {
		if (list != NULL ? !add_arm(builder, strategies[i], false)
				 : is_default(builder, strategies[i]) &&
					   !add_default(builder, strategies[i]))
			return false;
	}
	return true;
}

static bool parse_level(struct plan *plan, const char *name, struct err *e)
{
	unsigned level;

	plan->least = GUARANTEE_NONE;
	if (name == NULL)
		return true;
	if (!words_find(&guarantee_words, name, &level, e))
		return false;
	plan->least = (enum guarantee)level;
	return level != GUARANTEE_NONE ||
	       err_set(e, ERR_USAGE, "--guarantee: 'none' asks for nothing: leave it out");
}

static bool parse_aligns(const char *option, const char *text, unsigned aligns[PLAN_MAX_ALIGNS],
	size_t *n, struct err *e)
{
	uint64_t values[UNITS_MAX_SIZES];
	struct err why;

	if (!units_parse_sizes(text, values, n, &why))
		return err_set(e, ERR_USAGE, "%s: %s", option, why.text);
	for (size_t i = 0; i < *n; i++) {
		if (values[i] >= LINE)
			return err_set(e, ERR_USAGE,
				"%s: %llu: must be 0..%d, the bytes past a cache line", option,
				(unsigned long long)values[i], LINE - 1);
		aligns[i] = (unsigned)values[i];
	}
	return true;
}

struct load {
	enum background background;
	unsigned percent;
};

struct axes {
	unsigned operations, states, sources, pages;
	uint64_t sizes[UNITS_MAX_SIZES];
	unsigned dst_aligns[PLAN_MAX_ALIGNS], src_aligns[PLAN_MAX_ALIGNS];
	uint64_t threads[UNITS_MAX_SIZES];
	struct load loads[PLAN_MAX_LOADS];
	const struct plan_placement *placements;
	size_t n_sizes, n_dst, n_src, n_threads, n_loads, n_placements;
};

static bool parse_numbers(struct axes *axes, const struct plan_request *request, struct err *e)
{
	struct err why;

	if (!units_parse_sizes(
		    or_default(request->sizes, "64..64M*4"), axes->sizes, &axes->n_sizes, &why))
		return err_set(e, ERR_USAGE, "--size: %s", why.text);
	for (size_t i = 0; i < axes->n_sizes; i++) {
		if (axes->sizes[i] == 0)
			return err_set(
				e, ERR_USAGE, "--size: 0: an operation copies at least 1 byte");
		if (axes->sizes[i] > LARGEST)
			return err_set(e, ERR_USAGE, "--size: %llu: more than 1 TiB",
				(unsigned long long)axes->sizes[i]);
	}
	if (!units_parse_sizes(
		    or_default(request->threads, "1"), axes->threads, &axes->n_threads, &why))
		return err_set(e, ERR_USAGE, "--threads: %s", why.text);
	for (size_t i = 0; i < axes->n_threads; i++)
		if (axes->threads[i] < 1 || axes->threads[i] > PLAN_MAX_THREADS)
			return err_set(e, ERR_USAGE, "--threads: %llu: must be 1..%d",
				(unsigned long long)axes->threads[i], PLAN_MAX_THREADS);
	return true;
}

struct load_list {
	struct axes *axes;
	struct err *e;
};

/* "load@50" or "store", which is all of the time. */
static bool parse_load(const char *item, void *arg)
{
	struct load_list *list = arg;
	struct load *load = &list->axes->loads[list->axes->n_loads];
	size_t word = strcspn(item, "@");
	char name[32];
	unsigned value;
	uint64_t percent = 100;
	struct err why;

	if (list->axes->n_loads == PLAN_MAX_LOADS)
		return err_set(list->e, ERR_USAGE, "--background: more than %d", PLAN_MAX_LOADS);
	snprintf(name, sizeof(name), "%.*s", (int)(word < 31 ? word : 31), item);
	if (!words_find(&background_words, name, &value, list->e))
		return false;
	if (item[word] == '@' &&
		(!units_parse_u64(item + word + 1, &percent, &why) || percent < 1 || percent > 100))
		return err_set(list->e, ERR_USAGE,
			"--background: '%s': the part after @ is percent of the time, 1..100",
			item);
	load->background = (enum background)value;
	load->percent = value == BACKGROUND_NONE ? 0 : (unsigned)percent;
	for (size_t i = 0; i < list->axes->n_loads; i++)
		if (list->axes->loads[i].background == load->background &&
			list->axes->loads[i].percent == load->percent)
			return true; /* as of every other axis, once is enough */
	list->axes->n_loads++;
	return true;
}

static bool parse_axes(struct axes *axes, const struct plan_request *request, struct err *e)
{
	static const struct plan_placement anywhere = {-1, -1, -1};
	struct load_list loads = {axes, e};

	axes->n_loads = 0;
	axes->placements = request->n_placements > 0 ? request->placements : &anywhere;
	axes->n_placements = request->n_placements > 0 ? request->n_placements : 1;
	return words_find_list(
		       &state_words, or_default(request->states, "absent"), &axes->states, e) &&
	       words_find_list(
		       &source_words, or_default(request->sources, "hot"), &axes->sources, e) &&
	       words_find_list(&page_state_words, or_default(request->page_states, "mapped"),
		       &axes->pages, e) &&
	       text_each_item(or_default(request->background, "none"), parse_load, &loads) &&
	       parse_numbers(axes, request, e) &&
	       parse_aligns("--dst-align", or_default(request->dst_aligns, "0"), axes->dst_aligns,
		       &axes->n_dst, e) &&
	       parse_aligns("--src-align", or_default(request->src_aligns, "0"), axes->src_aligns,
		       &axes->n_src, e);
}

static bool add_setting(struct plan *plan, const struct setting *setting, struct err *e)
{
	if (plan->n_settings == PLAN_MAX_SETTINGS)
		return err_set(e, ERR_USAGE,
			"more than %d comparisons: ask for fewer sizes or states",
			PLAN_MAX_SETTINGS);
	plan->settings[plan->n_settings++] = *setting;
	return true;
}

/* Every alignment, placement, thread count and background of what is set so far. */
static bool expand_rest(
	struct plan *plan, const struct axes *axes, struct setting setting, struct err *e)
{
	size_t all =
		axes->n_dst * axes->n_src * axes->n_placements * axes->n_threads * axes->n_loads;

	for (size_t i = 0; i < all; i++) {
		size_t at = i;
		const struct plan_placement *placement;
		const struct load *load;

		setting.src_align = axes->src_aligns[at % axes->n_src];
		at /= axes->n_src;
		setting.dst_align = axes->dst_aligns[at % axes->n_dst];
		at /= axes->n_dst;
		setting.threads = (unsigned)axes->threads[at % axes->n_threads];
		at /= axes->n_threads;
		load = &axes->loads[at % axes->n_loads];
		placement = &axes->placements[at / axes->n_loads];
		setting.background = load->background;
		setting.background_percent = load->percent;
		setting.cpu_node = placement->cpu_node;
		setting.mem_node = placement->mem_node;
		setting.target_node = placement->target_node;
		if (!add_setting(plan, &setting, e))
			return false;
	}
	return true;
}

/*
 * What no machine can do is no comparison, whatever axes were crossed: a read
 * takes no fault on a page that only stores may not touch, pages of a hot
 * source fault once, and the kernel drops the lines of pages it writes back.
 */
static bool makes_sense(const struct setting *setting)
{
	bool stores_only =
		setting->pages == PAGES_WRITE_PROTECTED || setting->pages == PAGES_UNWRITTEN;

	if (setting->operation == OP_READ && setting->pages != PAGES_MAPPED)
		return !stores_only && setting->source != SOURCE_HOT;
	return !stores_only || setting->state == STATE_ABSENT;
}

static bool expand(struct builder *builder, const struct axes *axes)
{
	struct setting setting = {SETTING_DEFAULTS};

	for (unsigned op = 0; op < OP_COUNT; op++) {
		for (size_t size = 0; size < axes->n_sizes; size++) {
			for (unsigned i = 0; i < STATE_COUNT * SOURCE_COUNT * PAGE_STATE_COUNT;
				i++) {
				setting.operation = (enum operation)op;
				setting.size = axes->sizes[size];
				setting.pages = (enum page_state)(i / STATE_COUNT / SOURCE_COUNT);
				setting.state = (enum state)(i / SOURCE_COUNT % STATE_COUNT);
				setting.source = (enum source)(i % SOURCE_COUNT);
				if ((builder->operations >> op & 1) &&
					(axes->states >> setting.state & 1) &&
					(axes->sources >> setting.source & 1) &&
					(axes->pages >> setting.pages & 1) &&
					makes_sense(&setting) &&
					!expand_rest(builder->plan, axes, setting, builder->e))
					return false;
			}
		}
	}
	return true;
}

static bool choose_window(struct plan *plan, uint64_t asked, struct err *e)
{
	uint64_t largest = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
	char have[UNITS_TEXT_BYTES], need[UNITS_TEXT_BYTES];

	/* Of each thread one operation, whose lines it shares with no other. */
	for (size_t i = 0; i < plan->n_settings; i++) {
		const struct setting *setting = &plan->settings[i];
		unsigned align =
			setting->operation == OP_READ ? setting->src_align : setting->dst_align;
		uint64_t bytes = setting->size + align;

		if (setting->threads > 1)
			bytes = (bytes + LINE - 1) / LINE * LINE * setting->threads;
		largest = bytes > largest ? bytes : largest;
	}
	largest = (largest + page - 1) / page * page;
	if (asked != 0 && asked < largest)
		return err_set(e, ERR_USAGE,
			"a target of %s is too small: the largest operation needs %s",
			units_bytes(asked, have), units_bytes(largest, need));
	plan->window_bytes = asked;
	if (asked == 0)
		plan->window_bytes = 2 * largest > DEFAULT_WINDOW ? 2 * largest : DEFAULT_WINDOW;
	return true;
}

static bool any_setting(const struct plan *plan, struct err *e)
{
	return plan->n_settings > 0 ||
	       err_set(e, ERR_USAGE,
		       "--page-state: reads can only be 'unmapped', with --source walk; "
		       "'write-protected' and 'unwritten' go with --state absent");
}

#define PASS_S 3.0	     /* a visit of each comparison, at least so often */
#define VISIT_S 0.1	     /* longer visits are made into more of them, */
#define VISITS_OF_ALL 1000.0 /* until there are so many */

unsigned plan_passes(double budget_s, size_t n_settings)
{
	double n = n_settings > 0 ? (double)n_settings : 1;
	double more = fmin(budget_s / (VISIT_S * n), VISITS_OF_ALL / n);
	double passes = fmax(PLAN_LEAST_PASSES, fmax(budget_s / PASS_S, more));

	return passes > PLAN_MAX_PASSES ? PLAN_MAX_PASSES : (unsigned)passes;
}

bool plan_make(struct plan *plan, const struct plan_request *request, unsigned features,
	const struct target_facts *target, struct err *e)
{
	struct builder builder = {.plan = plan, .features = features, .target = target, .e = e};
	struct axes axes;
	gsl_rng *rng;

	memset(plan, 0, sizeof(*plan));
	plan->budget_s = request->budget_s > 0 ? request->budget_s : 60;
	plan->passes_asked = request->passes > 0;
	plan->seed = request->seed;
	plan->settings = calloc(PLAN_MAX_SETTINGS, sizeof(plan->settings[0]));
	if (plan->settings == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (request->passes > PLAN_MAX_PASSES)
		return err_set(e, ERR_USAGE, "--passes: %llu: at most %d",
			(unsigned long long)request->passes, PLAN_MAX_PASSES);
	if (plan->budget_s > PLAN_MAX_BUDGET_S)
		return err_set(e, ERR_USAGE, "--budget: %g s: at most %d hours", plan->budget_s,
			PLAN_MAX_BUDGET_S / 3600);
	if (!words_find_list(&operation_words,
		    or_default(request->operations, "write,write+consume"), &builder.operations,
		    e) ||
		!choose_arms(&builder, request->strategies) ||
		!parse_level(plan, request->guarantee, e) || !parse_axes(&axes, request, e) ||
		!expand(&builder, &axes) || !any_setting(plan, e) ||
		!choose_window(plan, request->window_bytes, e))
		return false;
	plan->passes = plan->passes_asked ? (unsigned)request->passes
					  : plan_passes(plan->budget_s, plan->n_settings);
	rng = gsl_rng_alloc(gsl_rng_taus2);
	if (rng == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	gsl_rng_set(rng, plan->seed);
	gsl_ran_shuffle(rng, plan->settings, plan->n_settings, sizeof(plan->settings[0]));
	gsl_rng_free(rng);
	return true;
}

void plan_free(struct plan *plan)
{
	free(plan->settings);
	plan->settings = NULL;
}

size_t plan_available(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_arms; i++)
		n += plan->arms[i].kernel != NULL;
	return n;
}
