// SPDX-License-Identifier: MIT
#include "measure/team.h"

#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "sys/cpu.h"

#define SPINS 20000 /* some 100 us: longer than the gap between two slices */

/* A thread whose CPU is gone runs on where it is, and says so: see team_lost(). */
static void move_to(struct team_member *member)
{
	int failed;

	if (member->cpu == member->pinned)
		return;
	failed = cpu_take(member->cpu);
	if (failed == 0)
		member->pinned = member->cpu;
	else
		atomic_store(&member->team->lost, failed);
}

int team_lost(struct team *team)
{
	return atomic_exchange(&team->lost, 0);
}

static void await_turn(struct team_member *member, unsigned seen)
{
	for (unsigned spins = 0; atomic_load(&member->turn) == seen; spins++) {
		if (spins < SPINS) {
			arch_relax();
			continue;
		}
		/* Say so first, then look again: the caller wakes whoever said so. */
		atomic_store(&member->asleep, 1);
		if (atomic_load(&member->turn) == seen)
			while (sem_wait(&member->wake) != 0)
				;
		else if (atomic_exchange(&member->asleep, 0) == 0)
			while (sem_wait(&member->wake) != 0) /* it was posted already */
				;
	}
}

static void *member_main(void *arg)
{
	struct team_member *member = arg;
	struct team *team = member->team;
	unsigned seen = 0;

	for (;;) {
		await_turn(member, seen);
		seen = atomic_load(&member->turn);
		if (atomic_load(&team->leave))
			return NULL;
		move_to(member);
		team->work(team->arg, member->index);
		atomic_fetch_sub(&team->left, 1);
	}
}

bool team_start(struct team *team, size_t n, struct err *e)
{
	memset(team, 0, sizeof(*team));
	team->members = calloc(n, sizeof(team->members[0]));
	if (team->members == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	team->n = 1;
	for (size_t i = 1; i < n; i++) {
		struct team_member *member = &team->members[i];
		int failed;

		member->team = team;
		member->index = (unsigned)i;
		member->cpu = member->pinned = -1;
		sem_init(&member->wake, 0, 0);
		failed = pthread_create(&member->thread, NULL, member_main, member);
		if (failed != 0)
			return err_errno(e, failed, "cannot start thread %zu of %zu", i + 1, n);
		team->n++;
	}
	return true;
}

/* Members that are not called go on sleeping. */
static void call(struct team *team, size_t workers)
{
	atomic_store(&team->left, (unsigned)workers - 1);
	for (size_t i = 1; i < workers; i++) {
		struct team_member *member = &team->members[i];

		atomic_fetch_add(&member->turn, 1);
		if (atomic_exchange(&member->asleep, 0) == 1)
			sem_post(&member->wake);
	}
}

void team_stop(struct team *team)
{
	if (team->members == NULL)
		return;
	atomic_store(&team->leave, true);
	call(team, team->n);
	for (size_t i = 1; i < team->n; i++) {
		pthread_join(team->members[i].thread, NULL);
		sem_destroy(&team->members[i].wake);
	}
	free(team->members);
	team->members = NULL;
}

void team_place(struct team *team, const int *cpus, size_t n)
{
	for (size_t i = 1; i < n && i < team->n; i++)
		team->members[i].cpu = cpus[i];
}

void team_run(
	struct team *team, size_t workers, void (*work)(void *arg, unsigned member), void *arg)
{
	team->work = work;
	team->arg = arg;
	team->workers = workers;
	atomic_store(&team->arrived, 0);
	call(team, workers);
	work(arg, 0);
	while (atomic_load(&team->left) != 0)
		arch_relax();
}

void team_meet(struct team *team)
{
	unsigned passed = atomic_load(&team->passed);

	if (atomic_fetch_add(&team->arrived, 1) + 1 == team->workers) {
		atomic_store(&team->arrived, 0);
		atomic_fetch_add(&team->passed, 1);
		return;
	}
	while (atomic_load(&team->passed) == passed)
		arch_relax();
}
