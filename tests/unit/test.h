/* SPDX-License-Identifier: MIT */
/* What cmocka wants included before it, once. */
#ifndef DAXMARK_TESTS_UNIT_TEST_H
#define DAXMARK_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
