// SPDX-License-Identifier: MIT
#include "trace/event.h"

#include <stdlib.h>
#include <string.h>

bool trace_add(struct trace *trace, const struct trace_event *event, struct err *e)
{
	if (trace->n == trace->room) {
		size_t room = trace->room ? trace->room * 2 : 1024;
		struct trace_event *more = realloc(trace->events, room * sizeof(more[0]));

		if (more == NULL)
			return err_set(e, ERR_FAILED, "out of memory for a trace");
		trace->events = more;
		trace->room = room;
	}
	trace->events[trace->n++] = *event;
	return true;
}

void trace_clear(struct trace *trace)
{
	trace->n = 0;
	trace->steps = 0;
}

void trace_free(struct trace *trace)
{
	free(trace->events);
	memset(trace, 0, sizeof(*trace));
}
