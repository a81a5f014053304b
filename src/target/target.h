/* SPDX-License-Identifier: MIT */
/*
 * Targets: memory that a run copies to, mapped and touched, with the facts
 * that decide what a copy to it guarantees. Knows nothing of strategies.
 */
#ifndef DAXMARK_TARGET_TARGET_H
#define DAXMARK_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/words.h"

struct target;

struct target_ops {
	const char *name; /* the word before ':' on the command line */
	const char *help;
	/* Map at least `bytes` and touch every page; fills base, facts. */
	bool (*open)(struct target *target, uint64_t bytes, struct err *e);
	/*
	 * Put other pages behind the same addresses, so that placement is
	 * sampled; NULL where the target cannot. The content is lost.
	 */
	bool (*refresh)(struct target *target, struct err *e);
	void (*close)(struct target *target);
};

struct target {
	const struct target_ops *ops;
	struct target_facts facts;
	char *base;
	int fd;
};

extern const struct target_ops target_memfd;
extern const struct target_ops *const target_kinds[];
extern const size_t target_kinds_n;

/*
 * What `spec` ("memfd", "memfd:256M") names, without mapping anything: its
 * kind, and the size when the spec gives one (else 0).
 */
bool target_parse(const char *spec, const struct target_ops **ops, uint64_t *bytes, struct err *e);

/* Open with `bytes`, a multiple of the page size above 0. */
bool target_open(struct target *target, const struct target_ops *ops, uint64_t bytes,
	struct err *e);

void target_close(struct target *target);

#endif
