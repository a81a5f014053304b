/* SPDX-License-Identifier: MIT */
/*
 * When what is done, so that a budget is kept: settings are made ready, then visited in
 * passes, with a checkpoint between rounds. Knows no memory and no strategy: the clock
 * and the work are given, so that tests can fake them.
 */
#ifndef DAXMARK_MEASURE_SCHEDULE_H
#define DAXMARK_MEASURE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/strata.h"

#define SCHEDULE_SAVE_NS 5000000000.0	    /* from the end of one checkpoint to the next */
#define SCHEDULE_SAVE_SHARE 0.10	    /* of the time so far, at most, in checkpoints */
#define SCHEDULE_READY_SHARE 0.5	    /* of the budget, at most, to make settings ready */
#define SCHEDULE_LEAST_VISIT_NS 5e6	    /* below this the setting-up of a visit shows */
#define SCHEDULE_REFRESH_SHARE 0.10	    /* of the time, at most, in changing pages, */
#define SCHEDULE_LEAST_PASSES STRATA_ENOUGH /* but so many passes at least */
#define SCHEDULE_LOOK_PASSES 10		    /* from one look at what is contested to the next */
#define SCHEDULE_CLEAR_SHARE 0.25	    /* of a full share of time, for what is clear */

/* Each is false when the run must end: stopped, or failed. */
struct schedule_work {
	uint64_t (*now_ns)(void *arg);
	/* The setting can be measured here at all. */
	bool (*possible)(void *arg, size_t c);
	/* Verify and calibrate a setting in about so long; *round_ns: what one round takes, 0: it cannot be measured. */
	bool (*ready)(void *arg, size_t c, double about_ns, double *round_ns);
	/* Other pages for the next pass. */
	bool (*refresh)(void *arg);
	bool (*visit)(void *arg, size_t c, unsigned pass, double ns);
	bool (*save)(void *arg);
	/*
	 * Does a setting still want its full share of the time? Asked at looks, after
	 * SCHEDULE_LEAST_PASSES and then every SCHEDULE_LOOK_PASSES. What does not is visited
	 * all the same, as often, so that all means are over equal strata and what was seen
	 * decides on none of them: its visits are shorter.
	 */
	bool (*wants)(void *arg, size_t c);
	void (*shuffle)(void *arg, size_t *order, size_t n);
	void (*progress)(void *arg, double done, double left_ns);
	void *arg;
};

struct schedule {
	const struct schedule_work *work;
	size_t n;	   /* settings */
	uint64_t start_ns; /* of the run, set-up included */
	double budget_ns;
	unsigned passes; /* wished for; after schedule_run() those that the budget held */
	bool exactly;	 /* so many passes, whatever changing the pages costs */
	bool until;	 /* end at the first look at which no setting wants more */
	bool enough;	 /* after schedule_run(): it ended so */

	/* Its own. */
	double *round_ns; /* of each setting; 0: not ready */
	bool *clear;	  /* of each setting, at the last look */
	size_t *order;
	double saved_ns, save_ns,
		saves_ns; /* when the last checkpoint ended, what it and all took */
};

/* All of it. The first checkpoint is the first thing that is done, the last one the caller's. */
bool schedule_run(struct schedule *schedule);
void schedule_free(struct schedule *schedule);

/* A checkpoint is due: to be asked between rounds. */
bool schedule_due(const struct schedule *schedule);

/* The visits must have ended: what is left of the budget is for the last checkpoint. */
bool schedule_late(const struct schedule *schedule);

/* A checkpoint now; its cost is noted. */
bool schedule_save(struct schedule *schedule);

#endif
