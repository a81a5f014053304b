// SPDX-License-Identifier: MIT
#include "protocol/protocol.h"

#include <stdio.h>

bool steps_have(const struct step *steps, enum verb verb)
{
	for (; steps->verb != VERB_END; steps++)
		if (steps->verb == verb)
			return true;
	return false;
}

/* "the user's ", or nothing where there is but one. */
static const char *whose(const struct step *step, struct step_context context)
{
	if (!context.aliases)
		return "";
	return step->through == THROUGH_USER ? "the user's " : "the alias's ";
}

static const char *copy_text(const struct step *step, bool read)
{
	if (step->through == THROUGH_KERNEL)
		return read ? "pread" : "pwrite";
	if (step->through == THROUGH_ALIAS)
		return "copy (through the alias)";
	return step->non_temporal ? "copy (non-temporal stores)" : "copy (cached stores)";
}

void step_text(const struct step *step, struct step_context context, char text[STEP_TEXT_BYTES])
{
	static const char *const verbs[VERB_COUNT] = {
		[VERB_WRITE_BACK] = "write back",
		[VERB_FLUSH] = "flush",
		[VERB_DROP] = "drop",
		[VERB_FENCE] = "fence",
		[VERB_SYNC] = "sync the file",
		[VERB_MAP] = "map a window",
		[VERB_UNMAP] = "unmap it",
	};

	switch (step->verb) {
	case VERB_COPY:
		snprintf(text, STEP_TEXT_BYTES, "%s", copy_text(step, context.read));
		break;
	case VERB_WRITE_BACK:
	case VERB_FLUSH:
	case VERB_DROP:
		snprintf(text, STEP_TEXT_BYTES, "%s %s%slines", verbs[step->verb],
			context.read && !context.aliases ? "the source's " : whose(step, context),
			step->lines == LINES_EDGES ? "edge " : "");
		break;
	default:
		snprintf(text, STEP_TEXT_BYTES, "%s", verbs[step->verb]);
		break;
	}
}

void steps_text(const struct step *steps, struct step_context context, char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (; steps->verb != VERB_END && used < bytes; steps++) {
		char one[STEP_TEXT_BYTES];

		step_text(steps, context, one);
		used += (size_t)snprintf(text + used, bytes - used, "%s%s", used ? ", " : "", one);
	}
}

struct protocol_facts protocol_facts_of(const struct target_facts *target)
{
	return (struct protocol_facts){.domain = target->domain,
		.nocache_leaves = true,
		.incoherent = target->incoherent,
		.sync_mount = target->sync_mount};
}

/* Where the copied bytes surely are, on their way from the caches to memory. */
enum whereabouts { CACHED, LEAVING, ARRIVED };

enum guarantee steps_write_guarantee(const struct step *steps, const struct protocol_facts *facts)
{
	enum whereabouts data = ARRIVED;
	bool copied = false, accepted = false, synced = false;
	/* What the kernel copied and a sync does not look for. */
	bool unseen = false;
	bool dax = facts->domain != DOMAIN_FSYNC_ONLY && facts->domain != DOMAIN_CPU_CACHE;

	for (; steps->verb != VERB_END; steps++) {
		switch (steps->verb) {
		case VERB_COPY:
			if (steps->through == THROUGH_KERNEL) {
				unseen = dax && !facts->nocache_leaves;
				synced |= facts->sync_mount && !unseen;
			}
			copied = true;
			accepted = false;
			if (data != CACHED)
				data = steps->non_temporal && facts->nocache_leaves ? LEAVING
										    : CACHED;
			break;
		case VERB_WRITE_BACK:
		case VERB_FLUSH:
			if (data == CACHED && steps->lines == LINES_RANGE)
				data = LEAVING;
			break;
		case VERB_SYNC:
			synced = copied && !unseen;
			break;
		case VERB_FENCE: /* below */
		case VERB_DROP:	 /* not to be relied on for what is dirty */
		case VERB_MAP:
		case VERB_UNMAP:
		case VERB_COUNT:
		case VERB_END:
			break;
		}
		if (steps->verb == VERB_FENCE || steps->waits) {
			accepted = true;
			if (data == LEAVING)
				data = ARRIVED;
		}
	}
	if (!copied)
		return GUARANTEE_NONE;
	if (facts->incoherent && data != ARRIVED &&
		!(synced && (facts->domain == DOMAIN_MEMORY_CONTROLLER ||
				    facts->domain == DOMAIN_UNKNOWN)))
		return GUARANTEE_NONE;
	if (synced)
		return facts->domain == DOMAIN_NONE ? GUARANTEE_VISIBLE : GUARANTEE_DURABLE_FILE;
	if (facts->domain == DOMAIN_FSYNC_ONLY)
		return GUARANTEE_VISIBLE;
	if (data == ARRIVED || (accepted && facts->domain == DOMAIN_CPU_CACHE))
		return GUARANTEE_DURABLE_DATA;
	return GUARANTEE_VISIBLE;
}

enum guarantee steps_read_guarantee(const struct step *steps, const struct protocol_facts *facts)
{
	bool dropped = false;

	for (; steps->verb != VERB_END; steps++) {
		if ((steps->verb == VERB_DROP || steps->verb == VERB_FLUSH) &&
			steps->lines == LINES_RANGE && steps->waits)
			dropped = true;
		if (steps->verb == VERB_COPY)
			return dropped || !facts->incoherent ? GUARANTEE_FRESH : GUARANTEE_NONE;
	}
	return GUARANTEE_NONE;
}
