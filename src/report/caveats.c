// SPDX-License-Identifier: MIT
#include "report/caveats.h"

#include "stat/strata.h"

const char *caveats_label(const struct result *result, char label[CAVEATS_LABEL])
{
	label[0] = '\0';
	if (!summary_ranks(result))
		snprintf(label, CAVEATS_LABEL, "EMULATED machine");
	else if (result->target.emulated)
		snprintf(label, CAVEATS_LABEL, "EMULATED pmem (%s)",
			medium_words.names[result->target.medium]);
	return label;
}

static void write_grave(struct document *document, const struct result *result)
{
	if (result->provisional)
		document_callout(document,
			"Provisional: suite '%s' took %.0f s, a first look. What a machine does "
			"over longer times is not in it; take nothing from it that costs much to "
			"take back.",
			result->suite, result->wall_s);
	if (result->target.domain == DOMAIN_UNKNOWN)
		document_callout(document,
			"Persistence domain unknown: the kernel does not say where stores to %s "
			"become durable. \"durable-data\" here means: if the domain begins at the "
			"memory controller. Nothing that was measured shows that it does.",
			result->target.name);
	if (result->target.aliases.modulus != 0 && result->target.aliases.held == 0)
		document_callout(document,
			"No congruent alias was found on this machine: a line costs %.2f ns under "
			"one address and %.2f ns under two that are %llu GiB apart. What is called "
			"congruent below is not.",
			result->target.aliases.one_ns, result->target.aliases.two_ns,
			(unsigned long long)result->target.aliases.modulus >> 30);
	if (result->others > 0)
		document_callout(document,
			"Not alone: %u other daxmark%s measured on this machine meanwhile.",
			result->others, result->others == 1 ? "" : "s");
	if (result->facts.smt_shared)
		document_callout(document,
			"Some of the CPUs that worked at once (%s) share a core: there were no "
			"others. What one does slows the other.",
			result->facts.cpus);
	if (result->target.incoherent)
		document_callout(document,
			"Judged for memory that others reach past this machine's caches: a write "
			"is visible to them once it has left the caches, a "
			"read is fresh only after its lines were dropped.");
	if (!result->complete)
		document_callout(document,
			"Incomplete: the run was cut short after %.0f s. What is shown was "
			"measured; what is missing was not reached.",
			result->wall_s);
}

/* Each at most once, as a paragraph. */
struct caveat {
	bool holds;
	void (*write)(struct document *document, const struct summary *summary);
};

static void of_emulation(struct document *document, const struct summary *summary)
{
	const struct target_facts *target = &summary->result->target;

	if (target->domain == DOMAIN_FSYNC_ONLY)
		document_paragraph(document,
			"Emulated: the target is %s (%s), not persistent memory mapped by DAX. "
			"Stores reach a page cache: nothing but a system call makes them durable.",
			target->name, access_words.names[target->access]);
	else
		document_paragraph(document,
			"Emulated: the target is %s (%s, %s), not persistent memory. "
			"\"durable-data\" means: as if it were pmem behind a memory controller.",
			target->name, medium_words.names[target->medium],
			access_words.names[target->access]);
}

static void of_visits(struct document *document, const struct summary *summary)
{
	document_paragraph(document,
		"Few visits: some comparisons have only %zu; intervals from fewer than %d "
		"are wide, and miss more often than they say where the machine has "
		"bursts. A larger budget gives more.",
		summary->least_visits, STRATA_ENOUGH);
}

static void of_scope(struct document *document, const struct summary *summary)
{
	document_paragraph(document, "Of this run alone. %s", summary_scope(summary));
}

static void of_nocache(struct document *document, const struct summary *summary)
{
	const struct facts *facts = &summary->result->facts;

	document_paragraph(document,
		"Non-temporal stores to lines that are already cached stay in the cache on "
		"this CPU: one and its fence took %.1f ns more than the clock itself, "
		"against %.0f ns when the line was absent, and no fence can wait for "
		"memory in that time. Behind a memory controller the nocache strategies "
		"are durable here only where lines are absent beforehand; elsewhere they "
		"are counted as visible.",
		facts->nocache_hit_ns, facts->nocache_miss_ns);
}

static void of_neighbours(struct document *document, const struct summary *summary)
{
	(void)summary;
	document_paragraph(document,
		"This machine is a virtual one: neighbours share its memory. Ratios were "
		"measured within rounds of some tens of microseconds and their intervals "
		"span the whole run; absolute times hold for this hour only.");
}

void caveats_write(struct document *document, const struct summary *summary)
{
	const struct result *result = summary->result;
	const struct caveat caveats[] = {
		{result->target.emulated, of_emulation},
		{summary->least_visits < STRATA_ENOUGH && summary->most_visits > 0, of_visits},
		{summary->most_visits >= WEATHER_ENOUGH && !summary->machine &&
				summary_ranks(result),
			of_scope},
		{!facts_nocache_leaves(&result->facts), of_nocache},
		{result->facts.hypervisor[0] != '\0', of_neighbours},
	};
	size_t n = 0;
	char line[80];

	write_grave(document, result);
	for (size_t i = 0; i < sizeof(caveats) / sizeof(caveats[0]); i++)
		n += caveats[i].holds;
	if (n == 0)
		return;
	snprintf(line, sizeof(line), "To know about these numbers: %zu thing%s", n,
		n == 1 ? "" : "s");
	document_fold_begin(document, line, false);
	for (size_t i = 0; i < sizeof(caveats) / sizeof(caveats[0]); i++)
		if (caveats[i].holds)
			caveats[i].write(document, summary);
	document_fold_end(document);
}
