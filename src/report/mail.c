// SPDX-License-Identifier: MIT
#include "report/mail.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/units.h"
#include "report/answer.h"
#include "report/caveats.h"
#include "report/drawing.h"
#include "report/pairs.h"

#define TEXT_LIMIT (1u << 20)
#define DRAWN_MOST 5 /* curves: characters tell no more apart */

/* Columns that UTF-8 text takes, without those that have none or two: names have neither. */
static size_t columns_of(const char *text, size_t bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

/* Lines broken between words; the first begins with `first`, the others with `rest`. */
static void write_wrapped(FILE *out, const char *first, const char *rest, const char *text)
{
	size_t used = (size_t)fprintf(out, "%s", first);
	bool empty = true;

	while (*text != '\0') {
		size_t word = strcspn(text, " "), wide = columns_of(text, word);

		if (!empty && used + 1 + wide > MAIL_COLUMNS) {
			used = (size_t)fprintf(out, "\n%s", rest) - 1;
			empty = true;
		}
		fprintf(out, "%s%.*s", empty ? "" : " ", (int)word, text);
		used += wide + !empty;
		empty = false;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

struct item {
	FILE *out;
	const struct summary *summary;
	const struct choice *choice;
};

static void write_item(void *arg, const struct recommendation *recommendation)
{
	const struct item *item = arg;
	struct answer answer;
	char text[sizeof(answer)];

	if (!answer_is_shown(item->summary, recommendation, item->choice))
		return;
	answer_words(item->summary, recommendation, &answer);
	snprintf(text, sizeof(text), "%s%s%s", answer.before, answer.take, answer.after);
	write_wrapped(item->out, "  * ", "    ", text);
}

/* The arms by their time in comparison c, those without one last. */
static void sort_arms(const struct summary *summary, size_t c, size_t *arms, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0; j--) {
			double a = summary_at(summary, c, arms[j - 1])->ns.estimate;
			double b = summary_at(summary, c, arms[j])->ns.estimate;
			size_t arm = arms[j];

			if (!(b < a || (isnan(a) && !isnan(b))))
				break;
			arms[j] = arms[j - 1];
			arms[j - 1] = arm;
		}
}

/* Time of one operation of each contestant by size, the fastest first. */
static void write_times(
	FILE *out, const struct summary *summary, struct view view, const struct choice *choice)
{
	size_t arms[PAIRS_CONTESTANTS], n = pairs_contestants(summary, view, choice, arms);

	for (size_t c = view.first; c < view.end; c++) {
		char size[UNITS_TEXT_BYTES];

		if (!choice_shows(choice, &summary->result->comparisons[c].setting) ||
			summary->result->comparisons[c].n_visits == 0)
			continue;
		sort_arms(summary, c, arms, n);
		fprintf(out, "\n  %s:\n",
			units_bytes(summary->result->comparisons[c].setting.size, size));
		for (size_t i = 0; i < n; i++) {
			const struct summary_case *row = summary_at(summary, c, arms[i]);
			char ns[UNITS_TEXT_BYTES], low[UNITS_TEXT_BYTES], high[UNITS_TEXT_BYTES];

			if (!summary_measured(row))
				continue;
			units_ns(row->ns.estimate, ns);
			units_ns(row->ns.low, low);
			units_ns(row->ns.high, high);
			if (isfinite(row->ns.low))
				fprintf(out, "    %-26.26s %9s  [%s, %s]\n", row->described->name,
					ns, low, high);
			else
				fprintf(out, "    %-26.26s %9s\n", row->described->name, ns);
		}
	}
}

/* The characters that gnuplot makes of it. */
static bool copy_plot(FILE *out, const char *path, struct err *e)
{
	size_t bytes;
	char *text = file_read(path, TEXT_LIMIT, &bytes, e);

	if (text == NULL)
		return false;
	fprintf(out, "\n%s", text);
	free(text);
	return true;
}

static bool draw(FILE *out, const struct summary *summary, struct view view,
	const struct choice *choice, const struct plots *plots, const char *folder, struct err *e)
{
	static const enum picture_format format = PICTURE_TEXT;
	struct drawing drawing = {.plots = plots,
		.picture = &picture_usual,
		.choice = choice,
		.formats = &format,
		.n_formats = 1,
		.most = DRAWN_MOST};
	struct figure figure = {.n = 0};
	size_t *members = calloc(view.end - view.first, sizeof(members[0]));
	char base[4200], path[4300], note[DRAWING_NOTE];
	bool ok = true;

	if (members == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	for (size_t c = view.first; c < view.end; c++)
		if (choice_shows(choice, &summary->result->comparisons[c].setting))
			members[figure.n++] = c;
	figure.members = members;
	setting_title(&summary->result->comparisons[view.first].setting, figure.title);
	snprintf(base, sizeof(base), "%.4100s/plot", folder);
	snprintf(path, sizeof(path), "%s.txt", base);
	for (size_t i = 0; i < plots->n; i++) {
		const struct plot *plot = &plots->all[i];

		if (strcmp(plot->axis, "size") != 0 || figure.n < 3 ||
			!plots_wanted(plot, summary, &figure, choice))
			continue;
		ok = drawing_draw(&drawing, plot, summary, &figure, base, note, e) &&
		     copy_plot(out, path, e);
		if (ok && note[0] != '\0')
			write_wrapped(out, " ", " ", note);
		break;
	}
	unlink(path);
	free(members);
	return ok;
}

static bool write_views(FILE *out, const struct summary *summary, const struct choice *choice,
	const struct plots *plots, const char *folder, struct err *e)
{
	const struct result *result = summary->result;
	struct item item = {out, summary, choice};

	for (size_t c = 0; c < result->n_comparisons;) {
		struct view view = view_at(result, c);
		char title[SETTING_TITLE_BYTES];
		size_t shown = 0;

		for (; c < view.end; c++)
			shown += choice_shows(choice, &result->comparisons[c].setting);
		if (shown == 0)
			continue;
		setting_title(&result->comparisons[view.first].setting, title);
		fputc('\n', out);
		write_wrapped(out, "", "", title);
		recommend(summary, view, write_item, &item);
		if (shown < 3 || plots == NULL)
			write_times(out, summary, view, choice);
		else if (plots != NULL && !draw(out, summary, view, choice, plots, folder, e))
			return false;
	}
	return true;
}

static void write_head(FILE *out, const struct result *result)
{
	char text[1400], label[CAVEATS_LABEL];

	snprintf(text, sizeof(text), "DAX copy paths on %s, %s%s%s", result->target.name,
		result->facts.cpu_model[0] != '\0' ? result->facts.cpu_model : result->facts.host,
		caveats_label(result, label)[0] ? ": " : "", label);
	write_wrapped(out, "", "", text);
	snprintf(text, sizeof(text), "%s; %s; %s; %.16s%s", result->facts.host,
		result->facts.kernel, result->facts.build, result->created,
		result->complete ? "" : "; cut short");
	write_wrapped(out, "", "", text);
}

bool mail_write(
	FILE *out, const struct summary *summary, const struct choice *choice, struct err *e)
{
	const char *temporary = getenv("TMPDIR");
	struct plots plots;
	struct err why;
	char folder[4200];
	bool can = gnuplot_can(&why), ok;

	write_head(out, summary->result);
	if (!summary_ranks(summary->result)) {
		fputs("\nFunctional only: this machine is made of software, and ranks nothing.\n",
			out);
		return true;
	}
	snprintf(folder, sizeof(folder), "%.4100s/daxmark-mail-XXXXXX",
		temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp");
	if (can && mkdtemp(folder) == NULL)
		return err_errno(e, errno, "cannot make a folder %s", folder);
	ok = !can || plots_find(&plots, e);
	ok = ok && write_views(out, summary, choice, can ? &plots : NULL, folder, e);
	if (can)
		rmdir(folder);
	fputc('\n', out);
	write_wrapped(out, "", "", summary_scope(summary));
	write_wrapped(out, "Made by: ", "  ", summary->result->command);
	return ok;
}
