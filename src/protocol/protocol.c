// SPDX-License-Identifier: MIT
#include "protocol/protocol.h"

#include <stdio.h>

static const char *const names[STEP_COUNT] = {
	[STEP_COPY] = "copy (cached stores)",
	[STEP_COPY_NOCACHE] = "copy (non-temporal stores)",
	[STEP_WRITE_BACK] = "write back lines",
	[STEP_FLUSH] = "flush lines",
	[STEP_KERNEL_WRITE] = "pwrite",
	[STEP_KERNEL_READ] = "pread",
	[STEP_DROP_SOURCE] = "drop the source's lines",
	[STEP_KERNEL_SYNC] = "sync the file",
	[STEP_FENCE] = "fence",
	[STEP_COPY_ALIAS] = "copy (through the alias)",
	[STEP_USER_FLUSH] = "flush the user's lines",
	[STEP_USER_WRITE_BACK] = "write back the user's lines",
	[STEP_ALIAS_DROP] = "drop the alias's lines",
	[STEP_ALIAS_DROP_EDGES] = "drop the alias's edge lines",
	[STEP_USER_DROP] = "drop the user's lines",
	[STEP_MAP_WINDOW] = "map a window",
	[STEP_UNMAP_WINDOW] = "unmap it",
};

const char *protocol_step_name(enum step step)
{
	return names[step];
}

void protocol_text(const enum step *steps, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (; *steps != STEP_END && used < bytes; steps++)
		used += (size_t)snprintf(
			text + used, bytes - used, "%s%s", used ? ", " : "", names[*steps]);
}

enum guarantee protocol_write_guarantee(const enum step *steps, const struct protocol_facts *facts)
{
	bool copied = false, in_cache = false, awaited = false, synced = false;
	/* What the kernel copied and a sync does not look for. */
	bool unseen = false;
	bool dax = facts->domain != DOMAIN_FSYNC_ONLY && facts->domain != DOMAIN_CPU_CACHE;

	for (; *steps != STEP_END; steps++) {
		switch (*steps) {
		case STEP_KERNEL_WRITE:
			unseen = dax && !facts->nocache_leaves;
			synced |= facts->sync_mount && !unseen;
			copied = true;
			in_cache = true;
			awaited = false;
			break;
		case STEP_COPY:
		case STEP_COPY_ALIAS:
			copied = true;
			in_cache = true;
			awaited = false;
			break;
		case STEP_COPY_NOCACHE:
			copied = true;
			in_cache |= !facts->nocache_leaves;
			awaited = false;
			break;
		case STEP_WRITE_BACK:
		case STEP_FLUSH:
			in_cache = false;
			awaited = false;
			break;
		case STEP_FENCE:
			awaited = true;
			break;
		case STEP_KERNEL_SYNC:
			synced = copied && !unseen;
			break;
		case STEP_KERNEL_READ:
		case STEP_DROP_SOURCE:
		case STEP_USER_FLUSH:
		case STEP_USER_WRITE_BACK:
		case STEP_ALIAS_DROP:
		case STEP_ALIAS_DROP_EDGES:
		case STEP_USER_DROP:
		case STEP_MAP_WINDOW:
		case STEP_UNMAP_WINDOW:
		case STEP_COUNT:
		case STEP_END:
			break;
		}
	}
	if (!copied)
		return GUARANTEE_NONE;
	if (facts->incoherent && !(awaited && !in_cache) &&
		!(synced && (facts->domain == DOMAIN_MEMORY_CONTROLLER ||
				    facts->domain == DOMAIN_UNKNOWN)))
		return GUARANTEE_NONE;
	if (synced)
		return facts->domain == DOMAIN_NONE ? GUARANTEE_VISIBLE : GUARANTEE_DURABLE_FILE;
	if (facts->domain == DOMAIN_FSYNC_ONLY)
		return GUARANTEE_VISIBLE;
	if (awaited && (!in_cache || facts->domain == DOMAIN_CPU_CACHE))
		return GUARANTEE_DURABLE_DATA;
	return GUARANTEE_VISIBLE;
}

enum guarantee protocol_read_guarantee(const enum step *steps, const struct protocol_facts *facts)
{
	bool dropped = false;

	for (; *steps != STEP_END; steps++) {
		if (*steps == STEP_DROP_SOURCE || *steps == STEP_ALIAS_DROP)
			dropped = true;
		if (*steps == STEP_COPY || *steps == STEP_COPY_ALIAS || *steps == STEP_KERNEL_READ)
			return dropped || !facts->incoherent ? GUARANTEE_FRESH : GUARANTEE_NONE;
	}
	return GUARANTEE_NONE;
}
