// SPDX-License-Identifier: MIT
#include "measure/latencies.h"

#include <math.h>
#include <stdlib.h>

#include "measure/latency.h"
#include "measure/roster.h"

static const struct plan_latency *asked(const struct session *session, size_t c)
{
	return &session->plan->latencies[session->plan->settings[c].section];
}

bool latencies_wanted(const struct session *session, size_t c)
{
	return asked(session, c)->closed || asked(session, c)->n_rates > 0;
}

/* Every arm in a closed loop, where that was asked for, and at every rate. */
static bool make_lanes(struct session *session, size_t c, struct latency_lane *lanes, size_t *n)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	const struct plan_latency *want = asked(session, c);

	*n = 0;
	for (size_t i = 0; i < comparison->n_measured; i++)
		for (size_t r = want->closed ? 0 : 1; r <= want->n_rates; r++) {
			struct latency_lane *lane = &lanes[(*n)++];

			lane->arm = i;
			lane->latency = latency_of(comparison, comparison->measured[i],
				r == 0 ? 0 : want->rates[r - 1]);
			if (lane->latency == NULL)
				return err_set(session->e, ERR_FAILED, "out of memory");
		}
	return true;
}

/* Without an arm that failed it begins anew, with what is left of the time. */
static bool measure_once(struct session *session, size_t c, struct latency_lane *lanes, double ns)
{
	struct latency latency = {0};
	size_t n;
	bool ok = make_lanes(session, c, lanes, &n) &&
		  latency_open(&latency, &session->engines[c], lanes, n, session->e) &&
		  latency_measure(&latency, (uint64_t)fmax(0, ns));

	latency_close(&latency);
	return ok;
}

bool latencies_measure(struct session *session, size_t c, double ns)
{
	struct engine *engine = &session->engines[c];
	struct latency_lane *lanes =
		calloc(CASE_MOST_ARMS * (PLAN_MAX_RATES + 1), sizeof(lanes[0]));
	uint64_t start = clock_wall_ns();
	bool ok = lanes != NULL || err_set(session->e, ERR_FAILED, "out of memory");

	engine->failed_arm = engine->n_arms;
	while (ok && !session_skips(session, c) &&
		!measure_once(session, c, lanes, ns - (double)(clock_wall_ns() - start)))
		ok = session->e->code == ERR_NONE && engine->failed_arm < engine->n_arms &&
		     roster_lose_arm(session, c, engine->failed_arm);
	free(lanes);
	return ok;
}
