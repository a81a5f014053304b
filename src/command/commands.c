// SPDX-License-Identifier: MIT
/* The table of commands: what main finds, help lists and completion knows; and what several of them share. */
#include "command/command.h"

#include "base/tell.h"
#include "target/target.h"

extern const struct command command_alias, command_compare, command_completion, command_copy,
	command_import, command_export, command_history, command_list, command_probe,
	command_report, command_tune, command_verify;

const struct command *const commands[] = {&command_list, &command_probe, &command_run,
	&command_verify, &command_tune, &command_alias, &command_report, &command_compare,
	&command_export, &command_import, &command_copy, &command_history, &command_completion};
const size_t commands_n = sizeof(commands) / sizeof(commands[0]);

unsigned command_may(const struct command_may *may)
{
	return (may->overwrite ? TARGET_OVERWRITE : 0u) | (may->create ? TARGET_CREATE : 0u);
}

bool command_target(
	const char *spec, unsigned may, bool quiet, struct target_request *request, struct err *e)
{
	struct tell tell;

	if (!target_parse(spec, may, request, e))
		return false;
	tell_init(&tell, quiet);
	if (request->note[0] != '\0')
		tell_note(&tell, "%s", request->note);
	return true;
}
