// SPDX-License-Identifier: MIT
#include "strategy/guard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sys/clock.h"

#define THREADS 512
#define PATIENCE_NS 10000000000ull
#define NS_PER_BYTE 20 /* 50 MB/s: who copies more slowly is stuck */
#define STACK_BYTES 65536

/* A signal handler has nowhere else to look. */
static struct guard guards[THREADS];
static pthread_t threads[THREADS];
static _Atomic size_t n_guards;
static _Thread_local struct guard *mine;
static struct sigaction before[_NSIG];
static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};

/* Not ours: as if we had not been there. */
static void pass_on(int number)
{
	sigaction(number, &before[number], NULL);
	raise(number);
}

static void on_fault(int number)
{
	struct guard *guard = mine;

	if (guard == NULL || !guard->inside) {
		if (number != GUARD_LATE)
			pass_on(number);
		return;
	}
	guard->inside = 0;
	siglongjmp(guard->back, number);
}

/* What a guard was at when it was looked at last, and since when. */
struct seen {
	uint64_t calls, since_ns;
};

static void look_at(size_t i, struct seen *seen)
{
	struct guard *guard = &guards[i];
	uint64_t calls = atomic_load(&guard->calls), now = clock_wall_ns();

	if (!guard->inside || calls != seen->calls) {
		*seen = (struct seen){calls, now};
		return;
	}
	if (now - seen->since_ns > PATIENCE_NS + NS_PER_BYTE * atomic_load(&guard->bytes))
		pthread_kill(threads[i], GUARD_LATE);
}

static void *watch(void *arg)
{
	static struct seen seen[THREADS];
	const struct timespec pause = {.tv_nsec = 200000000};

	(void)arg;
	for (;;) {
		nanosleep(&pause, NULL);
		for (size_t i = 0; i < atomic_load(&n_guards) && i < THREADS; i++)
			look_at(i, &seen[i]);
	}
	return NULL;
}

static pthread_once_t handled = PTHREAD_ONCE_INIT, watched = PTHREAD_ONCE_INIT;

static void install_handlers(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_fault;
	action.sa_flags = SA_NODEFER | SA_ONSTACK;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigaction(faults[i], &action, &before[faults[i]]);
	sigaction(GUARD_LATE, &action, &before[GUARD_LATE]);
}

static void start_watchdog(void)
{
	sigset_t all, old;
	pthread_t watchdog;

	/* What asks the process to stop is not for the watchdog. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&watchdog, NULL, watch, NULL) == 0)
		pthread_detach(watchdog);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* A routine that overflows its stack leaves none to handle that on. */
static void take_stack(void)
{
	static _Thread_local char stack[STACK_BYTES];
	const stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};
	stack_t old;

	/* Somebody's own, a sanitizer's for one, is his to take away again. */
	if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE) != 0)
		sigaltstack(&other, NULL);
}

struct guard *guard_mine(bool may_hang)
{
	size_t i;

	if (may_hang)
		pthread_once(&watched, start_watchdog);
	if (mine != NULL)
		return mine;
	/* Now, not at the start: whoever guards memory has installed its handlers, and is behind ours. */
	pthread_once(&handled, install_handlers);
	i = atomic_fetch_add(&n_guards, 1);
	if (i >= THREADS)
		return NULL;
	take_stack();
	threads[i] = pthread_self();
	mine = &guards[i];
	return mine;
}
