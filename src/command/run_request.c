// SPDX-License-Identifier: MIT
/* daxmark run: what is asked for, from words to values. */
#include "command/run_request.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/units.h"
#include "stage/state.h"
#include "target/congruence.h"

#define REQUEST(field) (offsetof(struct run_config, request) + offsetof(struct plan_request, field))
#define ASKED(axis) (offsetof(struct run_config, asked) + (axis) * sizeof(const char *))
#define PLACE(field) \
	(offsetof(struct run_config, placement) + offsetof(struct placement_request, field))

const struct option_spec run_options[] = {
	{OPTION("target", 't', OPTION_TEXT, offsetof(struct run_config, target), "TARGET",
		"memory to copy to: memfd[:SIZE] (default), dram:NODE, auto, a folder, file or "
		"/dev/daxX.Y")},
	COMMAND_MAY_OPTIONS(struct run_config),
	{OPTION("strategies", 's', OPTION_TEXT, REQUEST(strategies), "NAME,..",
		"strategies to compare, family:NAME for all of one, or all (default: the main "
		"ones)")},
	{OPTION("op", 0, OPTION_TEXT, ASKED(AXIS_OPERATION), "OP,..",
		 "write, write+consume (default: these), read"),
		.of = "operation", .words = &operation_words},
	{OPTION("size", 0, OPTION_TEXT, ASKED(AXIS_SIZE), "SIZE,..",
		"bytes an operation: 4K, 64..64M*2 (default 64..64M*4)")},
	{OPTION("guarantee", 0, OPTION_TEXT, offsetof(struct run_config, least), "LEVEL",
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
	{OPTION("footprint", 0, OPTION_TEXT, offsetof(struct run_config, footprint), "SIZE",
		"bytes of the target that the copies go through (default 64M or two operations)")},
	{OPTION("page-size", 0, OPTION_TEXT, offsetof(struct run_config, page_size), "SIZE",
		"pages that must map the target: 4K, 2M (default: large ones where they can be "
		"had)")},
	{OPTION("page-state", 0, OPTION_TEXT, ASKED(AXIS_PAGES), "STATE,..",
		 "target pages: mapped (default), unmapped, write-protected, unwritten, populated, "
		 "shared"),
		.of = "page state", .words = &page_state_words},
	{OPTION("alias-distance", 0, OPTION_SIZE, offsetof(struct run_config, alias_distance),
		"SIZE",
		"how far past a congruent address incongruent aliases are (default: a page)")},
	{OPTION("threads", 0, OPTION_TEXT, ASKED(AXIS_THREADS), "N,..",
		"threads that copy together, each its own range (default 1)")},
	{OPTION("background", 0, OPTION_TEXT, ASKED(AXIS_BACKGROUND), "KIND@N,..",
		 "what other CPUs do N % of the time: load, store, nt-store, mix (default none); "
		 "store@0..100+10 is a range"),
		.words = &background_words},
	{OPTION("loaders", 0, OPTION_NUMBER, offsetof(struct run_config, loaders), "N",
		"CPUs that do the background load (default: all that measure nothing)")},
	{OPTION("workload", 0, OPTION_TEXT, ASKED(AXIS_WORKLOAD), "KIND,..",
		 "what the operations are: stream (default), random, values, updates, log, ring"),
		.words = &workload_words},
	{OPTION("latency", 0, OPTION_FLAG, REQUEST(latency.closed), NULL,
		"percentiles of single operations, too, one right after another (half of the "
		"time)")},
	{OPTION("rate", 0, OPTION_TEXT, offsetof(struct run_config, rates), "N,..",
		"the same of operations that arrive at random, N a second for each thread: 500, "
		"100K, 1.5M")},
	{OPTION("cpu-node", 0, OPTION_TEXT, PLACE(cpu_node), "N",
		"measure on CPUs of this NUMA node")},
	{OPTION("mem-node", 0, OPTION_TEXT, PLACE(mem_node), "N",
		 "take the DRAM side from this NUMA node (verified)"),
		.of = "memory node"},
	{OPTION("numa", 0, OPTION_TEXT, PLACE(numa), "matrix",
		"every node with CPUs against every node with memory")},
	{OPTION("incoherent", 0, OPTION_FLAG, offsetof(struct run_config, incoherent), NULL,
		"others reach the target past this machine's caches (shared CXL memory)")},
	{OPTION("cpu", 0, OPTION_TEXT, offsetof(struct run_config, cpu), "N",
		"CPU to measure on (default: the last allowed one)")},
	{OPTION("section", 0, OPTION_TEXT, offsetof(struct run_config, sections), "NAME,..",
		"of a suite: only these sections")},
	{OPTION("budget", 0, OPTION_SECONDS, REQUEST(budget_s), "TIME",
		"time for all (default 60s)")},
	{OPTION("until", 0, OPTION_TEXT, offsetof(struct run_config, until_text), "WIDTH",
		"end when every ratio is known within so much (1%), in this run; the budget "
		"(then 10m) is the most")},
	{OPTION("passes", 0, OPTION_NUMBER, REQUEST(passes), "N",
		"visits of each comparison, spread over the run (default: at least 30, and one "
		"every 3 s)")},
	{OPTION("runs", 0, OPTION_NUMBER, offsetof(struct run_config, runs), "N",
		"so many runs, each in a process and file of its own: FILE-1.json, .. (default "
		"1)")},
	{OPTION("progress", 0, OPTION_TEXT, offsetof(struct run_config, progress), "json",
		"progress as lines of JSON on stderr, for programs")},
	{OPTION("seed", 0, OPTION_TEXT, offsetof(struct run_config, seed), "N",
		"of all random order (default: random)")},
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct run_config, output), "FILE",
		"the result file (default daxmark-DATE-TIME.json)")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct run_config, force), NULL,
		"replace the result file if it exists")},
	{OPTION("dry-run", 'n', OPTION_FLAG, offsetof(struct run_config, dry_run), NULL,
		"print the plan and measure nothing")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct run_config, json), NULL,
		"print the result document instead of a table")},
	{OPTION("label", 0, OPTION_TEXT, offsetof(struct run_config, label), "TEXT",
		"what you call this machine or run, kept in the result")},
	{OPTION("commit", 0, OPTION_TEXT, offsetof(struct run_config, commit), "TEXT",
		"of what is measured, kept in the result")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct run_config, quiet), NULL,
		"no progress, no notes")},
};

const size_t run_n_options = sizeof(run_options) / sizeof(run_options[0]);

static bool choose_seed(struct run_config *config, struct err *e)
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
static bool choose_until(struct run_config *config, struct err *e)
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
static bool choose_values(struct run_config *config, struct err *e)
{
	unsigned level;

	if (config->asked[AXIS_STATE] == NULL)
		config->asked[AXIS_STATE] = state_usual();
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

static bool choose_rates(struct run_config *config, struct err *e)
{
	struct plan_latency *latency = &config->request.latency;
	struct err why;

	return config->rates == NULL ||
	       units_parse_rates(
		       config->rates, latency->rates, PLAN_MAX_RATES, &latency->n_rates, &why) ||
	       err_set(e, ERR_USAGE, "--rate: %s", why.text);
}

static bool choose_cpu(const struct run_config *config, int *cpu, struct err *e)
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

/* A memfd's size is the same thing under another name. */
static bool choose_footprint(
	const struct run_config *config, struct target_request *target, struct err *e)
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

static bool choose_target(
	const struct run_config *config, struct target_request *target, struct err *e)
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
	return (target->page_bytes >= (uint64_t)sysconf(_SC_PAGESIZE) &&
		       (target->page_bytes & (target->page_bytes - 1)) == 0) ||
	       err_set(e, ERR_USAGE,
		       "--page-size: '%s': a power of two from this machine's page up, or auto",
		       config->page_size);
}

/* How often, and how its progress is told. */
static bool choose_told(const struct run_config *config, struct err *e)
{
	if (config->runs > RUNS_MOST)
		return err_set(e, ERR_USAGE, "--runs: from 1 to %d", RUNS_MOST);
	if (config->runs > 1 && config->json)
		return err_set(e, ERR_USAGE,
			"--runs: --json prints one document, not %u: read the files", config->runs);
	if (config->progress == NULL)
		return true;
	if (strcmp(config->progress, "json") != 0)
		return err_set(e, ERR_USAGE, "--progress: '%s' is not json", config->progress);
	return !config->quiet || err_set(e, ERR_USAGE, "--progress and --quiet: choose one");
}

struct run_config run_usual(void)
{
	return (struct run_config){.target = "memfd"};
}

bool run_choose(struct run_config *config, struct err *e)
{
	return choose_seed(config, e) && command_name_fits("label", config->label, e) &&
	       command_name_fits("commit", config->commit, e) && choose_told(config, e) &&
	       choose_until(config, e) && choose_values(config, e) && choose_rates(config, e) &&
	       choose_cpu(config, &config->on_cpu, e);
}

bool run_choose_target(struct run_config *config, struct target_request *target, struct err *e)
{
	if (!choose_target(config, target, e))
		return false;
	config->request.window_bytes = target->bytes;
	return true;
}

const struct command command_run = {
	.name = "run",
	.arguments = "[OPTIONS] [SUITE]",
	.summary = "measure strategies against each other and write a result file",
	.options = run_options,
	.n_options = sizeof(run_options) / sizeof(run_options[0]),
	.notes = "Sizes: K M G T and KiB MiB .. are powers of 1024, KB MB .. of 1000; "
		 "FIRST..LAST*FACTOR\n"
		 "is a range. SUITE is a file of sections with these options as keys, or one of\n"
		 "'daxmark list --suites'. Ctrl-C stops after the current slice and keeps what was "
		 "measured.\n",
	.run = run_command,
};
