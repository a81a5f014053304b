// SPDX-License-Identifier: MIT
/* daxmark alias: which address bits decide what a second mapping of a page costs here. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "study/alias_probe.h"
#include "study/windows.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/units.h"
#include "command/alias_copies.h"
#include "command/child.h"
#include "command/command.h"
#include "report/drawing.h"
#include "command/show.h"
#include "sys/cpu.h"
#include "sys/facts.h"

#define COPIES_BUDGET_S 80

struct config {
	struct command_may may;
	const char *target, *output, *from, *plots;
	double budget_s; /* of the copies; 0: the usual */
	bool copies, force, json, quiet;
};

static const struct option_spec options[] = {
	{OPTION("target", 't', OPTION_TEXT, offsetof(struct config, target), "TARGET",
		"memory to map twice (default memfd)")},
	COMMAND_MAY_OPTIONS(struct config),
	{OPTION("output", 'o', OPTION_TEXT, offsetof(struct config, output), "SWEEP.json",
		"keep the raw sweep")},
	{OPTION("from", 0, OPTION_TEXT, offsetof(struct config, from), "SWEEP.json",
		"measure nothing: analyse a sweep made before, here or elsewhere")},
	{OPTION("copies", 0, OPTION_FLAG, offsetof(struct config, copies), NULL,
		"measure as well when congruence helps a copy: by size, footprint and operation")},
	{OPTION("budget", 0, OPTION_SECONDS, offsetof(struct config, budget_s), "TIME",
		"time for --copies (default 80s)")},
	{OPTION("plots", 'p', OPTION_TEXT, offsetof(struct config, plots), "DIR",
		"draw the cost by bit and by pair of bits into this folder")},
	{OPTION("force", 'f', OPTION_FLAG, offsetof(struct config, force), NULL,
		"replace files that exist")},
	{OPTION("json", 'j', OPTION_FLAG, offsetof(struct config, json), NULL,
		"one JSON document")},
	{OPTION("quiet", 'q', OPTION_FLAG, offsetof(struct config, quiet), NULL, "no progress")},
};

/* What is known when all is measured, or read. */
struct findings {
	struct sweep sweep;
	struct colour colour;
	struct window_cost windows[WINDOWS_MOST];
	size_t n_windows;
	struct alias_copy copies[ALIAS_COPIES_MOST];
	size_t n_copies;
};

/* Of the first-level data cache; 0 unknown. */
static uint64_t way_bytes(const struct facts *facts)
{
	for (int i = 0; i < facts->n_caches; i++)
		if (facts->caches[i].level == 1 && facts->caches[i].ways > 0 &&
			strcmp(facts->caches[i].type, "Instruction") != 0)
			return (uint64_t)(facts->caches[i].bytes / facts->caches[i].ways);
	return 0;
}

static void describe(struct sweep *sweep, const struct target *target, const struct facts *facts)
{
	time_t now = time(NULL);
	struct tm local;

	gmtime_r(&now, &local);
	strftime(sweep->created, sizeof(sweep->created), "%Y-%m-%dT%H:%M:%S+00:00", &local);
	snprintf(sweep->cpu_model, sizeof(sweep->cpu_model), "%.127s", facts->cpu_model);
	snprintf(sweep->target, sizeof(sweep->target), "%.500s", target->facts.name);
	sweep->emulated_machine = target->facts.medium == MEDIUM_EMULATED_MACHINE;
	sweep->shmlba_bytes = (uint64_t)SHMLBA;
	sweep->way_bytes = way_bytes(facts);
}

static bool measure_on(struct findings *findings, const struct target *target,
	const struct config *config, struct err *e)
{
	struct facts *facts = calloc(1, sizeof(*facts));
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct probe probe = {0};
	struct clock clock;
	struct tell tell;
	unsigned seed;
	bool ok = facts != NULL && rng != NULL;

	tell_init(&tell, config->quiet);
	clock_init(&clock);
	if (ok) {
		if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
			seed = (unsigned)time(NULL);
		gsl_rng_set(rng, seed);
		facts_read(facts, &clock, -1);
		describe(&findings->sweep, target, facts);
	} else {
		err_set(e, ERR_FAILED, "out of memory");
	}
	ok = ok && probe_open(&probe, target, &clock, rng, &tell, e);
	probe.stop = interrupt_pending;
	ok = ok && probe_run(&probe, &findings->sweep, &findings->colour, e) &&
	     windows_measure(target, &clock, findings->windows, &findings->n_windows, e);
	tell_progress_end(&tell);
	probe_close(&probe);
	if (rng != NULL)
		gsl_rng_free(rng);
	free(facts);
	return ok;
}

static bool measure_copies(struct findings *findings, const struct config *config, struct err *e)
{
	struct child child = {config->target, config->may};
	const struct study_runner runner = {child_measure, &child};
	struct tell tell;

	tell_init(&tell, config->quiet);
	findings->n_copies =
		copies_measure(&runner, config->budget_s > 0 ? config->budget_s : COPIES_BUDGET_S,
			&tell, findings->copies, e);
	tell_progress_end(&tell);
	return findings->n_copies > 0;
}

static bool gather(struct findings *findings, const struct config *config, struct err *e)
{
	struct target_request request;
	struct target target;
	struct cpu_place place;
	bool ok;

	/* Where it runs is all that is wanted of the place. */
	ok = cpu_pin(-1, &place, e);
	cpu_free(&place);
	if (!ok)
		return false;
	if (config->output != NULL && !file_may_create(config->output, config->force, e))
		return false;
	if (!command_target(config->target, command_may(&config->may), config->quiet, &request, e))
		return false;
	/* Small pages: under large ones the low bits of two mappings could not differ. */
	if (!request.ops->own_pages)
		request.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	request.pages_wished = true;
	if (!target_open(&target, &request, WINDOWS_LARGEST, e))
		return false;
	interrupt_install();
	interrupt_guard_memory();
	ok = measure_on(findings, &target, config, e);
	target_close(&target);
	/* First what there is: copies that fail must not lose it. */
	ok = ok && (config->output == NULL || sweep_write(&findings->sweep, config->output, e));
	return ok && (!config->copies || measure_copies(findings, config, e));
}

static unsigned long long geometric_colours(const struct sweep *sweep)
{
	return sweep->way_bytes > sweep->granule_bytes ? sweep->way_bytes / sweep->granule_bytes
						       : 1;
}

/* "12 xor 21 xor 30". */
static void parity_text(uint64_t parity, char *text, size_t bytes)
{
	size_t used = 0;

	for (; parity != 0 && used < bytes; parity &= parity - 1)
		used += (size_t)snprintf(text + used, bytes - used, "%s%d", used ? " xor " : "",
			__builtin_ctzll(parity));
}

static void print_function(const struct sweep *sweep, const struct colour *colour)
{
	char size[UNITS_TEXT_BYTES];

	switch (colour->verdict) {
	case COLOUR_CANNOT_TELL:
	case COLOUR_VERDICTS:
		printf("The colour function: cannot tell: %s.\n", colour->why);
		return;
	case COLOUR_FREE:
		printf("Aliases are free at any distance: no address bit of those tried decides "
		       "anything.\n");
		break;
	case COLOUR_NEVER:
		printf("No two addresses are free together: every address bit must agree.\n");
		break;
	case COLOUR_HASHED:
		printf("An alias is free when these parities of its address bits agree:\n");
		for (size_t i = 0; i < colour->parities.rank; i++) {
			char text[400];

			parity_text(colour->parities.rows[i], text, sizeof(text));
			printf("  bit %s\n", text);
		}
		break;
	}
	printf("%.0f colour%s; congruent modulo %s is enough.\n",
		exp2((double)colour->parities.rank), colour->parities.rank == 0 ? "" : "s",
		units_bytes(colour->sufficient_bytes, size));
	if (isnan(colour->penalty_ns))
		printf("A line costs %.2f ns under any two addresses.\n", colour->free_ns);
	else
		printf("A line costs %.2f ns when they agree, %.2f ns more when not.\n",
			colour->free_ns, colour->penalty_ns);
	printf("%zu of %zu masks that it was learned from fit; of %zu predicted before they were "
	       "measured, %zu.\n",
		colour->agree, colour->masks, colour->held_out, colour->held_out_agree);
	if (colour->why[0] != '\0')
		printf("That is %s.\n", colour->why);
	printf("Beside it: SHMLBA is %s here; the first-level cache's geometry makes %llu "
	       "colour%s.\n",
		units_bytes(sweep->shmlba_bytes, size), geometric_colours(sweep),
		geometric_colours(sweep) == 1 ? "" : "s");
}

static bool print_windows(const struct findings *findings, struct err *e)
{
	static const struct show_column columns[] = {{.name = "USER WINDOW", .right = true},
		{.name = "MAP", .right = true}, {.name = "BY MREMAP", .right = true},
		{.name = "FIRST COPY", .right = true}, {.name = "COPY", .right = true},
		{.name = "UNMAP", .right = true}};
	struct show_table *table;
	bool ok;

	if (findings->n_windows == 0)
		return true;
	table = show_begin("windows", columns, 6, false);
	ok = table != NULL;
	for (size_t i = 0; ok && i < findings->n_windows; i++) {
		const struct window_cost *cost = &findings->windows[i];
		char text[6][UNITS_TEXT_BYTES];
		const char *cells[] = {units_bytes(cost->bytes, text[0]),
			units_ns(cost->map_ns, text[1]), units_ns(cost->remap_ns, text[2]),
			units_ns(cost->first_ns, text[3]), units_ns(cost->copy_ns, text[4]),
			units_ns(cost->unmap_ns, text[5])};

		ok = show_row(table, cells, 6);
	}
	printf("\n");
	return show_finish(table, ok, e);
}

static bool print_text(const struct findings *findings, struct err *e)
{
	const struct sweep *sweep = &findings->sweep;
	int refused = __builtin_popcountll(findings->colour.refused);

	printf("%s, %s, %zu masks of %d address bits\n\n",
		sweep->cpu_model[0] ? sweep->cpu_model : "unknown CPU", sweep->target, sweep->n,
		__builtin_popcountll(findings->colour.bits));
	print_function(sweep, &findings->colour);
	if (refused > 0)
		printf("The kernel refuses two mappings that differ in %d of the bits alone "
		       "(EINVAL).\n",
			refused);
	if (sweep->emulated_machine)
		printf("This machine is made of software: the times are those of its emulator.\n");
	return print_windows(findings, e) &&
	       (findings->n_copies == 0 ||
		       alias_copies_print(findings->copies, findings->n_copies, e));
}

static json_t *function_json(const struct colour *colour)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < colour->parities.rank; i++)
		json_array_append_new(rows, json_bits(colour->parities.rows[i]));
	return rows;
}

static json_t *windows_json(const struct findings *findings)
{
	json_t *windows = json_array();

	for (size_t i = 0; i < findings->n_windows; i++) {
		const struct window_cost *cost = &findings->windows[i];
		json_t *object = json_object();

		json_put(object, "bytes", json_integer((json_int_t)cost->bytes));
		json_put(object, "map_ns", json_double(cost->map_ns));
		json_put(object, "mremap_ns", json_double(cost->remap_ns));
		json_put(object, "first_copy_ns", json_double(cost->first_ns));
		json_put(object, "copy_ns", json_double(cost->copy_ns));
		json_put(object, "unmap_ns", json_double(cost->unmap_ns));
		json_array_append_new(windows, object);
	}
	return windows;
}

static bool print_json(const struct findings *findings, struct err *e)
{
	const struct colour *colour = &findings->colour;
	bool tells = colour->verdict != COLOUR_CANNOT_TELL;
	json_t *root = json_object(), *held_out = json_object();
	char *text;

	json_put(root, "verdict", json_plain(colour_words.names[colour->verdict]));
	json_put(root, "why", json_plain(colour->why));
	json_put(root, "colour_function", tells ? function_json(colour) : json_null());
	json_put(root, "colours",
		tells ? json_integer((json_int_t)exp2((double)colour->parities.rank))
		      : json_null());
	json_put(root, "sufficient_modulo_bytes",
		tells ? json_integer((json_int_t)colour->sufficient_bytes) : json_null());
	json_put(root, "free_ns_per_line", json_double(colour->free_ns));
	json_put(root, "penalty_ns_per_line", json_double(colour->penalty_ns));
	json_put(held_out, "masks", json_integer((json_int_t)colour->held_out));
	json_put(held_out, "agree", json_integer((json_int_t)colour->held_out_agree));
	json_put(root, "held_out", held_out);
	json_put(root, "masks", json_integer((json_int_t)colour->masks));
	json_put(root, "agree", json_integer((json_int_t)colour->agree));
	json_put(root, "bits", json_bits(colour->bits));
	json_put(root, "refused_bits", json_bits(colour->refused));
	json_put(root, "shmlba_bytes", json_integer((json_int_t)findings->sweep.shmlba_bytes));
	json_put(root, "geometric_colours",
		json_integer((json_int_t)geometric_colours(&findings->sweep)));
	json_put(root, "emulated_machine", json_boolean(findings->sweep.emulated_machine));
	json_put(root, "user_windows", windows_json(findings));
	if (findings->n_copies > 0)
		json_put(root, "copies", alias_copies_json(findings->copies, findings->n_copies));
	text = json_dumps(root, JSON_REAL_PRECISION(6) | JSON_COMPACT);
	json_decref(root);
	if (text == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	puts(text);
	free(text);
	return true;
}

/* Rows of the plots: a bit, or two, and the cost of differing in them, in percent. */
static void write_costs(
	FILE *out, const struct sweep *sweep, double *const costs[SWEEP_KINDS], int bits)
{
	fprintf(out, bits == 1 ? "bit\tstore_load_percent\tload_load_percent\n"
			       : "bit\tother\tstore_load_percent\tload_load_percent\n");
	for (size_t i = 0; i < sweep->n; i++) {
		const struct sweep_mask *mask = &sweep->masks[i];
		uint64_t rest = mask->mask & (mask->mask - 1);

		if (mask->refused || __builtin_popcountll(mask->mask) != bits)
			continue;
		fprintf(out, "%d\t", __builtin_ctzll(mask->mask));
		if (bits == 2)
			fprintf(out, "%d\t", __builtin_ctzll(rest));
		fprintf(out, "%.3f\t%.3f\n", 100 * expm1(costs[SWEEP_STORE_LOAD][i]),
			100 * expm1(costs[SWEEP_LOAD_LOAD][i]));
	}
}

static const char *const plot_names[] = {"alias_bits", "alias_pairs"};
static const char *const plot_files[] = {"tsv", "svg", "png"};

/* Those that some mask was measured with. */
static uint64_t usable_bits(const struct sweep *sweep)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < sweep->n; i++)
		if (!sweep->masks[i].refused)
			bits |= sweep->masks[i].mask;
	return bits;
}

static bool draw_one(const struct plots *plots, const struct sweep *sweep,
	double *const costs[SWEEP_KINDS], int bits, const struct config *config, struct err *e)
{
	static const enum picture_format formats[] = {PICTURE_SVG, PICTURE_PNG};
	char base[560], path[600], caption[700], *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	bool ok = true;

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	write_costs(out, sweep, costs, bits);
	fclose(out);
	snprintf(base, sizeof(base), "%.500s/%s", config->plots, plot_names[bits - 1]);
	for (size_t k = 0; ok && k < sizeof(plot_files) / sizeof(plot_files[0]); k++) {
		snprintf(path, sizeof(path), "%s.%s", base, plot_files[k]);
		ok = file_may_create(path, config->force, e);
	}
	snprintf(path, sizeof(path), "%s.tsv", base);
	ok = ok && file_replace(path, text, bytes, e);
	free(text);
	snprintf(caption, sizeof(caption), "%s, %s", sweep->cpu_model, sweep->target);
	ok = ok && drawing_draw_table(
			   plots, plot_names[bits - 1], path, base, formats, 2, caption, "", e);
	if (ok && !config->json)
		printf("%s.svg\n", base);
	return ok;
}

static bool plots_ready(struct plots *plots, const struct config *config, struct err *e)
{
	struct err why;

	if (!plots_find(plots, e))
		return false;
	if (!gnuplot_can(&why))
		return err_set(
			e, ERR_FAILED, "--plots: %.200s (apt-get install gnuplot-nox)", why.text);
	if (mkdir(config->plots, 0777) != 0 && errno != EEXIST)
		return err_errno(e, errno, "--plots: cannot make folder %s", config->plots);
	for (size_t i = 0; i < sizeof(plot_names) / sizeof(plot_names[0]); i++)
		for (size_t k = 0; k < sizeof(plot_files) / sizeof(plot_files[0]); k++) {
			char path[600];

			snprintf(path, sizeof(path), "%.500s/%s.%s", config->plots, plot_names[i],
				plot_files[k]);
			if (!file_may_create(path, config->force, e))
				return false;
		}
	return true;
}

static bool draw(const struct plots *plots, const struct sweep *sweep, const struct config *config,
	struct err *e)
{
	double *costs[SWEEP_KINDS] = {NULL};
	bool ok = true;

	if (__builtin_popcountll(usable_bits(sweep)) < 2)
		return err_set(e, ERR_FAILED, "--plots: too few bits were measured to draw");
	for (int k = 0; ok && k < SWEEP_KINDS; k++) {
		costs[k] = colour_costs(sweep, (enum sweep_kind)k, e);
		ok = costs[k] != NULL;
	}
	for (int bits = 1; ok && bits <= 2; bits++)
		ok = draw_one(plots, sweep, costs, bits, config, e);
	for (int k = 0; k < SWEEP_KINDS; k++)
		free(costs[k]);
	return ok;
}

static bool alias(int argc, char **argv, struct err *e)
{
	struct config config = {0};
	struct findings findings = {0};
	struct plots plots; /* where config.plots asks for them */
	int first;
	bool ok;

	if (!option_parse(argc, argv, options, sizeof(options) / sizeof(options[0]), &config,
		    &first, e) ||
		!command_no_arguments(argc, argv, first, e))
		return false;
	if (config.from != NULL && config.output != NULL)
		return err_set(e, ERR_USAGE, "alias: --from measures nothing to keep with -o");
	if (config.from != NULL && (config.target != NULL || config.may.overwrite || config.copies))
		return err_set(e, ERR_USAGE,
			"alias: --from measures nothing: no --target, no --overwrite, no --copies");
	if (config.budget_s > 0 && !config.copies)
		return err_set(e, ERR_USAGE, "alias: --budget is for --copies");
	if (config.target == NULL)
		config.target = "memfd";
	if (config.plots != NULL && !plots_ready(&plots, &config, e))
		return false;
	if (config.from != NULL)
		ok = sweep_read(&findings.sweep, config.from, e) &&
		     colour_infer(&findings.colour, &findings.sweep, e);
	else
		ok = gather(&findings, &config, e);
	ok = ok && (config.json ? print_json(&findings, e) : print_text(&findings, e)) &&
	     (config.plots == NULL || draw(&plots, &findings.sweep, &config, e));
	sweep_free(&findings.sweep);
	return ok;
}

const struct command command_alias = {
	.name = "alias",
	.arguments = "[OPTIONS]",
	.summary = "which address bits decide what a second mapping of a page costs",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.notes = "Maps one page at two addresses that differ in chosen bits, stores and loads "
		 "through both, and infers\nthe colour function from the costs alone. Takes some "
		 "seconds.\n",
	.run = alias,
};
