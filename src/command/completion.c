// SPDX-License-Identifier: MIT
/* daxmark completion: what bash needs to complete commands, options and their values. */
#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "command/command.h"
#include "exchange/format.h"
#include "strategy/strategy.h"

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

static bool completion(int argc, char **argv, struct err *e)
{
	if (argc > 1)
		return err_set(e, ERR_USAGE, "completion: unexpected argument '%s'", argv[1]);
	printf("# bash completion for daxmark, made by 'daxmark completion' from its option "
	       "tables.\n"
	       "_daxmark_files()\n{\n\tcompopt -o filenames 2>/dev/null\n"
	       "\tmapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n}\n"
	       "_daxmark()\n{\n\tlocal words option value cur=${COMP_WORDS[COMP_CWORD]}\n"
	       "\tlocal before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
	       "\tlocal commands='");
	for (size_t i = 0; i < commands_n; i++)
		printf("%s%s", i > 0 ? " " : "", commands[i]->name);
	printf("'\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W "
	       "\"$commands help --help --version\" -- \"$cur\")\n\t\treturn\n\tfi\n"
	       "\tif [ \"$COMP_CWORD\" -eq 2 ]; then\n\t\tcase $command in\n"
	       "\t\thelp) mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- \"$cur\"); return "
	       ";;\n"
	       "\t\thistory) case $cur in -*) ;; *) mapfile -t COMPREPLY < <(compgen -W "
	       "'add list plot' -- \"$cur\"); return ;; esac ;;\n\t\tesac\n\tfi\n"
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
	return true;
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "",
	.summary = "a completion script for bash",
	.run = completion,
};
