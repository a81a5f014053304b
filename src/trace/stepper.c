// SPDX-License-Identifier: MIT
#include "trace/stepper.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "trace/decode.h"

/* Who copies byte by byte takes some ten a byte. A step is microseconds: no end is told in seconds. */
#define MOST_STEPS 300000ul
#define MOST_STEPS_A_BYTE 32
#define MOST_SECONDS 30

bool stepper_available(struct err *why_not)
{
	return decoder_available(why_not);
}

/* A signal that an instruction of its own raised. */
static bool is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
	       signal == SIGABRT;
}

bool stepper_go_on(struct stepper *stepper, enum __ptrace_request request, struct err *e)
{
	int status;

	do {
		if (ptrace(request, stepper->child, NULL, NULL) != 0)
			return err_errno(e, errno, "cannot trace: ptrace");
		while (waitpid(stepper->child, &status, 0) < 0)
			if (errno != EINTR)
				return err_errno(e, errno, "cannot trace: waitpid");
		if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP)
			return true;
	} while (WIFSTOPPED(status) && !is_fault(WSTOPSIG(status)));
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return err_set(e, ERR_FAILED, "the traced routine did not come back within %d s",
			MOST_SECONDS);
	return err_set(e, ERR_FAILED, "the traced routine died: %s",
		WIFSTOPPED(status) ? strsignal(WSTOPSIG(status)) : "it left");
}

/*
 * A routine that blocks in the kernel takes no more steps: it is killed when its time is
 * over. A signal handler has nowhere else to look who that is.
 */
static volatile sig_atomic_t watched;

static void on_late(int number)
{
	(void)number;
	if (watched > 0)
		kill(watched, SIGKILL);
}

static void watch(pid_t child)
{
	const struct itimerval limit = {.it_value = {.tv_sec = child > 0 ? MOST_SECONDS : 0}};
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_late;
	action.sa_flags = SA_RESTART;
	watched = child;
	if (child > 0)
		sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &limit, NULL);
}

struct stepper *stepper_start(
	char *region, char *const aliases[STEPPER_ALIASES], size_t bytes, struct err *e)
{
	struct stepper *stepper = calloc(1, sizeof(*stepper));
	cpu_set_t one;
	int status;

	if (stepper == NULL)
		goto memory;
	stepper->child = -1;
	if (!decoder_available(e))
		goto fail;
	stepper->region = region;
	memcpy(stepper->aliases, aliases, sizeof(stepper->aliases));
	stepper->bytes = bytes;
	stepper->decoder = decoder_new(bytes);
	stepper->job = mmap(NULL, sizeof(struct stepper_job), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stepper->job == MAP_FAILED)
		stepper->job = NULL;
	if (stepper->decoder == NULL || stepper->job == NULL)
		goto memory;
	/* On one CPU: a step is two switches, and waking another CPU costs ten times as much. */
	sched_getaffinity(0, sizeof(stepper->allowed), &stepper->allowed);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	stepper->child = fork();
	if (stepper->child == 0)
		decoder_child(stepper->job);
	if (stepper->child < 0) {
		err_errno(e, errno, "cannot trace: fork");
		goto fail;
	}
	if (waitpid(stepper->child, &status, 0) < 0 || !WIFSTOPPED(status)) {
		stepper->child = -1;
		err_set(e, ERR_FAILED, "this system lets no process trace its child (ptrace)");
		goto fail;
	}
	ptrace(PTRACE_SETOPTIONS, stepper->child, NULL, (void *)PTRACE_O_EXITKILL);
	return stepper;
memory:
	err_set(e, ERR_FAILED, "out of memory");
fail:
	stepper_stop(stepper);
	return NULL;
}

void stepper_stop(struct stepper *stepper)
{
	if (stepper == NULL)
		return;
	if (CPU_COUNT(&stepper->allowed) > 0)
		sched_setaffinity(0, sizeof(stepper->allowed), &stepper->allowed);
	if (stepper->child > 0) {
		kill(stepper->child, SIGKILL);
		waitpid(stepper->child, NULL, 0);
	}
	if (stepper->job != NULL)
		munmap(stepper->job, sizeof(struct stepper_job));
	decoder_free(stepper->decoder);
	free(stepper);
}

static bool trace_steps(struct stepper *stepper, void (*loop)(const struct walk *),
	const struct walk *walk, struct trace *trace, struct err *e)
{
	size_t most = MOST_STEPS + MOST_STEPS_A_BYTE * walk->n * walk->len;
	bool ended = false;

	trace_clear(trace);
	stepper->job->loop = loop;
	stepper->job->walk = *walk;
	stepper->job->walk.failed = &stepper->job->failed;
	while (!ended) {
		if (trace->steps == most)
			return err_set(
				e, ERR_FAILED, "the routine did not end in %zu instructions", most);
		if (!decoder_step(stepper, trace, &ended, e))
			return false;
	}
	/* Over the trap at the end, then to the one at the beginning. */
	return stepper_go_on(stepper, PTRACE_CONT, e) && stepper_go_on(stepper, PTRACE_CONT, e);
}

bool stepper_trace(struct stepper *stepper, void (*loop)(const struct walk *),
	const struct walk *walk, struct trace *trace, struct err *e)
{
	bool ok;

	watch(stepper->child);
	ok = trace_steps(stepper, loop, walk, trace, e);
	watch(0);
	return ok;
}

void stepper_describe(const struct trace_event *event, char *text, size_t bytes)
{
	decoder_describe(event, text, bytes);
}
