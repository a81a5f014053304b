// SPDX-License-Identifier: MIT
#include "measure/seats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
bool seats_take(struct session *session, const struct setting *setting, struct err *e)
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

/* CPUs that neither measure nor dirty lines for those that do. */
size_t seats_spare(const struct session *session, const struct setting *setting)
{
	size_t busy = setting->threads + (setting->state == STATE_DIRTY_ELSEWHERE);

	return session->place.n_allowed > busy ? session->place.n_allowed - busy : 0;
}

/*
 * Memory comes from the node of who touches it first: that must be a CPU that measures.
 * The CPUs are chosen anew for each setting; the first one's node stands for all.
 */
bool seats_first(struct session *session, struct err *e)
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
	session->background.most = session->request->loaders;
	free(cpus);
	return ok;
}

/* Threads beside the measuring one: a team, and on every CPU one for background load if there is any. */
bool seats_start(struct session *session, struct err *e)
{
	const struct plan *plan = session->plan;
	size_t threads = 1;
	bool loads = false, helps = false;

	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];

		if (session_skips(session, c))
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
