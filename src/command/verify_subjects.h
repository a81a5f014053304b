/* SPDX-License-Identifier: MIT */
/* What daxmark verify asks of, and its two ways to ask: bytes, and instructions. */
#ifndef DAXMARK_COMMAND_VERIFY_SUBJECTS_H
#define DAXMARK_COMMAND_VERIFY_SUBJECTS_H

#include "base/err.h"
#include "strategy/strategy.h"
#include "target/target.h"

#define VERIFY_MOST 128

/* A strategy, one of its kernels here, and what became of it. */
struct subject {
	const struct strategy *strategy;
	const struct kernel *kernel;
	size_t copies;
	uint64_t bytes;
	char why[500]; /* of the first fault, or why it was not tried */
	bool named;    /* asked for by its own name: it must be tried */
	bool tried, failed;
};

struct subjects {
	struct subject all[VERIFY_MOST];
	size_t n;
	struct err *e;
};

static inline const char *subject_verdict(
	const struct subject *subject, const char *good, const char *bad)
{
	return subject->failed ? bad : subject->tried ? good : "not tried";
}

static inline const char *subject_variant(const struct subject *subject)
{
	return subject->kernel != NULL ? subject->kernel->variant : "";
}

/* Random copies for so long, each subject at least one, compared byte by byte. */
bool verify_bytes(struct subjects *subjects, const struct target_request *target, double seconds,
	bool quiet, struct err *e);

/* The table or document of what they came to. */
bool verify_show_bytes(const struct subjects *subjects, bool json, struct err *e);

/* Prove every subject by traces of its machine code, and show it. */
bool verify_prove(struct subjects *subjects, bool json, struct err *e);

/* Show what a crash may leave after each instruction of one copy of so many bytes. */
bool verify_crash(struct subject *subject, size_t bytes, bool json, struct err *e);

#endif
