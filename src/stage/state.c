// SPDX-License-Identifier: MIT
#include "stage/state.h"

#include <stdint.h>
#include <string.h>

#include "stage/pages.h"
#include "sys/cpu.h"

const char *state_usual(void)
{
	return state_words.names[arch_evictor() == NULL ? STATE_DIRTY : STATE_ABSENT];
}

bool state_usable(const struct setting *setting, int other_cpu, struct err *why_not)
{
	enum state state = setting->state;
	bool evicts =
		state == STATE_ABSENT || state == STATE_CLEAN || setting->source == SOURCE_ABSENT;

	if (evicts && arch_evictor() == NULL)
		return err_set(why_not, ERR_FAILED,
			"this instruction set (%s) lets no program drop a cache line, so 'absent' "
			"and 'clean' cannot be prepared; take 'dirty'",
			arch_name);
	if (state == STATE_DIRTY_ELSEWHERE && other_cpu < 0)
		return err_set(why_not, ERR_FAILED, "'dirty-elsewhere' needs a second CPU");
	if (state == STATE_DIRTY_ELSEWHERE && setting->threads > 1)
		return err_set(why_not, ERR_FAILED,
			"'dirty-elsewhere' can be prepared for one thread only");
	return true;
}

/* The first byte of the line that holds *start: an operation may begin inside one. */
static volatile char *first_line(const char *start, size_t *bytes, size_t line_bytes)
{
	size_t into = (uintptr_t)start % line_bytes;

	*bytes += into;
	return (volatile char *)(uintptr_t)start - into;
}

static void load_lines(const char *start, size_t bytes)
{
	size_t line_bytes = arch_line_bytes();
	volatile char *line = first_line(start, &bytes, line_bytes);

	for (size_t at = 0; at < bytes; at += line_bytes)
		(void)line[at];
}

/* A store of what is there already makes a line as dirty as any other. */
static void dirty_lines(const char *start, size_t bytes)
{
	size_t line_bytes = arch_line_bytes();
	volatile char *line = first_line(start, &bytes, line_bytes);

	for (size_t at = 0; at < bytes; at += line_bytes)
		line[at] = line[at];
}

static void go_to_cpu(struct state_helper *helper)
{
	helper->failed = cpu_take(helper->cpu);
}

static void *helper_main(void *arg)
{
	struct state_helper *helper = arg;

	go_to_cpu(helper);
	sem_post(&helper->done);
	for (;;) {
		while (sem_wait(&helper->asked) != 0)
			;
		if (helper->leave)
			return NULL;
		if (helper->move)
			go_to_cpu(helper);
		else
			dirty_lines(helper->dst, helper->bytes);
		sem_post(&helper->done);
	}
}

/* Have it do what it is asked, and wait. */
static void ask(struct state_helper *helper)
{
	sem_post(&helper->asked);
	while (sem_wait(&helper->done) != 0)
		;
}

bool state_helper_start(struct state_helper *helper, int cpu, struct err *e)
{
	int failed;

	memset(helper, 0, sizeof(*helper));
	helper->cpu = cpu;
	sem_init(&helper->asked, 0, 0);
	sem_init(&helper->done, 0, 0);
	failed = pthread_create(&helper->thread, NULL, helper_main, helper);
	if (failed != 0)
		return err_errno(e, failed, "cannot start the thread for 'dirty-elsewhere'");
	helper->running = true;
	while (sem_wait(&helper->done) != 0)
		;
	return helper->failed == 0 || err_errno(e, helper->failed, "cannot run on CPU %d", cpu);
}

bool state_helper_move(struct state_helper *helper, int cpu, struct err *e)
{
	if (!helper->running || helper->cpu == cpu)
		return true;
	helper->cpu = cpu;
	helper->move = true;
	ask(helper);
	helper->move = false;
	return helper->failed == 0 || err_errno(e, helper->failed, "cannot run on CPU %d", cpu);
}

void state_helper_stop(struct state_helper *helper)
{
	if (!helper->running)
		return;
	helper->leave = true;
	sem_post(&helper->asked);
	pthread_join(helper->thread, NULL);
	sem_destroy(&helper->asked);
	sem_destroy(&helper->done);
	helper->running = false;
}

void state_prepare(void *arg, const struct walk *slice)
{
	const struct state_prepare *prepare = arg;
	size_t dst_bytes = (slice->n - 1) * slice->dst_step + slice->len;
	size_t src_bytes = (slice->n - 1) * slice->src_step + slice->len;

	if (prepare->source == SOURCE_ABSENT)
		prepare->evict(slice->src, src_bytes);
	switch (prepare->state) {
	case STATE_ABSENT:
		prepare->evict(slice->dst, dst_bytes);
		break;
	case STATE_CLEAN:
		prepare->evict(slice->dst, dst_bytes);
		load_lines(slice->dst, dst_bytes);
		break;
	case STATE_DIRTY:
		dirty_lines(slice->dst, dst_bytes);
		break;
	case STATE_DIRTY_ELSEWHERE:
		prepare->helper->dst = slice->dst;
		prepare->helper->bytes = dst_bytes;
		ask(prepare->helper);
		break;
	case STATE_COUNT:
		break;
	}
	if (prepare->source == SOURCE_HOT && slice->len <= prepare->hot_limit_bytes)
		load_lines(slice->src, slice->len);
	/* Last: to put a line anywhere is to access its page. */
	pages_prepare(prepare->pages, prepare->operation, slice, prepare->page_bytes);
}

void state_restore(void *arg, const struct walk *slice)
{
	const struct state_prepare *prepare = arg;

	pages_restore(prepare->pages, prepare->operation, slice, prepare->page_bytes);
	if (prepare->evict != NULL)
		prepare->evict(slice->dst, (slice->n - 1) * slice->dst_step + slice->len);
}
