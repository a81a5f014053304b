/* SPDX-License-Identifier: MIT */
/*
 * Background load: the CPUs that measure nothing load or store, for a part of
 * the time, over memory of their own that no cache holds. Parked between visits
 * that want none.
 */
#ifndef DAXMARK_MEASURE_BACKGROUND_H
#define DAXMARK_MEASURE_BACKGROUND_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "case/setting.h"

struct background_thread {
	struct background_work *work;
	pthread_t thread;
	sem_t wake, ready;
	int failed; /* errno, when it could not move to its CPU */
	char *memory;
	int cpu;
	atomic_bool idle;	/* its CPU measures, or keeps lines for those that do */
	_Atomic uint64_t bytes; /* moved since it was started */
	uint64_t begun_bytes;	/* of these, before what counts */
};

struct background_work {
	struct background_thread *threads;
	size_t n;
	uint64_t memory_bytes; /* of each */
	size_t most;	       /* that load at once; 0: all that can */
	atomic_int kind;       /* enum background: what to do now */
	atomic_uint percent;   /* of each millisecond */
	atomic_bool leave;
	uint64_t begun_ns;
};

/* Why this build or machine cannot; spare: CPUs that have nothing else to do. */
bool background_usable(enum background kind, size_t spare, struct err *why_not);

/* One thread on each of these CPUs, idle. Stop also after failure. */
bool background_start(struct background_work *work, const int *cpus, size_t n, struct err *e);
void background_stop(struct background_work *work);

/*
 * From now on all threads, or the first `most` of them, do what the setting says, but for
 * those on the n CPUs that are `taken`; returns when each has begun.
 */
void background_begin(
	struct background_work *work, const struct setting *setting, const int *taken, size_t n);

/*
 * Idle again; returns what was moved since background_begin(), GB/s, all
 * threads together: more than 0 wherever there was a load.
 */
double background_end(struct background_work *work);

#endif
