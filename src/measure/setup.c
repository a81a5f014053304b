// SPDX-License-Identifier: MIT
#include "measure/setup.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/interrupt.h"
#include "measure/check.h"
#include "measure/nocache.h"
#include "measure/pages.h"
#include "measure/judge.h"
#include "sys/presence.h"
#include "target/congruence.h"

#define SLICES_ROOM 2000000 /* of a visit: 2 arms fill it in 20 s */

/* ISO 8601 with the zone's colon: 2026-11-23T05:22:00+00:00. */
static void stamp(char *text, size_t bytes)
{
	time_t now = time(NULL);
	struct tm local;
	char zone[8];

	localtime_r(&now, &local);
	strftime(text, bytes, "%Y-%m-%dT%H:%M:%S", &local);
	strftime(zone, sizeof(zone), "%z", &local);
	snprintf(text + strlen(text), bytes - strlen(text), "%.3s:%.2s", zone, zone + 3);
}

bool setup_describe(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	struct result *result = session->result;

	if (!result_init(result, plan->n_settings, e))
		return false;
	stamp(result->created, sizeof(result->created));
	snprintf(result->command, sizeof(result->command), "%s", session->request->command);
	result->budget_s = plan->budget_s;
	result->passes = plan->passes;
	result->seed = plan->seed;
	result->asked = plan->least;
	for (size_t i = 0; i < plan->n_arms; i++) {
		const struct plan_arm *from = &plan->arms[i];
		struct result_arm *arm = &result->arms[result->n_arms++];

		snprintf(arm->name, sizeof(arm->name), "%s", from->strategy->name);
		if (from->kernel != NULL)
			snprintf(arm->variant, sizeof(arm->variant), "%s", from->kernel->variant);
		strategy_text(from->strategy,
			from->operations == 1u << OP_READ ? OP_READ : OP_WRITE, arm->steps,
			sizeof(arm->steps));
		arm->family = from->strategy->family;
		arm->operations = from->operations;
		arm->plainness = from->strategy->plainness;
		arm->copies = from->strategy->copies;
		arm->available = from->kernel != NULL;
		snprintf(arm->why, sizeof(arm->why), "%s", from->why);
	}
	for (size_t c = 0; c < plan->n_settings; c++)
		result->comparisons[c].setting = plan->settings[c];
	result_choose_measured(result);
	return true;
}

static void set_prepare(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];
	struct state_prepare *prepare = &session->prepares[c];

	prepare->state = setting->state;
	prepare->source = setting->source;
	prepare->operation = setting->operation;
	prepare->pages = setting->pages;
	prepare->page_bytes = memory_target(&session->memory, setting)->facts.page_bytes;
	prepare->hot_limit_bytes = cpu_last_level_cache_bytes(session->place.cpu);
	prepare->evict = session->evict;
	prepare->helper = &session->helper;
}

/* A read goes from the target to DRAM, all else the other way. */
void setup_windows(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct target *target = memory_target(&session->memory, setting);
	const struct memory_dram *dram = memory_dram(&session->memory, setting);
	struct engine *engine = &session->engines[c];
	/* As calibrated: a refresh may bring other page sizes, the iterations stay. */
	size_t unit = setting->pages == PAGES_MAPPED ? 0 : session->prepares[c].page_bytes;

	engine->frame = (struct walk){.fd = target->fd,
		/* Of a devdax node the mapping moves along: addresses are still file offsets from here. */
		.base = (char *)((uintptr_t)target->base - target->offset),
		.failed = &session->failure,
		.congruent = memory_alias(&session->memory, setting, STRATEGY_CONGRUENT),
		.incongruent = memory_alias(&session->memory, setting, STRATEGY_INCONGRUENT),
		.granule = alias_granule(target)};
	engine->frame.window = memory_window(&session->memory, setting, &engine->frame.window_step);
	if (setting->operation == OP_READ) {
		engine->dst = dram->sink;
		engine->dst_bytes = session->memory.sink_bytes;
		engine->src = target->base;
		engine->src_bytes = target->facts.bytes;
		engine->src_unit = unit;
	} else {
		engine->dst = target->base;
		engine->dst_bytes = target->facts.bytes;
		engine->dst_unit = unit;
		engine->src = dram->source;
		engine->src_bytes = session->memory.source_bytes;
	}
	engine->user = engine->dst;
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

	return session->failure.error != 0;
}

static void set_engine(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];
	struct engine *engine = &session->engines[c];

	set_prepare(session, c);
	setup_windows(session, c);
	engine->clock = &session->clock;
	engine->rng = session->rng;
	engine->n_arms = session->result->comparisons[c].n_measured;
	engine->src_walks = setting->source != SOURCE_HOT;
	engine->len = setting->size;
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
}

/* Into the result: all CPUs that measured, as ranges. */
static void list_cpus(const struct session *session, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < session->n_used && used + 24 < bytes; i++) {
		size_t last = i;

		while (last + 1 < session->n_used &&
			session->used_cpus[last + 1] == session->used_cpus[last] + 1)
			last++;
		used += (size_t)snprintf(text + used, bytes - used, "%s%d", used > 0 ? "," : "",
			session->used_cpus[i]);
		if (last > i)
			used += (size_t)snprintf(
				text + used, bytes - used, "-%d", session->used_cpus[last]);
		i = last;
	}
}

/* Those taken, among those that measured; and whether they are cores of their own. */
static void note_cpus(struct session *session)
{
	struct facts *facts = &session->result->facts;

	for (size_t i = 0; i < session->n_taken; i++) {
		size_t at = 0;

		while (at < session->n_used && session->used_cpus[at] < session->taken[i])
			at++;
		if ((at < session->n_used && session->used_cpus[at] == session->taken[i]) ||
			session->n_used == ENGINE_MAX_THREADS + 1)
			continue;
		memmove(&session->used_cpus[at + 1], &session->used_cpus[at],
			(session->n_used - at) * sizeof(session->used_cpus[0]));
		session->used_cpus[at] = session->taken[i];
		session->n_used++;
	}
	list_cpus(session, facts->cpus, sizeof(facts->cpus));
	facts->smt_shared |= cpu_share_core(&session->place, session->taken, session->n_taken);
}

/* The CPUs that measure a setting, and one beside them that dirties lines where it wants that. */
static bool take_cpus(struct session *session, const struct setting *setting, struct err *e)
{
	int other;

	if (!cpu_choose(&session->place, setting->cpu_node, setting->threads, session->taken, e) ||
		!cpu_move(session->taken[0], e))
		return false;
	session->n_taken = setting->threads;
	team_place(&session->team, session->taken, setting->threads);
	if (setting->state == STATE_DIRTY_ELSEWHERE) {
		other = cpu_beside(&session->place, session->taken, session->n_taken);
		if (other < 0)
			return err_set(e, ERR_FAILED, "'dirty-elsewhere' needs a CPU beside");
		session->taken[session->n_taken++] = other;
		if (!state_helper_move(&session->helper, other, e))
			return false;
	}
	note_cpus(session);
	return true;
}

bool setup_take_up(struct session *session, size_t c, struct err *e)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct result_comparison *comparison = &session->result->comparisons[c];

	session->at_hand = c;
	for (size_t i = 0; i < comparison->n_measured; i++) {
		const struct plan_arm *from = &session->plan->arms[comparison->measured[i]];
		ptrdiff_t away;

		session->arms[i].loop = from->kernel->loop[setting->operation];
		session->arms[i].idle = from->strategy->family == FAMILY_EMPTY;
		session->arms[i].least = from->strategy->run;
		away = memory_alias(&session->memory, setting, from->strategy->alias);
		session->arms[i].dst_away = setting->operation == OP_READ ? 0 : away;
		session->arms[i].src_away = setting->operation == OP_READ ? away : 0;
	}
	session->engines[c].arms = session->arms;
	session->engines[c].n_arms = comparison->n_measured;
	setup_windows(session, c);
	return take_cpus(session, setting, e);
}

bool setup_lose_arm(struct session *session, size_t c, size_t i)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	struct engine *engine = &session->engines[c];
	size_t arm = comparison->measured[i];
	char why[160];

	check_failure_text(session, why, sizeof(why));
	if (session->failure.setting) {
		snprintf(comparison->why, sizeof(comparison->why), "%s", why);
		comparison->n_measured = 0;
		session->failure = (struct walk_failure){0};
		return true;
	}
	session->failure = (struct walk_failure){0};
	if (!result_fail_arm(comparison, arm, why))
		return err_set(session->e, ERR_FAILED, "out of memory");
	for (size_t k = i; k < comparison->n_measured; k++) {
		engine->iterations[k] = engine->iterations[k + 1];
		engine->warm_len[k] = engine->warm_len[k + 1];
	}
	if (comparison->n_measured == 0)
		snprintf(comparison->why, sizeof(comparison->why), "%s", why);
	return setup_take_up(session, c, session->e);
}

bool setup_skipped(const struct session *session, size_t c)
{
	return session->result->comparisons[c].why[0] != '\0';
}

static bool has_alias_arm(const struct session *session, size_t c)
{
	const struct result_comparison *comparison = &session->result->comparisons[c];

	for (size_t i = 0; i < comparison->n_measured; i++)
		if (session->plan->arms[comparison->measured[i]].strategy->alias !=
			STRATEGY_NO_ALIAS)
			return true;
	return false;
}

/* CPUs that neither measure nor dirty lines for those that do. */
static size_t spare_cpus(const struct session *session, const struct setting *setting)
{
	size_t busy = setting->threads + (setting->state == STATE_DIRTY_ELSEWHERE);

	return session->place.n_allowed > busy ? session->place.n_allowed - busy : 0;
}

/* False and the reason where this machine cannot do a setting. */
static bool usable(struct session *session, size_t c, struct err *why_not)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct target *target = memory_target(&session->memory, setting);
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
	if (!state_usable(setting, session->place.other, why_not) ||
		!cpu_choose(&session->place, setting->cpu_node, setting->threads, cpus, why_not) ||
		!background_usable(setting->background, spare_cpus(session, setting), why_not) ||
		!pages_usable(setting, target->facts.access, target->base, target->fd,
			target->facts.page_bytes, why_not))
		return false;
	set_engine(session, c);
	return engine_fits(&session->engines[c]) ||
	       err_set(why_not, ERR_FAILED, "the target is too small for this operation");
}

/* One thread on each CPU that there is: whose CPU measures idles meanwhile. */
static bool start_background(struct session *session, struct err *e)
{
	size_t n = session->place.n_allowed;
	int *cpus = calloc(n + 1, sizeof(cpus[0]));
	bool ok = cpus != NULL;

	for (size_t i = 0; ok && i < n; i++)
		cpus[i] = session->place.allowed[i].cpu;
	ok = ok ? background_start(&session->background, cpus, n, e)
		: err_set(e, ERR_FAILED, "out of memory");
	free(cpus);
	return ok;
}

/* Threads beside the measuring one: a team, and on every CPU one for background load if there is any. */
static bool start_threads(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	size_t threads = 1;
	bool loads = false, helps = false;

	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];

		if (setup_skipped(session, c))
			continue;
		if (setting->threads > threads)
			threads = setting->threads;
		helps |= setting->state == STATE_DIRTY_ELSEWHERE;
		loads |= setting->background != BACKGROUND_NONE;
	}
	if (helps && !state_helper_start(&session->helper, session->place.other, e))
		return false;
	if (!team_start(&session->team, threads, e))
		return false;
	return !loads || start_background(session, e);
}

static bool prepare_settings(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	size_t possible = 0, most_arms = 1;
	struct err why = {0};

	session->engines = calloc(plan->n_settings, sizeof(session->engines[0]));
	session->prepares = calloc(plan->n_settings, sizeof(session->prepares[0]));
	session->check_cost_ns = calloc(plan->n_settings, sizeof(session->check_cost_ns[0]));
	session->scratch = malloc((SLICES_ROOM + RESULT_MAX_ARMS) * sizeof(session->scratch[0]));
	if (session->engines == NULL || session->prepares == NULL || session->scratch == NULL ||
		session->check_cost_ns == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = 0; c < plan->n_settings; c++) {
		struct result_comparison *comparison = &session->result->comparisons[c];

		if (comparison->n_measured > most_arms)
			most_arms = comparison->n_measured;
		if (usable(session, c, &why))
			possible++;
		else
			snprintf(comparison->why, sizeof(comparison->why), "%.159s", why.text);
	}
	if (possible == 0)
		return err_set(e, ERR_FAILED, "%s", why.text);
	return engine_rounds_init(&session->rounds, most_arms, SLICES_ROOM / most_arms, e) &&
	       start_threads(session, e);
}

static bool needs_alias(const struct session *session, size_t arm, enum strategy_alias kind)
{
	return session->result->arms[arm].available &&
	       session->plan->arms[arm].strategy->alias == kind;
}

/* Where a mapping cannot be had, those who need it are not available. */
static void open_aliases(struct session *session)
{
	const struct plan *plan = session->plan;
	struct result *result = session->result;
	struct alias_facts *facts = &result->target.aliases;
	size_t threads = 1;
	bool any = false;

	for (size_t a = 0; a < plan->n_arms; a++)
		any |= result->arms[a].available &&
		       plan->arms[a].strategy->alias != STRATEGY_NO_ALIAS;
	if (!any)
		return;
	congruence_of(facts, &session->memory.targets[0], &session->clock);
	facts->incongruent = session->request->alias_distance;
	for (size_t c = 0; c < plan->n_settings; c++)
		if (plan->settings[c].threads > threads)
			threads = plan->settings[c].threads;
	for (unsigned kind = STRATEGY_NO_ALIAS + 1; kind < STRATEGY_ALIASES; kind++) {
		bool needed = false;
		struct err why;

		for (size_t a = 0; a < plan->n_arms; a++)
			needed |= needs_alias(session, a, (enum strategy_alias)kind);
		if (!needed || memory_map_alias(&session->memory, (enum strategy_alias)kind,
				       threads, facts, &why))
			continue;
		for (size_t a = 0; a < plan->n_arms; a++) {
			if (!needs_alias(session, a, (enum strategy_alias)kind))
				continue;
			result->arms[a].available = false;
			snprintf(result->arms[a].why, sizeof(result->arms[a].why), "%.159s",
				why.text);
		}
	}
}

/*
 * Memory comes from the node of who touches it first: that must be a CPU that measures.
 * The CPUs are chosen anew for each setting; the first one's node stands for all.
 */
static bool go_to_first_node(struct session *session, struct err *e)
{
	const struct setting *first = &session->plan->settings[0];
	int cpu;

	if (session->plan->n_settings == 0 || first->cpu_node < 0)
		return true;
	if (!cpu_choose(&session->place, first->cpu_node, 1, &cpu, e) || !cpu_move(cpu, e))
		return false;
	session->place.cpu = cpu;
	session->place.other = cpu_beside(&session->place, &cpu, 1);
	return true;
}

bool setup_open(struct session *session, struct err *e)
{
	const struct session_request *request = session->request;
	const struct target *first;

	if (!cpu_pin(request->cpu, &session->place, e) || !go_to_first_node(session, e))
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
	if (!memory_open(&session->memory, session->plan, request->target, e))
		return false;
	first = &session->memory.targets[0];
	session->result->target = first->facts;
	if (session->memory.n_targets > 1) { /* the settings say which node */
		session->result->target.node = -1;
		snprintf(session->result->target.name, sizeof(session->result->target.name),
			"dram:%d..%d", session->memory.target_nodes[0],
			session->memory.target_nodes[session->memory.n_targets - 1]);
	}
	nocache_probe(&session->clock, first->base, first->facts.bytes,
		&session->result->facts.nocache_hit_ns, &session->result->facts.nocache_miss_ns);
	open_aliases(session);
	if (!judge(session->result, session->plan, e))
		return false;
	result_choose_measured(session->result);
	return prepare_settings(session, e);
}

void setup_close(struct session *session)
{
	state_helper_stop(&session->helper);
	background_stop(&session->background);
	team_stop(&session->team);
	engine_rounds_free(&session->rounds);
	free(session->engines);
	free(session->prepares);
	free(session->scratch);
	free(session->check_cost_ns);
	schedule_free(&session->schedule);
	presence_end(session->presence);
	cpu_free(&session->place);
	if (session->rng != NULL)
		gsl_rng_free(session->rng);
	memory_close(&session->memory);
}
