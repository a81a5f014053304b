// SPDX-License-Identifier: MIT
#include "measure/check.h"

#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "measure/roster.h"
#include "stage/verify.h"

#define OPERATIONS 5 /* of one check, as far as they fit in CHECK_BYTES */
#define CHECK_BYTES (1u << 20)

/* One check: a loop over operations in a room, run by one member of the team, or by both ends of a ring. */
struct check {
	struct session *session;
	struct work_loops loops;
	struct work *work; /* NULL: operations that follow one another */
	struct walk walk;
	char *room;
	size_t bytes;
	unsigned member;
	bool right;
	struct err why;
};

static void run_check(void *arg, unsigned member)
{
	struct check *check = arg;

	if (member == check->member)
		check->right = verify_loop(
			check->loops.write, &check->walk, check->room, check->bytes, &check->why);
}

static void run_work(void *arg, unsigned member)
{
	struct check *check = arg;

	if (member == check->member || check->work->kind == WORKLOAD_RING)
		work_run(check->work, &check->loops, &check->walk, member);
}

/* By the threads that are to, each on its CPU. */
static void run_members(void *arg)
{
	struct check *check = arg;
	size_t members = check->work->kind == WORKLOAD_RING ? 2 : check->member + 1;

	if (members > 1)
		team_run(&check->session->team, members, run_work, check);
	else
		run_work(check, 0);
}

/* A read must see the newest stores: other bytes than before, just stored through the mapping. */
static void renew_source(struct session *session, size_t c, const struct walk *walk)
{
	const struct target *target = stage_target(&session->stage, &session->plan->settings[c]);
	char *start = target->base + (walk->src - target->base);
	size_t bytes = (walk->n - 1) * walk->src_step + walk->len;

	for (size_t i = 0; i < bytes; i++)
		start[i] = (char)(start[i] * 5 + 1);
}

static size_t random_below(struct session *session, size_t n)
{
	return gsl_rng_uniform_int(session->rng, n < UINT32_MAX ? n : UINT32_MAX);
}

/*
 * At most `most` operations, and beside those of a ring its count, at a random place of the window, with a guard line before,
 * between and after them where the window has room for that, and from a random place of
 * the source.
 */
static void place_check(struct session *session, size_t c, size_t most, struct check *check)
{
	const struct engine *engine = &session->engines[c];
	size_t step = stage_step(engine->len, engine->dst_align, 0), n = CHECK_BYTES / step;
	size_t beside = engine->work != NULL && engine->work->kind == WORKLOAD_RING;
	size_t src_step = stage_step(engine->len, engine->src_align, 0);
	size_t line = arch_line_bytes(), needs;
	size_t guard = 2 * line + step <= engine->dst_bytes ? line : 0;

	n = n < 1 ? 1 : n > most ? most : n;
	while (n > 1 && (guard + (n + beside) * (step + guard) > engine->dst_bytes ||
				n * src_step > engine->src_bytes))
		n--;
	check->bytes = guard + (n + beside) * (step + guard);
	check->room = engine->dst +
		      random_below(session, (engine->dst_bytes - check->bytes) / line + 1) * line;
	check->walk = engine->frame;
	check->walk.window += check->member * check->walk.window_step;
	check->walk.dst = check->room + guard + engine->dst_align;
	check->walk.user = check->walk.dst;
	check->walk.dst_step = step + guard;
	check->walk.src_step = engine->src_walks ? src_step : 0;
	needs = engine->src_walks ? n * src_step : src_step;
	check->walk.src =
		engine->src + engine->src_align +
		(engine->src_walks && needs < engine->src_bytes
				? random_below(session, (engine->src_bytes - needs) / line + 1) *
					  line
				: 0);
	check->walk.len = engine->len;
	check->walk.n = n;
}

/* The check's own window in the room, or of the target that a read is from. */
static struct work work_of(struct session *session, size_t c, const struct check *check)
{
	const struct engine *engine = &session->engines[c];
	bool read = session->plan->settings[c].operation == OP_READ;
	char *target = stage_target(&session->stage, &session->plan->settings[c])->base;
	size_t step = read ? check->walk.src_step : check->walk.dst_step;
	char *first = read ? target + (check->walk.src - target) : check->walk.dst;

	return work_within(
		engine->work, first, step, check->walk.n + (engine->work->kind == WORKLOAD_RING));
}

static void note_wrong(struct session *session, size_t c, size_t i, const struct err *why)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	size_t arm = comparison->measured[i];
	char name[CASE_NAME_BYTES];

	comparison->verdict[i] = VERDICT_FAILED;
	case_name(&comparison->setting, session->result->arms[arm].name, comparison->guarantee[arm],
		name);
	if (session->wrong_data[0] == '\0')
		snprintf(session->wrong_data, sizeof(session->wrong_data), "%s: wrong data: %.160s",
			name, why->text);
}

/* One arm on one thread. A call that failed is left in session->stage.failure. */
static void check_arm(struct session *session, size_t c, size_t i, unsigned member, size_t most)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	struct check check = {.session = session,
		.loops = {session->arms[i].loop, session->arms[i].read},
		.member = member};
	struct work work;

	place_check(session, c, most, &check);
	if (comparison->setting.operation == OP_READ)
		renew_source(session, c, &check.walk);
	if (session->engines[c].work != NULL) {
		work = work_of(session, c, &check);
		check.work = &work;
		check.right = work_verify(&work, &check.walk, check.room, check.bytes, run_members,
			&check, &check.why);
	} else if (member == 0)
		run_check(&check, 0);
	else
		team_run(&session->team, member + 1, run_check, &check);
	if (comparison->setting.operation != OP_READ)
		stage_refill(&session->stage, check.room, check.bytes);
	if (session->stage.failure.error != 0)
		return;
	if (!check.right)
		note_wrong(session, c, i, &check.why);
	else if (comparison->verdict[i] != VERDICT_FAILED)
		comparison->verdict[i] = VERDICT_PASSED;
}

static bool copies(const struct session *session, size_t c, size_t i)
{
	return session->result->arms[session->result->comparisons[c].measured[i]].copies;
}

bool check_first(struct session *session, size_t c)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	unsigned threads = session->plan->settings[c].threads;
	uint64_t start = clock_wall_ns();

	for (size_t i = 0; i < comparison->n_measured && !interrupt_pending();) {
		for (unsigned t = 0;
			copies(session, c, i) && t < threads && session->stage.failure.error == 0;
			t++)
			check_arm(session, c, i, t, t == 0 ? OPERATIONS : 1);
		if (session->stage.failure.error == 0)
			i++;
		else if (!roster_lose_arm(session, c, i))
			return false;
	}
	/* What one operation of one arm took, about: for those that come later. */
	session->check_cost_ns[c] =
		(double)(clock_wall_ns() - start) / (double)(comparison->n_measured * threads + 1);
	return true;
}

void check_renew(struct session *session)
{
	for (size_t a = 0; a < session->result->n_arms; a++)
		session->unchecked[a] = true;
	session->check_member++;
}

bool check_again(struct session *session, size_t c)
{
	struct result_comparison *comparison = &session->result->comparisons[c];
	unsigned member = session->check_member % session->plan->settings[c].threads;

	for (size_t i = 0; i < comparison->n_measured && !interrupt_pending();) {
		size_t arm = comparison->measured[i];
		uint64_t start = clock_wall_ns();

		if (!copies(session, c, i) || !session->unchecked[arm] ||
			session->check_ns + session->check_cost_ns[c] >
				CHECK_SHARE * (double)(start - session->schedule.start_ns)) {
			i++;
			continue;
		}
		check_arm(session, c, i, member, 1);
		session->unchecked[arm] = false;
		session->check_ns += (double)(clock_wall_ns() - start);
		if (session->stage.failure.error == 0)
			i++;
		else if (!roster_lose_arm(session, c, i))
			return false;
	}
	return true;
}
