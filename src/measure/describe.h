/* SPDX-License-Identifier: MIT */
/* What a result says before anything is measured. */
#ifndef DAXMARK_MEASURE_DESCRIBE_H
#define DAXMARK_MEASURE_DESCRIBE_H

#include "measure/session.h"

/*
 * Fill *result with the request's words and its plan's arms and settings; free with
 * result_free() whatever is returned.
 */
bool describe_run(const struct session_request *request, struct result *result, struct err *e);

#endif
