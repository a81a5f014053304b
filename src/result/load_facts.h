/* SPDX-License-Identifier: MIT */
/* For load.c alone: the parts of a result that are no measurement. */
#ifndef DAXMARK_RESULT_LOAD_FACTS_H
#define DAXMARK_RESULT_LOAD_FACTS_H

#include "base/json.h"
#include "result/result.h"

/* False names the place and what is wrong there. */
bool load_facts(struct place *place, const json_t *root, struct facts *facts);
bool load_target(struct place *place, const json_t *root, struct target_facts *target);

#endif
