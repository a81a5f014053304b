/* SPDX-License-Identifier: MIT */
/* Which arms do which setting here, and whose turn it is. */
#ifndef DAXMARK_MEASURE_ROSTER_H
#define DAXMARK_MEASURE_ROSTER_H

#include "measure/parts.h"

/* Map what the available arms need beside the target; where it cannot be had, they are not. */
void roster_map_aliases(struct session *session);

/* False and the reason where this machine cannot do a setting. */
bool roster_usable(struct session *session, size_t c, struct err *why_not);

/* The first byte of the target that operation 0 of a setting's window touches. */
char *roster_first(struct session *session, size_t c);

/* Where the engine of a setting copies from and to; again after its target has moved. */
void roster_place(struct session *session, size_t c);

/* Make a comparison the one at hand: its arms' loops, its places, its CPUs. */
bool roster_take_up(struct session *session, size_t c, struct err *e);

/*
 * The i-th arm of the comparison at hand cannot do this setting: session->stage.failure says
 * why and is cleared. It is unavailable there, the others go on; a setting without arms,
 * or whose own preparation failed, is not measured. False when out of memory.
 */
bool roster_lose_arm(struct session *session, size_t c, size_t i);

#endif
