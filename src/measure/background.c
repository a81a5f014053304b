// SPDX-License-Identifier: MIT
#include "measure/background.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "arch/arch.h"
#include "sys/clock.h"
#include "sys/cpu.h"

#define CHUNK (64u << 10)
#define PERIOD_NS 1000000
#define LEAST_MEMORY (64ull << 20)
#define MOST_MEMORY (1ull << 30)

bool background_usable(enum background kind, size_t spare, struct err *why_not)
{
	if (kind == BACKGROUND_NT_STORE && arch_nt_filler() == NULL)
		return err_set(why_not, ERR_FAILED,
			"background 'nt-store': this instruction set (%s) has no non-temporal "
			"store",
			arch_name);
	if (kind != BACKGROUND_NONE && spare == 0)
		return err_set(why_not, ERR_FAILED,
			"background '%s' needs a CPU beside those that measure",
			background_words.names[kind]);
	return true;
}

/* What a mix does next: each kind in turn. */
static enum background turn_of(uint64_t chunk)
{
	static const enum background turns[] = {
		BACKGROUND_LOAD, BACKGROUND_STORE, BACKGROUND_NT_STORE};

	return turns[chunk % (arch_nt_filler() != NULL ? 3 : 2)];
}

static void work_on(enum background kind, char *chunk)
{
	uint64_t *words = (uint64_t *)(void *)chunk, sum = 0;

	switch (kind) {
	case BACKGROUND_LOAD:
		for (size_t i = 0; i < CHUNK / 8; i += 8)
			sum += words[i];
		__asm__ volatile("" ::"r"(sum));
		break;
	case BACKGROUND_STORE:
		memset(chunk, 0x3c, CHUNK);
		break;
	case BACKGROUND_NT_STORE:
		arch_nt_filler()(chunk, CHUNK);
		break;
	case BACKGROUND_NONE:
	case BACKGROUND_MIX:
	case BACKGROUND_COUNT:
		break;
	}
}

static void rest(uint64_t ns)
{
	struct timespec pause = {0, (long)ns};

	nanosleep(&pause, NULL);
}

/* Busy for a part of every period, then asleep, so that the rate is a matter of time alone. */
static void *background_main(void *arg)
{
	struct background_thread *thread = arg;
	struct background_work *work = thread->work;
	uint64_t at = 0;

	/* Its own first touch, where it runs: the memory is of that node. */
	thread->failed = cpu_take(thread->cpu);
	memset(thread->memory, 1, work->memory_bytes);
	sem_post(&thread->ready);
	while (!atomic_load(&work->leave)) {
		enum background kind = (enum background)atomic_load(&work->kind);
		uint64_t busy_ns = PERIOD_NS / 100 * atomic_load(&work->percent);
		uint64_t start = clock_wall_ns(), spent = 0;

		if (kind == BACKGROUND_NONE || atomic_load(&thread->idle)) {
			while (sem_wait(&thread->wake) != 0)
				;
			continue;
		}
		/* What was asked for may end in the middle of a period: the next visit has begun. */
		while (spent < busy_ns && atomic_load(&work->kind) == (int)kind &&
			!atomic_load(&thread->idle)) {
			work_on(kind == BACKGROUND_MIX ? turn_of(at / CHUNK) : kind,
				thread->memory + at);
			at = at + CHUNK < work->memory_bytes ? at + CHUNK : 0;
			atomic_fetch_add_explicit(&thread->bytes, CHUNK, memory_order_relaxed);
			spent = clock_wall_ns() - start;
		}
		if (spent < PERIOD_NS && busy_ns < PERIOD_NS)
			rest(PERIOD_NS - spent);
	}
	return NULL;
}

/*
 * Twice what the last cache holds, but all of them together no more than a
 * quarter of the machine's memory: many CPUs must not drive others out of it.
 */
static uint64_t memory_of_each(const int *cpus, size_t n)
{
	uint64_t wanted = 2 * (uint64_t)cpu_last_level_cache_bytes(n > 0 ? cpus[0] : 0);
	uint64_t room = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 4;

	if (wanted < LEAST_MEMORY)
		wanted = LEAST_MEMORY;
	if (wanted > MOST_MEMORY)
		wanted = MOST_MEMORY;
	if (n > 0 && wanted > room / n)
		wanted = room / n;
	return wanted < CHUNK ? CHUNK : wanted / CHUNK * CHUNK;
}

bool background_start(struct background_work *work, const int *cpus, size_t n, struct err *e)
{
	memset(work, 0, sizeof(*work));
	work->memory_bytes = memory_of_each(cpus, n);
	work->threads = calloc(n + 1, sizeof(work->threads[0]));
	if (work->threads == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct background_thread *thread = &work->threads[i];
		int failed;

		thread->work = work;
		thread->cpu = cpus[i];
		thread->memory = mmap(NULL, work->memory_bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (thread->memory == MAP_FAILED)
			return err_set(e, ERR_FAILED, "out of memory for background load");
		sem_init(&thread->wake, 0, 0);
		sem_init(&thread->ready, 0, 0);
		failed = pthread_create(&thread->thread, NULL, background_main, thread);
		if (failed != 0) {
			munmap(thread->memory, work->memory_bytes);
			return err_errno(e, failed, "cannot start a thread for background load");
		}
		work->n++;
	}
	for (size_t i = 0; i < n; i++) {
		while (sem_wait(&work->threads[i].ready) != 0)
			;
		if (work->threads[i].failed != 0)
			return err_errno(e, work->threads[i].failed,
				"background load: cannot run on CPU %d", cpus[i]);
	}
	return true;
}

static void wake_all(struct background_work *work)
{
	for (size_t i = 0; i < work->n; i++)
		sem_post(&work->threads[i].wake);
}

void background_stop(struct background_work *work)
{
	atomic_store(&work->leave, true);
	wake_all(work);
	for (size_t i = 0; i < work->n; i++) {
		pthread_join(work->threads[i].thread, NULL);
		sem_destroy(&work->threads[i].wake);
		sem_destroy(&work->threads[i].ready);
		munmap(work->threads[i].memory, work->memory_bytes);
	}
	free(work->threads);
	work->threads = NULL;
	work->n = 0;
}

/* From here on what is moved counts. */
static void mark(struct background_work *work)
{
	for (size_t i = 0; i < work->n; i++)
		work->threads[i].begun_bytes = atomic_load(&work->threads[i].bytes);
	work->begun_ns = clock_wall_ns();
}

/*
 * Until every thread has moved a chunk since the mark: however late a busy
 * machine wakes it, and however short the visit is, the load was there.
 */
static void await_all(const struct background_work *work)
{
	for (size_t i = 0; i < work->n; i++)
		while (!atomic_load(&work->threads[i].idle) &&
			atomic_load(&work->threads[i].bytes) == work->threads[i].begun_bytes)
			rest(PERIOD_NS / 10);
}

void background_begin(
	struct background_work *work, const struct setting *setting, const int *taken, size_t n)
{
	size_t loading = 0;

	for (size_t i = 0; i < work->n; i++) {
		bool idle = work->most > 0 && loading == work->most;

		for (size_t j = 0; j < n; j++)
			idle |= taken[j] == work->threads[i].cpu;
		loading += !idle;
		atomic_store(&work->threads[i].idle, idle);
	}
	atomic_store(&work->percent, setting->background_percent);
	atomic_store(&work->kind, (int)setting->background);
	mark(work);
	if (setting->background == BACKGROUND_NONE)
		return;
	wake_all(work);
	await_all(work);
	mark(work);
}

double background_end(struct background_work *work)
{
	double bytes = 0, ns;

	if (atomic_load(&work->kind) != BACKGROUND_NONE)
		await_all(work);
	ns = (double)(clock_wall_ns() - work->begun_ns);
	for (size_t i = 0; i < work->n; i++)
		bytes += (double)(atomic_load(&work->threads[i].bytes) -
				  work->threads[i].begun_bytes);
	atomic_store(&work->kind, BACKGROUND_NONE);
	return bytes > 0 ? bytes / ns : 0;
}
