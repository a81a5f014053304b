/* SPDX-License-Identifier: MIT */
/* Every contestant over every other, at each size: what "A or B?" asks for. */
#ifndef DAXMARK_REPORT_PAIRS_H
#define DAXMARK_REPORT_PAIRS_H

#include "report/choice.h"
#include "report/document.h"
#include "report/recommend.h"

#define PAIRS_CONTESTANTS 8

/*
 * The arms that stand for a view: those that are taken or chosen, and the best of each family;
 * at most PAIRS_CONTESTANTS, in the order of time. Returns how many.
 */
size_t pairs_contestants(const struct summary *summary, struct view view,
	const struct choice *choice, size_t arms[PAIRS_CONTESTANTS]);

/*
 * A matrix for each size of a view that is shown: the middle one, and the others folded; at most `room`
 * of them. Returns how many.
 */
size_t pairs_write(struct document *document, const struct summary *summary, struct view view,
	const struct choice *choice, size_t room);

#endif
