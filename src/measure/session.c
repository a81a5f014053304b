// SPDX-License-Identifier: MIT
#include "measure/session.h"

#include <gsl/gsl_randist.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/units.h"
#include "measure/setup.h"

#define CHECKPOINT_NS 4000000000u
#define LEAST_VISIT_NS 5e6     /* below this the setting-up of a visit shows */
#define RESERVE_NS 500000000.0 /* of the budget, for the last checkpoint and the summary */

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

/* The CPUs that measure a setting, and one beside them that dirties lines where it wants that. */
static bool take_cpus(struct session *session, const struct setting *setting, struct err *e)
{
	int other;

	if (!cpu_choose(&session->place, setting->cpu_node, setting->threads, session->taken, e) ||
		!cpu_move(session->taken[0], e))
		return false;
	session->n_taken = setting->threads;
	team_place(&session->team, session->taken, setting->threads);
	if (setting->state != STATE_DIRTY_ELSEWHERE)
		return true;
	other = cpu_beside(&session->place, session->taken, session->n_taken);
	if (other < 0)
		return err_set(e, ERR_FAILED, "'dirty-elsewhere' needs a CPU beside");
	session->taken[session->n_taken++] = other;
	return state_helper_move(&session->helper, other, e);
}

/* Make a comparison the one at hand: its arms' loops, its CPUs. */
static bool take_up(struct session *session, size_t c, struct err *e)
{
	const struct setting *setting = &session->plan->settings[c];
	const struct result_comparison *comparison = &session->result->comparisons[c];

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
	setup_windows(session, c);
	return take_cpus(session, setting, e);
}

/* Verify and calibrate every setting; false when stopped. */
static bool calibrate(struct session *session, struct err *e)
{
	for (size_t c = 0; c < session->plan->n_settings; c++) {
		struct engine *engine = &session->engines[c];

		if (setup_skipped(session, c))
			continue;
		tell_progress(session->request->tell, 0, 0, "verifying and calibrating");
		if (!take_up(session, c, e))
			return false;
		setup_verify(session, c);
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
	struct result_visit *visit = result_add_visit(&session->result->comparisons[c]);

	if (visit == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	visit->at_s = at_s;
	visit->wall_s = (double)rounds->wall_ns / 1e9;
	visit->pass = pass;
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
			if (!setup_skipped(session, c))
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
		if (!setup_skipped(session, c))
			sum += fmax(LEAST_VISIT_NS, session->engines[c].round_ns);
	return sum;
}

/* Other pages for the next pass; returns what it took, for the budget. */
static bool change_pages(struct session *session, double *refresh_ns, struct err *e)
{
	const struct target *first = &session->memory.targets[0];
	uint64_t before = clock_wall_ns();

	if (!memory_refresh(&session->memory, e))
		return false;
	*refresh_ns = (double)(clock_wall_ns() - before);
	session->result->target.page_bytes = first->facts.page_bytes;
	session->result->target.page_share = first->facts.page_share;
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

		if (setup_skipped(session, c))
			continue;
		/* The budget is kept: no visit begins that would end past it, once all have one. */
		if (pass > 0 && at_ns + session->engines[c].round_ns > end_ns)
			continue;
		if (!take_up(session, c, e)) {
			free(order);
			return false;
		}
		background_begin(&session->background, &session->plan->settings[c], session->taken,
			session->n_taken);
		go_on = engine_visit(&session->engines[c], (uint64_t)visit_ns, &session->rounds);
		session->beside_gbps = background_end(&session->background);
		if (session->failed != 0) {
			free(order);
			return err_errno(e, session->failed, "target %s: a system call failed",
				session->result->target.name);
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

bool session_run(const struct session_request *request, struct result *result, struct err *e)
{
	struct session session = {.request = request, .plan = request->plan, .result = result};
	bool ok;

	session.start_ns = clock_wall_ns();
	session.steal_start_s = facts_steal_s();
	e->code = ERR_NONE;
	ok = setup_describe(&session, e) && setup_open(&session, e) &&
	     checkpoint(&session, true, e);
	if (ok)
		ok = calibrate(&session, e) && checkpoint(&session, true, e) &&
		     measure(&session, e);
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
	setup_close(&session);
	return ok;
}
