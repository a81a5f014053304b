// SPDX-License-Identifier: MIT
/*
 * Any bytes at all as a result file: read, summarised, compared with itself,
 * tabulated and written again without a crash, a leak or undefined behaviour; and
 * what was accepted reads back. Built by scripts/check with clang's libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/compare.h"
#include "analyse/summary.h"
#include "analyse/table.h"
#include "report/export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct result *result, FILE *nowhere)
{
	struct summary summary;
	struct compare compare;
	struct err e;

	result_sort(result);
	if (summary_make(&summary, result, NULL, &e))
		table_write(nowhere, &summary, ',');
	summary_free(&summary);
	export_gbench(nowhere, result, &e);
	compare_make(&compare, result, 1, result, 1, NULL, &e);
	compare_free(&compare);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct result result, again;
	struct err e;
	char *json;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (!result_parse(&result, (const char *)data, size, "fuzz", &e)) {
		result_free(&result);
		return 0;
	}
	use(&result, nowhere);
	json = result_to_json(&result);
	if (json == NULL || !result_parse(&again, json, strlen(json), "again", &e))
		abort(); /* what we write we must read */
	result_free(&again);
	free(json);
	result_free(&result);
	return 0;
}
