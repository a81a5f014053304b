// SPDX-License-Identifier: MIT
#include "report/answer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define OPEN_MOST 14   /* sentences that are read at a glance */
#define LISTED_MOST 80 /* more are a table's business */
#define CELLS 7

const char *answer_level(enum guarantee guarantee)
{
	static const char *const words[GUARANTEE_COUNT] = {
		"no guarantee", "fresh", "visible", "durable", "durable with its metadata"};

	return words[guarantee];
}

/* "200 ns", "9.5 ns to 3.1 ms". */
static void time_text(
	const struct summary *summary, const struct recommendation *answer, char text[80])
{
	double first = summary_at(summary, answer->first, answer->arm)->ns.estimate;
	double last = summary_at(summary, answer->last, answer->arm)->ns.estimate;
	char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];

	if (answer->first == answer->last)
		snprintf(text, 80, "%s", units_ns(first, a));
	else
		snprintf(text, 80, "%s to %s", units_ns(first, a), units_ns(last, b));
}

/* How much faster, than what. */
static void gain_text(const struct recommendation *answer, char text[400])
{
	bool one = answer->first == answer->last || answer->least == answer->most;
	bool same =
		answer->over_least != NULL && strcmp(answer->over_least, answer->over_most) == 0;
	char least[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES], interval[UNITS_SPEED_BYTES];

	text[0] = '\0';
	if (answer->over_least == NULL)
		return;
	units_interval(answer->low, answer->high, interval);
	units_ratio(answer->least, least);
	units_ratio(answer->most, most);
	if (answer->low <= 1 && one)
		snprintf(text, 400, ", as fast as %s as far as can be told: %s %s times",
			answer->over_least, least, interval);
	else if (one)
		snprintf(text, 400, ", %s %s times as fast as %s", least, interval,
			answer->over_least);
	else if (same)
		snprintf(text, 400, ", %s to %s %s times as fast as %s", least, most, interval,
			answer->over_least);
	else
		snprintf(text, 400, ", %s (%s) to %s (%s) %s times as fast", least,
			answer->over_least, most, answer->over_most, interval);
	if (answer->low <= 1 && !one)
		strcat(text, "; somewhere in that range the two cannot be told apart");
}

/* A copy that is durable because no line is cached, on a CPU where that decides. */
static bool is_conditional(const struct summary *summary, const struct recommendation *answer)
{
	const struct result *result = summary->result;
	const struct result_arm *arm = &result->arms[answer->arm];

	return answer->guarantee >= GUARANTEE_DURABLE_DATA && arm->family == FAMILY_NOCACHE &&
	       result->target.domain != DOMAIN_CPU_CACHE && !facts_nocache_leaves(&result->facts) &&
	       result->comparisons[answer->first].setting.state == STATE_ABSENT;
}

void answer_words(const struct summary *summary, const struct recommendation *recommendation,
	struct answer *answer)
{
	char sizes[2 * UNITS_TEXT_BYTES + 8], time[80], gain[400];
	size_t used = 0;

	recommend_sizes(summary->result, recommendation, sizes, sizeof(sizes));
	snprintf(answer->before, sizeof(answer->before), "%s, %s: ", sizes,
		answer_level(recommendation->guarantee));
	answer->take[0] = answer->after[0] = '\0';
	if (recommendation->take == NULL) {
		snprintf(answer->after, sizeof(answer->after), "no answer: %s.",
			recommendation->gain);
		return;
	}
	snprintf(answer->take, sizeof(answer->take), "%s", recommendation->take);
	time_text(summary, recommendation, time);
	gain_text(recommendation, gain);
	if (recommendation->only)
		snprintf(gain, sizeof(gain), ", the only one measured that is %s",
			answer_level(recommendation->guarantee));
	used = (size_t)snprintf(answer->after, sizeof(answer->after), ", %s%s", time, gain);
	if (summary->machine && recommendation->another[0] != '\0')
		used += (size_t)snprintf(answer->after + used, sizeof(answer->after) - used,
			"; in another run like it %s", recommendation->another);
	used += (size_t)snprintf(answer->after + used, sizeof(answer->after) - used, ".");
	if (recommendation->alike[0] != '\0')
		used += (size_t)snprintf(answer->after + used, sizeof(answer->after) - used,
			" As fast: %s.", recommendation->alike);
	if (is_conditional(summary, recommendation) && recommendation->flush != NULL)
		snprintf(answer->after + used, sizeof(answer->after) - used,
			" If the lines are cached, %s is not durable on this CPU: take %s.",
			recommendation->take, recommendation->flush);
}

const char *answer_verified(const struct result *result)
{
	bool failed = false, unchecked = false;

	for (size_t c = 0; c < result->n_comparisons; c++)
		for (size_t i = 0; i < result->comparisons[c].n_measured; i++) {
			failed |= result->comparisons[c].verdict[i] == VERDICT_FAILED;
			unchecked |= result->comparisons[c].verdict[i] != VERDICT_PASSED;
		}
	return failed	   ? "Some copies wrote WRONG DATA: see the cases"
	       : unchecked ? "Not every copy was verified"
			   : "Every copy was verified";
}

bool answer_is_shown(const struct summary *summary, const struct recommendation *recommendation,
	const struct choice *choice)
{
	return choice_shows_any(
		choice, summary->result, recommendation->first, recommendation->last + 1);
}

/* ---- sentences ---- */

struct listing {
	struct document *document;
	const struct summary *summary;
	const struct choice *choice;
	size_t n;
	bool guarantees[GUARANTEE_COUNT], folded;
};

static void write_item(void *arg, const struct recommendation *recommendation)
{
	struct listing *listing = arg;
	struct answer answer;

	if (!answer_is_shown(listing->summary, recommendation, listing->choice))
		return;
	listing->guarantees[recommendation->guarantee] = true;
	listing->n++;
	answer_words(listing->summary, recommendation, &answer);
	document_item(listing->document, answer.before, answer.take, answer.after);
}

/* What the words of the answers mean, each that stands in one. */
static void write_words(const struct listing *listing)
{
	const struct target_facts *target = &listing->summary->result->target;
	const char *if_real = target->emulated ? " (as if this were persistent memory)" : "";
	struct document *document = listing->document;

	document_fold_begin(document, "What these words mean", false);
	document_list_begin(document);
	if (listing->guarantees[GUARANTEE_DURABLE_FILE])
		document_item(document, "", "durable with its metadata",
			": as fsync leaves it; the file system finds the bytes again after a power "
			"failure, too.");
	if (listing->guarantees[GUARANTEE_DURABLE_DATA]) {
		char text[200];

		snprintf(text, sizeof(text),
			": when the copy returns, its bytes survive a power failure%s. In the "
			"tables: "
			"durable-data.",
			if_real);
		document_item(document, "", "durable", text);
	}
	if (listing->guarantees[GUARANTEE_VISIBLE])
		document_item(document, "", "visible",
			": programs that have the page mapped read the new bytes; a power failure "
			"may lose them.");
	if (listing->guarantees[GUARANTEE_FRESH])
		document_item(document, "", "fresh",
			": the reader gets the newest bytes, through whichever mapping they were "
			"stored.");
	document_item(document, "", "destination lines absent, clean, dirty",
		": where the cache lines that are written are when the copy begins: in no cache, "
		"cached "
		"as in memory, or cached with newer bytes.");
	document_item(document, "", "[2.13, 2.22]",
		": the 95 % interval. Of ratios in answers it covers all sizes of the range and "
		"the choosing.");
	document_item(document, "", "as fast as",
		": against the fastest copy of another family (nocache, flush, alias, libpmem, "
		"kernel) that guarantees as much.");
	document_list_end(document);
	document_fold_end(document);
}

bool answer_write(
	struct document *document, const struct summary *summary, const struct choice *choice)
{
	const struct result *result = summary->result;
	struct listing listing = {.document = document, .summary = summary, .choice = choice};

	if (!summary_ranks(result)) {
		document_callout(document,
			"Functional only: this machine is made of software. %s; the times say "
			"nothing about hardware and rank nothing.",
			answer_verified(result));
		return false;
	}
	document_heading(document, 2, "Which copy path to take, by this run");
	for (size_t c = 0; c < result->n_comparisons && listing.n < LISTED_MOST;) {
		struct view view = view_at(result, c);
		char title[SETTING_TITLE_BYTES];

		c = view.end;
		if (!choice_shows_any(choice, result, view.first, view.end))
			continue;
		if (listing.n >= OPEN_MOST && !listing.folded) {
			listing.folded = true;
			document_fold_begin(document, "More answers", false);
		}
		setting_title(&result->comparisons[view.first].setting, title);
		document_heading(document, 3, title);
		document_list_begin(document);
		recommend(summary, view, write_item, &listing);
		document_list_end(document);
	}
	if (listing.folded)
		document_fold_end(document);
	write_words(&listing);
	return true;
}

/* ---- the table ---- */

/* The setting is said once, at the first of its rows. */
struct rows {
	struct document *document;
	const struct summary *summary;
	const struct choice *choice;
	char title[SETTING_TITLE_BYTES];
	size_t n;
};

static void write_row(void *arg, const struct recommendation *recommendation)
{
	struct rows *rows = arg;
	char sizes[2 * UNITS_TEXT_BYTES + 8];
	const char *cells[CELLS] = {rows->title, sizes,
		recommendation->take != NULL ? recommendation->take : "–",
		guarantee_words.names[recommendation->guarantee],
		recommendation->gain[0] != '\0' ? recommendation->gain : "no other family here",
		recommendation->another[0] != '\0' ? recommendation->another : "–",
		recommendation->alike[0] != '\0' ? recommendation->alike : "–"};

	if (!answer_is_shown(rows->summary, recommendation, rows->choice))
		return;
	if (rows->n++ == LISTED_MOST)
		document_page_only(rows->document, true);
	recommend_sizes(rows->summary->result, recommendation, sizes, sizeof(sizes));
	document_row(rows->document, cells, CELLS, CELLS, false);
	rows->title[0] = '\0';
}

void answer_table(
	struct document *document, const struct summary *summary, const struct choice *choice)
{
	static const char *const columns[CELLS] = {"copies", "size of one", "take", "guarantee",
		"speed over the best of another family [95 %]", "in another run like it [95 %]",
		"as fast in all of the range"};
	const struct result *result = summary->result;
	struct rows rows = {.document = document, .summary = summary, .choice = choice};

	document_fold_begin(document, "The answers as a table, and how they are chosen", false);
	document_table_begin(document, columns, CELLS, CELLS);
	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);

		c = view.end;
		if (!choice_shows_any(choice, result, view.first, view.end))
			continue;
		setting_title(&result->comparisons[view.first].setting, rows.title);
		recommend(summary, view, write_row, &rows);
	}
	document_table_end(document);
	if (rows.n > LISTED_MOST) {
		document_page_only(document, false);
		document_paragraph(document, "%zu rows in all: the page has them.", rows.n);
	}
	document_paragraph(document,
		"Each row: among the strategies that give the guarantee, one that nothing beats "
		"at any size of the range, at joint 95 %% confidence and by at least %.1f %% (or "
		"what "
		"strategies leave to one another, if that is more); of those within that of the "
		"fastest at every size the plainest is named. Its speed is that over the fastest "
		"of "
		"another family at the size where it gains least, and where it gains most. The "
		"interval covers both, and the choosing: one that holds 1 says that somewhere the "
		"two cannot be told apart. %s",
		100 * SUMMARY_LEAST_CLAIM, summary_scope(summary));
	document_fold_end(document);
}
