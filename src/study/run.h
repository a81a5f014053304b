/* SPDX-License-Identifier: MIT */
/*
 * A measurement that a study wants, as data: a run in a process of its own, for it needs
 * another environment, which libraries read when they are loaded, or memory of its own.
 * Who measures is given, so that a study spells no command line and a test can fake it.
 */
#ifndef DAXMARK_STUDY_RUN_H
#define DAXMARK_STUDY_RUN_H

#include "case/axis.h"
#include "result/result.h"

struct study_run {
	const char *strategies;			  /* names, separated by commas */
	const struct axis_values *of[AXIS_COUNT]; /* NULL: what is usual */
	uint64_t footprint_bytes;		  /* 0: what is usual */
	double budget_s;
	const char *variable, *value; /* of the environment: set to this, or taken out (NULL) */
};

struct study_runner {
	/* Measure and fill *result, sorted; free with result_free() whatever is returned. */
	bool (*measure)(
		void *arg, const struct study_run *run, struct result *result, struct err *e);
	void *arg;
};

#endif
