/* SPDX-License-Identifier: MIT */
/* The facts as result files have them, for whoever prints them by themselves. */
#ifndef DAXMARK_RESULT_FACTS_JSON_H
#define DAXMARK_RESULT_FACTS_JSON_H

#include <jansson.h>

#include "base/words.h"
#include "sys/facts.h"

/* New references; NULL when out of memory. */
json_t *result_facts_json(const struct facts *facts);
json_t *result_target_json(const struct target_facts *target);

#endif
