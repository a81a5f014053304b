// SPDX-License-Identifier: MIT
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* The project's one mutable global: a signal handler has nowhere else to write. */
static volatile sig_atomic_t came;

static void on_signal(int number)
{
	came = number;
}

void interrupt_install(void)
{
	static const int numbers[] = {SIGINT, SIGTERM};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction old, new;

		memset(&new, 0, sizeof(new));
		new.sa_handler = on_signal;
		new.sa_flags = SA_RESETHAND; /* the second one is not ours */
		sigemptyset(&new.sa_mask);
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &new, NULL);
	}
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
