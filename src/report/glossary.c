// SPDX-License-Identifier: MIT
#include "report/glossary.h"

static const struct {
	const char *term, *meaning;
} terms[] = {
	{"alias", "a second mapping of the same page; congruent: at an address of the same cache "
		  "colour, so that a virtually indexed cache holds both in one place"},
	{"baseline", "the strategy that ratios are to: memcpy, unless another was named"},
	{"case", "one strategy in one setting: a row of the table"},
	{"comparison", "one setting, in which all strategies were measured in turn"},
	{"DAX", "direct access: a file's pages are the persistent memory itself, without a page "
		"cache between"},
	{"destination lines", "the cache lines that a copy writes. absent: in no cache beforehand; "
			      "clean: cached as in memory; dirty: cached, with newer bytes"},
	{"durable-data", "the bytes are where a power failure does not lose them"},
	{"durable-file", "and so is what the file system needs to find them"},
	{"emulated",
		"the target is not persistent memory, but DRAM or a file that stands in for it"},
	{"family",
		"a kind of copy: baseline (memcpy), nocache (non-temporal stores), flush (stores, "
		"then lines written back), alias, libpmem, kernel (system calls)"},
	{"fresh", "a read that gets the newest bytes"},
	{"guarantee", "what holds when the copy has returned: visible, durable-data, durable-file; "
		      "fresh of reads"},
	{"interval", "where the true value is, 95 times of 100; [low, high]"},
	{"nocache", "copies by non-temporal stores, which pass the caches by"},
	{"roof", "a loop that only loads or only stores as many bytes: what no copy can beat"},
	{"source", "where the copied bytes come from. hot: in the caches; walk: further on each "
		   "time; absent: in no cache"},
	{"verdict",
		"fastest; not told from the fastest; slower; or nothing to compare with: at joint "
		"95 % confidence among the copies that guarantee as much"},
	{"visible", "the other mapping of the page shows the new bytes"},
	{"visit",
		"one turn at a comparison, some tens of milliseconds; a run comes back many times"},
	{"write+consume", "the copy, and then a read of its bytes through the user's mapping"},
};

void glossary_write(struct document *document)
{
	document_fold_begin(document, "Glossary", false);
	document_list_begin(document);
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		char after[400];

		snprintf(after, sizeof(after), ": %s.", terms[i].meaning);
		document_item(document, "", terms[i].term, after);
	}
	document_list_end(document);
	document_fold_end(document);
}
