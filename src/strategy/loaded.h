/* SPDX-License-Identifier: MIT */
/*
 * Strategies out of a shared object (<daxmark/strategy.h>): checked, tried in a process of
 * their own, and put among ours. Their timed loops call them through a pointer, guarded: one
 * that faults, or does not come back, ends itself and not the run.
 */
#ifndef DAXMARK_STRATEGY_LOADED_H
#define DAXMARK_STRATEGY_LOADED_H

#include "strategy/strategy.h"

#define LOADED_MOST STRATEGIES_LOADED

/*
 * Load a file and register what it defines. False with one line where it is no such object,
 * or a routine is declared wrongly; a routine that fails its trial is registered as
 * unavailable, with the reason. Before any thread is started.
 */
bool loaded_open(const char *path, struct err *e);

/* The files that were opened, in order; NULL behind the last. */
const char *loaded_path(size_t i);

#endif
