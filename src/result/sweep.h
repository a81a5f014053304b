/* SPDX-License-Identifier: MIT */
/*
 * A sweep as plain data: what an access to a page under two addresses cost, for each
 * exclusive or of the two. The file is this, as JSON; the colour function is inferred
 * from it alone, on any machine.
 */
#ifndef DAXMARK_RESULT_SWEEP_H
#define DAXMARK_RESULT_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define SWEEP_MOST_ROUNDS 1024
#define SWEEP_MOST_MASKS 65536
#define SWEEP_STAGES 8

/* What was timed, each in ns for one line. */
enum sweep_kind {
	SWEEP_STORE_LOAD, /* stored under one address, then loaded under the other */
	SWEEP_LOAD_LOAD,  /* loaded under the one, then under the other */
	SWEEP_KINDS
};

struct sweep_mask {
	uint64_t mask;	/* exclusive or of the two addresses; 0: one address */
	unsigned stage; /* rounds of one stage are of one time, and are held against mask 0 of it */
	bool held_out;	/* predicted from the others before it was measured */
	bool refused;	/* the kernel allows no such two mappings */
	size_t at;	/* where its times begin; none when refused */
};

struct sweep {
	char created[40], cpu_model[128], target[512];
	bool emulated_machine;	/* of software: its times say nothing of hardware */
	uint64_t granule_bytes; /* mappings begin at multiples of it: the lowest bit of any mask */
	uint64_t shmlba_bytes;	/* what the C library promises to be enough */
	uint64_t way_bytes;	/* of the first-level data cache; 0 unknown */
	size_t rounds;
	struct sweep_mask *masks;
	size_t n, room;
	double *times; /* of all masks: see sweep_ns() */
	size_t n_times, times_room;
};

/* A new mask at the end, its rounds zero; NULL when out of memory. */
struct sweep_mask *sweep_add(struct sweep *sweep, uint64_t mask, bool refused);

/* Its times of one kind, [rounds]; not of one that was refused. Moves when a mask is added. */
double *sweep_ns(const struct sweep *sweep, const struct sweep_mask *mask, enum sweep_kind kind);

/* The mask is there already, refused or not. */
bool sweep_has(const struct sweep *sweep, uint64_t mask);
void sweep_free(struct sweep *sweep);

bool sweep_write(const struct sweep *sweep, const char *path, struct err *e);

/* An error names the file and the place in it. sweep_free() also after failure. */
bool sweep_read(struct sweep *sweep, const char *path, struct err *e);
bool sweep_parse(
	struct sweep *sweep, const char *text, size_t bytes, const char *name, struct err *e);

#endif
