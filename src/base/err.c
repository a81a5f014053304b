// SPDX-License-Identifier: MIT
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A name that someone typed may hold anything; a message is one line. The marks of ERR_OF() stay. */
static void make_plain(char *text)
{
	for (; *text != '\0'; text++)
		if (((unsigned char)*text < 0x20 && *text != ERR_OF_BEGIN[0] &&
			    *text != ERR_OF_END[0]) ||
			*text == 0x7f)
			*text = '?';
}

bool err_set(struct err *e, enum err_code code, const char *format, ...)
{
	va_list ap;

	e->code = code;
	va_start(ap, format);
	vsnprintf(e->text, sizeof(e->text), format, ap);
	va_end(ap);
	make_plain(e->text);
	return false;
}

bool err_errno(struct err *e, int errno_value, const char *format, ...)
{
	va_list ap;
	int used;

	e->code = ERR_FAILED;
	va_start(ap, format);
	used = vsnprintf(e->text, sizeof(e->text), format, ap);
	va_end(ap);
	if (used >= 0 && (size_t)used < sizeof(e->text))
		snprintf(e->text + used, sizeof(e->text) - (size_t)used, ": %s",
			strerror(errno_value));
	make_plain(e->text);
	return false;
}
