// SPDX-License-Identifier: MIT
#include "command/run_prove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "case/workload.h"
#include "stage/work.h"
#include "trace/prove.h"

/* A proof that was made: settings that differ in lines and pages alone share it. */
struct made {
	struct prove_case job;
	bool proved;
};

struct proving {
	struct plan *plan;
	struct prover prover;
	bool open;
	struct made *made;
	size_t n, room;
	char why[400]; /* the first that failed, of the arm at hand */
	struct err *e;
};

static bool same(const struct prove_case *a, const struct prove_case *b)
{
	return a->strategy == b->strategy && a->operation == b->operation && a->len == b->len &&
	       a->dst_align == b->dst_align && a->src_align == b->src_align;
}

static bool keep(struct proving *proving, const struct prove_case *job, bool proved)
{
	if (proving->n == proving->room) {
		size_t room = proving->room > 0 ? 2 * proving->room : 64;
		struct made *made = realloc(proving->made, room * sizeof(made[0]));

		if (made == NULL)
			return err_set(proving->e, ERR_FAILED, "out of memory");
		proving->made = made;
		proving->room = room;
	}
	proving->made[proving->n++] = (struct made){*job, proved};
	return true;
}

static void note_why(struct proving *proving, const struct prove_case *job, const char *why)
{
	if (proving->why[0] == '\0')
		snprintf(proving->why, sizeof(proving->why), "%s of %zu bytes: %.300s",
			operation_words.names[job->operation], job->len, why);
}

/* One copy. What dies under the trace takes the tracer along: the next case has a new one. */
static bool prove(struct proving *proving, const struct prove_case *job, bool *proved)
{
	struct prove_result result = {.proved = false};
	struct err why;

	for (size_t i = 0; i < proving->n; i++)
		if (same(&proving->made[i].job, job)) {
			*proved = proving->made[i].proved;
			return true;
		}
	*proved = false;
	if (job->len > RUN_PROVE_MOST) {
		snprintf(result.why, sizeof(result.why), "copies above %lu KiB are not traced",
			RUN_PROVE_MOST >> 10);
	} else if (!proving->open &&
		   !(proving->open = prove_open(&proving->prover, RUN_PROVE_MOST, &why))) {
		snprintf(result.why, sizeof(result.why), "%.400s", why.text);
		prove_close(&proving->prover);
	} else if (!prove_one(&proving->prover, job, &result, &why)) {
		result.proved = false;
		snprintf(result.why, sizeof(result.why), "%.400s", why.text);
		prove_close(&proving->prover);
		proving->open = false;
	}
	*proved = result.proved;
	if (!result.proved)
		note_why(proving, job, result.why);
	return keep(proving, job, result.proved);
}

/* All copies that a setting is made of. */
static bool prove_setting(struct proving *proving, const struct plan_arm *arm,
	const struct setting *setting, bool *proved)
{
	struct prove_case job = {arm->strategy, arm->kernel, setting->operation, setting->size,
		setting->dst_align, setting->src_align};
	uint64_t commit_at = workload_commit_at(setting), before = 0;

	if (setting->workload != WORKLOAD_VALUES) {
		if (!prove(proving, &job, proved) || !*proved || commit_at == 0)
			return proving->e->code == ERR_NONE;
		job.len = WORKLOAD_COMMIT_BYTES;
		job.dst_align = (setting->dst_align + commit_at) % 64;
		job.src_align = 0;
		return prove(proving, &job, proved);
	}
	*proved = true;
	for (size_t i = 0; *proved && i < WORK_DRAWS && !interrupt_pending(); i++) {
		job.len = workload_value(((double)i + 0.5) / WORK_DRAWS, setting->size);
		if (job.len != before && !prove(proving, &job, proved))
			return false;
		before = job.len;
	}
	return true;
}

static bool prove_arm(struct proving *proving, size_t a, struct tell *tell)
{
	struct plan *plan = proving->plan;
	const struct plan_arm *arm = &plan->arms[a];
	size_t asked = 0, failed = 0;

	proving->why[0] = '\0';
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (arm->kernel->loop[op] != NULL)
			prove_warm_up(arm->kernel, (enum operation)op);
	for (size_t c = 0; c < plan->n_settings; c++) {
		const struct setting *setting = &plan->settings[c];
		bool proved;

		if ((plan->rosters[setting->section] >> a & 1) == 0 ||
			(arm->operations >> setting->operation & 1) == 0)
			continue;
		if (!prove_setting(proving, arm, setting, &proved) || interrupt_pending())
			return false;
		asked++;
		failed += !proved;
		if (!proved)
			plan->unproved[c] |= 1ull << a;
	}
	if (failed > 0)
		tell_note(tell,
			"%s: declared, not proved in %zu of %zu comparisons, and no answer there: "
			"%s",
			arm->strategy->name, failed, asked, proving->why);
	return true;
}

bool run_prove(struct plan *plan, struct tell *tell, struct err *e)
{
	struct proving proving = {.plan = plan, .e = e};
	bool ok = true;

	e->code = ERR_NONE;
	for (size_t a = 0; ok && a < plan->n_arms; a++) {
		if (plan->arms[a].strategy->origin == NULL || plan->arms[a].kernel == NULL)
			continue;
		if (plan->unproved == NULL)
			plan->unproved = calloc(plan->n_settings, sizeof(plan->unproved[0]));
		ok = plan->unproved != NULL ? prove_arm(&proving, a, tell)
					    : err_set(e, ERR_FAILED, "out of memory");
	}
	if (proving.open)
		prove_close(&proving.prover);
	free(proving.made);
	return ok;
}
