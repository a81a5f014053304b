// SPDX-License-Identifier: MIT
/* daxmark run: options to plan to measured result, in a file and as a table. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "analyse/contest.h"
#include "arch/arch.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/tell.h"
#include "base/units.h"
#include "command/command.h"
#include "measure/session.h"
#include "command/placement.h"
#include "command/run_show.h"
#include "sys/cpu.h"
#include "target/congruence.h"

struct config {
	struct command_may may;
	const char *target, *output, *cpu, *footprint, *page_size, *seed, *until_text;
	double until;			       /* half-width (log); 0: nothing was asked for */
	const char *asked[AXIS_COUNT], *least; /* as typed; NULL: not given */
	struct placement_request placement;
	struct plan_request request;
	uint64_t alias_distance;
	bool incoherent, force, json, quiet, dry_run;
};

#define REQUEST(field) (offsetof(struct config, request) + offsetof(struct plan_request, field))
#define ASKED(axis) (offsetof(struct config, asked) + (axis) * sizeof(const char *))
#define PLACE(field) \
	(offsetof(struct config, placement) + offsetof(struct placement_request, field))

static const struct option_spec options[] = {
	{OPTION("target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to copy to: memfd[:SIZE] (default), dram:NODE, auto, a folder, file or "
		"/dev/daxX.Y")},
	COMMAND_MAY_OPTIONS(struct config),
	{OPTION("strategies", 's', OPTION_TEXT, REQUEST(strategies), "NAME,..",
		"strategies to compare, family:NAME for all of one, or all (default: the main "
		"ones)")},
	{OPTION("op", 0, OPTION_TEXT, ASKED(AXIS_OPERATION), "OP,..",
		 "write, write+consume (default: these), read"),
		.of = "operation", .words = &operation_words},
	{OPTION("size", 0, OPTION_TEXT, ASKED(AXIS_SIZE), "SIZE,..",
		"bytes an operation: 4K, 64..64M*2 (default 64..64M*4)")},
	{OPTION("guarantee", 0, OPTION_TEXT, offsetof(struct config, least), "LEVEL",
		 "only copies that give at least: visible, durable-data, durable-file"),
		.words = &guarantee_words},
	{OPTION("state", 0, OPTION_TEXT, ASKED(AXIS_STATE), "STATE,..",
		 "destination lines: absent (default where they can be dropped), clean, dirty, "
		 "dirty-elsewhere"),
		.of = "destination state", .words = &state_words},
	{OPTION("source", 0, OPTION_TEXT, ASKED(AXIS_SOURCE), "SOURCE,..",
		 "source lines: hot (default), walk, absent"),
		.words = &source_words},
	{OPTION("dst-align", 0, OPTION_TEXT, ASKED(AXIS_DST_ALIGN), "N,..",
		 "destination bytes past a line, 0..63 (default 0)"),
		.of = "destination alignment"},
	{OPTION("src-align", 0, OPTION_TEXT, ASKED(AXIS_SRC_ALIGN), "N,..",
		 "source bytes past a line, 0..63 (default 0)"),
		.of = "source alignment"},
	{OPTION("footprint", 0, OPTION_TEXT, offsetof(struct config, footprint), "SIZE",
		"bytes of the target that the copies go through (default 64M or two operations)")},
	{OPTION("page-size", 0, OPTION_TEXT, offsetof(struct config, page_size), "SIZE",
		 "pages that must map the target: 4K, 2M (default: large ones where they can be "
		 "had)"),
		.of = "page size"},
	{OPTION("page-state", 0, OPTION_TEXT, ASKED(AXIS_PAGES), "STATE,..",
		 "target pages: mapped (default), unmapped, write-protected, unwritten"),
		.of = "page state", .words = &page_state_words},
	{OPTION("alias-distance", 0, OPTION_SIZE, offsetof(struct config, alias_distance), "SIZE",
		 "how far past a congruent address incongruent aliases are (default: a page)"),
		.of = "alias distance"},
	{OPTION("threads", 0, OPTION_TEXT, ASKED(AXIS_THREADS), "N,..",
		"threads that copy together, each its own range (default 1)")},
	{OPTION("background", 0, OPTION_TEXT, ASKED(AXIS_BACKGROUND), "KIND@N,..",
		 "what all other CPUs do N % of the time: load, store, nt-store, mix (default "
		 "none)"),
		.words = &background_words},
	{OPTION("cpu-node", 0, OPTION_TEXT, PLACE(cpu_node), "N",
		"measure on CPUs of this NUMA node")},
	{OPTION("mem-node", 0, OPTION_TEXT, PLACE(mem_node), "N",
		 "take the DRAM side from this NUMA node (verified)"),
		.of = "memory node"},
	{OPTION("numa", 0, OPTION_TEXT, PLACE(numa), "matrix",
		"every node with CPUs against every node with memory")},
	{OPTION("incoherent", 0, OPTION_FLAG, offsetof(struct config, incoherent), NULL,
		"others reach the target past this machine's caches (shared CXL memory)")},
	{OPTION("cpu", 0, OPTION_TEXT, offsetof(struct config, cpu), "N",
		"CPU to measure on (default: the last allowed one)")},
	{OPTION("budget", 0, OPTION_SECONDS, REQUEST(budget_s), "TIME",
		"time for all (default 60s)")},
	{OPTION("until", 0, OPTION_TEXT, offsetof(struct config, until_text), "WIDTH",
		"end when every ratio is known within so much (1%), in this run; the budget "
		"(then 10m) is the most")},
	{OPTION("passes", 0, OPTION_NUMBER, REQUEST(passes), "N",
		"visits of each comparison, spread over the run (default: at least 30, and one "
		"every 3 s)")},
	{OPTION("seed", 0, OPTION_TEXT, offsetof(struct config, seed), "N",
		"of all random order (default: random)")},
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "FILE",
		"the result file (default daxmark-DATE-TIME.json)")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"replace the result file if it exists")},
	{OPTION("dry-run", 'n', OPTION_FLAG, offsetof(struct config, dry_run), NULL,
		"print the plan and measure nothing")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"print the result document instead of a table")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL,
		"no progress, no notes")},
};

#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

static bool choose_seed(struct config *config, struct err *e)
{
	struct err why;

	if (config->seed != NULL) {
		if (!units_parse_u64(config->seed, &config->request.seed, &why))
			return err_set(e, ERR_USAGE, "--seed: %s", why.text);
		return config->request.seed <= INT64_MAX ||
		       err_set(e, ERR_USAGE, "--seed: %s is above 2^63 - 1", config->seed);
	}
	if (getrandom(&config->request.seed, sizeof(config->request.seed), 0) < 0)
		config->request.seed = (uint64_t)time(NULL);
	config->request.seed >>= 32; /* short enough to type again */
	return true;
}

/* "1%" or "0.01": between a hundredth of a percent and a half. */
static bool choose_until(struct config *config, struct err *e)
{
	const char *text = config->until_text;
	char *end;

	if (text == NULL)
		return true;
	config->until = strtod(text, &end);
	if (end != text && strcmp(end, "%") == 0) {
		config->until /= 100;
		end++;
	}
	if (end == text || *end != '\0' || !(config->until >= 0.0001 && config->until <= 0.5))
		return err_set(e, ERR_USAGE, "--until: '%s': a width from 0.01%% to 50%%", text);
	if (!(config->request.budget_s > 0))
		config->request.budget_s = 600;
	return true;
}

/* What was asked for along each axis; what was not has its usual values. */
static bool choose_values(struct config *config, struct err *e)
{
	unsigned level;

	/* Where no line can be dropped, the usual state is one that can be prepared. */
	if (config->asked[AXIS_STATE] == NULL && arch_evictor() == NULL)
		config->asked[AXIS_STATE] = state_words.names[STATE_DIRTY];
	for (unsigned axis = 0; axis < AXIS_COUNT; axis++)
		if (config->asked[axis] != NULL &&
			!axis_parse((enum setting_axis)axis, config->asked[axis],
				&config->request.values[axis], e))
			return false;
	if (config->least == NULL)
		return true;
	if (!words_find(&guarantee_words, config->least, &level, e))
		return false;
	config->request.least = (enum guarantee)level;
	return level != GUARANTEE_NONE ||
	       err_set(e, ERR_USAGE, "--guarantee: 'none' asks for nothing: leave it out");
}

static bool choose_cpu(const struct config *config, int *cpu, struct err *e)
{
	uint64_t value;
	struct err why;

	*cpu = -1;
	if (config->cpu == NULL)
		return true;
	if (!units_parse_u64(config->cpu, &value, &why))
		return err_set(e, ERR_USAGE, "--cpu: %s", why.text);
	if (value > 1 << 20)
		return err_set(e, ERR_USAGE, "--cpu: there is no CPU %s", config->cpu);
	*cpu = (int)value;
	return true;
}

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

/* What was asked for by name and is not to be had is a failure, after the rest is done. */
static bool all_named_available(const struct plan *plan, const struct result *result, struct err *e)
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
		if (comparison->why[0] != '\0')
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

static bool run_session(const struct config *config, const struct plan *plan,
	const struct target_request *target, int cpu, struct output *output, const char *command,
	struct err *e)
{
	struct tell tell;
	double until = config->until;
	struct session_request request = {.plan = plan,
		.target = target,
		.cpu = cpu,
		.alias_distance = config->alias_distance,
		.command = command,
		.tell = &tell,
		.checkpoint = save,
		.checkpoint_arg = output,
		.wants = wants,
		.wants_arg = &until,
		.until = config->until > 0};
	struct result result;
	bool ok;

	tell_init(&tell, config->quiet);
	tell.specs = options;
	tell.n_specs = N_OPTIONS;
	interrupt_install();
	ok = session_run(&request, &result, e);
	if (config->until > 0 && output->made && result.complete)
		note_width(&tell, &result, config->until);
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
	ok = ok && (interrupt_pending() || all_named_available(plan, &result, e));
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
	const struct config *config, struct output *output, char stem[64], struct err *e)
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

static bool run_planned(const struct config *config, const struct plan *plan,
	const struct target_request *target, const char *command, struct err *e)
{
	struct output output = {.made = false};
	char stem[64];
	int cpu;

	if (!choose_cpu(config, &cpu, e))
		return false;
	if (config->dry_run)
		return run_show_plan(
			       plan, target->path[0] != '\0' ? target->path : config->target, e) &&
		       all_named_available(plan, NULL, e);
	if (plan_available(plan) == 0)
		return all_named_available(plan, NULL, e);
	return choose_output(config, &output, stem, e) &&
	       run_session(config, plan, target, cpu, &output, command, e);
}

/* A memfd's size is the same thing under another name. */
static bool choose_footprint(
	const struct config *config, struct target_request *target, struct err *e)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), bytes;
	struct err why;

	if (config->footprint == NULL)
		return true;
	if (!units_parse_bytes(config->footprint, &bytes, &why))
		return err_set(e, ERR_USAGE, "--footprint: %s", why.text);
	if (bytes == 0 || bytes % page != 0)
		return err_set(e, ERR_USAGE,
			"--footprint: '%s': must be a multiple of %llu bytes, above 0",
			config->footprint, (unsigned long long)page);
	if (target->bytes != 0 && target->bytes != bytes)
		return err_set(e, ERR_USAGE,
			"--footprint: target '%s' says another size: leave one of them out",
			config->target);
	target->bytes = bytes;
	return true;
}

static bool choose_target(const struct config *config, struct target_request *target, struct err *e)
{
	struct err why;

	if (!command_target(config->target, command_may(&config->may), config->quiet, target, e))
		return false;
	if (config->alias_distance >= 1ull << CONGRUENCE_FIRST)
		return err_set(e, ERR_USAGE,
			"--alias-distance: below 1 GiB, the least by which addresses are "
			"congruent");
	target->incoherent = config->incoherent;
	if (!choose_footprint(config, target, e))
		return false;
	if (config->page_size == NULL || strcmp(config->page_size, "auto") == 0)
		return true;
	if (!units_parse_bytes(config->page_size, &target->page_bytes, &why))
		return err_set(e, ERR_USAGE, "--page-size: %s", why.text);
	return (target->page_bytes >= 4096 &&
		       (target->page_bytes & (target->page_bytes - 1)) == 0) ||
	       err_set(e, ERR_USAGE, "--page-size: '%s': a power of two from 4K up, or auto",
		       config->page_size);
}

/*
 * An alias of another colour cannot be mapped by large pages where the user's mapping
 * is: so that the colour is all they differ in, both get small ones.
 */
static void choose_pages(
	const struct config *config, const struct plan *plan, struct target_request *target)
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
		tell.specs = options;
		tell.n_specs = N_OPTIONS;
		tell_note(&tell,
			"%s cannot be mapped by large pages: the target gets small ones "
			"(--page-size=auto: what can be had)",
			plan->arms[a].strategy->name);
		return;
	}
}

/* A distance is chosen for somebody. */
static bool distance_fits(const struct config *config, const struct plan *plan, struct err *e)
{
	bool any = config->alias_distance == 0;

	for (size_t a = 0; a < plan->n_arms; a++)
		any |= plan->arms[a].strategy->alias == ALIAS_INCONGRUENT;
	return any ||
	       err_set(e, ERR_USAGE,
		       "--alias-distance: no strategy of this run has a standing incongruent "
		       "alias");
}

static bool plan_and_run(struct config *config, struct target_request *target,
	const struct target_facts *facts, const char *command, struct err *e)
{
	const struct plan_machine machine = {cpu_features(), arch_line_bytes()};
	struct plan plan = {0};
	bool ok;

	config->placement.movable = target->path[0] == '\0';
	config->placement.target_node = target->node;
	ok = placement_choose(&config->placement, &config->request.values[AXIS_NODES], e) &&
	     plan_make(&plan, &config->request, &machine, facts, e);
	ok = ok && distance_fits(config, &plan, e);
	if (ok)
		choose_pages(config, &plan, target);
	ok = ok && run_planned(config, &plan, target, command, e);
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

static bool run(int argc, char **argv, struct err *e)
{
	struct config config = {.target = "memfd"};
	struct target_request target;
	struct target_facts facts;
	char command[512];
	int first;

	join(argc, argv, command, sizeof(command));
	if (!option_parse(argc, argv, options, N_OPTIONS, &config, &first, e) ||
		!command_no_arguments(argc, argv, first, e) || !choose_seed(&config, e) ||
		!choose_until(&config, e) || !choose_values(&config, e) ||
		!choose_target(&config, &target, e) || !target_describe(&target, &facts, e))
		return false;
	config.request.window_bytes = target.bytes;
	note_bad_blocks(&facts, config.quiet);
	return plan_and_run(&config, &target, &facts, command, e);
}

const struct command command_run = {
	.name = "run",
	.arguments = "[OPTIONS]",
	.summary = "measure strategies against each other and write a result file",
	.options = options,
	.n_options = N_OPTIONS,
	.notes = "Sizes: K M G T and KiB MiB .. are powers of 1024, KB MB .. of 1000; "
		 "FIRST..LAST*FACTOR\n"
		 "is a range. Ctrl-C stops after the current slice and keeps what was measured.\n",
	.run = run,
};
