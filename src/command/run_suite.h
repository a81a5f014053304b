/* SPDX-License-Identifier: MIT */
/* daxmark run SUITE: from a file's sections to what is asked for, key by key. */
#ifndef DAXMARK_COMMAND_RUN_SUITE_H
#define DAXMARK_COMMAND_RUN_SUITE_H

#include "command/run_request.h"
#include "plan/suite.h"

/* What a run is made of: one request, or one a section of a suite. */
struct run_work {
	struct suite suite;	   /* n 0: none */
	struct run_config *config; /* of the whole run */
	struct run_config *parts;  /* n of them, whose requests are asked for */
	size_t n;
};

/*
 * Options and, where they end with its name, a suite: its keys below, its section's above
 * them, the command line's above all. run_work_free() also after failure.
 */
bool run_work_read(
	struct run_work *work, int argc, char **argv, struct run_config *config, struct err *e);
void run_work_free(struct run_work *work);

/* The folder of the suites that daxmark brings. */
bool run_suites_folder(char *path, size_t bytes, struct err *e);

#endif
