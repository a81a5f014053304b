// SPDX-License-Identifier: MIT
/* daxmark run: options to plan to measured result, in a file and as a table. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analyse/contest.h"
#include "arch/arch.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/tell.h"
#include "command/command.h"
#include "measure/session.h"
#include "command/run_prove.h"
#include "command/run_repeat.h"
#include "command/run_show.h"
#include "command/run_suite.h"
#include "sys/cpu.h"

/* The result file: it appears with the first checkpoint, whole, and nothing before that. */
struct output {
	char path[512];
	const char *stem; /* of a name that nobody chose: what there is counts it up */
	bool force, made;
};

static bool save(void *arg, const struct result *result, struct err *e)
{
	struct output *output = arg;
	bool taken;

	if (output->made || output->force) {
		output->made = true;
		return result_write(result, output->path, e);
	}
	for (unsigned n = 2;; n++) {
		struct err why;

		output->made = result_create(result, output->path, &taken, &why);
		if (output->made)
			return true;
		if (!taken || output->stem == NULL || n > 1000) {
			*e = why;
			return false;
		}
		snprintf(output->path, sizeof(output->path), "%s-%u.json", output->stem, n);
	}
}

/*
 * What was asked for by name and is not to be had is a failure, after the rest is done. A
 * suite is made for many machines: what this one has not the CPUs for is told, no more.
 */
static bool all_named_available(
	const struct plan *plan, const struct result *result, bool suite, struct err *e)
{
	for (size_t a = 0; a < plan->n_arms; a++) {
		const struct plan_arm *arm = &plan->arms[a];
		/* Some are found out only when the target is open. */
		bool available = result != NULL ? result->arms[a].available : arm->kernel != NULL;

		if (arm->named && !available)
			return err_set(e, ERR_FAILED, "strategy %s is not available here: %s",
				arm->strategy->name,
				result != NULL ? result->arms[a].why : arm->why);
	}
	for (size_t c = 0; result != NULL && c < result->n_comparisons; c++) {
		const struct result_comparison *comparison = &result->comparisons[c];

		for (size_t i = 0; i < comparison->n_failures; i++)
			if (plan->arms[comparison->failures[i].arm].named)
				return err_set(e, ERR_FAILED,
					"strategy %s could not do some settings: %s",
					plan->arms[comparison->failures[i].arm].strategy->name,
					comparison->failures[i].why);
		if (comparison->why[0] != '\0' && !suite)
			return err_set(e, ERR_FAILED, "some comparisons were not measured: %s",
				comparison->why);
	}
	return true;
}

static bool wants(void *arg, const struct result *result, size_t c)
{
	return contest_wants(result, c, *(const double *)arg);
}

/* The budget ended before the intervals were as narrow as was asked for. */
static void note_width(struct tell *tell, const struct result *result, double until)
{
	double contested, widest = 0;

	for (size_t c = 0; c < result->n_comparisons; c++)
		if (result->comparisons[c].n_visits > 1)
			widest = fmax(widest, contest_width(result, c, &contested));
	if (widest > until)
		tell_note(tell,
			"--until: the widest interval is %.2g %% to either side after %.0f s: a "
			"larger --budget",
			100 * widest, result->wall_s);
}

static void note_left_out(struct tell *tell, const struct result *result)
{
	const char *why = NULL;
	size_t n = 0;

	for (size_t c = 0; c < result->n_comparisons; c++)
		if (result->comparisons[c].why[0] != '\0') {
			why = result->comparisons[c].why;
			n++;
		}
	if (n > 0)
		tell_note(tell, "%zu of the suite's %zu comparisons cannot be made here: %s", n,
			result->n_comparisons, why);
}

static bool run_session(const struct run_work *work, struct plan *plan,
	const struct target_request *target, struct output *output, const char *command,
	struct err *e)
{
	const struct run_config *config = work->config;
	struct tell tell;
	double until = config->until;
	struct session_request request = {.plan = plan,
		.target = target,
		.cpu = config->on_cpu,
		.alias_distance = config->alias_distance,
		.loaders = config->loaders,
		.command = command,
		.label = config->label,
		.commit = config->commit,
		.suite = work->suite.n > 0 ? work->suite.name : NULL,
		.question = work->suite.question,
		.provisional = work->suite.provisional,
		.tell = &tell,
		.checkpoint = save,
		.checkpoint_arg = output,
		.wants = wants,
		.wants_arg = &until,
		.until = config->until > 0};
	struct result result;
	bool ok;

	tell_init(&tell, config->quiet);
	tell.json = config->progress != NULL;
	tell.specs = run_options;
	tell.n_specs = run_n_options;
	interrupt_install();
	if (!run_prove(plan, &tell, e))
		return interrupt_pending();
	ok = session_run(&request, &result, e);
	if (config->until > 0 && output->made && result.complete)
		note_width(&tell, &result, config->until);
	if (work->suite.n > 0)
		note_left_out(&tell, &result);
	if (output->made && interrupt_pending())
		tell_note(&tell, "interrupted: what was measured is in %s", output->path);
	/* Wrong data is a failure, but the rest of the result is still worth showing. */
	if (output->made && result.complete && !interrupt_pending()) {
		struct err shown;

		if (config->json) {
			char *json = result_to_json(&result);

			printf("%s\n", json != NULL ? json : "");
			free(json);
		} else if (!run_show_result(&result, output->path, &shown)) {
			*e = shown;
			ok = false;
		}
	}
	ok = ok &&
	     (interrupt_pending() || all_named_available(plan, &result, work->suite.n > 0, e));
	result_free(&result);
	return ok;
}

static void join(int argc, char **argv, char *text, size_t bytes)
{
	size_t used = (size_t)snprintf(text, bytes, "daxmark");

	for (int i = 0; i < argc && used < bytes; i++)
		used += (size_t)snprintf(text + used, bytes - used, " %s", argv[i]);
}

/* The name that was asked for, or one of the time. */
static bool choose_output(
	const struct run_config *config, struct output *output, char stem[64], struct err *e)
{
	time_t now = time(NULL);
	struct tm local;

	output->force = config->force;
	if (config->output != NULL) {
		if (strlen(config->output) >= sizeof(output->path))
			return err_set(e, ERR_USAGE, "--output: '%.40s...': the path is too long",
				config->output);
		strcpy(output->path, config->output);
		return file_may_create(output->path, config->force, e);
	}
	localtime_r(&now, &local);
	strftime(stem, 64, "daxmark-%Y%m%d-%H%M%S", &local);
	snprintf(output->path, sizeof(output->path), "%s.json", stem);
	output->stem = stem;
	output->force = false; /* nobody meant that file */
	return file_may_create(output->path, true, e);
}

static bool run_planned(const struct run_work *work, struct plan *plan,
	const struct target_request *target, const char *command, struct err *e)
{
	const struct run_config *config = work->config;
	struct output output = {.made = false};
	char stem[64];

	if (config->dry_run)
		return run_show_plan(
			       plan, target->path[0] != '\0' ? target->path : config->target, e) &&
		       all_named_available(plan, NULL, work->suite.n > 0, e);
	if (plan_available(plan) == 0)
		return all_named_available(plan, NULL, work->suite.n > 0, e);
	return choose_output(config, &output, stem, e) &&
	       run_session(work, plan, target, &output, command, e);
}

/*
 * An alias of another colour cannot be mapped by large pages where the user's mapping
 * is: so that the colour is all they differ in, both get small ones.
 */
static void choose_pages(
	const struct run_config *config, const struct plan *plan, struct target_request *target)
{
	struct tell tell;

	if (config->page_size != NULL || target->ops->own_pages)
		return;
	for (size_t a = 0; a < plan->n_arms; a++) {
		if (plan->arms[a].kernel == NULL ||
			plan->arms[a].strategy->alias != ALIAS_INCONGRUENT)
			continue;
		target->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
		target->pages_wished = true;
		tell_init(&tell, config->quiet);
		tell.specs = run_options;
		tell.n_specs = run_n_options;
		tell_note(&tell,
			"%s cannot be mapped by large pages: the target gets small ones "
			"(--page-size=auto: what can be had)",
			plan->arms[a].strategy->name);
		return;
	}
}

/* A distance is chosen for somebody. */
static bool distance_fits(const struct run_config *config, const struct plan *plan, struct err *e)
{
	bool any = config->alias_distance == 0;

	for (size_t a = 0; a < plan->n_arms; a++)
		any |= plan->arms[a].strategy->alias == ALIAS_INCONGRUENT;
	return any ||
	       err_set(e, ERR_USAGE,
		       "--alias-distance: no strategy of this run has a standing incongruent "
		       "alias");
}

/* The requests of all parts; the run's seed is the first one's. */
static struct plan_request *gather(
	const struct run_work *work, const struct target_request *target, struct err *e)
{
	struct plan_request *requests = calloc(work->n, sizeof(requests[0]));

	if (requests == NULL)
		err_set(e, ERR_FAILED, "out of memory");
	for (size_t i = 0; requests != NULL && i < work->n; i++) {
		struct run_config *part = &work->parts[i];

		part->placement.movable = target->path[0] == '\0';
		part->placement.target_node = target->node;
		part->request.window_bytes = work->config->request.window_bytes;
		part->request.seed = work->config->request.seed;
		if (!placement_choose(&part->placement, &part->request.values[AXIS_NODES], e)) {
			free(requests);
			return NULL;
		}
		requests[i] = part->request;
	}
	return requests;
}

static bool plan_and_run(const struct run_work *work, struct target_request *target,
	const struct target_facts *facts, const char *command, struct err *e)
{
	const struct plan_machine machine = {cpu_features(), arch_line_bytes()};
	struct plan_request *requests = gather(work, target, e);
	struct plan plan = {0};
	bool ok;

	ok = requests != NULL && plan_make(&plan, requests, work->n, &machine, facts, e) &&
	     distance_fits(work->config, &plan, e);
	free(requests);
	if (ok)
		choose_pages(work->config, &plan, target);
	ok = ok && run_planned(work, &plan, target, command, e);
	plan_free(&plan);
	return ok;
}

/* A load from one of them is a SIGBUS. */
static void note_bad_blocks(const struct target_facts *facts, bool quiet)
{
	struct tell tell;

	if (facts->device.bad_ranges <= 0)
		return;
	tell_init(&tell, quiet);
	tell_note(&tell,
		"device %s has %d bad block range%s ('ndctl list -M'): a copy that meets one ends "
		"the "
		"run",
		facts->device.name, facts->device.bad_ranges,
		facts->device.bad_ranges == 1 ? "" : "s");
}

struct repeated {
	const struct run_work *work;
	struct target_request *target;
	const struct target_facts *facts;
	const char *command;
	const char *output; /* as it was asked for; NULL: it was not */
	uint64_t seed;
};

/* In a process of its own: its file and its order are its own, too. */
static bool run_one(void *arg, unsigned number, struct err *e)
{
	const struct repeated *repeated = arg;
	struct run_config *config = repeated->work->config;
	char path[512];

	if (repeated->output != NULL && !config->dry_run) {
		run_repeat_name(repeated->output, number, path, sizeof(path));
		config->output = path;
	}
	config->request.seed = repeated->seed + number - 1;
	return plan_and_run(
		repeated->work, repeated->target, repeated->facts, repeated->command, e);
}

static bool run_read_work(struct run_work *work, const char *command, struct err *e)
{
	struct run_config *config = work->config;
	struct target_request target;
	struct target_facts facts;

	if (!run_choose_target(config, &target, e) || !target_describe(&target, &facts, e))
		return false;
	note_bad_blocks(&facts, config->quiet);
	if (config->runs <= 1 || config->dry_run)
		return plan_and_run(work, &target, &facts, command, e);
	return run_repeat(config->runs, run_one,
		&(struct repeated){
			work, &target, &facts, command, config->output, config->request.seed},
		e);
}

bool run_command(int argc, char **argv, struct err *e)
{
	struct run_config config;
	struct run_work work;
	char command[512];
	bool ok;

	join(argc, argv, command, sizeof(command));
	ok = run_work_read(&work, argc, argv, &config, e) && run_read_work(&work, command, e);
	run_work_free(&work);
	return ok;
}
