// SPDX-License-Identifier: MIT
#include "trace/alias_rules.h"

#include <stdio.h>
#include <string.h>

#include "trace/persist.h"
#include "trace/stepper.h"

/* One line on its way through the steps. */
struct judge {
	const struct step *steps;
	bool read;
	size_t line, first, end; /* the operation's bytes [first, end) */
	size_t at;		 /* the step that was reached */
	bool taken;		 /* and taken on this line */
	bool fenced;		 /* since the last event on this line */
	char *why;
	size_t why_bytes;
};

/* The line is written in part only. */
static bool is_edge(const struct judge *judge)
{
	return judge->line * PERSIST_LINE < judge->first ||
	       (judge->line + 1) * PERSIST_LINE > judge->end;
}

static bool is_needed(const struct judge *judge, const struct step *step)
{
	return step->verb != VERB_FENCE && (step->lines != LINES_EDGES || is_edge(judge));
}

/* The event is on a line of this step's mapping, and does what the step does to a line. */
static bool matches(
	const struct judge *judge, const struct step *step, const struct trace_event *event)
{
	if (event->alias != (step->through == THROUGH_ALIAS))
		return false;
	switch (step->verb) {
	case VERB_COPY:
		return judge->read ? event->kind == TRACE_LOAD
				   : event->kind == TRACE_STORE || event->kind == TRACE_STORE_NT;
	case VERB_WRITE_BACK:
		return event->kind == TRACE_WRITE_BACK;
	case VERB_FLUSH:
	case VERB_DROP:
		return event->kind == TRACE_FLUSH;
	default:
		return false;
	}
}

/* "line 2: BEFORE 'the step' AFTER 'the instruction'". */
static bool fault(const struct judge *judge, const struct trace_event *event, const char *before,
	const struct step *step, const char *after)
{
	char by[250] = "the end", words[STEP_TEXT_BYTES];

	if (event != NULL)
		stepper_describe(event, by, sizeof(by));
	step_text(step, (struct step_context){.read = judge->read, .aliases = true}, words);
	snprintf(judge->why, judge->why_bytes, "line %zu: %s'%s'%s %s",
		judge->line - judge->first / PERSIST_LINE, before, words, after, by);
	return false;
}

/* What the steps before this event must have done, up to the one that it is. */
static bool move_on(struct judge *judge, const struct trace_event *event)
{
	while (judge->steps[judge->at].verb != VERB_END &&
		!matches(judge, &judge->steps[judge->at], event)) {
		if (is_needed(judge, &judge->steps[judge->at]) && !judge->taken)
			return fault(
				judge, event, "", &judge->steps[judge->at], " was not done before");
		judge->at++;
		judge->taken = false;
	}
	return judge->steps[judge->at].verb != VERB_END ||
	       fault(judge, event, "nothing is declared after ", &judge->steps[judge->at - 1],
		       ", but there is");
}

static bool follow(struct judge *judge, const struct trace_event *event)
{
	size_t was = judge->at;
	bool taken = judge->taken;

	if (!move_on(judge, event))
		return false;
	/* A line's own write-back follows its stores without a fence. */
	if (judge->at > was && taken && judge->steps[was].verb != VERB_COPY && !judge->fenced)
		return fault(judge, event, "no fence waits for ", &judge->steps[was], " before");
	judge->taken = true;
	judge->fenced = false;
	return true;
}

static bool judge_line(struct judge *judge, const struct trace *trace)
{
	size_t from = judge->line * PERSIST_LINE, to = from + PERSIST_LINE;

	for (size_t i = 0; i < trace->n; i++) {
		const struct trace_event *event = &trace->events[i];

		if (event->kind == TRACE_FENCE_FULL || (event->kind == TRACE_FENCE && !judge->read))
			judge->fenced = true;
		if (event->kind == TRACE_FENCE || event->kind == TRACE_FENCE_FULL ||
			event->at >= to || event->at + event->bytes <= from ||
			(event->kind == TRACE_LOAD && !judge->read))
			continue;
		if (!follow(judge, event))
			return false;
	}
	for (size_t last = judge->at; judge->steps[judge->at].verb != VERB_END;
		judge->at++, judge->taken = false) {
		if (is_needed(judge, &judge->steps[judge->at]) && !judge->taken)
			return fault(
				judge, NULL, "", &judge->steps[judge->at], " was not done before");
		if (judge->steps[judge->at].verb == VERB_FENCE && !judge->fenced)
			return fault(
				judge, NULL, "no fence waits for ", &judge->steps[last], " before");
	}
	return true;
}

bool alias_judge(const struct trace *trace, const struct step *steps, bool read, size_t start,
	size_t len, char *why, size_t why_bytes)
{
	size_t first = start / PERSIST_LINE, last = (start + len - 1) / PERSIST_LINE;

	for (size_t line = first; line <= last; line++) {
		struct judge judge = {.steps = steps,
			.read = read,
			.line = line,
			.first = start,
			.end = start + len,
			.why = why,
			.why_bytes = why_bytes};

		if (!judge_line(&judge, trace))
			return false;
	}
	return true;
}
