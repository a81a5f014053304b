// SPDX-License-Identifier: MIT
#include "report/pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/sure.h"
#include "base/units.h"
#include "report/answer.h"

#define HOVER_BYTES 320

struct entry {
	size_t arm;
	double log_ns; /* mean over the sizes it was measured at */
	bool wanted;
};

static int by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->log_ns > y->log_ns) - (x->log_ns < y->log_ns);
}

static double mean_log_ns(const struct summary *summary, struct view view, size_t arm)
{
	double sum = 0;
	size_t n = 0;

	for (size_t c = view.first; c < view.end; c++) {
		const struct summary_case *row = summary_at(summary, c, arm);

		if (!summary_measured(row))
			continue;
		sum += log(row->ns.estimate);
		n++;
	}
	return n > 0 ? sum / (double)n : INFINITY;
}

/* Arms that some answer names. */
static void take(void *arg, const struct recommendation *recommendation)
{
	bool *taken = arg;

	if (recommendation->take != NULL)
		taken[recommendation->arm] = true;
}

size_t pairs_contestants(const struct summary *summary, struct view view,
	const struct choice *choice, size_t arms[PAIRS_CONTESTANTS])
{
	const struct result *result = summary->result;
	struct entry entries[CASE_MOST_ARMS];
	bool taken[CASE_MOST_ARMS] = {false}, families[FAMILY_COUNT] = {false};
	size_t n = 0, n_wanted = 0, n_arms = 0;

	recommend(summary, view, take, taken);
	for (size_t a = 0; a < result->n_arms; a++) {
		struct entry entry = {a, mean_log_ns(summary, view, a), false};

		if (result->arms[a].copies && isfinite(entry.log_ns) &&
			choice_shows_arm(choice, &result->arms[a]))
			entries[n++] = entry;
	}
	qsort(entries, n, sizeof(entries[0]), by_time);
	/* Who was asked for; who is taken; the best of each family. */
	for (int turn = 0; turn < 3; turn++)
		for (size_t i = 0; i < n && n_wanted < PAIRS_CONTESTANTS; i++) {
			const struct result_arm *arm = &result->arms[entries[i].arm];
			bool wanted = turn == 0	  ? choice_names(choice, arm)
				      : turn == 1 ? taken[entries[i].arm]
						  : !families[arm->family];

			if (turn == 2)
				families[arm->family] = true;
			n_wanted += wanted && !entries[i].wanted;
			entries[i].wanted |= wanted;
		}
	for (size_t i = 0; i < n; i++)
		if (entries[i].wanted)
			arms[n_arms++] = entries[i].arm;
	return n_arms;
}

/* What one cell holds, as long as the matrix is written. */
struct texts {
	char speed[UNITS_TEXT_BYTES + 24], interval[UNITS_SPEED_BYTES], hover[HOVER_BYTES];
};

/* Below a tenth a ratio says less than how many times as long it takes. */
static void speed_text(const struct interval *speed, struct texts *texts)
{
	char number[UNITS_TEXT_BYTES];

	if (speed->estimate >= UNITS_LEAST_SPEED) {
		units_ratio(speed->estimate, texts->speed);
		units_interval(speed->low, speed->high, texts->interval);
		return;
	}
	snprintf(texts->speed, sizeof(texts->speed), "takes %s times",
		units_ratio(1 / speed->estimate, number));
	units_interval(1 / speed->high, 1 / speed->low, texts->interval);
}

static void fill_cell(const struct summary *summary, size_t c, size_t row, size_t column,
	struct texts *texts, double *logs, struct document_cell *cell)
{
	const struct result *result = summary->result;
	const struct result_comparison *comparison = &result->comparisons[c];
	size_t i = result_position(comparison, row), j = result_position(comparison, column);
	struct interval log_speed, speed;
	int sign;

	*cell = (struct document_cell){.text = row == column ? "·" : "–", .more = "", .hover = ""};
	if (row == column || i == comparison->n_measured || j == comparison->n_measured ||
		!summary_measured(summary_at(summary, c, row)) ||
		!summary_measured(summary_at(summary, c, column)))
		return;
	/* The column's time over the row's is the row's speed over the column's. */
	log_speed = sure_in_run(result, comparison, j, i, SUMMARY_CONFIDENCE, logs);
	speed = stat_raised(log_speed);
	sign = summary_sign(&log_speed, summary_least_claim(comparison));
	speed_text(&speed, texts);
	if (speed.estimate >= UNITS_LEAST_SPEED)
		snprintf(texts->hover, sizeof(texts->hover), "%s is %s %s times as fast as %s",
			result->arms[row].name, texts->speed, texts->interval,
			result->arms[column].name);
	else
		snprintf(texts->hover, sizeof(texts->hover), "%s %s %s as long as %s",
			result->arms[row].name, texts->speed, texts->interval,
			result->arms[column].name);
	*cell = (struct document_cell){.text = texts->speed,
		.more = texts->interval,
		.hover = texts->hover,
		.mark = sign > 0   ? DOCUMENT_GOOD
			: sign < 0 ? DOCUMENT_BAD
				   : DOCUMENT_PLAIN};
}

static void write_one(struct document *document, const struct summary *summary, size_t c,
	const size_t *arms, size_t n)
{
	const struct result *result = summary->result;
	struct texts *texts = calloc(n * n, sizeof(texts[0]));
	struct document_cell cells[PAIRS_CONTESTANTS * PAIRS_CONTESTANTS];
	const char *names[PAIRS_CONTESTANTS], *titles[PAIRS_CONTESTANTS];
	char rows[PAIRS_CONTESTANTS][80], size[UNITS_TEXT_BYTES], corner[80];
	double *logs = malloc((result->comparisons[c].n_visits + 1) * sizeof(logs[0]));

	for (size_t row = 0; row < n && texts != NULL && logs != NULL; row++) {
		names[row] = result->arms[arms[row]].name;
		snprintf(rows[row], sizeof(rows[row]), "%s (%s)", names[row],
			answer_level(summary_at(summary, c, arms[row])->guarantee));
		titles[row] = rows[row];
		for (size_t column = 0; column < n; column++)
			fill_cell(summary, c, arms[row], arms[column], &texts[row * n + column],
				logs, &cells[row * n + column]);
	}
	snprintf(corner, sizeof(corner), "%s: row over column",
		units_bytes(result->comparisons[c].setting.size, size));
	if (texts != NULL && logs != NULL)
		document_matrix(document, corner, titles, n, names, n, cells);
	free(logs);
	free(texts);
}

size_t pairs_write(struct document *document, const struct summary *summary, struct view view,
	const struct choice *choice, size_t room)
{
	const struct result *result = summary->result;
	size_t arms[PAIRS_CONTESTANTS], n = pairs_contestants(summary, view, choice, arms);
	size_t shown[UNITS_MAX_SIZES], n_shown = 0;
	char line[60];

	for (size_t c = view.first; c < view.end && n_shown < UNITS_MAX_SIZES; c++)
		if (result->comparisons[c].n_visits > 0 &&
			choice_shows(choice, &result->comparisons[c].setting))
			shown[n_shown++] = c;
	if (n < 2 || n_shown == 0 || room == 0)
		return 0;
	if (n_shown > room)
		n_shown = room;
	write_one(document, summary, shown[(n_shown - 1) / 2], arms, n);
	if (n_shown == 1)
		return 1;
	snprintf(line, sizeof(line), "The other %zu size%s", n_shown - 1, n_shown == 2 ? "" : "s");
	document_fold_begin(document, line, false);
	for (size_t i = 0; i < n_shown; i++)
		if (i != (n_shown - 1) / 2)
			write_one(document, summary, shown[i], arms, n);
	document_fold_end(document);
	return n_shown;
}
