// SPDX-License-Identifier: MIT
#include "measure/roster.h"

#include <stdio.h>
#include <string.h>

#include "measure/seats.h"
#include "result/latency.h"
#include "stage/pages.h"
#include "target/congruence.h"

static bool needs_alias(const struct session *session, size_t arm, enum alias_kind kind)
{
	return session->result->arms[arm].available &&
	       session->plan->arms[arm].strategy->alias == kind;
}

/* Where a mapping cannot be had, those who need it are not available. */
void roster_map_aliases(struct session *session)
{
	const struct plan *plan = session->plan;
	struct result *result = session->result;
	struct alias_facts *facts = &result->target.aliases;
	size_t threads = 1;
	bool any = false;

	for (size_t a = 0; a < plan->n_arms; a++)
		any |= result->arms[a].available && plan->arms[a].strategy->alias != ALIAS_NONE;
	if (!any)
		return;
	congruence_of(facts, &session->stage.targets[0], &session->clock);
	facts->incongruent = session->request->alias_distance;
	for (size_t c = 0; c < plan->n_settings; c++)
		if (plan->settings[c].threads > threads)
			threads = plan->settings[c].threads;
	for (unsigned kind = ALIAS_NONE + 1; kind < ALIAS_KINDS; kind++) {
		bool needed = false;
		struct err why;

		for (size_t a = 0; a < plan->n_arms; a++)
			needed |= needs_alias(session, a, (enum alias_kind)kind);
		if (!needed || stage_map_alias(&session->stage, (enum alias_kind)kind, threads,
				       facts, &why))
			continue;
		for (size_t a = 0; a < plan->n_arms; a++) {
			if (!needs_alias(session, a, (enum alias_kind)kind))
				continue;
			result->arms[a].available = false;
			snprintf(result->arms[a].why, sizeof(result->arms[a].why), "%.159s",
				why.text);
		}
	}
}

static bool has_alias_arm(const struct session *session, size_t c)
{
	const struct result_comparison *comparison = &session->result->comparisons[c];

	for (size_t i = 0; i < comparison->n_measured; i++)
		if (session->plan->arms[comparison->measured[i]].strategy->alias != ALIAS_NONE)
			return true;
	return false;
}

/* False and the reason where this machine cannot do a setting. */
bool roster_usable(struct session *session, size_t c, struct err *why_not)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct target *target = stage_target(&session->stage, setting);
	int cpus[ENGINE_MAX_THREADS];

	if (setting->threads > ENGINE_MAX_THREADS)
		return err_set(why_not, ERR_FAILED, "more than %d threads", ENGINE_MAX_THREADS);
	if (session->result->comparisons[c].n_measured == 0)
		return err_set(why_not, ERR_FAILED, "no strategy of this run does '%s' here",
			operation_words.names[setting->operation]);
	if (setting->pages != PAGES_MAPPED && has_alias_arm(session, c))
		return err_set(why_not, ERR_FAILED,
			"page states are of the user's mapping, and an alias has pages of "
			"its own: leave alias strategies out");
	return state_usable(setting, session->place.other, why_not) &&
	       cpu_choose(&session->place, setting->cpu_node, setting->threads, cpus, why_not) &&
	       background_usable(setting->background, seats_spare(session, setting), why_not) &&
	       pages_usable(setting, target->facts.access, target->base, target->fd,
		       target->facts.page_bytes, why_not);
}

char *roster_first(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];

	return stage_target(&session->stage, setting)->base +
	       (setting->operation == OP_READ ? setting->src_align : setting->dst_align);
}

void roster_place(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct stage_place place = stage_place(&session->stage, setting);
	struct engine *engine = &session->engines[c];
	/* As calibrated: a refresh may bring other page sizes, the iterations stay. */
	size_t unit = setting->pages == PAGES_MAPPED ? 0 : session->prepares[c].page_bytes;

	engine->frame = place.frame;
	engine->dst = place.dst;
	engine->user = place.dst;
	engine->dst_bytes = place.dst_bytes;
	engine->src = place.src;
	engine->src_bytes = place.src_bytes;
	engine->dst_unit = setting->operation == OP_READ ? 0 : unit;
	engine->src_unit = setting->operation == OP_READ ? unit : 0;
	/* Of several nodes' targets a page change may move one. */
	if (engine->work != NULL)
		engine->work->first = roster_first(session, c);
}

bool roster_take_up(struct session *session, size_t c, struct err *e)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct result_comparison *comparison = &session->result->comparisons[c];

	session->at_hand = c;
	for (size_t i = 0; i < comparison->n_measured; i++) {
		const struct plan_arm *from = &session->plan->arms[comparison->measured[i]];
		const struct strategy *reader = strategy_reader(from->strategy);
		ptrdiff_t away;

		session->arms[i].loop = from->kernel->loop[setting->operation];
		session->arms[i].read = reader == from->strategy ? from->kernel->loop[OP_READ]
								 : reader->kernels[0].loop[OP_READ];
		session->arms[i].idle = from->strategy->family == FAMILY_EMPTY;
		session->arms[i].least = from->strategy->run;
		away = stage_alias(&session->stage, setting, from->strategy->alias);
		session->arms[i].dst_away = setting->operation == OP_READ ? 0 : away;
		session->arms[i].src_away = setting->operation == OP_READ ? away : 0;
	}
	session->engines[c].arms = session->arms;
	session->engines[c].n_arms = comparison->n_measured;
	roster_place(session, c);
	return seats_take(session, setting, e);
}

bool roster_lose_arm(struct session *session, size_t c, size_t i)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	struct engine *engine = &session->engines[c];
	size_t arm = comparison->measured[i];
	char why[160];

	snprintf(why, sizeof(why), "%s: %s", session->stage.failure.call,
		strerror(session->stage.failure.error));
	if (session->stage.failure.setting) {
		snprintf(comparison->why, sizeof(comparison->why), "%s", why);
		for (size_t k = 0; k < comparison->n_measured; k++)
			latency_forget(comparison, comparison->measured[k]);
		comparison->n_measured = 0;
		session->stage.failure = (struct walk_failure){0};
		return true;
	}
	session->stage.failure = (struct walk_failure){0};
	if (!result_fail_arm(comparison, arm, why))
		return err_set(session->e, ERR_FAILED, "out of memory");
	for (size_t k = i; k < comparison->n_measured; k++) {
		engine->iterations[k] = engine->iterations[k + 1];
		engine->warm_len[k] = engine->warm_len[k + 1];
	}
	if (comparison->n_measured == 0)
		snprintf(comparison->why, sizeof(comparison->why), "%s", why);
	return roster_take_up(session, c, session->e);
}
