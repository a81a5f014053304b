// SPDX-License-Identifier: MIT
#include "measure/setup.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/interrupt.h"
#include "measure/nocache.h"
#include "measure/pages.h"
#include "measure/verify.h"
#include "protocol/protocol.h"

#define LINE 64
#define SLICES_ROOM 2000000	/* of a visit: 2 arms fill it in 20 s */
#define VERIFY_BYTES (1u << 20) /* several operations are checked as far as they fit in this */

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
	for (size_t i = 0; i < plan->n_arms; i++) {
		const struct plan_arm *from = &plan->arms[i];
		struct result_arm *arm = &result->arms[result->n_arms++];

		snprintf(arm->name, sizeof(arm->name), "%s", from->strategy->name);
		if (from->kernel != NULL)
			snprintf(arm->variant, sizeof(arm->variant), "%s", from->kernel->variant);
		protocol_text(strategy_steps(from->strategy,
				      from->operations == 1u << OP_READ ? OP_READ : OP_WRITE),
			arm->steps, sizeof(arm->steps));
		arm->family = from->strategy->family;
		arm->operations = from->operations;
		arm->guarantee = from->guarantee[OP_WRITE];
		arm->read_guarantee = from->guarantee[OP_READ];
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
	prepare->hot_limit_bytes = cpu_last_level_cache_bytes();
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
		.failed = &session->failed,
		.congruent = memory_alias(&session->memory, setting, STRATEGY_CONGRUENT),
		.incongruent = memory_alias(&session->memory, setting, STRATEGY_INCONGRUENT),
		.window = session->memory.windows,
		.granule = alias_granule(target)};
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
	engine->stop = interrupt_pending;
}

/* A read must see the newest stores: other bytes than before, just stored through the mapping. */
static void renew_source(struct session *session, size_t c, const struct walk *walk)
{
	const struct target *target = memory_target(&session->memory, &session->plan->settings[c]);
	char *start = target->base + (walk->src - target->base);
	size_t bytes = (walk->n - 1) * walk->src_step + walk->len;

	for (size_t i = 0; i < bytes; i++)
		start[i] = (char)(start[i] * 5 + 1);
}

/*
 * Run every copying arm of a setting at a random place of the window, with a
 * guard line before, between and after the operations where the window has
 * room for them.
 */
void setup_verify(struct session *session, size_t c)
{
	const struct engine *engine = &session->engines[c];
	struct result_comparison *comparison = &session->result->comparisons[c];
	struct result *result = session->result;
	size_t step = engine_step(engine->len, engine->dst_align, 0), n = VERIFY_BYTES / step;
	size_t src_step = engine->src_walks ? engine_step(engine->len, engine->src_align, 0) : 0;
	size_t places;
	size_t guard = 2 * LINE + step <= engine->dst_bytes ? LINE : 0, bytes;
	struct walk walk = engine->frame;
	char *room;

	n = n < 1 ? 1 : n > 5 ? 5 : n;
	while (n > 1 && (guard + n * (step + guard) > engine->dst_bytes ||
				n * src_step > engine->src_bytes))
		n--;
	bytes = guard + n * (step + guard);
	places = (engine->dst_bytes - bytes) / LINE + 1;
	room = engine->dst +
	       gsl_rng_uniform_int(session->rng, places < UINT32_MAX ? places : UINT32_MAX) * LINE;
	walk.dst = room + guard + engine->dst_align;
	walk.user = walk.dst;
	walk.src = engine->src + engine->src_align;
	walk.dst_step = step + guard;
	walk.src_step = src_step;
	walk.len = engine->len;
	walk.n = n;
	for (size_t i = 0; i < comparison->n_measured; i++) {
		const struct result_arm *arm = &result->arms[comparison->measured[i]];
		char name[CASE_NAME_BYTES];
		struct err why;

		if (!arm->copies || interrupt_pending())
			continue;
		if (comparison->setting.operation == OP_READ)
			renew_source(session, c, &walk);
		comparison->verdict[i] = VERDICT_PASSED;
		if (verify_loop(session->arms[i].loop, &walk, room, bytes, &why))
			continue;
		comparison->verdict[i] = VERDICT_FAILED;
		case_name(&comparison->setting, arm->name,
			comparison->guarantee[comparison->measured[i]], name);
		if (session->wrong_data[0] == '\0')
			snprintf(session->wrong_data, sizeof(session->wrong_data),
				"%s: wrong data: %.160s", name, why.text);
	}
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
	return !loads || background_start(&session->background, session->place.allowed,
				 session->place.n_allowed, e);
}

static bool prepare_settings(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	size_t possible = 0, most_arms = 1;
	struct err why = {0};

	session->engines = calloc(plan->n_settings, sizeof(session->engines[0]));
	session->prepares = calloc(plan->n_settings, sizeof(session->prepares[0]));
	session->scratch = malloc((SLICES_ROOM + RESULT_MAX_ARMS) * sizeof(session->scratch[0]));
	if (session->engines == NULL || session->prepares == NULL || session->scratch == NULL)
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

/*
 * What each arm guarantees in each setting. Lines are cached beforehand where
 * the destination's state says so, and where the consumer's loads have the
 * prefetchers fetch what the next operation writes.
 */
static void judge(struct session *session)
{
	const struct plan *plan = session->plan;
	struct protocol_facts facts = plan_protocol_facts(&session->result->target);
	bool leaves = facts_nocache_leaves(&session->result->facts);

	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];
		bool cached =
			setting->state != STATE_ABSENT || setting->operation == OP_WRITE_CONSUME;

		facts.nocache_leaves = leaves || !cached;
		for (size_t a = 0; a < plan->n_arms; a++)
			session->result->comparisons[c].guarantee[a] = strategy_guarantee(
				plan->arms[a].strategy, setting->operation, &facts);
	}
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
	size_t threads = 1;

	for (size_t c = 0; c < plan->n_settings; c++)
		if (plan->settings[c].threads > threads)
			threads = plan->settings[c].threads;
	for (unsigned kind = STRATEGY_NO_ALIAS + 1; kind < STRATEGY_ALIASES; kind++) {
		bool needed = false;
		struct err why;

		for (size_t a = 0; a < plan->n_arms; a++)
			needed |= needs_alias(session, a, (enum strategy_alias)kind);
		if (!needed || memory_map_alias(&session->memory, (enum strategy_alias)kind,
				       threads, session->request->alias_distance, &why))
			continue;
		for (size_t a = 0; a < plan->n_arms; a++) {
			if (!needs_alias(session, a, (enum strategy_alias)kind))
				continue;
			result->arms[a].available = false;
			snprintf(result->arms[a].why, sizeof(result->arms[a].why), "%.159s",
				why.text);
		}
	}
	result_choose_measured(result);
}

bool setup_open(struct session *session, struct err *e)
{
	const struct session_request *request = session->request;
	const struct target *first;

	if (!cpu_pin(request->cpu, &session->place, e))
		return false;
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
	judge(session);
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
	if (session->rng != NULL)
		gsl_rng_free(session->rng);
	memory_close(&session->memory);
}
