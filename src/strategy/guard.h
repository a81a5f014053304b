/* SPDX-License-Identifier: MIT */
/*
 * Around a call of a loaded routine, or of what touches a file that others may cut: a fault
 * in it, or no end, comes back here instead of ending the process. Costs some ns a call. What
 * it cannot catch: memory of ours that the routine overwrites, locks that it holds when it
 * faults.
 */
#ifndef DAXMARK_STRATEGY_GUARD_H
#define DAXMARK_STRATEGY_GUARD_H

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* One a thread that calls loaded routines. */
struct guard {
	sigjmp_buf back;
	volatile sig_atomic_t inside;
	_Atomic uint64_t calls, bytes; /* so far; that the one under way moves */
};

/*
 * This thread's, ready for a call; NULL: there are too many threads, which run unguarded.
 * The first one installs handlers; where what is called may hang a watchdog is started, too.
 */
struct guard *guard_mine(bool may_hang);

/* A call that moves so many bytes: it must be back 10 s and 20 ns a byte from now. */
static inline void guard_enter(struct guard *guard, uint64_t bytes)
{
	atomic_store_explicit(&guard->bytes, bytes, memory_order_relaxed);
	atomic_store_explicit(&guard->calls,
		atomic_load_explicit(&guard->calls, memory_order_relaxed) + 1,
		memory_order_relaxed);
	guard->inside = 1;
}

static inline void guard_leave(struct guard *guard)
{
	guard->inside = 0;
}

/*
 * Use: if (guard == NULL || sigsetjmp(guard->back, 0) == 0) { guard_enter(); call();
 * guard_leave(); } else { it came back by a signal, whose number sigsetjmp() gave }.
 * GUARD_LATE stands for "did not come back".
 */
#define GUARD_LATE SIGURG /* ignored by who is not inside */

#endif
