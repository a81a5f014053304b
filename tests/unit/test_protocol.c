// SPDX-License-Identifier: MIT
/*
 * Steps are data that can be executed: here by a cache of two lines, in the worst way that
 * the machine may choose. What is left of the data after a crash must be what the fold over
 * the same steps promises, for every list of up to five steps.
 */
#include "test.h"

#include "protocol/hooks.h"
#include "protocol/protocol.h"
#include "strategy/strategy.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/*
 * The newest store to a line: in the store buffer, in the cache, between the cache and
 * memory, in memory. A crash takes all but the last; where the caches are persistent (eADR)
 * it takes what is in the store buffer, or has not been waited for on its way there.
 */
enum phase { NEVER, BUFFERED, DIRTY, LEAVING_BUFFERED, LEAVING_DIRTY, SAFE };
enum { WHOLE_LINE, EDGE_LINE, LINE_COUNT };

struct machine {
	bool nocache_leaves;
	enum phase line[LINE_COUNT];
	bool stale[LINE_COUNT]; /* the cache's copy may be older than memory (no coherence) */
};

static void store(struct machine *machine, bool non_temporal)
{
	for (size_t i = 0; i < LINE_COUNT; i++) {
		bool cached = machine->line[i] == BUFFERED || machine->line[i] == DIRTY;
		bool past = non_temporal && machine->nocache_leaves && !cached;

		machine->line[i] = past ? LEAVING_BUFFERED : BUFFERED;
	}
}

static void write_back(struct machine *machine, size_t i)
{
	if (machine->line[i] == BUFFERED)
		machine->line[i] = LEAVING_BUFFERED;
	if (machine->line[i] == DIRTY)
		machine->line[i] = LEAVING_DIRTY;
}

static void fence(struct machine *machine)
{
	for (size_t i = 0; i < LINE_COUNT; i++) {
		if (machine->line[i] == BUFFERED)
			machine->line[i] = DIRTY;
		else if (machine->line[i] == LEAVING_BUFFERED || machine->line[i] == LEAVING_DIRTY)
			machine->line[i] = SAFE;
	}
}

static void execute(struct machine *machine, const struct step *step)
{
	for (size_t i = 0; i < LINE_COUNT; i++) {
		bool mine = step->lines == LINES_RANGE || i == EDGE_LINE;

		if (mine && (step->verb == VERB_WRITE_BACK || step->verb == VERB_FLUSH))
			write_back(machine, i);
		/* A drop may throw away or write back: nothing is sure of what is dirty. */
		if (mine && step->waits && (step->verb == VERB_DROP || step->verb == VERB_FLUSH))
			machine->stale[i] = false;
	}
	if (step->verb == VERB_COPY)
		store(machine, step->non_temporal);
	if (step->verb == VERB_FENCE || step->waits)
		fence(machine);
}

static bool survives(const struct machine *machine, bool eadr)
{
	for (size_t i = 0; i < LINE_COUNT; i++)
		if (machine->line[i] != SAFE &&
			!(eadr && (machine->line[i] == DIRTY || machine->line[i] == LEAVING_DIRTY)))
			return false;
	return true;
}

/* What a list can be made of, without the kernel. */
static const struct step alphabet[] = {STEP_COPY, STEP_COPY_NOCACHE, STEP_WRITE_BACK, STEP_FLUSH,
	STEP_FENCE, STEP_USER_DROP, STEP_DROP_SOURCE, STEP_USER_FLUSH, STEP_ALIAS_DROP_EDGES,
	{.verb = VERB_WRITE_BACK, .lines = LINES_EDGES}};
#define LONGEST 5

static void check_write(const struct step *steps, bool leaves)
{
	struct protocol_facts facts = {.nocache_leaves = leaves};
	struct machine machine = {.nocache_leaves = leaves};
	enum guarantee adr, eadr;

	for (const struct step *step = steps; step->verb != VERB_END; step++)
		execute(&machine, step);
	facts.domain = DOMAIN_MEMORY_CONTROLLER;
	adr = steps_write_guarantee(steps, &facts);
	facts.domain = DOMAIN_CPU_CACHE;
	eadr = steps_write_guarantee(steps, &facts);
	if (machine.line[0] == NEVER) {
		assert_int_equal(adr, GUARANTEE_NONE);
		assert_int_equal(eadr, GUARANTEE_NONE);
		return;
	}
	assert_int_equal(adr == GUARANTEE_DURABLE_DATA, survives(&machine, false));
	assert_int_equal(eadr == GUARANTEE_DURABLE_DATA, survives(&machine, true));
}

static void check_read(const struct step *steps)
{
	struct protocol_facts facts = {.incoherent = true};
	struct machine machine = {.stale = {true, true}};
	const struct step *step = steps;

	for (; step->verb != VERB_END && step->verb != VERB_COPY; step++)
		execute(&machine, step);
	assert_int_equal(steps_read_guarantee(steps, &facts) == GUARANTEE_FRESH,
		step->verb == VERB_COPY && !machine.stale[0] && !machine.stale[1]);
}

static void folds_promise_what_a_crash_leaves(void **state)
{
	size_t all = 1, lists = 0;

	(void)state;
	for (size_t n = 1; n <= LONGEST; n++) {
		all *= N(alphabet);
		for (size_t i = 0; i < all; i++) {
			struct step steps[LONGEST + 1] = {STEP_END};

			for (size_t k = 0, code = i; k < n; k++, code /= N(alphabet))
				steps[k] = alphabet[code % N(alphabet)];
			check_write(steps, true);
			check_write(steps, false);
			check_read(steps);
			lists++;
		}
	}
	assert_int_equal(lists, 10 + 100 + 1000 + 10000 + 100000);
}

/* Every step that is used has words, and none of another's. */
static void steps_have_words(void **state)
{
	static const struct {
		struct step step;
		struct step_context context;
		const char *words;
	} cases[] = {
		{STEP_COPY, {.read = false}, "copy (cached stores)"},
		{STEP_COPY_NOCACHE, {.read = false}, "copy (non-temporal stores)"},
		{STEP_KERNEL_COPY, {.read = false}, "pwrite"},
		{STEP_KERNEL_COPY, {.read = true}, "pread"},
		{STEP_DROP_SOURCE, {.read = true}, "drop the source's lines"},
		{STEP_WRITE_BACK, {.read = false}, "write back lines"},
		{STEP_USER_WRITE_BACK, {.aliases = true}, "write back the user's lines"},
		{STEP_ALIAS_FLUSH, {.aliases = true}, "flush the alias's lines"},
		{STEP_ALIAS_DROP_EDGES, {.aliases = true}, "drop the alias's edge lines"},
		{STEP_ALIAS_COPY, {.aliases = true}, "copy (through the alias)"},
	};
	char text[STEP_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		step_text(&cases[i].step, cases[i].context, text);
		assert_string_equal(text, cases[i].words);
	}
	for (size_t i = 0; i < hooks_n; i++)
		for (const struct step *step = hooks[i].steps; step->verb != VERB_END; step++) {
			step_text(step, (struct step_context){.aliases = true}, text);
			assert_int_not_equal(text[0], '\0');
		}
}

/* A strategy that has an alias says for every flush whose lines they are, and copies through it. */
static void strategies_copy_where_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < strategies_n; i++) {
		for (unsigned op = 0; op < OP_COUNT; op++) {
			const struct step *step =
				strategy_steps(strategies[i], (enum operation)op, 4096);
			bool alias = strategies[i]->alias != ALIAS_NONE;

			for (; step->verb != VERB_END; step++) {
				if (step->verb == VERB_COPY)
					assert_int_equal(step->through == THROUGH_ALIAS, alias);
				if (step->through == THROUGH_KERNEL)
					assert_true(strategies[i]->calls_kernel);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_promise_what_a_crash_leaves),
		cmocka_unit_test(steps_have_words),
		cmocka_unit_test(strategies_copy_where_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
