/* SPDX-License-Identifier: MIT */
/*
 * A suite file: INI whose keys are the long options of a run. [global] is of the whole run
 * and what its sections begin with; a section may begin with an earlier one, too. What the
 * keys mean is not known here.
 */
#ifndef DAXMARK_PLAN_SUITE_H
#define DAXMARK_PLAN_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/words.h"

#define SUITE_SECTIONS 64 /* of one file, [global] included */
#define SUITE_KEYS 48	  /* of a section: as many as a run has options */
#define SUITE_LINE 197	  /* characters of a line; inih reads no longer ones whole */
#define SUITE_QUESTION 200
#define SUITE_GLOBAL "global"

/* Of a line, so that neither is longer than it. */
struct suite_key {
	char key[SUITE_LINE + 1], value[SUITE_LINE + 1];
	unsigned line;
};

struct suite_section {
	char name[SECTION_BYTES];
	unsigned line;
	struct suite_key keys[SUITE_KEYS];
	size_t n;
	size_t begins_with; /* the section that it inherits from: 0 is [global] */
};

struct suite {
	char path[512];
	char name[64];			/* of the file, without folder and ending */
	char question[SUITE_QUESTION];	/* that it answers, in its author's words */
	bool provisional;		/* too short for more than a first look */
	struct suite_section *sections; /* the first is [global], there or not */
	size_t n;
};

/*
 * Usage error with file, line and what is wrong: no INI, a line too long or continued, a
 * key or section twice, nothing to run. Free with suite_free(), also after failure.
 */
bool suite_read(struct suite *suite, const char *path, struct err *e);
void suite_free(struct suite *suite);

/*
 * Call `each` with the keys of a section, those that it inherits first, so that a later
 * call is the one that counts; of section 0 those of [global]. False as soon as it is.
 */
bool suite_each(const struct suite *suite, size_t section,
	bool (*each)(void *arg, const struct suite_key *key, struct err *e), void *arg,
	struct err *e);

/* The number of a section; usage error with the nearest name. Not of [global]. */
bool suite_find(const struct suite *suite, const char *name, size_t *section, struct err *e);

#endif
