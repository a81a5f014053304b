/* SPDX-License-Identifier: MIT */
/*
 * Puts a slice's lines where the plan wants them, untimed: the destination
 * absent, clean or dirty in this core's caches or dirty in another's; the
 * source hot, walking or absent. The state holds as far as the lines of a
 * slice fit into the caches concerned.
 */
#ifndef DAXMARK_STAGE_STATE_H
#define DAXMARK_STAGE_STATE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>

#include "arch/arch.h"
#include "base/err.h"
#include "case/setting.h"
#include "strategy/walk.h"

struct state_helper { /* the thread on another core */
	pthread_t thread;
	sem_t asked, done;
	int cpu;
	bool move; /* asked for: to run on `cpu` from now on, not to dirty lines */
	char *dst;
	size_t bytes;
	bool running, leave;
	int failed; /* errno, when it could not move to its CPU */
};

struct state_prepare {
	enum state state;
	enum source source;
	enum operation operation;
	enum page_state pages;
	size_t page_bytes;	/* of the target's mapping, where pages is not PAGES_MAPPED */
	size_t hot_limit_bytes; /* a hot source up to this is loaded before each slice */
	arch_evict *evict;	/* may be NULL where state_usable() needs none */
	struct state_helper *helper;
};

/* The usual state of the destination: absent, or dirty where no program can drop a line. */
const char *state_usual(void);

/* Why this machine cannot prepare the lines of a setting; false fills *why_not. */
bool state_usable(const struct setting *setting, int other_cpu, struct err *why_not);

/* Start the helper thread on `cpu`. */
bool state_helper_start(struct state_helper *helper, int cpu, struct err *e);
void state_helper_stop(struct state_helper *helper);

/* Another CPU for it, if it is running and not there already. */
bool state_helper_move(struct state_helper *helper, int cpu, struct err *e);

/* The engine's prepare hook; arg is a struct state_prepare. */
void state_prepare(void *arg, const struct walk *slice);

/*
 * The engine's restore hook: writes back and drops the lines that a slice
 * wrote. A cached copy leaves dirty lines by the hundred KiB, and their
 * eviction would fall into the slices of whoever runs next.
 */
void state_restore(void *arg, const struct walk *slice);

#endif
