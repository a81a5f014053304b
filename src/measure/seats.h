/* SPDX-License-Identifier: MIT */
/* Who sits where: the CPUs that measure a setting, and the threads beside the measuring one. */
#ifndef DAXMARK_MEASURE_SEATS_H
#define DAXMARK_MEASURE_SEATS_H

#include "measure/parts.h"

/*
 * Memory comes from the node of who touches it first: that must be a CPU that measures.
 * The CPUs are chosen anew for each setting; the first one's node stands for all.
 */
bool seats_first(struct session *session, struct err *e);

/* A team, and on every CPU a thread for background load if there is any. */
bool seats_start(struct session *session, struct err *e);

/* The CPUs that measure a setting, and one beside them that dirties lines where it wants that. */
bool seats_take(struct session *session, const struct setting *setting, struct err *e);

/* CPUs that neither measure nor dirty lines for those that do. */
size_t seats_spare(const struct session *session, const struct setting *setting);

#endif
