// SPDX-License-Identifier: MIT
#include "measure/parts.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "case/workload.h"
#include "measure/judge.h"
#include "measure/needs.h"
#include "measure/lines.h"
#include "measure/nocache.h"
#include "measure/roster.h"
#include "measure/seats.h"
#include "sys/presence.h"

#define SLICES_ROOM 2000000 /* of a visit: 2 arms fill it in 20 s */

static void set_prepare(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];
	struct state_prepare *prepare = &session->prepares[c];

	prepare->state = setting->state;
	prepare->source = setting->source;
	prepare->operation = setting->operation;
	prepare->pages = setting->pages;
	prepare->page_bytes = stage_target(&session->stage, setting)->facts.page_bytes;
	prepare->hot_limit_bytes = cpu_last_level_cache_bytes(session->place.cpu);
	prepare->evict = session->evict;
	prepare->helper = &session->helper;
}

static bool must_end(void *arg)
{
	const struct session *session = arg;

	return interrupt_pending() || session->e->code != ERR_NONE ||
	       (!session->visiting && session->any_ready && schedule_late(&session->schedule));
}

static bool has_failed(void *arg)
{
	const struct session *session = arg;

	return session->stage.failure.error != 0;
}

/* Operations that do more than follow one another have their places from here on. */
static bool set_work(struct session *session, size_t c, struct err *why_not)
{
	const struct setting *setting = &session->plan->settings[c];
	struct engine *engine = &session->engines[c];
	bool read = setting->operation == OP_READ;
	size_t align = read ? setting->src_align : setting->dst_align;
	size_t step = stage_step(engine->len, align, read ? engine->src_unit : engine->dst_unit);

	if (setting->workload == WORKLOAD_STREAM)
		return true;
	if (!work_init(&session->works[c], setting, roster_first(session, c), step,
		    (read ? engine->src_bytes : engine->dst_bytes) / step, session->plan->seed,
		    why_not))
		return false;
	engine->work = &session->works[c];
	return true;
}

static bool set_engine(struct session *session, size_t c, struct err *why_not)
{
	const struct setting *setting = &session->plan->settings[c];
	struct engine *engine = &session->engines[c];

	set_prepare(session, c);
	roster_place(session, c);
	engine->clock = &session->clock;
	engine->rng = session->rng;
	engine->n_arms = session->result->comparisons[c].n_measured;
	engine->src_walks = setting->source != SOURCE_HOT;
	engine->len = workload_span(setting);
	engine->dst_align = setting->dst_align;
	engine->src_align = setting->src_align;
	engine->team = &session->team;
	engine->threads = setting->threads;
	engine->prepare = state_prepare;
	engine->restore = state_restore;
	engine->prepare_arg = &session->prepares[c];
	engine->stop = must_end;
	engine->failed = has_failed;
	engine->between = session_between;
	engine->arg = session;
	if (!engine_fits(engine))
		return err_set(why_not, ERR_FAILED, "the target is too small for this operation");
	return set_work(session, c, why_not);
}

static bool prepare_settings(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	size_t possible = 0, most_arms = 1;
	struct err why = {0};

	session->engines = calloc(plan->n_settings, sizeof(session->engines[0]));
	session->works = calloc(plan->n_settings, sizeof(session->works[0]));
	session->prepares = calloc(plan->n_settings, sizeof(session->prepares[0]));
	session->check_cost_ns = calloc(plan->n_settings, sizeof(session->check_cost_ns[0]));
	session->scratch = malloc((SLICES_ROOM + CASE_MOST_ARMS) * sizeof(session->scratch[0]));
	if (session->engines == NULL || session->works == NULL || session->prepares == NULL ||
		session->scratch == NULL || session->check_cost_ns == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = 0; c < plan->n_settings; c++) {
		struct result_comparison *comparison = &session->result->comparisons[c];

		if (comparison->n_measured > most_arms)
			most_arms = comparison->n_measured;
		if (roster_usable(session, c, &why) && set_engine(session, c, &why))
			possible++;
		else
			snprintf(comparison->why, sizeof(comparison->why), "%.159s", why.text);
	}
	if (possible == 0)
		return err_set(e, ERR_FAILED, "%s", why.text);
	return engine_rounds_init(&session->rounds, most_arms, SLICES_ROOM / most_arms, e) &&
	       seats_start(session, e);
}

bool session_open(struct session *session, struct err *e)
{
	const struct session_request *request = session->request;
	const struct target *first;
	struct stage_request needs;

	if (!cpu_pin(request->cpu, &session->place, e) || !seats_first(session, e))
		return false;
	session->presence = presence_begin();
	session->evict = arch_evictor();
	clock_init(&session->clock);
	facts_read(&session->result->facts, &session->clock, session->place.cpu);
	session->rng = gsl_rng_alloc(gsl_rng_taus2);
	if (session->rng == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	gsl_rng_set(session->rng, session->plan->seed);
	interrupt_guard_memory();
	if (!needs_of(session->plan, request->target, &needs, e) ||
		!stage_open(&session->stage, &needs, e))
		return false;
	first = &session->stage.targets[0];
	session->result->target = first->facts;
	session->result->target.source_file = session->stage.source_is_file;
	if (session->stage.n_targets > 1) { /* the settings say which node */
		session->result->target.node = -1;
		snprintf(session->result->target.name, sizeof(session->result->target.name),
			"dram:%d..%d", session->stage.target_nodes[0],
			session->stage.target_nodes[session->stage.n_targets - 1]);
	}
	nocache_probe(&session->clock, first->base, first->facts.bytes,
		&session->result->facts.nocache_hit_ns, &session->result->facts.nocache_miss_ns);
	lines_probe(
		&session->clock, first->base, first->facts.bytes, &session->result->facts.lines);
	roster_map_aliases(session);
	if (!judge(session->result, session->plan, e))
		return false;
	result_choose_measured(session->result);
	return prepare_settings(session, e);
}

void session_close(struct session *session)
{
	state_helper_stop(&session->helper);
	background_stop(&session->background);
	team_stop(&session->team);
	engine_rounds_free(&session->rounds);
	for (size_t c = 0; session->works != NULL && c < session->plan->n_settings; c++)
		work_free(&session->works[c]);
	free(session->works);
	free(session->engines);
	free(session->prepares);
	free(session->scratch);
	free(session->check_cost_ns);
	schedule_free(&session->schedule);
	presence_end(session->presence);
	cpu_free(&session->place);
	if (session->rng != NULL)
		gsl_rng_free(session->rng);
	stage_close(&session->stage);
}
