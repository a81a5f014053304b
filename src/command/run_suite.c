// SPDX-License-Identifier: MIT
#include "command/run_suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pattern.h"
#include "base/self.h"
#include "strategy/choose.h"

/* Options that sections have their own of; the others are of the whole run. */
static const char *const of_sections[] = {"strategies", "op", "size", "state", "source",
	"dst-align", "src-align", "page-state", "threads", "background", "workload", "latency",
	"rate", "cpu-node", "mem-node", "numa"};

/* What a file cannot say: it is of this one call. */
static const char *const of_calls[] = {"section", "runs", "progress", "output", "force", "dry-run",
	"json", "quiet", "overwrite", "create"};

static bool among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

bool run_suites_folder(char *path, size_t bytes, struct err *e)
{
	return self_folder("suites", "default.ini", path, bytes) ||
	       err_set(e, ERR_FAILED,
		       "cannot find the suites (suites/default.ini) beside the program or in "
		       "../share/daxmark");
}

/* A path as it is; a mere name is one of ours. */
static bool find_file(const char *name, char path[512], struct err *e)
{
	size_t length = strlen(name);
	char folder[400];

	if (strchr(name, '/') != NULL || (length > 4 && strcmp(name + length - 4, ".ini") == 0)) {
		if (length >= 512)
			return err_set(e, ERR_USAGE, "suite '%.40s..': the path is too long", name);
		strcpy(path, name);
		return true;
	}
	if (length > 60)
		return err_set(e, ERR_USAGE, "suite '%.40s..': the name is too long", name);
	if (!run_suites_folder(folder, sizeof(folder), e))
		return false;
	snprintf(path, 512, "%s/%s.ini", folder, name);
	return access(path, R_OK) == 0 ||
	       err_set(e, ERR_USAGE,
		       "no suite '%s': 'daxmark list --suites' names them, a file of yours ends in "
		       ".ini",
		       name);
}

/* ---- keys ---- */

/* arg: the struct run_config that it is for. */
static bool store(void *arg, const struct suite_key *key, struct err *e)
{
	const struct option_spec *spec = option_named(run_options, run_n_options, key->key);

	/* The command line has no word for it; a section may take back what it inherits. */
	if (spec->type == OPTION_FLAG && strcmp(key->value, "no") == 0) {
		*(bool *)((char *)arg + spec->offset) = false;
		return true;
	}
	return option_store(spec, key->value, arg, e);
}

static bool any_strategy(void *arg, const struct strategy *strategy, bool named)
{
	(void)arg;
	(void)strategy;
	(void)named;
	return true;
}

/* The key alone, on an otherwise usual run: so that what is wrong is known to be its value. */
static bool fits_alone(const struct suite_key *key, struct err *e)
{
	const struct option_spec *spec = option_named(run_options, run_n_options, key->key);
	struct run_config *config = malloc(sizeof(*config));
	bool ok = config != NULL || err_set(e, ERR_FAILED, "out of memory");

	if (!ok)
		return false;
	*config = run_usual();
	if (spec->type == OPTION_FLAG && strcmp(key->value, "yes") != 0 &&
		strcmp(key->value, "no") != 0)
		ok = err_set(e, ERR_USAGE, "'%s' is not yes or no", key->value);
	ok = ok && store(config, key, e) && run_choose(config, e) &&
	     (config->request.strategies == NULL ||
		     strategy_choose(config->request.strategies, any_strategy, NULL, e));
	free(config);
	return ok;
}

/* "0: must be .." of "--size: 0: must be .." or "size: ..": the key stands before it already. */
static const char *without_option(const char *text, const char *key)
{
	const char *name = strncmp(text, "--", 2) == 0 ? text + 2 : text;
	size_t length = strlen(key);

	return strncmp(name, key, length) == 0 && strncmp(name + length, ": ", 2) == 0
		       ? name + length + 2
		       : text;
}

static bool check_key(
	const struct suite *suite, size_t section, const struct suite_key *key, struct err *e)
{
	struct err why = {ERR_NONE, ""}, spelled = {ERR_NONE, ""};

	if (option_named(run_options, run_n_options, key->key) == NULL)
		return err_set(e, ERR_USAGE,
			"%s:%u: unknown key '%.40s': keys are the long options of 'daxmark run'",
			suite->path, key->line, key->key);
	if (among(key->key, of_calls, sizeof(of_calls) / sizeof(of_calls[0])))
		return err_set(e, ERR_USAGE,
			"%s:%u: %s: belongs on the command line, not into a file", suite->path,
			key->line, key->key);
	if (section > 0 &&
		!among(key->key, of_sections, sizeof(of_sections) / sizeof(of_sections[0])))
		return err_set(e, ERR_USAGE, "%s:%u: %s: is of the whole run: put it into [global]",
			suite->path, key->line, key->key);
	if (fits_alone(key, &why))
		return true;
	option_spell(NULL, 0, why.text, spelled.text, sizeof(spelled.text));
	return err_set(e, ERR_USAGE, "%s:%u: %s: %.300s", suite->path, key->line, key->key,
		without_option(spelled.text, key->key));
}

static bool is_elsewhere(const char *name)
{
	for (const struct strategy_elsewhere *there = strategies_elsewhere; there->name; there++)
		if (strcmp(there->name, name) == 0)
			return true;
	return false;
}

/*
 * A suite is for every machine: names of strategies that other instruction sets have are
 * taken out of its lists, as long as something is left.
 */
static bool leave_elsewhere(const struct suite *suite, struct suite_key *key, struct err *e)
{
	const char *list = key->value;
	char item[PATTERN_BYTES], *kept;
	size_t used = 0;

	if (strcmp(key->key, "strategies") != 0)
		return true;
	kept = strdup(key->value);
	if (kept == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	kept[0] = '\0';
	while (pattern_next(&list, item))
		if (!is_elsewhere(item))
			used += (size_t)sprintf(kept + used, "%s%s", used > 0 ? "," : "", item);
	strcpy(key->value, kept);
	free(kept);
	return used > 0 ||
	       err_set(e, ERR_FAILED,
		       "%s:%u: strategies: all of them are made of another instruction set's "
		       "instructions",
		       suite->path, key->line);
}

static bool check_keys(const struct suite *suite, struct err *e)
{
	for (size_t s = 0; s < suite->n; s++)
		for (size_t k = 0; k < suite->sections[s].n; k++)
			if (!leave_elsewhere(suite, &suite->sections[s].keys[k], e) ||
				!check_key(suite, s, &suite->sections[s].keys[k], e))
				return false;
	return true;
}

/* ---- sections ---- */

/* The options of a section, or, of 0, of the whole run. */
static bool read_part(const struct suite *suite, size_t section, int argc, char **argv,
	struct run_config *config, struct err *e)
{
	const char *named;
	unsigned number = 0;
	int first;

	*config = run_usual();
	if (!suite_each(suite, section, store, config, e))
		return false;
	named = config->request.strategies;
	if (!option_parse(argc, argv, run_options, run_n_options, config, &first, e) ||
		!run_choose(config, e))
		return false;
	/* What the file names is wished for; what the command line names is asked for. */
	config->request.mild = config->request.strategies == named;
	if (section > 0 && !words_find(&section_words, suite->sections[section].name, &number, e))
		return false;
	config->request.section = number;
	return true;
}

/* Which sections: bit s of the mask. */
static bool choose_sections(
	const struct suite *suite, const char *names, uint64_t *chosen, struct err *e)
{
	char item[PATTERN_BYTES];
	size_t section;

	_Static_assert(SUITE_SECTIONS <= 64, "a bit each");
	*chosen = names == NULL ? UINT64_MAX : 0;
	while (names != NULL && pattern_next(&names, item)) {
		if (!suite_find(suite, item, &section, e))
			return false;
		*chosen |= 1ull << section;
	}
	return true;
}

static bool read_suite(struct run_work *work, int argc, char **argv, struct err *e)
{
	const struct suite *suite = &work->suite;
	uint64_t chosen;

	if (!check_keys(suite, e) || !choose_sections(suite, work->config->sections, &chosen, e) ||
		!read_part(suite, 0, argc, argv, work->config, e))
		return false;
	work->parts = calloc(suite->n, sizeof(work->parts[0]));
	if (work->parts == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t s = 1; s < suite->n; s++) {
		struct err why;

		if ((chosen >> s & 1) == 0)
			continue;
		if (!read_part(suite, s, argc, argv, &work->parts[work->n++], &why))
			return err_set(e, why.code, "%s: section [%s]: %.350s", suite->path,
				suite->sections[s].name, why.text);
	}
	return true;
}

bool run_work_read(
	struct run_work *work, int argc, char **argv, struct run_config *config, struct err *e)
{
	char path[512];
	int first;

	memset(work, 0, sizeof(*work));
	work->config = config;
	*config = run_usual();
	if (!option_parse(argc, argv, run_options, run_n_options, config, &first, e))
		return false;
	if (first < argc)
		return command_no_arguments(argc, argv, first + 1 < argc ? first + 1 : argc, e) &&
		       find_file(argv[first], path, e) && suite_read(&work->suite, path, e) &&
		       read_suite(work, argc, argv, e);
	if (config->sections != NULL)
		return err_set(e, ERR_USAGE, "--section: is of a suite: name one");
	work->parts = config;
	work->n = 1;
	return run_choose(config, e);
}

void run_work_free(struct run_work *work)
{
	if (work->parts != work->config)
		free(work->parts);
	suite_free(&work->suite);
}
