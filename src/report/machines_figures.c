// SPDX-License-Identifier: MIT
#include "report/machines_figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "report/folder.h"

/* Of a facet: three a row on a wide page, and its type is read there. */
static const struct picture facet = {112, 92, "DejaVu Sans", 8};

#define FACET_CURVES 5
#define FACETS_MOST 24

/* How many have something to draw. */
struct rows {
	size_t times, speeds;
};

/* One row a machine and size: the fastest that reaches the level there. */
static void write_rows(FILE *out, const struct writer *writer, const struct machines *machines,
	size_t first, size_t end, struct rows *rows)
{
	fputs("series\tsize_bytes\tstrategy\toperation_ns\toperation_ns_low\toperation_ns_high\t"
	      "speed\tspeed_low\tspeed_high\n",
		out);
	for (size_t i = 0; i < machines->n; i++) {
		const struct summary *summary = &machines->summaries[i];

		for (size_t s = first; s < end; s++) {
			const struct setting *setting = machines->settings[s].setting;
			size_t c = machines->settings[s].at[i];
			const struct summary_case *row;

			if (c == MACHINES_NONE || !summary_ranks(summary->result) ||
				!choice_shows(writer->choice, setting))
				continue;
			row = summary_best(
				summary, c, summary_level(summary->result, setting->operation));
			if (row == NULL)
				continue;
			rows->times++;
			rows->speeds += isfinite(row->vs_baseline.estimate);
			fprintf(out, "%zu\t%llu\t%s\t%.6g\t%.6g\t%.6g", i + 1,
				(unsigned long long)setting->size, row->described->name,
				row->ns.estimate, row->ns.low, row->ns.high);
			if (isfinite(row->vs_baseline.estimate))
				fprintf(out, "\t%.6g\t%.6g\t%.6g\n", row->vs_baseline.estimate,
					row->vs_baseline.low, row->vs_baseline.high);
			else
				fputs("\tNaN\tNaN\tNaN\n", out);
		}
	}
}

static bool write_table(const struct writer *writer, const struct machines *machines, size_t first,
	size_t end, const char *path, struct rows *rows, struct err *e)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return err_set(e, ERR_FAILED, "out of memory");
	write_rows(out, writer, machines, first, end, rows);
	return file_replace_stream(path, out, &text, &bytes, e);
}

/* Labels between quotes, as gnuplot's word() takes them. */
static void list_labels(const struct machines *machines, char *list, size_t bytes)
{
	size_t used = 0;

	for (size_t i = 0; i < machines->n; i++) {
		char label[MACHINES_LABEL];

		snprintf(label, sizeof(label), "%s", machines->labels[i]);
		for (char *c = label; *c != '\0'; c++)
			if (*c == '"' || *c == '\\')
				*c = '\'';
		used += (size_t)snprintf(
			list + used, bytes - used, "%s\"%s\"", i > 0 ? " " : "", label);
	}
}

static bool overlay(struct writer *writer, const char *plot, const char *table, const char *labels,
	const char *title, struct err *e)
{
	static const struct {
		const char *plot, *what;
	} captions[] = {{"machines_time", "Time of the fastest on each machine"},
		{"machines_speed", "Speed of the fastest over that machine's baseline"}};
	char caption[SETTING_TITLE_BYTES + 80], name[80];
	const char *what = captions[strcmp(plot, captions[1].plot) == 0].what;

	writer->figure++;
	snprintf(caption, sizeof(caption), "%s: %s", what, title);
	snprintf(name, sizeof(name), "%u-%s", writer->figure, plot);
	return figures_put_table(writer, plot, table, name, caption, labels, e);
}

/* The least and the largest throughput of what facets show, so that all have the same axis. */
static void find_range(const struct writer *writer, const struct machines *machines, size_t first,
	size_t end, double *low, double *high)
{
	*low = INFINITY;
	*high = 0;
	for (size_t i = 0; i < machines->n; i++)
		for (size_t s = first; s < end; s++) {
			const struct summary *summary = &machines->summaries[i];
			size_t c = machines->settings[s].at[i];

			if (c == MACHINES_NONE ||
				!choice_shows(writer->choice, machines->settings[s].setting))
				continue;
			for (size_t a = 0; a < summary->result->n_arms; a++) {
				const struct summary_case *row = summary_at(summary, c, a);

				if (!summary_measured(row) || !isfinite(row->gbps.estimate))
					continue;
				*low = fmin(*low, row->gbps.estimate);
				*high = fmax(*high, row->gbps.estimate);
			}
		}
}

static bool write_facets(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e)
{
	double low, high;
	bool ok = true;

	find_range(writer, machines, first, end, &low, &high);
	document_facets_begin(writer->document);
	for (size_t i = 0; ok && i < machines->n; i++) {
		struct figures_facet its = {.picture = &facet,
			.most = FACET_CURVES,
			.low = low / 1.3,
			.high = high * 1.3,
			.label = machines->labels[i]};
		const struct result *result = machines->summaries[i].result;
		size_t c = machines_first(machines, i, first, end);

		if (c == MACHINES_NONE || writer->facets == FACETS_MOST || !summary_ranks(result))
			continue;
		writer->facets++;
		writer->summary = &machines->summaries[i];
		ok = figures_facet(writer, view_of(result, c), &its, e);
	}
	document_pictures_end(writer->document);
	return ok;
}

bool machines_figures(struct writer *writer, const struct machines *machines, size_t first,
	size_t end, struct err *e)
{
	char table[FOLDER_PATH_BYTES],
		labels[MACHINES_MOST * (MACHINES_LABEL + 4)] = "", title[SETTING_TITLE_BYTES];
	struct rows rows = {0, 0};
	bool ok;

	if (!writer->draw)
		return true;
	setting_title(machines->settings[first].setting, title);
	list_labels(machines, labels, sizeof(labels));
	snprintf(table, sizeof(table), "%.3900s/machines-%u.tsv", writer->folder,
		writer->figure + 1);
	document_pictures_begin(writer->document);
	ok = write_table(writer, machines, first, end, table, &rows, e) &&
	     (rows.times == 0 || overlay(writer, "machines_time", table, labels, title, e)) &&
	     (rows.speeds == 0 || overlay(writer, "machines_speed", table, labels, title, e));
	document_pictures_end(writer->document);
	return ok && write_facets(writer, machines, first, end, e);
}
