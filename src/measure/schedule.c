// SPDX-License-Identifier: MIT
#include "measure/schedule.h"

#include <math.h>
#include <stdlib.h>

#define RESERVE_NS 500000000.0 /* for the last checkpoint and the summary, where nothing is known */

static double elapsed(const struct schedule *schedule)
{
	return (double)(schedule->work->now_ns(schedule->work->arg) - schedule->start_ns);
}

/* When visits must have ended, since the start. */
static double end_of(const struct schedule *schedule)
{
	double reserve = fmin(RESERVE_NS, schedule->budget_ns / 20);

	return schedule->budget_ns - fmax(reserve, schedule->save_ns);
}

bool schedule_late(const struct schedule *schedule)
{
	return elapsed(schedule) >= end_of(schedule);
}

bool schedule_save(struct schedule *schedule)
{
	double before = elapsed(schedule);

	if (!schedule->work->save(schedule->work->arg))
		return false;
	schedule->saved_ns = elapsed(schedule);
	schedule->save_ns = schedule->saved_ns - before;
	schedule->saves_ns += schedule->save_ns;
	return true;
}

bool schedule_due(const struct schedule *schedule)
{
	double now = elapsed(schedule);

	return now - schedule->saved_ns >= SCHEDULE_SAVE_NS &&
	       schedule->saves_ns + schedule->save_ns <= SCHEDULE_SAVE_SHARE * now;
}

/* Settings in an order of its own: where the time ends before they do, chance chose. */
static bool make_ready(struct schedule *schedule)
{
	const struct schedule_work *work = schedule->work;
	double start = elapsed(schedule);
	double end = start + (end_of(schedule) - start) * SCHEDULE_READY_SHARE;
	size_t left = 0, tried = 0;

	for (size_t c = 0; c < schedule->n; c++)
		left += work->possible(work->arg, c);
	for (size_t i = 0; i < schedule->n; i++) {
		double now = elapsed(schedule);
		size_t c = schedule->order[i];

		if (!work->possible(work->arg, c))
			continue;
		/* One is always tried: a run of nothing answers nobody. */
		if (now >= end && tried > 0)
			break;
		tried++;
		work->progress(work->arg, 0, 0);
		if (!work->ready(work->arg, c, fmax(0, end - now) / (double)left,
			    &schedule->round_ns[c]))
			return false;
		left--;
		if (schedule_due(schedule) && !schedule_save(schedule))
			return false;
	}
	return true;
}

/* It was made ready, and was not lost since. */
static bool is_visited(const struct schedule *schedule, size_t c)
{
	return schedule->round_ns[c] > 0 && schedule->work->possible(schedule->work->arg, c);
}

/* What a visit gets of a full share. */
static double visit_of(const struct schedule *schedule, size_t c, double share)
{
	return schedule->clear[c] ? fmax(SCHEDULE_LEAST_VISIT_NS, SCHEDULE_CLEAR_SHARE * share)
				  : share;
}

/* What the visits of a pass take when each gets its part of `share`, and no less than a round. */
static double pass_of(const struct schedule *schedule, double share)
{
	double sum = 0;

	for (size_t c = 0; c < schedule->n; c++)
		if (is_visited(schedule, c))
			sum += fmax(visit_of(schedule, c, share), schedule->round_ns[c]);
	return sum;
}

/* Equal shares of pass_ns, found by lowering the share until the sum fits. */
static double share_of(const struct schedule *schedule, double pass_ns)
{
	/* Where all are clear the share grows until their parts fill the pass. */
	double low = SCHEDULE_LEAST_VISIT_NS, high = pass_ns / SCHEDULE_CLEAR_SHARE;

	for (int i = 0; i < 50; i++) {
		double middle = (low + high) / 2;

		if (pass_of(schedule, middle) > pass_ns)
			high = middle;
		else
			low = middle;
	}
	return low;
}

static bool run_pass(struct schedule *schedule, unsigned pass, double refresh_ns)
{
	const struct schedule_work *work = schedule->work;
	unsigned left = schedule->passes - pass;
	size_t visited = 0;
	double end = end_of(schedule);
	double share_ns = share_of(schedule, (end - elapsed(schedule)) / (double)left - refresh_ns);

	work->shuffle(work->arg, schedule->order, schedule->n);
	for (size_t i = 0; i < schedule->n; i++) {
		size_t c = schedule->order[i];
		double now = elapsed(schedule);

		if (!is_visited(schedule, c))
			continue;
		/* No visit begins that would end past the budget; but something is measured. */
		if (now + schedule->round_ns[c] > end && (pass > 0 || visited > 0))
			continue;
		visited++;
		if (!work->visit(work->arg, c, pass,
			    fmin(visit_of(schedule, c, share_ns), fmax(0, end - now))) ||
			(schedule_due(schedule) && !schedule_save(schedule)))
			return false;
		work->progress(work->arg, elapsed(schedule) / end, end - elapsed(schedule));
	}
	return true;
}

/* Visits that the budget holds; at least one. */
static unsigned affordable(const struct schedule *schedule, double refresh_ns)
{
	double least = pass_of(schedule, SCHEDULE_LEAST_VISIT_NS) + refresh_ns;
	double left = end_of(schedule) - elapsed(schedule), most = left / least;

	if (!schedule->exactly && refresh_ns > 0)
		most = fmin(most,
			fmax(SCHEDULE_LEAST_PASSES, SCHEDULE_REFRESH_SHARE * left / refresh_ns));
	if (most >= schedule->passes)
		return schedule->passes;
	return most < 1 ? 1 : (unsigned)most;
}

static bool refresh(struct schedule *schedule, double *ns)
{
	double before = elapsed(schedule);

	if (!schedule->work->refresh(schedule->work->arg))
		return false;
	*ns = elapsed(schedule) - before;
	return true;
}

/* What is clear by now; true when nothing wants more. */
static bool look(struct schedule *schedule, unsigned done)
{
	bool all = true;

	if (done < SCHEDULE_LEAST_PASSES ||
		(done - SCHEDULE_LEAST_PASSES) % SCHEDULE_LOOK_PASSES != 0)
		return false;
	for (size_t c = 0; c < schedule->n; c++) {
		if (!is_visited(schedule, c))
			continue;
		schedule->clear[c] = !schedule->work->wants(schedule->work->arg, c);
		all = all && schedule->clear[c];
	}
	return all;
}

bool schedule_run(struct schedule *schedule)
{
	const struct schedule_work *work = schedule->work;
	double refresh_ns;

	schedule->round_ns = calloc(schedule->n + 1, sizeof(schedule->round_ns[0]));
	schedule->order = calloc(schedule->n + 1, sizeof(schedule->order[0]));
	schedule->clear = calloc(schedule->n + 1, sizeof(schedule->clear[0]));
	if (schedule->round_ns == NULL || schedule->order == NULL || schedule->clear == NULL)
		return false;
	for (size_t c = 0; c < schedule->n; c++)
		schedule->order[c] = c;
	work->shuffle(work->arg, schedule->order, schedule->n);
	if (!schedule_save(schedule) || !make_ready(schedule) || !refresh(schedule, &refresh_ns))
		return false;
	schedule->passes = affordable(schedule, refresh_ns);
	for (unsigned pass = 0; pass < schedule->passes; pass++) {
		if (pass > 0 && schedule_late(schedule))
			break;
		if (pass > 0 && !refresh(schedule, &refresh_ns))
			return false;
		if (!run_pass(schedule, pass, refresh_ns))
			return false;
		if (look(schedule, pass + 1) && schedule->until) {
			schedule->enough = true;
			break;
		}
	}
	return true;
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->round_ns);
	free(schedule->order);
	free(schedule->clear);
	schedule->round_ns = NULL;
	schedule->order = NULL;
	schedule->clear = NULL;
}
