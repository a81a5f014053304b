/* SPDX-License-Identifier: MIT */
/* What the parts of a session share, and its beginning and end. */
#ifndef DAXMARK_MEASURE_PARTS_H
#define DAXMARK_MEASURE_PARTS_H

#include "measure/background.h"
#include "measure/engine.h"
#include "measure/schedule.h"
#include "measure/session.h"
#include "measure/team.h"
#include "stage/stage.h"
#include "stage/state.h"
#include "sys/cpu.h"

struct session {
	const struct session_request *request;
	const struct plan *plan;
	struct result *result;
	struct stage stage;
	struct clock clock;
	struct cpu_place place;
	struct state_helper helper;
	struct team team;
	struct background_work background;
	arch_evict *evict;
	struct engine_rounds rounds;
	struct engine_arm arms[CASE_MOST_ARMS]; /* of the comparison at hand */
	int taken[ENGINE_MAX_THREADS + 1];	/* CPUs that it measures on, or dirties lines on */
	size_t n_taken;
	struct engine *engines;		/* one a setting */
	struct work *works;		/* one a setting; of those that have a workload */
	struct state_prepare *prepares; /* one a setting */
	gsl_rng *rng;
	double *scratch;
	double steal_start_s;
	double beside_gbps; /* what the background load moved in the last visit */
	struct schedule schedule;
	size_t at_hand;	   /* the comparison */
	unsigned pass;	   /* of the visit under way */
	double visit_at_s; /* when it began */
	bool any_ready; /* some setting can be visited: from then on the budget ends what takes long */
	bool visiting; /* its rounds so far belong into a checkpoint */
	struct err *e; /* where what ends the run is said */
	int presence;
	/* Of byte checks: arms that want one, whose thread is next, what they took. */
	bool unchecked[CASE_MOST_ARMS];
	unsigned check_member;
	double check_ns, *check_cost_ns;
	int used_cpus[ENGINE_MAX_THREADS + 1]; /* all that measured so far */
	size_t n_used;
	char wrong_data[CASE_NAME_BYTES + 200]; /* the first case that copied wrong, and how */
};

/* The setting cannot be done here; the comparison says why. */
static inline bool session_skips(const struct session *session, size_t c)
{
	return session->result->comparisons[c].why[0] != '\0';
}

/* Memory, threads, engines, and which settings can be done; session_close() also after failure. */
bool session_open(struct session *session, struct err *e);
void session_close(struct session *session);

/* Between rounds: a checkpoint if one is due, with what the visit under way gave so far. arg: the session. */
void session_between(void *arg, const struct engine_rounds *rounds);

#endif
