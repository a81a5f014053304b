// SPDX-License-Identifier: MIT
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* A signal handler has nowhere else to write. */
static volatile sig_atomic_t came;

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
#define N_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static void on_signal(int number)
{
	came = number;
	/* The second one is not ours, whichever it is; the time limit only repeats itself. */
	for (size_t i = 0; i < N_NUMBERS; i++)
		if (numbers[i] != SIGXCPU)
			signal(numbers[i], SIG_DFL);
}

void interrupt_begin(void)
{
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
}

void interrupt_signals(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < N_NUMBERS; i++)
		sigaddset(set, numbers[i]);
}

void interrupt_install(void)
{
	for (size_t i = 0; i < N_NUMBERS; i++) {
		struct sigaction old, new;

		memset(&new, 0, sizeof(new));
		new.sa_handler = on_signal;
		sigemptyset(&new.sa_mask);
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &new, NULL);
	}
}

static void on_bus_error(int number)
{
	static const char text[] =
		"daxmark: the target's memory went away (SIGBUS): truncated, full, removed or bad; "
		"a run's result file holds what was measured until its last checkpoint\n";
	ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)number;
	(void)written;
	_exit(1);
}

void interrupt_guard_memory(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_bus_error;
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

bool interrupt_pending(void)
{
	return came != 0;
}

void interrupt_die(void)
{
	if (came == 0)
		return;
	signal(came, SIG_DFL);
	raise(came);
}
