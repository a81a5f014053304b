// SPDX-License-Identifier: MIT
#include "target/target.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/units.h"

const struct target_ops *const target_kinds[] = {&target_memfd};
const size_t target_kinds_n = sizeof(target_kinds) / sizeof(target_kinds[0]);

bool target_parse(const char *spec, const struct target_ops **ops, uint64_t *bytes, struct err *e)
{
	const char *names[sizeof(target_kinds) / sizeof(target_kinds[0])], *nearest;
	size_t word = strcspn(spec, ":");
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char typed[64];
	struct err why;

	*bytes = 0;
	for (size_t i = 0; i < target_kinds_n; i++) {
		names[i] = target_kinds[i]->name;
		if (strlen(names[i]) != word || strncmp(names[i], spec, word) != 0)
			continue;
		*ops = target_kinds[i];
		if (spec[word] == '\0')
			return true;
		if (!units_parse_bytes(spec + word + 1, bytes, &why))
			return err_set(e, ERR_USAGE, "target '%s': %s", spec, why.text);
		if (*bytes == 0 || *bytes % page != 0)
			return err_set(e, ERR_USAGE,
				"target '%s': the size must be a multiple of %llu bytes, above 0", spec,
				(unsigned long long)page);
		return true;
	}
	if (strchr(spec, '/') != NULL || access(spec, F_OK) == 0)
		return err_set(e, ERR_USAGE,
			"target '%s': files and devices are not supported by this version; use memfd", spec);
	snprintf(typed, sizeof(typed), "%.*s", (int)word, spec);
	nearest = text_nearest(typed, names, target_kinds_n);
	if (nearest != NULL)
		return err_set(e, ERR_USAGE, "unknown target '%s': did you mean '%s'?", spec, nearest);
	return err_set(e, ERR_USAGE, "unknown target '%s': 'daxmark list --targets' names them", spec);
}

bool target_open(struct target *target, const struct target_ops *ops, uint64_t bytes, struct err *e)
{
	char size[UNITS_TEXT_BYTES], *space;

	memset(target, 0, sizeof(*target));
	target->ops = ops;
	target->fd = -1;
	target->facts.bytes = bytes;
	target->facts.node = -1;
	units_bytes(bytes, size);
	space = strchr(size, ' '); /* "256 MiB" -> "256MiB", as one writes it */
	memmove(space, space + 1, strlen(space));
	snprintf(target->facts.name, sizeof(target->facts.name), "%s:%s", ops->name, size);
	return ops->open(target, bytes, e);
}

void target_close(struct target *target)
{
	if (target->base != NULL)
		target->ops->close(target);
	target->base = NULL;
}
