// SPDX-License-Identifier: MIT
#include "base/listen.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"

void listen_to(int fd, pid_t child, char *said, size_t bytes)
{
	bool passed_on = false;
	size_t used = 0;

	for (;;) {
		size_t room = bytes - 1 - used;
		ssize_t got;

		if (room == 0) { /* what matters comes last */
			used = (bytes - 1) / 2;
			memmove(said, said + bytes - 1 - used, used);
			room = bytes - 1 - used;
		}
		got = read(fd, said + used, room);
		if (got < 0 && errno == EINTR) {
			if (interrupt_pending() && child > 0 && !passed_on)
				passed_on = kill(child, SIGTERM) == 0;
			continue;
		}
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	said[used] = '\0';
}

const char *listen_last_line(char *said)
{
	size_t len = strlen(said);

	while (len > 0 && isspace((unsigned char)said[len - 1]))
		said[--len] = '\0';
	while (len > 0 && said[len - 1] != '\n')
		len--;
	return said + len;
}
