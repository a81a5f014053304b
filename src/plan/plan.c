// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "case/workload.h"
#include "strategy/choose.h"

#define DEFAULT_WINDOW (64ull << 20)

struct builder {
	struct plan *plan;
	const struct plan_machine *machine;
	unsigned operations;
	unsigned section;
	bool mild;
	const struct target_facts *target;
	struct err *e;
};

/* Its place among the arms; n_arms: it is none. */
static size_t arm_of(const struct plan *plan, const struct strategy *strategy)
{
	size_t i = 0;

	while (i < plan->n_arms && plan->arms[i].strategy != strategy)
		i++;
	return i;
}

static bool add_arm(struct builder *builder, const struct strategy *strategy, bool named)
{
	struct plan *plan = builder->plan;
	size_t at = arm_of(plan, strategy);
	struct plan_arm *arm = &plan->arms[at];
	unsigned operations = strategy_operations(strategy);
	struct err why;

	if (operations != 0 && (operations & builder->operations) == 0)
		return !named || builder->mild ||
		       err_set(builder->e, ERR_USAGE,
			       "strategy '%s' does none of the operations of this " ERR_OF(
				       "operation"),
			       strategy->name);
	if (at < plan->n_arms) {
		arm->named |= named && !builder->mild;
		plan->rosters[builder->section] |= 1ull << at;
		return true;
	}
	if (plan->n_arms == CASE_MOST_ARMS)
		return err_set(builder->e, ERR_USAGE, "more than %d strategies", CASE_MOST_ARMS);
	memset(arm, 0, sizeof(*arm));
	arm->strategy = strategy;
	arm->named = named && !builder->mild;
	arm->kernel = strategy_kernel(strategy, builder->machine->features, &why);
	if (arm->kernel != NULL &&
		!strategy_reaches(strategy, builder->target->access, named, &why))
		arm->kernel = NULL;
	arm->operations = operations;
	if (arm->kernel == NULL)
		snprintf(arm->why, sizeof(arm->why), "%.159s", why.text);
	else
		for (unsigned op = 0; op < OP_COUNT; op++)
			if (arm->kernel->loop[op] == NULL)
				arm->operations &= ~(1u << op);
	plan->rosters[builder->section] |= 1ull << at;
	plan->n_arms++;
	return true;
}

static bool add_chosen(void *arg, const struct strategy *strategy, bool named)
{
	return add_arm(arg, strategy, named);
}

/* A default strategy that this CPU lacks stays, with its reason, beside its fallback. */
static bool add_default(struct builder *builder, const struct strategy *strategy)
{
	size_t at;

	while (strategy != NULL) {
		if (!add_arm(builder, strategy, false))
			return false;
		at = arm_of(builder->plan, strategy);
		if (strategy->fallback == NULL || at == builder->plan->n_arms ||
			builder->plan->arms[at].kernel != NULL)
			return true;
		strategy = strategy_find(strategy->fallback, builder->e);
	}
	return false;
}

/* The kernel's own path belongs to every comparison where it is one: on a file system. */
static bool is_default(const struct builder *builder, const struct strategy *strategy)
{
	return strategy->by_default ||
	       (strategy->calls_kernel && access_traits[builder->target->access].dax);
}

static bool choose_arms(struct builder *builder, const char *list)
{
	if (list != NULL)
		return strategy_choose(list, add_chosen, builder, builder->e);
	for (size_t i = 0; i < strategies_n; i++)
		if (is_default(builder, strategies[i]) && !add_default(builder, strategies[i]))
			return false;
	return true;
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

/* The values along every axis, those asked for or the usual ones. */
struct values {
	const struct axis_values *of[AXIS_COUNT];
	struct axis_values usual[AXIS_COUNT];
};

static bool fill_values(struct values *values, const struct plan_request *request, struct err *e)
{
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++) {
		struct axis_values *usual = &values->usual[axis];

		values->of[axis] = &request->values[axis];
		if (request->values[axis].n > 0)
			continue;
		values->of[axis] = usual;
		if (axes[axis].usual != NULL) {
			if (!axis_parse((enum setting_axis)axis, axes[axis].usual, usual, e))
				return false;
			continue;
		}
		usual->values[0] = (struct setting){SETTING_DEFAULTS, .section = request->section};
		usual->n = 1;
	}
	return true;
}

static bool fits_line(const struct builder *builder, const struct setting *setting)
{
	static const char dst_says[] = ERR_OF("destination alignment");
	static const char src_says[] = ERR_OF("source alignment");
	size_t line = builder->machine->line_bytes;
	bool dst = setting->dst_align >= line;

	return (!dst && setting->src_align < line) ||
	       err_set(builder->e, ERR_USAGE, "%s: %u: must be 0..%zu, the bytes past a cache line",
		       dst ? dst_says : src_says, dst ? setting->dst_align : setting->src_align,
		       line - 1);
}

/* Every value of one axis with every one of those inside it. */
static bool expand(
	struct builder *builder, const struct values *values, unsigned nest, struct setting setting)
{
	unsigned axis = 0;

	while (axis < AXIS_COUNT && axes[axis].nest != nest)
		axis++;
	if (axis == AXIS_COUNT)
		return !setting_makes_sense(&setting) ||
		       (fits_line(builder, &setting) &&
			       add_setting(builder->plan, &setting, builder->e));
	for (size_t i = 0; i < values->of[axis]->n; i++) {
		setting_take(&setting, &values->of[axis]->values[i], (enum setting_axis)axis);
		if (!expand(builder, values, nest + 1, setting))
			return false;
	}
	return true;
}

static bool choose_window(struct plan *plan, uint64_t asked, size_t line, struct err *e)
{
	uint64_t largest = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
	char have[UNITS_TEXT_BYTES], need[UNITS_TEXT_BYTES];

	/* Of each thread one operation, whose lines it shares with no other. */
	for (size_t i = 0; i < plan->n_settings; i++) {
		const struct setting *setting = &plan->settings[i];
		unsigned align =
			setting->operation == OP_READ ? setting->src_align : setting->dst_align;
		uint64_t bytes = workload_span(setting) + align;

		if (setting->threads > 1)
			bytes = (bytes + line - 1) / line * line * setting->threads;
		if (setting->workload == WORKLOAD_RING) /* and the receiver's count */
			bytes = 2 * ((bytes + line - 1) / line * line);
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

/* clang-format off */
#define NO_SETTING \
	ERR_OF("page state") ": reads can only be 'unmapped', with " ERR_OF("source") " walk; " \
	"'write-protected', 'unwritten' and 'shared' go with " ERR_OF("destination state") " absent; " \
	ERR_OF("workload") ": 'log' and 'updates' write, 'ring' writes with 2 " ERR_OF("threads") \
	" to mapped pages in " ERR_OF("destination state") " absent or dirty"
/* clang-format on */

static bool any_setting(const struct plan *plan, size_t before, struct err *e)
{
	return plan->n_settings > before || err_set(e, ERR_USAGE, NO_SETTING);
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

/* Limits of the request itself. */
static bool fits(const struct plan *plan, const struct plan_request *request, struct err *e)
{
	if (request->passes > PLAN_MAX_PASSES)
		return err_set(e, ERR_USAGE, ERR_OF("passes") ": %llu: at most %d",
			(unsigned long long)request->passes, PLAN_MAX_PASSES);
	return plan->budget_s <= PLAN_MAX_BUDGET_S ||
	       err_set(e, ERR_USAGE, ERR_OF("budget") ": %g s: at most %d hours", plan->budget_s,
		       PLAN_MAX_BUDGET_S / 3600);
}

static bool shuffle(struct plan *plan, struct err *e)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);

	if (rng == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	gsl_rng_set(rng, plan->seed);
	gsl_ran_shuffle(rng, plan->settings, plan->n_settings, sizeof(plan->settings[0]));
	gsl_rng_free(rng);
	return true;
}

/* A message is sent by one thread and received by another: it has no latency of either. */
static bool latency_fits(const struct plan *plan, size_t before, struct err *e)
{
	for (size_t i = before; i < plan->n_settings; i++) {
		const struct setting *setting = &plan->settings[i];

		if (setting->workload == WORKLOAD_RING &&
			(plan->latencies[setting->section].closed ||
				plan->latencies[setting->section].n_rates > 0))
			return err_set(e, ERR_USAGE,
				ERR_OF("latency") ": not of " ERR_OF(
					"workload") " ring, whose messages two threads pass on");
	}
	return true;
}

static bool build(struct builder *builder, const struct plan_request *request)
{
	struct plan *plan = builder->plan;
	struct values *values = calloc(1, sizeof(*values));
	size_t before = plan->n_settings;
	bool ok = values != NULL || err_set(builder->e, ERR_FAILED, "out of memory");

	ok = ok && fill_values(values, request, builder->e);
	builder->operations = 0;
	builder->section = request->section;
	builder->mild = request->mild;
	for (size_t i = 0; ok && i < values->of[AXIS_OPERATION]->n; i++)
		builder->operations |= 1u << values->of[AXIS_OPERATION]->values[i].operation;
	ok = ok && choose_arms(builder, request->strategies) &&
	     expand(builder, values, 0, (struct setting){SETTING_DEFAULTS}) &&
	     any_setting(plan, before, builder->e);
	free(values);
	plan->latencies[request->section] = request->latency;
	return ok && latency_fits(plan, before, builder->e);
}

bool plan_make(struct plan *plan, const struct plan_request *requests, size_t n,
	const struct plan_machine *machine, const struct target_facts *target, struct err *e)
{
	const struct plan_request *first = &requests[0];
	struct builder builder = {.plan = plan, .machine = machine, .target = target, .e = e};

	memset(plan, 0, sizeof(*plan));
	plan->budget_s = first->budget_s > 0 ? first->budget_s : 60;
	plan->passes_asked = first->passes > 0;
	plan->seed = first->seed;
	plan->least = first->least;
	plan->settings = calloc(PLAN_MAX_SETTINGS, sizeof(plan->settings[0]));
	if (plan->settings == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (!fits(plan, first, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!build(&builder, &requests[i]))
			return false;
	if (!choose_window(plan, first->window_bytes, machine->line_bytes, e))
		return false;
	plan->passes = plan->passes_asked ? (unsigned)first->passes
					  : plan_passes(plan->budget_s, plan->n_settings);
	return shuffle(plan, e);
}

void plan_free(struct plan *plan)
{
	free(plan->settings);
	free(plan->unproved);
	plan->settings = NULL;
	plan->unproved = NULL;
}

size_t plan_available(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_arms; i++)
		n += plan->arms[i].kernel != NULL;
	return n;
}
