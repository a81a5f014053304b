// SPDX-License-Identifier: MIT
/* The table of cases, separated by commas or by tabs: daxmark-result(5) tells its columns. */
#include "analyse/table.h"
#include "exchange/format.h"

static bool write_table(
	FILE *out, const struct result *result, const char *baseline, char separator, struct err *e)
{
	struct summary summary;
	bool ok = summary_make(&summary, result, baseline, e);

	if (ok)
		table_write(out, &summary, separator);
	summary_free(&summary);
	return ok;
}

static bool write_csv(FILE *out, const struct result *result, const char *baseline, struct err *e)
{
	return write_table(out, result, baseline, ',', e);
}

static bool write_tsv(FILE *out, const struct result *result, const char *baseline, struct err *e)
{
	return write_table(out, result, baseline, '\t', e);
}

extern const struct exchange_format exchange_csv, exchange_tsv;

const struct exchange_format exchange_csv = {"csv", write_csv};
const struct exchange_format exchange_tsv = {"tsv", write_tsv};
