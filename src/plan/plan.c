// SPDX-License-Identifier: MIT
#include "plan/plan.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/units.h"

#define LINE 64
#define DEFAULT_WINDOW (64ull << 20)
#define LARGEST (1ull << 40)

struct builder {
	struct plan *plan;
	unsigned features;
	const struct target_facts *target;
	struct err *e;
};

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
	struct err why;

	if (has_arm(plan, strategy))
		return true;
	if (plan->n_arms == PLAN_MAX_ARMS)
		return err_set(builder->e, ERR_USAGE, "more than %d strategies", PLAN_MAX_ARMS);
	memset(arm, 0, sizeof(*arm));
	arm->strategy = strategy;
	arm->named = named;
	arm->guarantee = protocol_guarantee(strategy->steps, builder->target->domain, true);
	arm->kernel = strategy_kernel(strategy, builder->features, &why);
	if (arm->kernel != NULL && strategy->calls_kernel &&
		builder->target->access == ACCESS_DEVDAX) {
		arm->kernel = NULL;
		err_set(&why, ERR_FAILED, "devdax has no write, fsync or msync");
	}
	if (arm->kernel == NULL)
		snprintf(arm->why, sizeof(arm->why), "%.159s", why.text);
	plan->n_arms++;
	return true;
}

static bool add_by_name(const char *name, void *arg)
{
	struct builder *builder = arg;
	const struct strategy *strategy = strategy_find(name, builder->e);

	return strategy != NULL && add_arm(builder, strategy, true);
}

/* A default strategy that this CPU lacks stays, with its reason, beside its fallback. */
static bool add_default(struct builder *builder, const struct strategy *strategy)
{
	while (strategy != NULL) {
		if (!add_arm(builder, strategy, false))
			return false;
		if (builder->plan->arms[builder->plan->n_arms - 1].kernel != NULL ||
			strategy->fallback == NULL)
			return true;
		strategy = strategy_find(strategy->fallback, builder->e);
	}
	return false;
}

static bool choose_arms(struct builder *builder, const char *list)
{
	if (list != NULL && strcmp(list, "all") != 0)
		return text_each_item(list, add_by_name, builder);
	for (size_t i = 0; i < strategies_n; i++) {
		if (list != NULL
				? !add_arm(builder, strategies[i], false)
				: strategies[i]->by_default && !add_default(builder, strategies[i]))
			return false;
	}
	return true;
}

static bool drop_weaker(struct plan *plan, const char *guarantee, struct err *e)
{
	unsigned least;
	size_t kept = 0, copies = 0;

	if (guarantee == NULL)
		return true;
	if (!words_find(&guarantee_words, guarantee, &least, e))
		return false;
	for (size_t i = 0; i < plan->n_arms; i++) {
		const struct plan_arm *arm = &plan->arms[i];

		if (arm->strategy->copies && arm->guarantee < least) {
			if (arm->named)
				return err_set(e, ERR_USAGE,
					"strategy '%s' gives only '%s' here, --guarantee asks for "
					"'%s'",
					arm->strategy->name, guarantee_words.names[arm->guarantee],
					guarantee);
			continue;
		}
		copies += arm->strategy->copies;
		plan->arms[kept++] = *arm;
	}
	plan->n_arms = kept;
	if (copies == 0)
		return err_set(e, ERR_FAILED, "no strategy gives '%s' on this target", guarantee);
	return true;
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

struct axes {
	unsigned operations, states, sources;
	uint64_t sizes[UNITS_MAX_SIZES];
	unsigned dst_aligns[PLAN_MAX_ALIGNS], src_aligns[PLAN_MAX_ALIGNS];
	size_t n_sizes, n_dst, n_src;
};

static const char *or_default(const char *given, const char *otherwise)
{
	return given != NULL ? given : otherwise;
}

static bool parse_axes(struct axes *axes, const struct plan_request *request, struct err *e)
{
	struct err why;

	if (!words_find_list(&operation_words,
		    or_default(request->operations, "write,write+consume"), &axes->operations, e) ||
		!words_find_list(
			&state_words, or_default(request->states, "absent"), &axes->states, e) ||
		!words_find_list(
			&source_words, or_default(request->sources, "hot"), &axes->sources, e))
		return false;
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
	return parse_aligns("--dst-align", or_default(request->dst_aligns, "0"), axes->dst_aligns,
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

/* Every alignment pair of one operation, size, state and source. */
static bool expand_aligns(
	struct plan *plan, const struct axes *axes, struct setting setting, struct err *e)
{
	for (size_t d = 0; d < axes->n_dst; d++) {
		for (size_t s = 0; s < axes->n_src; s++) {
			setting.dst_align = axes->dst_aligns[d];
			setting.src_align = axes->src_aligns[s];
			if (!add_setting(plan, &setting, e))
				return false;
		}
	}
	return true;
}

static bool expand(struct plan *plan, const struct axes *axes, struct err *e)
{
	struct setting setting;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		for (size_t size = 0; size < axes->n_sizes; size++) {
			for (unsigned both = 0; both < STATE_COUNT * SOURCE_COUNT; both++) {
				setting.operation = (enum operation)op;
				setting.size = axes->sizes[size];
				setting.state = (enum state)(both / SOURCE_COUNT);
				setting.source = (enum source)(both % SOURCE_COUNT);
				if ((axes->operations >> op & 1) &&
					(axes->states >> setting.state & 1) &&
					(axes->sources >> setting.source & 1) &&
					!expand_aligns(plan, axes, setting, e))
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

	for (size_t i = 0; i < plan->n_settings; i++)
		if (plan->settings[i].size + plan->settings[i].dst_align > largest)
			largest = plan->settings[i].size + plan->settings[i].dst_align;
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

unsigned plan_passes(double budget_s)
{
	double passes = budget_s / 3;

	return passes < 10 ? 10 : passes > 150 ? 150 : (unsigned)passes;
}

bool plan_make(struct plan *plan, const struct plan_request *request, unsigned features,
	const struct target_facts *target, struct err *e)
{
	struct builder builder = {plan, features, target, e};
	struct axes axes;
	gsl_rng *rng;

	memset(plan, 0, sizeof(*plan));
	plan->budget_s = request->budget_s > 0 ? request->budget_s : 60;
	plan->passes =
		request->passes > 0 ? (unsigned)request->passes : plan_passes(plan->budget_s);
	plan->seed = request->seed;
	plan->settings = calloc(PLAN_MAX_SETTINGS, sizeof(plan->settings[0]));
	if (plan->settings == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (request->passes > 10000)
		return err_set(e, ERR_USAGE, "--passes: %llu: at most 10000",
			(unsigned long long)request->passes);
	if (!choose_arms(&builder, request->strategies) ||
		!drop_weaker(plan, request->guarantee, e) || !parse_axes(&axes, request, e) ||
		!expand(plan, &axes, e) || !choose_window(plan, request->window_bytes, e))
		return false;
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
