/* SPDX-License-Identifier: MIT */
/*
 * A file's content to another file by one of the strategies: holes stay holes, and the
 * destination's name is given only to what is whole. What goes away under the copy (a source
 * that shrinks, a full disk) is an error, never a signal.
 */
#ifndef DAXMARK_TRANSFER_TRANSFER_H
#define DAXMARK_TRANSFER_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "strategy/strategy.h"

#define TRANSFER_THREADS 64
#define TRANSFER_CHUNK (4ul << 20) /* bytes of one call of a strategy */

struct transfer_request {
	const char *from, *to; /* to: a file, or a folder to put one of the same name into */
	const struct strategy
		*strategy; /* writes through no alias; NULL: what suits the destination */
	unsigned threads;  /* 1..TRANSFER_THREADS */
	bool overwrite; /* a destination that is there is replaced, by rename, once the copy is whole */
	bool in_place; /* or written into, and cut to the source's size; devices, with overwrite */
	bool sync;     /* data and name are on the medium before this returns */
	bool verify;   /* compare every byte afterwards */
	/* After each chunk, from one thread at a time: bytes so far and in all. NULL: nothing. */
	void (*progress)(void *arg, uint64_t done, uint64_t all);
	void *arg;
};

struct transfer_report {
	const struct strategy *strategy; /* that copied */
	const char *variant;		 /* its instructions */
	uint64_t bytes, data_bytes;	 /* of the source, holes included; that were copied */
	double copy_s; /* from the first byte to the last, without opening, naming and syncing */
	bool dax;      /* the destination's pages are persistent memory */
};

/*
 * False with one line that names the file. Then the destination is what it was, but for
 * in_place, where it may be half old and half new; and a signal leaves it so, too
 * (interrupt_pending() is asked between chunks).
 */
bool transfer_file(
	const struct transfer_request *request, struct transfer_report *report, struct err *e);

#endif
