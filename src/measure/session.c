// SPDX-License-Identifier: MIT
#include "measure/session.h"

#include <gsl/gsl_randist.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/units.h"
#include "measure/engine.h"
#include "measure/nocache.h"
#include "measure/state.h"
#include "measure/verify.h"
#include "protocol/protocol.h"
#include "sys/cpu.h"

#define CHECKPOINT_NS 4000000000u
#define LINE 64
#define SLICES_ROOM 2000000	/* of a visit: 2 arms fill it in 20 s */
#define VERIFY_BYTES (1u << 20) /* several operations are checked as far as they fit in this */
#define LEAST_VISIT_NS 5e6	/* below this the setting-up of a visit shows */
#define RESERVE_NS 500000000.0	/* of the budget, for the last checkpoint and the summary */

struct session {
	const struct session_request *request;
	const struct plan *plan;
	struct result *result;
	struct target target;
	struct clock clock;
	struct cpu_place place;
	struct state_helper helper;
	arch_evict *evict;
	struct engine_rounds rounds;
	struct engine_arm arms[PLAN_MAX_ARMS];
	const struct kernel *kernels[PLAN_MAX_ARMS];
	struct engine *engines;		/* one a setting */
	struct state_prepare *prepares; /* one a setting */
	gsl_rng *rng;
	char *src;
	double *scratch;
	uint64_t src_bytes, start_ns, checkpoint_ns;
	double steal_start_s;
	unsigned passes;			/* those the budget allows */
	char wrong_data[CASE_NAME_BYTES + 200]; /* the first case that copied wrong, and how */
	int failed;				/* errno of a system call that a strategy made */
};

static double elapsed_ns(const struct session *session)
{
	return (double)(clock_wall_ns() - session->start_ns);
}

static bool checkpoint(struct session *session, bool now, struct err *e)
{
	if (!now && clock_wall_ns() - session->checkpoint_ns < CHECKPOINT_NS)
		return true;
	session->checkpoint_ns = clock_wall_ns();
	session->result->wall_s = elapsed_ns(session) / 1e9;
	session->result->steal_s = facts_steal_s() - session->steal_start_s;
	return session->request->checkpoint(session->request->checkpoint_arg, session->result, e);
}

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

/* What the result says before anything is measured. */
static bool describe(struct session *session, struct err *e)
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
		protocol_text(from->strategy->steps, arm->steps, sizeof(arm->steps));
		arm->family = from->strategy->family;
		arm->guarantee = from->guarantee;
		arm->copies = from->strategy->copies;
		arm->available = from->kernel != NULL;
		snprintf(arm->why, sizeof(arm->why), "%s", from->why);
	}
	result_choose_measured(result);
	for (size_t i = 0; i < result->n_measured; i++) {
		const struct plan_arm *from = &plan->arms[result->measured[i]];

		session->kernels[i] = from->kernel;
		session->arms[i].idle = from->strategy->family == FAMILY_EMPTY;
	}
	for (size_t c = 0; c < plan->n_settings; c++)
		result->comparisons[c].setting = plan->settings[c];
	return true;
}

/* The source: anonymous memory as large as the walk or the largest operation needs, random. */
static bool make_source(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	uint64_t *words, x = plan->seed;

	for (size_t c = 0; c < plan->n_settings; c++) {
		uint64_t need = engine_step(plan->settings[c].size, 64);

		if (plan->settings[c].source != SOURCE_HOT)
			need = need > plan->window_bytes ? need : plan->window_bytes;
		if (need > session->src_bytes)
			session->src_bytes = need;
	}
	session->src_bytes = (session->src_bytes + 4095) & ~4095ull;
	session->src = mmap(NULL, session->src_bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (session->src == MAP_FAILED) {
		session->src = NULL;
		return err_set(e, ERR_FAILED, "out of memory for a source of %llu bytes",
			(unsigned long long)session->src_bytes);
	}
	words = (uint64_t *)(void *)session->src;
	for (uint64_t i = 0; i < session->src_bytes / 8 && !interrupt_pending(); i++) {
		/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
		uint64_t z = x += 0x9e3779b97f4a7c15u;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		words[i] = z ^ z >> 31;
	}
	return true;
}

static void set_engine(struct session *session, size_t c)
{
	const struct setting *setting = &session->plan->settings[c];
	struct state_prepare *prepare = &session->prepares[c];
	struct engine *engine = &session->engines[c];

	prepare->state = setting->state;
	prepare->source = setting->source;
	prepare->hot_limit_bytes = cpu_last_level_cache_bytes();
	prepare->evict = session->evict;
	prepare->helper = &session->helper;
	engine->clock = &session->clock;
	engine->rng = session->rng;
	engine->n_arms = session->result->n_measured;
	engine->dst = session->target.base;
	engine->fd = session->target.fd;
	engine->failed = &session->failed;
	engine->user = session->target.base;
	engine->dst_bytes = session->target.facts.bytes;
	engine->src = session->src;
	engine->src_bytes = session->src_bytes;
	engine->src_walks = setting->source != SOURCE_HOT;
	engine->len = setting->size;
	engine->dst_align = setting->dst_align;
	engine->src_align = setting->src_align;
	engine->prepare = state_prepare;
	engine->restore = state_restore;
	engine->prepare_arg = prepare;
	engine->stop = interrupt_pending;
}

/* The arms' loops for the operation of a setting. */
static void set_loops(struct session *session, size_t c)
{
	enum operation operation = session->plan->settings[c].operation;

	for (size_t i = 0; i < session->result->n_measured; i++)
		session->arms[i].loop = session->kernels[i]->loop[operation];
	session->engines[c].arms = session->arms;
}

/*
 * Run every copying arm of a setting at a random place of the window, with a
 * guard line before, between and after the operations where the window has
 * room for them.
 */
static void verify_setting(struct session *session, size_t c)
{
	const struct engine *engine = &session->engines[c];
	struct result_comparison *comparison = &session->result->comparisons[c];
	struct result *result = session->result;
	size_t step = engine_step(engine->len, engine->dst_align), n = VERIFY_BYTES / step, places;
	size_t src_step = engine->src_walks ? engine_step(engine->len, engine->src_align) : 0;
	size_t guard = 2 * LINE + step <= engine->dst_bytes ? LINE : 0, bytes;
	struct walk walk;
	char *room;

	n = n < 1 ? 1 : n > 5 ? 5 : n;
	while (n > 1 && (guard + n * (step + guard) > engine->dst_bytes ||
				n * src_step > engine->src_bytes))
		n--;
	bytes = guard + n * (step + guard);
	places = (engine->dst_bytes - bytes) / LINE + 1;
	room = engine->dst +
	       gsl_rng_uniform_int(session->rng, places < UINT32_MAX ? places : UINT32_MAX) * LINE;
	for (size_t i = 0; i < result->n_measured; i++) {
		const struct result_arm *arm = &result->arms[result->measured[i]];
		char name[CASE_NAME_BYTES];
		struct err why;

		if (!arm->copies || interrupt_pending())
			continue;
		walk.dst = room + guard + engine->dst_align;
		walk.user = walk.dst;
		walk.src = engine->src + engine->src_align;
		walk.dst_step = step + guard;
		walk.src_step = src_step;
		walk.len = engine->len;
		walk.n = n;
		walk.fd = engine->fd;
		walk.base = engine->dst;
		walk.failed = engine->failed;
		comparison->verdict[i] = VERDICT_PASSED;
		if (verify_loop(session->arms[i].loop, &walk, room, bytes, &why))
			continue;
		comparison->verdict[i] = VERDICT_FAILED;
		case_name(&comparison->setting, arm->name,
			comparison->guarantee[result->measured[i]], name);
		if (session->wrong_data[0] == '\0')
			snprintf(session->wrong_data, sizeof(session->wrong_data),
				"%s: wrong data: %.160s", name, why.text);
	}
}

static bool prepare_settings(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	size_t usable = 0;
	struct err why = {0};

	session->engines = calloc(plan->n_settings, sizeof(session->engines[0]));
	session->prepares = calloc(plan->n_settings, sizeof(session->prepares[0]));
	session->scratch = malloc((SLICES_ROOM + RESULT_MAX_ARMS) * sizeof(session->scratch[0]));
	if (session->engines == NULL || session->prepares == NULL || session->scratch == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	if (!engine_rounds_init(&session->rounds, session->result->n_measured,
		    SLICES_ROOM / session->result->n_measured, e))
		return false;
	for (size_t c = 0; c < plan->n_settings; c++) {
		struct result_comparison *comparison = &session->result->comparisons[c];

		if (!state_usable(plan->settings[c].state, plan->settings[c].source,
			    session->place.other, &why)) {
			snprintf(comparison->why, sizeof(comparison->why), "%.159s", why.text);
			continue;
		}
		if (plan->settings[c].state == STATE_DIRTY_ELSEWHERE && !session->helper.running &&
			!state_helper_start(&session->helper, session->place.other, e))
			return false;
		set_engine(session, c);
		if (!engine_fits(&session->engines[c])) {
			snprintf(comparison->why, sizeof(comparison->why),
				"the target is too small for this operation");
			continue;
		}
		usable++;
	}
	if (usable == 0)
		return err_set(e, ERR_FAILED, "%s", why.text);
	return true;
}

static bool skipped(const struct session *session, size_t c)
{
	return session->result->comparisons[c].why[0] != '\0';
}

/* Verify and calibrate every setting; false when stopped. */
static bool calibrate(struct session *session)
{
	for (size_t c = 0; c < session->plan->n_settings; c++) {
		struct engine *engine = &session->engines[c];

		if (skipped(session, c))
			continue;
		tell_progress(session->request->tell, 0, 0, "verifying and calibrating");
		set_loops(session, c);
		verify_setting(session, c);
		if (interrupt_pending() || !engine_calibrate(engine))
			return false;
		memcpy(session->result->comparisons[c].iterations, engine->iterations,
			engine->n_arms * sizeof(engine->iterations[0]));
	}
	return true;
}

/* Keep a visit's estimates; its rounds are forgotten. */
static bool record(struct session *session, size_t c, unsigned pass, double at_s, struct err *e)
{
	const struct engine_rounds *rounds = &session->rounds;
	size_t k = rounds->n_arms;
	struct result_visit *visit = result_add_visit(&session->result->comparisons[c], k);

	if (visit == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	visit->at_s = at_s;
	visit->wall_s = (double)rounds->wall_ns / 1e9;
	visit->pass = pass;
	visit->rounds = (unsigned)rounds->n;
	for (size_t i = 0; i < k; i++)
		visit->log_ns[i] = engine_log_ns(rounds, i, session->scratch);
	for (size_t a = 0; a < k; a++) {
		visit->after[a] = engine_after(rounds, a, visit->log_ns, session->scratch);
		for (size_t b = a + 1; b < k; b++)
			visit->log_ratio[result_pair(a, b, k)] =
				engine_log_ratio_estimate(rounds, a, b, session->scratch);
	}
	return true;
}

/*
 * The time each visit of a pass gets: equal shares of pass_ns, but no less
 * than one round takes. Found by lowering the share until the sum fits.
 */
static double share(const struct session *session, double pass_ns)
{
	double low = LEAST_VISIT_NS, high = pass_ns;

	for (int i = 0; i < 50; i++) {
		double middle = (low + high) / 2, sum = 0;

		for (size_t c = 0; c < session->plan->n_settings; c++)
			if (!skipped(session, c))
				sum += fmax(middle, session->engines[c].round_ns);
		if (sum > pass_ns)
			high = middle;
		else
			low = middle;
	}
	return low;
}

static double least_pass_ns(const struct session *session)
{
	double sum = 0;

	for (size_t c = 0; c < session->plan->n_settings; c++)
		if (!skipped(session, c))
			sum += fmax(LEAST_VISIT_NS, session->engines[c].round_ns);
	return sum;
}

/* Other pages for the next pass; returns what it took, for the budget. */
static bool change_pages(struct session *session, double *refresh_ns, struct err *e)
{
	uint64_t before = clock_wall_ns();

	*refresh_ns = 0;
	if (session->target.ops->refresh == NULL)
		return true;
	if (!session->target.ops->refresh(&session->target, e))
		return false;
	*refresh_ns = (double)(clock_wall_ns() - before);
	return true;
}

/*
 * How many visits the budget holds; at least one. More are planned than the
 * ten an interval needs, and fewer are said to be fewer.
 */
static unsigned affordable(const struct session *session, double left_ns, double refresh_ns)
{
	double most = left_ns / (least_pass_ns(session) + refresh_ns);

	if (most >= session->plan->passes)
		return session->plan->passes;
	return most < 1 ? 1 : (unsigned)most;
}

/* One pass: a visit of every setting, in the plan's order shuffled anew. False when stopped. */
static bool run_pass(
	struct session *session, unsigned pass, double end_ns, double refresh_ns, struct err *e)
{
	unsigned left = session->passes - pass;
	double pass_ns = (end_ns - elapsed_ns(session)) / left - refresh_ns;
	double visit_ns = share(session, pass_ns);
	size_t *order = calloc(session->plan->n_settings, sizeof(order[0]));
	bool go_on = true;

	if (order == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = 0; c < session->plan->n_settings; c++)
		order[c] = c;
	gsl_ran_shuffle(session->rng, order, session->plan->n_settings, sizeof(order[0]));
	for (size_t i = 0; i < session->plan->n_settings && go_on; i++) {
		size_t c = order[i];
		double at_ns = elapsed_ns(session);

		if (skipped(session, c))
			continue;
		/* The budget is kept: no visit begins that would end past it, once all have one. */
		if (pass > 0 && at_ns + session->engines[c].round_ns > end_ns)
			continue;
		set_loops(session, c);
		go_on = engine_visit(&session->engines[c], (uint64_t)visit_ns, &session->rounds);
		if (session->failed != 0) {
			free(order);
			return err_errno(e, session->failed,
				"target %s: a strategy's system call failed",
				session->target.facts.name);
		}
		if (session->rounds.n > 0 && !record(session, c, pass, at_ns / 1e9, e))
			go_on = false;
		if (go_on && !checkpoint(session, false, e))
			go_on = false;
		tell_progress(session->request->tell, elapsed_ns(session) / end_ns,
			(end_ns - elapsed_ns(session)) / 1e9, "measuring");
	}
	free(order);
	return go_on;
}

static bool measure(struct session *session, struct err *e)
{
	double budget_ns = session->plan->budget_s * 1e9, refresh_ns;
	double end_ns = budget_ns - fmin(RESERVE_NS, budget_ns / 10);

	if (!change_pages(session, &refresh_ns, e))
		return false;
	session->passes = affordable(session, end_ns - elapsed_ns(session), refresh_ns);
	for (unsigned pass = 0; pass < session->passes; pass++) {
		if (pass > 0 && !change_pages(session, &refresh_ns, e))
			return false;
		if (!run_pass(session, pass, end_ns, refresh_ns, e))
			return false;
	}
	return true;
}

/*
 * What each arm guarantees in each setting. Lines are cached beforehand where
 * the destination's state says so, and where the consumer's loads have the
 * prefetchers fetch what the next operation writes.
 */
static void judge(struct session *session)
{
	const struct plan *plan = session->plan;
	bool leaves = facts_nocache_leaves(&session->result->facts);

	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];
		bool cached =
			setting->state != STATE_ABSENT || setting->operation == OP_WRITE_CONSUME;

		for (size_t a = 0; a < plan->n_arms; a++)
			session->result->comparisons[c].guarantee[a] =
				protocol_guarantee(plan->arms[a].strategy->steps,
					session->target.facts.domain, leaves || !cached);
	}
}

static bool open_all(struct session *session, struct err *e)
{
	const struct session_request *request = session->request;

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
	if (!target_open(&session->target, request->target, session->plan->window_bytes, e))
		return false;
	session->result->target = session->target.facts;
	nocache_probe(&session->clock, session->target.base, session->target.facts.bytes,
		&session->result->facts.nocache_hit_ns, &session->result->facts.nocache_miss_ns);
	judge(session);
	return make_source(session, e) && prepare_settings(session, e);
}

static void close_all(struct session *session)
{
	state_helper_stop(&session->helper);
	engine_rounds_free(&session->rounds);
	free(session->engines);
	free(session->prepares);
	free(session->scratch);
	if (session->rng != NULL)
		gsl_rng_free(session->rng);
	if (session->src != NULL)
		munmap(session->src, session->src_bytes);
	target_close(&session->target);
}

bool session_run(const struct session_request *request, struct result *result, struct err *e)
{
	struct session session = {.request = request, .plan = request->plan, .result = result};
	bool ok;

	session.start_ns = clock_wall_ns();
	session.steal_start_s = facts_steal_s();
	e->code = ERR_NONE;
	ok = describe(&session, e) && open_all(&session, e) && checkpoint(&session, true, e);
	if (ok)
		ok = calibrate(&session) && checkpoint(&session, true, e) && measure(&session, e);
	tell_progress_end(request->tell);
	/* A call that the signal cut short is the stop, not a failure. */
	if (!ok && interrupt_pending())
		e->code = ERR_NONE;
	if (!ok && e->code != ERR_NONE && session.checkpoint_ns != 0) {
		struct err ignored; /* the first error is the one to report */

		checkpoint(&session, true, &ignored);
	}
	/* Stopped by a signal is no error: what was measured is kept and says so. */
	if (ok || (e->code == ERR_NONE && session.checkpoint_ns != 0)) {
		result->complete = ok;
		ok = checkpoint(&session, true, e);
		if (ok && session.wrong_data[0] != '\0')
			ok = err_set(e, ERR_FAILED, "%s", session.wrong_data);
		if (result->complete && session.passes < 10 &&
			session.passes < session.plan->passes)
			tell_note(request->tell,
				"the budget of %g s held %u visits of each comparison: intervals "
				"want at least 10, --budget=%.0f would do",
				session.plan->budget_s, session.passes,
				ceil(10 * session.plan->budget_s / session.passes));
	}
	close_all(&session);
	return ok;
}
