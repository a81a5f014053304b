// SPDX-License-Identifier: MIT
/* The table of commands: what main finds, help lists and completion knows. */
#include "command.h"

extern const struct command command_alias, command_compare, command_completion, command_export,
	command_history, command_list, command_probe, command_report, command_run, command_tune,
	command_verify;

const struct command *const commands[] = {&command_list, &command_probe, &command_run,
	&command_verify, &command_tune, &command_alias, &command_report, &command_compare,
	&command_export, &command_history, &command_completion};
const size_t commands_n = sizeof(commands) / sizeof(commands[0]);
