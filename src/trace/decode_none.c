// SPDX-License-Identifier: MIT
/* No decoder in this build: configure says why. */
#include <unistd.h>

#include "trace/decode.h"

bool decoder_available(struct err *why_not)
{
	return err_set(why_not, ERR_FAILED, "%s", DECODER_MISSING);
}

struct decoder *decoder_new(size_t bytes)
{
	(void)bytes;
	return NULL;
}

void decoder_free(struct decoder *decoder)
{
	(void)decoder;
}

void decoder_child(struct stepper_job *job)
{
	(void)job;
	_exit(1);
}

bool decoder_step(struct stepper *stepper, struct trace *trace, bool *ended, struct err *e)
{
	(void)stepper;
	(void)trace;
	(void)ended;
	return decoder_available(e);
}

void decoder_describe(const struct trace_event *event, char *text, size_t bytes)
{
	(void)event;
	if (bytes > 0)
		text[0] = '\0';
}
