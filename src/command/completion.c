// SPDX-License-Identifier: MIT
/* daxmark completion: what bash, zsh and fish need to complete commands, options and their values. */
#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "command/command.h"
#include "exchange/format.h"
#include "strategy/strategy.h"

#define HISTORY_VERBS "add list plot names check page prune"

static void print_strategies(const char *options_pattern)
{
	printf("\t%s)\n\t\twords='all", options_pattern);
	for (size_t i = 0; i < strategies_n; i++)
		printf(" %s", strategies[i]->name);
	printf("' ;;\n");
}

/* The words of a verb or a name after a command, and values of options of one command. */
static const struct {
	const char *pattern, *words;
} fixed[] = {
	{"--target|-t", "memfd dram:0 auto"}, {"--numa", "matrix"}, {"--page-size", "auto 4K 2M"}};

/* An option whose values are words that we know. */
static void print_vocabulary(const struct option_spec *spec)
{
	if (spec->words == NULL)
		return;
	printf("\t--%s)\n\t\twords='", spec->name);
	for (size_t w = 0; w < spec->words->n; w++)
		printf("%s%s", w > 0 ? " " : "", spec->words->names[w]);
	printf("' ;;\n");
}

static void print_values(void)
{
	printf("\tcase $option in\n");
	for (size_t i = 0; i < commands_n; i++)
		for (size_t o = 0; o < commands[i]->n_options; o++)
			print_vocabulary(&commands[i]->options[o]);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		printf("\t%s)\n\t\twords='%s' ;;\n", fixed[i].pattern, fixed[i].words);
	printf("\t--format)\n\t\twords='");
	for (size_t i = 0; i < exchange_formats_n; i++)
		printf("%s%s", i > 0 ? " " : "", exchange_formats[i]->name);
	printf("' ;;\n");
	print_strategies("--strategies|-s|--baseline|-b|--anchor");
	printf("\t*) words='' ;;\n\tesac\n");
}

static void print_bash(void)
{
	printf("# bash completion for daxmark, made by 'daxmark completion' from its option "
	       "tables.\n"
	       "_daxmark_files()\n{\n\tcompopt -o filenames 2>/dev/null\n"
	       "\tmapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n}\n"
	       "_daxmark()\n{\n\tlocal words option value strategies "
	       "cur=${COMP_WORDS[COMP_CWORD]}\n"
	       "\tlocal before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
	       "\tlocal commands='");
	for (size_t i = 0; i < commands_n; i++)
		printf("%s%s", i > 0 ? " " : "", commands[i]->name);
	printf("'\n\tstrategies='");
	for (size_t i = 0; i < strategies_n; i++)
		printf("%s%s", i > 0 ? " " : "", strategies[i]->name);
	printf("'\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W "
	       "\"$commands help --help --version\" -- \"$cur\")\n\t\treturn\n\tfi\n"
	       "\tif [ \"$COMP_CWORD\" -eq 2 ]; then\n\t\tcase $command in\n"
	       "\t\thelp) mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- \"$cur\"); return "
	       ";;\n"
	       "\t\tcompletion) mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- \"$cur\"); "
	       "return ;;\n"
	       "\t\tlist) case $cur in -*) ;; *) mapfile -t COMPREPLY < <(compgen -W "
	       "\"$strategies\" -- \"$cur\"); return ;; esac ;;\n"
	       "\t\thistory) case $cur in -*) ;; *) mapfile -t COMPREPLY < <(compgen -W "
	       "'" HISTORY_VERBS "' -- \"$cur\"); return ;; esac ;;\n\t\tesac\n\tfi\n"
	       "\tif [ \"$command\" = history ] && [ \"$COMP_CWORD\" -ge 3 ]; then case "
	       "${COMP_WORDS[2]} in list|plot|check)\n"
	       "\t\tcase $cur$before in -*|*=*|*--*) ;; *) mapfile -t COMPREPLY < <(compgen -W "
	       "\"$(\"${COMP_WORDS[0]}\" history names 2>/dev/null)\" -- \"$cur\"); return ;; "
	       "esac ;; esac; fi\n"
	       "\t# --option=value comes as three words, --option value as two\n"
	       "\toption=$before value=$cur\n"
	       "\t[ \"$cur\" = = ] && value=''\n"
	       "\t[ \"$before\" = = ] && option=${COMP_WORDS[COMP_CWORD-2]}\n");
	print_values();
	printf("\tif [ -n \"$words\" ]; then\n"
	       "\t\tlocal done=''\n\t\tcase $value in *,*) done=${value%%,*}, ;; esac\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -P \"$done\" -W \"$words\" -- "
	       "\"${value##*,}\")\n"
	       "\t\tcase $option in --target|-t) [ \"${#COMPREPLY[@]}\" -gt 0 ] || "
	       "_daxmark_files \"$value\" ;; esac\n\t\treturn\n\tfi\n"
	       "\tif [ \"$cur\" = = ] || [ \"$before\" = = ]; then\n"
	       "\t\t_daxmark_files \"$value\"\n\t\treturn\n\tfi\n"
	       "\tcase $command in\n");
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t%s) words='--help", commands[i]->name);
		for (size_t o = 0; o < commands[i]->n_options; o++)
			printf(" --%s%s", commands[i]->options[o].name,
				commands[i]->options[o].metavar != NULL ? "=" : "");
		printf("' ;;\n");
	}
	printf("\t*) words='' ;;\n\tesac\n"
	       "\tcase $cur in\n\t-*) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\") "
	       ";;\n"
	       "\t*) _daxmark_files \"$cur\" ;;\n\tesac\n"
	       "\t[[ ${COMPREPLY[0]} = *= ]] && compopt -o nospace\n}\n"
	       "complete -F _daxmark daxmark\n");
}

/* ---- zsh and fish: from the same tables, with what each option is for ---- */

/* Inside single quotes of zsh or fish; colons and brackets mean something to _arguments. */
static void print_quoted(const char *text, bool zsh)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (zsh && strchr(":[]\\", *text) != NULL)
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

/* Calls `each` with the words that an option's value is made of; false: it has none. */
static bool each_word(const struct option_spec *spec, void (*each)(const char *word))
{
	static const char *const of_strategies[] = {"strategies", "baseline", "anchor"};

	if (spec->words != NULL) {
		for (size_t w = 0; w < spec->words->n; w++)
			each(spec->words->names[w]);
		return true;
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (strncmp(fixed[i].pattern + 2, spec->name, strlen(spec->name)) == 0) {
			each(fixed[i].words);
			return true;
		}
	for (size_t i = 0; i < sizeof(of_strategies) / sizeof(of_strategies[0]); i++)
		if (strcmp(of_strategies[i], spec->name) == 0 && spec->metavar != NULL) {
			each("all");
			for (size_t s = 0; s < strategies_n; s++)
				each(strategies[s]->name);
			return true;
		}
	return false;
}

static void print_word(const char *word)
{
	printf(" %s", word);
}

static void no_word(const char *word)
{
	(void)word;
}

static bool has_words(const struct option_spec *spec)
{
	return each_word(spec, no_word);
}

static void print_zsh_option(const struct option_spec *spec)
{
	printf("\t\t\t'*--%s%s[", spec->name, spec->metavar != NULL ? "=" : "");
	print_quoted(spec->help, true);
	fputs("]", stdout);
	if (spec->metavar != NULL) {
		fputs(":", stdout);
		print_quoted(spec->metavar, true);
		fputs(":", stdout);
		/* Lists by commas: every item is completed. */
		fputs("_sequence compadd -", stdout);
		each_word(spec, print_word);
	}
	fputs("' \\\n", stdout);
}

static void print_zsh_file(const struct option_spec *spec)
{
	printf("\t\t\t'*--%s=[", spec->name);
	print_quoted(spec->help, true);
	fputs("]:", stdout);
	print_quoted(spec->metavar, true);
	fputs(":_files' \\\n", stdout);
}

static void print_zsh_arguments(const struct command *command)
{
	if (strcmp(command->name, "history") == 0)
		fputs("\t\t\t'1:what to do:(" HISTORY_VERBS ")' "
		      "'*:case or result:{ compadd -- ${(f)\"$(daxmark history names "
		      "2>/dev/null)\"}; "
		      "_files }'\n",
			stdout);
	else if (strcmp(command->name, "completion") == 0)
		fputs("\t\t\t'1:shell:(bash zsh fish)'\n", stdout);
	else if (strcmp(command->name, "list") == 0) {
		fputs("\t\t\t'*:strategy:(", stdout);
		for (size_t s = 0; s < strategies_n; s++)
			printf("%s%s", s > 0 ? " " : "", strategies[s]->name);
		fputs(")'\n", stdout);
	} else
		fputs("\t\t\t'*:file:_files'\n", stdout);
}

static void print_zsh(void)
{
	fputs("#compdef daxmark\n# zsh completion, made by 'daxmark completion zsh' from its "
	      "option "
	      "tables.\n_daxmark()\n{\n\tlocal context state line\n\tif (( CURRENT == 2 )); "
	      "then\n\t\tlocal -a commands=(\n",
		stdout);
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t\t\t'%s:", commands[i]->name);
		print_quoted(commands[i]->summary, false);
		fputs("'\n", stdout);
	}
	fputs("\t\t)\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
	      "\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n",
		stdout);
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t%s)\n\t\t_arguments \\\n", commands[i]->name);
		for (size_t o = 0; o < commands[i]->n_options; o++) {
			const struct option_spec *spec = &commands[i]->options[o];

			if (spec->metavar != NULL && !has_words(spec))
				print_zsh_file(spec);
			else
				print_zsh_option(spec);
		}
		print_zsh_arguments(commands[i]);
		fputs("\t\t;;\n", stdout);
	}
	fputs("\tesac\n}\n(( $+functions[compdef] )) && compdef _daxmark daxmark\n", stdout);
}

static void print_fish_option(const struct command *command, const struct option_spec *spec)
{
	printf("complete -c daxmark -n '__fish_seen_subcommand_from %s' -l %s", command->name,
		spec->name);
	if (spec->letter != 0)
		printf(" -s %c", spec->letter);
	if (spec->metavar != NULL)
		fputs(has_words(spec) ? " -x" : " -r", stdout);
	fputs(" -d '", stdout);
	print_quoted(spec->help, false);
	fputs("'", stdout);
	if (spec->metavar != NULL && has_words(spec)) {
		fputs(" -a '(__fish_complete_list , \"string split -n -- \\\" \\\" \\\"", stdout);
		each_word(spec, print_word);
		fputs("\\\"\")'", stdout);
	}
	putchar('\n');
}

static void print_fish(void)
{
	fputs("# fish completion for daxmark, made by 'daxmark completion fish' from its option "
	      "tables.\n",
		stdout);
	for (size_t i = 0; i < commands_n; i++) {
		printf("complete -c daxmark -n __fish_use_subcommand -f -a %s -d '",
			commands[i]->name);
		print_quoted(commands[i]->summary, false);
		fputs("'\n", stdout);
		for (size_t o = 0; o < commands[i]->n_options; o++)
			print_fish_option(commands[i], &commands[i]->options[o]);
	}
	fputs("complete -c daxmark -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh "
	      "fish'\n"
	      "complete -c daxmark -n '__fish_seen_subcommand_from history' -a '" HISTORY_VERBS
	      "'\n"
	      "complete -c daxmark -n '__fish_seen_subcommand_from history' -a '(daxmark history "
	      "names 2>/dev/null)'\n"
	      "complete -c daxmark -n '__fish_seen_subcommand_from list' -f -a '",
		stdout);
	for (size_t s = 0; s < strategies_n; s++)
		printf("%s%s", s > 0 ? " " : "", strategies[s]->name);
	fputs("'\n", stdout);
}

static bool completion(int argc, char **argv, struct err *e)
{
	static const struct {
		const char *shell;
		void (*print)(void);
	} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
	const char *shell = argc > 1 ? argv[1] : "bash";

	if (argc > 2)
		return err_set(e, ERR_USAGE, "completion: unexpected argument '%s'", argv[2]);
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shells[i].shell, shell) == 0) {
			shells[i].print();
			return true;
		}
	return err_set(e, ERR_USAGE, "completion: '%s' is none of bash, zsh, fish", shell);
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "[bash | zsh | fish]",
	.summary = "a completion script for bash (default), zsh or fish",
	.run = completion,
};
