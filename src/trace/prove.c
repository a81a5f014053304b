// SPDX-License-Identifier: MIT
#include "trace/prove.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/alias_rules.h"
#include "trace/images.h"

#define AT 4096 /* where operations begin: guards on both sides */
#define BEHIND 8192
#define GUARD 0x5a
#define MODULUS (1ull << 30) /* any: what is traced does not depend on it */

/* A memfd with two aliases: what stands for a congruent one, and for one that is not. */
static bool open_stage(struct prover *prover, struct err *e)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const uint64_t bytes = (prover->room + page - 1) / page * page;
	const struct target_request memory = {.ops = &target_memfd, .node = -1};
	const struct stage_request request = {.target = &memory,
		.target_bytes = bytes,
		.source_bytes = bytes,
		.sink_bytes = bytes,
		.shared = true};
	struct alias_facts facts = {.modulus = MODULUS};

	return stage_open(&prover->stage, &request, e) &&
	       stage_map_alias(&prover->stage, ALIAS_CONGRUENT, 1, &facts, e) &&
	       stage_map_alias(&prover->stage, ALIAS_INCONGRUENT, 1, &facts, e);
}

bool prove_open(struct prover *prover, size_t most, struct err *e)
{
	char *aliases[STEPPER_ALIASES];

	memset(prover, 0, sizeof(*prover));
	prover->room = AT + most + BEHIND;
	if (!stepper_available(e) || !open_stage(prover, e) ||
		!persist_init(&prover->adr, prover->room, false, e) ||
		!persist_init(&prover->eadr, prover->room, true, e))
		return false;
	prover->dropped = malloc(prover->room / PERSIST_LINE + 1);
	prover->fenced = malloc(prover->room / PERSIST_LINE + 1);
	if (prover->dropped == NULL || prover->fenced == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	aliases[0] = prover->stage.aliases[ALIAS_CONGRUENT][0].base;
	aliases[1] = prover->stage.aliases[ALIAS_INCONGRUENT][0].base;
	prover->stepper = stepper_start(prover->stage.targets[0].base, aliases, prover->room, e);
	return prover->stepper != NULL;
}

void prove_close(struct prover *prover)
{
	stepper_stop(prover->stepper);
	stage_close(&prover->stage);
	trace_free(&prover->trace);
	persist_free(&prover->adr);
	persist_free(&prover->eadr);
	free(prover->dropped);
	free(prover->fenced);
	memset(prover, 0, sizeof(*prover));
}

bool prove_possible(const struct strategy *strategy, const struct kernel *kernel,
	enum operation operation, struct err *why_not)
{
	if (!strategy->copies)
		return err_set(why_not, ERR_FAILED, "it copies nothing");
	if (strategy->calls_kernel)
		return err_set(why_not, ERR_FAILED, "the kernel does the work, out of sight");
	if (strategy->alias == ALIAS_WINDOW)
		return err_set(why_not, ERR_FAILED,
			"its windows are mapped by system calls, and it promises no durability");
	return kernel->loop[operation] != NULL ||
	       err_set(why_not, ERR_FAILED, "it does no such operation");
}

#define WARM_BYTES 4096

void prove_warm_up(const struct kernel *kernel, enum operation operation)
{
	static char from[WARM_BYTES + 64], to[WARM_BYTES + 64];
	struct walk_failure failed = {0};
	struct walk walk = {
		.dst = to + 1, .user = to + 1, .src = from + 1, .n = 1, .failed = &failed};

	for (walk.len = 1; walk.len <= WARM_BYTES; walk.len *= 2)
		kernel->loop[operation](&walk);
}

static bool fault(struct prove_result *result, const char *text)
{
	result->proved = false;
	snprintf(result->why, sizeof(result->why), "%s", text);
	return false;
}

/* Source bytes, and a destination in which every byte will change. */
static struct walk prepare(struct prover *prover, const struct prove_case *job)
{
	const struct setting setting = {SETTING_DEFAULTS, .operation = job->operation};
	const struct stage_place place = stage_place(&prover->stage, &setting);
	char *to = place.dst, *from = (char *)(uintptr_t)place.src;
	struct walk walk = place.frame;

	walk.dst = to + AT + job->dst_align;
	walk.src = from + AT + job->src_align;
	walk.len = job->len;
	walk.n = 1;
	walk.user = walk.dst;
	for (size_t i = 0; i < prover->room; i++)
		from[i] = (char)(i * 167 + i / 256 + job->len);
	memset(to, GUARD, prover->room);
	for (size_t i = 0; i < job->len; i++)
		walk.dst[i] = (char)~walk.src[i];
	return walk;
}

static bool data_is_right(
	const struct walk *walk, const char *room, size_t room_bytes, struct prove_result *result)
{
	size_t start = (size_t)(walk->dst - room);
	char text[200];

	for (size_t i = 0; i < room_bytes; i++) {
		bool inside = i >= start && i < start + walk->len;

		if (inside && room[i] != walk->src[i - start]) {
			snprintf(text, sizeof(text), "byte %zu of %zu is wrong", i - start,
				walk->len);
			return fault(result, text);
		}
		if (!inside && room[i] != GUARD) {
			snprintf(text, sizeof(text),
				"a byte outside the destination was changed, %td "
				"from its start",
				(ptrdiff_t)(i - start));
			return fault(result, text);
		}
	}
	return true;
}

/* The first byte of the operation that a crash after it may lose. */
static bool is_durable(const struct prover *prover, const struct persist *persist, size_t start,
	size_t len, const char *domain, struct prove_result *result)
{
	size_t at = start;
	char text[500], by[250];
	const char *missing;

	while (at < start + len && persist->state[at] == PERSIST_DURABLE)
		at++;
	if (at == start + len)
		return true;
	if (persist->state[at] == PERSIST_OLD) {
		snprintf(text, sizeof(text), "byte %zu of %zu is never stored to", at - start, len);
		return fault(result, text);
	}
	stepper_describe(&prover->trace.events[persist->by[at]], by, sizeof(by));
	missing = persist->state[at] == PERSIST_LEAVING || persist->eadr
			  ? "and no fence comes after that"
			  : "and its line is not flushed after that";
	snprintf(text, sizeof(text), "byte %zu of %zu is not durable (%s): %s stored it, %s",
		at - start, len, domain, by, missing);
	return fault(result, text);
}

static bool contradicts(
	const struct trace_event *event, const char *declared, struct prove_result *result)
{
	char text[500], by[250];

	stepper_describe(event, by, sizeof(by));
	snprintf(text, sizeof(text), "it declares %s; %s does something else", declared, by);
	return fault(result, text);
}

/* What its steps let a strategy's instructions do. */
struct declared {
	bool stores, nt_stores, write_backs, flushes;
};

static struct declared declared_by(const struct step *steps)
{
	struct declared may = {false, false, false, false};

	for (; steps->verb != VERB_END; steps++) {
		may.stores |= steps->verb == VERB_COPY && !steps->non_temporal;
		may.nt_stores |= steps->verb == VERB_COPY && steps->non_temporal;
		may.write_backs |= steps->verb == VERB_WRITE_BACK;
		may.flushes |= steps->verb == VERB_FLUSH;
	}
	return may;
}

/* What the instructions do is what the steps say, unless a library chooses them by CPU and size. */
static bool keeps_its_word(const struct prover *prover, const struct prove_case *job, size_t start,
	struct prove_result *result)
{
	const struct step *steps = strategy_steps(job->strategy, OP_WRITE, job->len);
	struct declared may = declared_by(steps);
	size_t first = (start + PERSIST_LINE - 1) / PERSIST_LINE * PERSIST_LINE;
	size_t end = (start + job->len) / PERSIST_LINE * PERSIST_LINE;

	if (job->strategy->chooses)
		return true;
	if (job->strategy->alias != ALIAS_NONE)
		return alias_judge(&prover->trace, steps, false, start, job->len, result->why,
			       sizeof(result->why)) ||
		       (result->proved = false);
	for (size_t i = 0; i < prover->trace.n; i++) {
		const struct trace_event *event = &prover->trace.events[i];
		bool flushes = event->kind == TRACE_FLUSH || event->kind == TRACE_WRITE_BACK;

		if (event->kind == TRACE_STORE && may.nt_stores && event->at < end &&
			event->at + event->bytes > first)
			return contradicts(event, "non-temporal stores of whole lines", result);
		if (event->kind == TRACE_STORE_NT && may.stores)
			return contradicts(event, "cached stores", result);
		if (event->kind == TRACE_FLUSH && may.write_backs)
			return contradicts(event, "to write lines back, not to drop them", result);
		if (event->kind == TRACE_WRITE_BACK && may.flushes)
			return contradicts(event, "to drop lines", result);
		if (flushes && !may.flushes && !may.write_backs && !may.nt_stores)
			return contradicts(event, "no flush", result);
	}
	return true;
}

/*
 * A flush that found nothing to write back, or a fence that nothing waited for: work for no
 * guarantee. Not of aliases, whose caches may hold what this one's do not.
 */
static void name_redundant(
	const struct prover *prover, const struct prove_case *job, struct prove_result *result)
{
	const struct persist *persist = &prover->adr;
	size_t used = 0;
	char by[250];

	if (job->strategy->alias != ALIAS_NONE)
		return;
	if (persist->clean_flush != PERSIST_NEVER) {
		stepper_describe(&prover->trace.events[persist->clean_flush], by, sizeof(by));
		used = (size_t)snprintf(result->redundant, sizeof(result->redundant),
			"%zu of %zu flushes find nothing to write back: %s",
			persist->counts.flushes_clean, persist->counts.flushes, by);
	}
	if (persist->idle_fence != PERSIST_NEVER && used < sizeof(result->redundant)) {
		stepper_describe(&prover->trace.events[persist->idle_fence], by, sizeof(by));
		snprintf(result->redundant + used, sizeof(result->redundant) - used,
			"%s%zu of %zu fences have nothing to wait for: %s", used > 0 ? "; " : "",
			persist->counts.fences_idle, persist->counts.fences, by);
	}
}

static bool judge_write(struct prover *prover, const struct prove_case *job, size_t start,
	struct prove_result *result)
{
	struct protocol_facts facts = {.nocache_leaves = true};

	for (size_t i = 0; i < prover->trace.n; i++) {
		persist_event(&prover->adr, &prover->trace.events[i], i);
		persist_event(&prover->eadr, &prover->trace.events[i], i);
	}
	result->counts = prover->adr.counts;
	name_redundant(prover, job, result);
	facts.domain = DOMAIN_MEMORY_CONTROLLER;
	if (strategy_guarantee(job->strategy, OP_WRITE, job->len, &facts) >=
			GUARANTEE_DURABLE_DATA &&
		!is_durable(prover, &prover->adr, start, job->len, "ADR", result))
		return false;
	facts.domain = DOMAIN_CPU_CACHE;
	if (strategy_guarantee(job->strategy, OP_WRITE, job->len, &facts) >=
			GUARANTEE_DURABLE_DATA &&
		!is_durable(prover, &prover->eadr, start, job->len, "eADR", result))
		return false;
	return keeps_its_word(prover, job, start, result);
}

/* Each source line is dropped, a full fence comes, and only then is it loaded. */
static bool judge_read(const struct prover *prover, const struct prove_case *job, size_t start,
	struct prove_result *result)
{
	bool *dropped = prover->dropped, *fenced = prover->fenced;
	char text[500], by[250];

	memset(dropped, 0, prover->room / PERSIST_LINE + 1);
	memset(fenced, 0, prover->room / PERSIST_LINE + 1);
	for (size_t i = 0; i < prover->trace.n; i++) {
		const struct trace_event *event = &prover->trace.events[i];
		size_t line = event->at / PERSIST_LINE;

		result->counts.flushes += event->kind == TRACE_FLUSH;
		result->counts.fences += event->kind == TRACE_FENCE_FULL;
		if (event->kind == TRACE_FLUSH)
			dropped[line] = true;
		if (event->kind == TRACE_FENCE_FULL)
			memcpy(fenced, dropped, prover->room / PERSIST_LINE + 1);
		if (event->kind != TRACE_LOAD || !steps_have(job->strategy->read_steps, VERB_DROP))
			continue;
		for (size_t at = event->at; at < event->at + event->bytes; at++) {
			if (at < start || at >= start + job->len || fenced[at / PERSIST_LINE])
				continue;
			stepper_describe(event, by, sizeof(by));
			snprintf(text, sizeof(text),
				"byte %zu of %zu may be stale: %s loads it, %s", at - start,
				job->len, by,
				dropped[at / PERSIST_LINE]
					? "and no fence that holds back loads came after the drop"
					: "and its line was not dropped before");
			return fault(result, text);
		}
	}
	return true;
}

bool prove_one(struct prover *prover, const struct prove_case *job, struct prove_result *result,
	struct err *e)
{
	void (*loop)(const struct walk *) = job->kernel->loop[job->operation];
	struct walk walk = prepare(prover, job);
	bool read = job->operation == OP_READ;

	memset(result, 0, sizeof(*result));
	result->proved = true;
	persist_reset(&prover->adr);
	persist_reset(&prover->eadr);
	if (!stepper_trace(prover->stepper, loop, &walk, &prover->trace, e))
		return false;
	result->instructions = prover->trace.steps;
	if (!data_is_right(&walk, walk.dst - AT - job->dst_align, prover->room, result))
		return true;
	if (read && job->strategy->alias != ALIAS_NONE)
		result->proved = alias_judge(&prover->trace, job->strategy->read_steps, true,
			AT + job->src_align, job->len, result->why, sizeof(result->why));
	else if (read)
		judge_read(prover, job, AT + job->src_align, result);
	else
		judge_write(prover, job, AT + job->dst_align, result);
	return true;
}

/* "0-63, 100": ranges of the bytes of an operation for which `is` holds; "none". */
static void list_bytes(size_t len, bool (*is)(const void *arg, size_t byte), const void *arg,
	char *text, size_t bytes)
{
	size_t used = 0, at = 0;

	snprintf(text, bytes, "none");
	while (at < len && used < bytes) {
		size_t last;

		if (!is(arg, at)) {
			at++;
			continue;
		}
		for (last = at; last + 1 < len && is(arg, last + 1); last++)
			;
		if (used + 32 > bytes) { /* room for one more range, and for this */
			snprintf(text + used, bytes - used, ", ..");
			return;
		}
		used += (size_t)snprintf(text + used, bytes - used, "%s%zu", used ? ", " : "", at);
		if (last > at && used < bytes)
			used += (size_t)snprintf(text + used, bytes - used, "-%zu", last);
		at = last + 1;
	}
}

struct unsure {
	const struct persist *persist;
	size_t start;
};

static bool is_unsure(const void *arg, size_t byte)
{
	const struct unsure *unsure = arg;
	size_t at = unsure->start + byte;

	return persist_first_unsure(unsure->persist, at, at + 1) == at;
}

/* One image of the operation's lines. */
struct image {
	uint64_t lines[PROVE_MOST_BYTES / PERSIST_LINE + 2];
	size_t into; /* of the first line: where the operation begins */
};

static bool is_new(const void *arg, size_t byte)
{
	const struct image *image = arg;
	size_t at = image->into + byte;

	return image->lines[at / PERSIST_LINE] >> at % PERSIST_LINE & 1;
}

struct points {
	const struct prover *prover;
	const struct prove_case *job;
	struct image now, *combined; /* PROVE_IMAGES of them */
	uint64_t *images;	     /* of one line */
	char left[PROVE_IMAGES][120];
};

/* All images after n events: every line's with every other's. */
static void enumerate(struct points *points, size_t n, struct prove_point *point)
{
	const struct trace *trace = &points->prover->trace;
	size_t start = AT + points->job->dst_align, first = start / PERSIST_LINE;
	size_t end = (start + points->job->len - 1) / PERSIST_LINE + 1, n_combined = 1;

	points->combined[0] = (struct image){.into = start % PERSIST_LINE};
	point->images = 1;
	for (size_t line = first; line < end; line++) {
		size_t some = images_of_line(trace->events, n, line, false, points->images);

		point->images *= some > 0 ? (double)some : INFINITY;
		if (!(point->images <= PROVE_IMAGES))
			continue;
		for (size_t i = some * n_combined; i-- > 0;) {
			points->now = points->combined[i % n_combined];
			points->now.lines[line - first] = points->images[i / n_combined];
			points->combined[i] = points->now;
		}
		n_combined *= some;
	}
	if (!(point->images <= PROVE_IMAGES))
		return;
	for (size_t i = 0; i < n_combined; i++) {
		list_bytes(points->job->len, is_new, &points->combined[i], points->left[i],
			sizeof(points->left[i]));
		point->left[point->n_left++] = points->left[i];
	}
}

bool prove_points(struct prover *prover, const struct prove_case *job,
	void (*each)(void *arg, const struct prove_point *point), void *arg, struct err *e)
{
	struct unsure unsure = {&prover->adr, AT + job->dst_align};
	struct points *points = calloc(1, sizeof(*points));
	bool ok = points != NULL;

	if (ok) {
		points->prover = prover;
		points->job = job;
		points->combined = calloc(PROVE_IMAGES, sizeof(points->combined[0]));
		points->images = malloc(IMAGES_MOST * sizeof(points->images[0]));
		ok = points->combined != NULL && points->images != NULL;
	}
	persist_reset(&prover->adr);
	for (size_t i = 0; ok && i < prover->trace.n; i++) {
		struct prove_point point = {.event = &prover->trace.events[i]};
		char missing[200];

		persist_event(&prover->adr, point.event, i);
		if (point.event->kind == TRACE_LOAD)
			continue;
		enumerate(points, i + 1, &point);
		list_bytes(job->len, is_unsure, &unsure, missing, sizeof(missing));
		point.unsure = missing;
		each(arg, &point);
	}
	if (points != NULL) {
		free(points->combined);
		free(points->images);
	}
	free(points);
	return ok || err_set(e, ERR_FAILED, "out of memory");
}
