/* SPDX-License-Identifier: MIT */
/*
 * Threads that do a slice together: each on its CPU, started in common. Between
 * slices they spin for a moment and then sleep, so that what one thread does
 * alone is not disturbed by the others.
 */
#ifndef DAXMARK_MEASURE_TEAM_H
#define DAXMARK_MEASURE_TEAM_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct team_member {
	struct team *team;
	pthread_t thread;
	sem_t wake;
	atomic_uint turn;   /* counts what it was called for */
	atomic_uint asleep; /* 1: waits for `wake` */
	int cpu, pinned;    /* to run on, and where it is */
	unsigned index;
};

struct team {
	size_t n; /* members, the caller being the first */
	struct team_member *members;
	void (*work)(void *arg, unsigned member);
	void *arg;
	size_t workers; /* of this turn */
	atomic_uint left, arrived, passed;
	atomic_bool leave;
	atomic_int lost; /* errno of a member that could not move to its CPU; 0: none */
};

/* Start n - 1 threads; n 1 starts none. Stop the team also after failure. */
bool team_start(struct team *team, size_t n, struct err *e);
void team_stop(struct team *team);

/* Where members 1 .. n - 1 run from their next turn on; the caller moves itself. */
void team_place(struct team *team, const int *cpus, size_t n);

/* Why some member has not been on its CPU since the last time this was asked: an errno, or 0. */
int team_lost(struct team *team);

/*
 * work(arg, i) on members 0 .. workers - 1, the caller being member 0; returns
 * when all are done. Workers may call team_meet().
 */
void team_run(
	struct team *team, size_t workers, void (*work)(void *arg, unsigned member), void *arg);

/* Wait, spinning, until all workers of this turn are here. */
void team_meet(struct team *team);

#endif
