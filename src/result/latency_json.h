/* SPDX-License-Identifier: MIT */
/* Latencies of a comparison to and from JSON: docs/daxmark-result.schema.json. */
#ifndef DAXMARK_RESULT_LATENCY_JSON_H
#define DAXMARK_RESULT_LATENCY_JSON_H

#include "base/json.h"
#include "result/latency.h"

json_t *latency_json(const struct result_comparison *comparison);

/* From the object of a comparison whose arms are known; it may have none. */
bool latency_load(
	const struct place *place, const json_t *in, struct result_comparison *comparison);

#endif
