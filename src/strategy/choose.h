/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_STRATEGY_CHOOSE_H
#define DAXMARK_STRATEGY_CHOOSE_H

#include "strategy/strategy.h"

/*
 * Call `each` for every strategy that a list by commas means: "all", a name, "family:NAME", a
 * glob ("nt-*") or a regular expression between slashes. `named` only where it stands by its
 * own name: what a pattern means and this machine lacks is no failure. A strategy that is meant
 * twice comes twice. Usage error for what means nothing; stops at, and returns, the first false.
 */
bool strategy_choose(const char *list,
	bool (*each)(void *arg, const struct strategy *strategy, bool named), void *arg,
	struct err *e);

#endif
