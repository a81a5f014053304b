/* SPDX-License-Identifier: MIT */
/* What the parts of a session share: set-up (setup.c) and flow (session.c). */
#ifndef DAXMARK_MEASURE_SETUP_H
#define DAXMARK_MEASURE_SETUP_H

#include "measure/background.h"
#include "measure/engine.h"
#include "measure/memory.h"
#include "measure/session.h"
#include "measure/state.h"
#include "measure/team.h"
#include "sys/cpu.h"

struct session {
	const struct session_request *request;
	const struct plan *plan;
	struct result *result;
	struct memory memory;
	struct clock clock;
	struct cpu_place place;
	struct state_helper helper;
	struct team team;
	struct background_work background;
	arch_evict *evict;
	struct engine_rounds rounds;
	struct engine_arm arms[PLAN_MAX_ARMS]; /* of the comparison at hand */
	int taken[ENGINE_MAX_THREADS + 1];     /* CPUs that it measures on, or dirties lines on */
	size_t n_taken;
	struct engine *engines;		/* one a setting */
	struct state_prepare *prepares; /* one a setting */
	gsl_rng *rng;
	double *scratch;
	uint64_t start_ns, checkpoint_ns;
	double steal_start_s;
	double beside_gbps; /* what the background load moved in the last visit */
	unsigned passes;    /* those the budget allows */
	char wrong_data[CASE_NAME_BYTES + 200]; /* the first case that copied wrong, and how */
	int failed;				/* errno of a system call that a strategy made */
};

/* What the result says before anything is measured. */
bool setup_describe(struct session *session, struct err *e);

/* Memory, threads, engines, and which settings can be done; setup_close() also after failure. */
bool setup_open(struct session *session, struct err *e);
void setup_close(struct session *session);

/* Where the engine of a setting copies from and to; again after its target has moved. */
void setup_windows(struct session *session, size_t c);

/* The setting cannot be done here; the comparison says why. */
bool setup_skipped(const struct session *session, size_t c);

/* Check every copying arm of the comparison at hand on its real target, byte by byte. */
void setup_verify(struct session *session, size_t c);

#endif
