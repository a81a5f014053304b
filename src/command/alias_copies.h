/* SPDX-License-Identifier: MIT */
/* What daxmark alias --copies found (study/copies.h), for people and for programs. */
#ifndef DAXMARK_COMMAND_ALIAS_COPIES_H
#define DAXMARK_COMMAND_ALIAS_COPIES_H

#include <jansson.h>

#include "study/copies.h"

bool alias_copies_print(const struct alias_copy *copies, size_t n, struct err *e);
json_t *alias_copies_json(const struct alias_copy *copies, size_t n);

#endif
