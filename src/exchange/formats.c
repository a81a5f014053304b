// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/words.h"
#include "exchange/format.h"

extern const struct exchange_format exchange_csv, exchange_gbench, exchange_tsv;

const struct exchange_format *const exchange_formats[] = {
	&exchange_gbench, &exchange_csv, &exchange_tsv};
const size_t exchange_formats_n = sizeof(exchange_formats) / sizeof(exchange_formats[0]);

const char *exchange_format_names(char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < exchange_formats_n && used < bytes; i++)
		used += (size_t)snprintf(text + used, bytes - used, "%s%s", i > 0 ? ", " : "",
			exchange_formats[i]->name);
	return text;
}

const struct exchange_format *exchange_format_find(const char *name, struct err *e)
{
	const char *names[sizeof(exchange_formats) / sizeof(exchange_formats[0])];
	const struct words words = {"format", names, exchange_formats_n, NULL};
	unsigned i;

	for (i = 0; i < exchange_formats_n; i++)
		names[i] = exchange_formats[i]->name;
	return words_find(&words, name, &i, e) ? exchange_formats[i] : NULL;
}
