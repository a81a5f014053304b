// SPDX-License-Identifier: MIT
#include "study/windows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "stat/stat.h"

#define ROUNDS 31

enum { MAP, REMAP, FIRST, COPY, UNMAP, PARTS };

struct trial {
	const struct target *target;
	const struct clock *clock;
	char *window;
	const char *source;
	uint64_t bytes;
	double ns[PARTS][ROUNDS];
};

static double since(const struct trial *trial, uint64_t start)
{
	return (double)(trial->clock->end() - start) * trial->clock->tick_ns;
}

/* The address space stays reserved. */
static bool put_away(const struct trial *trial)
{
	return mmap(trial->window, trial->bytes, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		       0) != MAP_FAILED;
}

static bool try_mmap(struct trial *trial, size_t round)
{
	uint64_t start = trial->clock->begin();

	if (mmap(trial->window, trial->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		    trial->target->fd, (off_t)trial->target->offset) == MAP_FAILED)
		return false;
	trial->ns[MAP][round] = since(trial, start);
	start = trial->clock->begin();
	memcpy(trial->window, trial->source, trial->bytes);
	trial->ns[FIRST][round] = since(trial, start);
	start = trial->clock->begin();
	memcpy(trial->window, trial->source, trial->bytes);
	trial->ns[COPY][round] = since(trial, start);
	start = trial->clock->begin();
	if (!put_away(trial))
		return false;
	trial->ns[UNMAP][round] = since(trial, start);
	return true;
}

static bool try_mremap(struct trial *trial, size_t round)
{
	uint64_t start = trial->clock->begin();

	if (mremap(trial->target->base, 0, trial->bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
		    trial->window) == MAP_FAILED)
		return false;
	trial->ns[REMAP][round] = since(trial, start);
	return put_away(trial);
}

static double middle(struct trial *trial, int part)
{
	stat_sort(trial->ns[part], ROUNDS);
	return trial->ns[part][ROUNDS / 2];
}

static bool time_window(struct trial *trial, struct window_cost *cost)
{
	for (size_t r = 0; r < ROUNDS; r++)
		if (!try_mmap(trial, r) || !try_mremap(trial, r))
			return false;
	*cost = (struct window_cost){trial->bytes, middle(trial, MAP), middle(trial, REMAP),
		middle(trial, FIRST), middle(trial, COPY), middle(trial, UNMAP)};
	return true;
}

/* Four times as much, and 2 MiB in any case. */
static uint64_t next_size(uint64_t bytes)
{
	return bytes < WINDOWS_LARGEST && bytes * 4 > WINDOWS_LARGEST ? WINDOWS_LARGEST : bytes * 4;
}

bool windows_measure(const struct target *target, const struct clock *clock,
	struct window_cost costs[WINDOWS_MOST], size_t *n, struct err *e)
{
	struct trial trial = {.target = target, .clock = clock};
	char *source = malloc(WINDOWS_LARGEST);
	bool ok = source != NULL;

	*n = 0;
	if (!ok)
		return err_set(e, ERR_FAILED, "out of memory");
	memset(source, 0x35, WINDOWS_LARGEST);
	trial.source = source;
	trial.window = target_reserve(WINDOWS_LARGEST, WINDOWS_LARGEST);
	if (trial.window == NULL)
		ok = err_errno(e, errno, "no address space for windows");
	for (trial.bytes = alias_granule(target);
		ok && trial.bytes <= WINDOWS_LARGEST && trial.bytes <= target->facts.bytes;
		trial.bytes = next_size(trial.bytes)) {
		ok = time_window(&trial, &costs[*n]) ||
		     err_errno(e, errno, "target %s: a window of %llu bytes", target->facts.name,
			     (unsigned long long)trial.bytes);
		*n += ok;
	}
	if (trial.window != NULL)
		munmap(trial.window, WINDOWS_LARGEST);
	free(source);
	return ok;
}
