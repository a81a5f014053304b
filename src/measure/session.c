// SPDX-License-Identifier: MIT
/*
 * A run, in one direction: describe it, open memory and threads, then what the schedule
 * asks for: make a setting ready, visit it, change pages, save.
 */
#include "measure/session.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/units.h"
#include "measure/check.h"
#include "measure/describe.h"
#include "measure/latencies.h"
#include "measure/roster.h"
#include "sys/presence.h"

static double elapsed_s(const struct session *session)
{
	return (double)(clock_wall_ns() - session->schedule.start_ns) / 1e9;
}

static uint64_t now_ns(void *arg)
{
	(void)arg;
	return clock_wall_ns();
}

static bool save(void *arg)
{
	struct session *session = arg;
	struct result *result = session->result;
	unsigned others = presence_others(session->presence);

	result->wall_s = elapsed_s(session);
	result->steal_s = facts_steal_s() - session->steal_start_s;
	if (others > result->others)
		result->others = others;
	return session->request->checkpoint(session->request->checkpoint_arg, result, session->e);
}

static bool possible(void *arg, size_t c)
{
	return !session_skips(arg, c);
}

/* Threads that could not run where they should have measured something else. */
static bool on_their_cpus(struct session *session)
{
	int lost = team_lost(&session->team);

	return lost == 0 || err_errno(session->e, lost, "a thread cannot run on its CPU");
}

static bool ready(void *arg, size_t c, double about_ns, double *round_ns)
{
	struct session *session = arg;
	struct engine *engine = &session->engines[c];

	*round_ns = 0;
	if (!roster_take_up(session, c, session->e) || !check_first(session, c))
		return false;
	engine->most_calibrate_ns = (uint64_t)fmin(ENGINE_CALIBRATE_NS, fmax(1e6, about_ns / 2));
	while (!session_skips(session, c) && !engine_calibrate(engine)) {
		/* Late is no failure: the setting is one that was not reached. */
		if (engine->failed_arm == engine->n_arms)
			return !interrupt_pending() && session->e->code == ERR_NONE;
		if (!roster_lose_arm(session, c, engine->failed_arm))
			return false;
	}
	if (session_skips(session, c))
		return true;
	memcpy(session->result->comparisons[c].iterations, engine->iterations,
		engine->n_arms * sizeof(engine->iterations[0]));
	*round_ns = engine->round_ns;
	session->any_ready = true;
	return on_their_cpus(session);
}

/* Keep a visit's estimates; its rounds are forgotten. */
static bool record(struct session *session, const struct engine_rounds *rounds)
{
	size_t k = rounds->n_arms;
	struct result_visit *visit =
		result_add_visit(&session->result->comparisons[session->at_hand]);

	if (visit == NULL)
		return err_set(session->e, ERR_FAILED, "out of memory");
	visit->at_s = session->visit_at_s;
	visit->wall_s = (double)rounds->wall_ns / 1e9;
	visit->pass = session->pass;
	visit->rounds = (unsigned)rounds->n;
	visit->beside_gbps = session->beside_gbps;
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

void session_between(void *arg, const struct engine_rounds *rounds)
{
	struct session *session = arg;

	if (!session->visiting || !schedule_due(&session->schedule))
		return;
	/* What ends the run, if anything does, is in session->e: the engine asks for that. */
	if (!record(session, rounds))
		return;
	schedule_save(&session->schedule);
	result_drop_visit(&session->result->comparisons[session->at_hand]);
}

/* Other pages for the next pass; what they are now is told. */
static bool refresh(void *arg)
{
	struct session *session = arg;
	const struct target *first = &session->stage.targets[0];

	if (!stage_refresh(&session->stage, session->e))
		return false;
	check_renew(session);
	session->result->target.page_bytes = first->facts.page_bytes;
	session->result->target.page_share = first->facts.page_share;
	if (session->stage.n_targets == 1)
		session->result->target.node = first->facts.node;
	return true;
}

/* Rounds for so long, without the arms that fail on the way. */
static bool run_rounds(struct session *session, size_t c, double ns)
{
	struct engine *engine = &session->engines[c];
	uint64_t start = clock_wall_ns();

	for (;;) {
		double left = ns - (double)(clock_wall_ns() - start);

		if (engine_visit(engine, (uint64_t)fmax(0, left), &session->rounds))
			return true;
		if (engine->failed_arm == engine->n_arms)
			return false;
		if (!roster_lose_arm(session, c, engine->failed_arm))
			return false;
		if (session_skips(session, c)) {
			session->rounds.n = 0;
			return true;
		}
	}
}

static bool visit(void *arg, size_t c, unsigned pass, double ns)
{
	struct session *session = arg;
	bool go_on;

	if (session_skips(session, c))
		return true;
	session->pass = pass;
	session->beside_gbps = 0; /* not known before the visit ends */
	session->visit_at_s = elapsed_s(session);
	if (!roster_take_up(session, c, session->e) || !check_again(session, c))
		return false;
	if (session_skips(session, c))
		return true;
	background_begin(&session->background, &session->plan->settings[c], session->taken,
		session->n_taken);
	session->visiting = true;
	if (latencies_wanted(session, c)) {
		/* Half of the time each; an arm that is lost on the way takes the rounds with it. */
		size_t arms;

		go_on = run_rounds(session, c, ns / 2);
		arms = session->result->comparisons[c].n_measured;
		go_on = go_on && latencies_measure(session, c, ns / 2);
		if (session->result->comparisons[c].n_measured != arms)
			session->rounds.n = 0;
	} else {
		go_on = run_rounds(session, c, ns);
	}
	session->visiting = false;
	session->beside_gbps = background_end(&session->background);
	if (session->rounds.n > 0 && session->e->code == ERR_NONE)
		go_on &= record(session, &session->rounds);
	return go_on && on_their_cpus(session);
}

static bool wants(void *arg, size_t c)
{
	const struct session *session = arg;
	const struct session_request *request = session->request;

	/* One that was lost wants nothing, or no run would ever have enough. */
	if (session_skips(session, c))
		return false;
	return request->wants == NULL || request->wants(request->wants_arg, session->result, c);
}

static void shuffle(void *arg, size_t *order, size_t n)
{
	struct session *session = arg;

	gsl_ran_shuffle(session->rng, order, n, sizeof(order[0]));
}

static void progress(void *arg, double done, double left_ns)
{
	struct session *session = arg;
	const struct setting *setting = &session->result->comparisons[session->at_hand].setting;
	char what[SETTING_TITLE_BYTES + UNITS_TEXT_BYTES + 12], title[SETTING_TITLE_BYTES],
		size[UNITS_TEXT_BYTES];

	setting_title(setting, title);
	snprintf(what, sizeof(what), "%s%s %s", done > 0 ? "" : "preparing ",
		units_bytes(setting->size, size), title);
	tell_progress(session->request->tell, done, left_ns / 1e9, what);
}

static const struct schedule_work work_of_session = {.now_ns = now_ns,
	.possible = possible,
	.ready = ready,
	.refresh = refresh,
	.visit = visit,
	.save = save,
	.wants = wants,
	.shuffle = shuffle,
	.progress = progress};

/* Settings that the budget did not hold. */
static size_t not_reached(const struct result *result)
{
	size_t n = 0;

	for (size_t c = 0; c < result->n_comparisons; c++)
		n += result->comparisons[c].why[0] == '\0' && result->comparisons[c].n_visits == 0;
	return n;
}

static void note_short(const struct session *session)
{
	const struct result *result = session->result;
	unsigned passes = session->schedule.passes;
	size_t missed = not_reached(result);

	if (!result->complete)
		return;
	if (missed > 0)
		tell_note(session->request->tell,
			"the budget of %g s did not hold %zu of %zu comparisons: the result names "
			"them as not reached",
			session->plan->budget_s, missed, result->n_comparisons);
	else if (passes < SCHEDULE_LEAST_PASSES && passes < session->plan->passes)
		tell_note(session->request->tell,
			"the budget of %g s held %u visits of each comparison: intervals want at "
			"least %d, a " ERR_OF("budget") " of %.0f s would do",
			session->plan->budget_s, passes, SCHEDULE_LEAST_PASSES,
			ceil(SCHEDULE_LEAST_PASSES * session->plan->budget_s / passes));
	if (result->others > 0)
		tell_note(session->request->tell,
			"%u other daxmark%s measured on this machine meanwhile: the intervals know "
			"nothing of what that did",
			result->others, result->others == 1 ? "" : "s");
	if (result->facts.smt_shared)
		tell_note(session->request->tell,
			"CPUs %s: some of them share a core, for there were no others",
			result->facts.cpus);
}

/* The last checkpoint, whatever ended the run; the first error is the one to report. */
static bool finish(struct session *session, bool ok, struct err *e)
{
	bool begun = session->schedule.saved_ns > 0;

	tell_progress_end(session->request->tell);
	/* Stopped by a signal is no error: what was measured is kept and says so. */
	if (!ok && interrupt_pending())
		e->code = ERR_NONE;
	if (!begun)
		return ok;
	if (!ok && e->code != ERR_NONE) {
		struct err first = *e;

		save(session);
		*e = first;
		return false;
	}
	session->result->complete = ok;
	ok = save(session);
	if (ok && session->wrong_data[0] != '\0')
		ok = err_set(e, ERR_FAILED, "%s", session->wrong_data);
	return ok;
}

/* What the schedule is to keep to, and whom it asks. */
static void set_schedule(struct session *session, struct schedule_work *work)
{
	const struct session_request *request = session->request;

	*work = work_of_session;
	work->arg = session;
	session->schedule = (struct schedule){.work = work,
		.n = request->plan->n_settings,
		.start_ns = clock_wall_ns(),
		.budget_ns = request->plan->budget_s * 1e9,
		.passes = request->plan->passes,
		.exactly = request->plan->passes_asked,
		.until = request->until};
	session->steal_start_s = facts_steal_s();
}

bool session_run(const struct session_request *request, struct result *result, struct err *e)
{
	struct session session = {.request = request,
		.plan = request->plan,
		.result = result,
		.e = e,
		.presence = -1};
	struct schedule_work work;
	bool ok;

	e->code = ERR_NONE;
	set_schedule(&session, &work);
	ok = describe_run(request, result, e) && session_open(&session, e) &&
	     schedule_run(&session.schedule);
	ok = finish(&session, ok, e);
	note_short(&session);
	session_close(&session);
	return ok;
}
