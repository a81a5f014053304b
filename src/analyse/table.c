// SPDX-License-Identifier: MIT
#include "analyse/table.h"

#include <math.h>
#include <string.h>

#include "case/axis.h"

enum kind { TEXT, COUNT, REAL };

struct cell {
	enum kind kind;
	const char *text;
	unsigned long long count;
	double real;
};

static struct cell of_text(const char *text)
{
	return (struct cell){.kind = TEXT, .text = text};
}

static struct cell of_count(unsigned long long count)
{
	return (struct cell){.kind = COUNT, .count = count};
}

/* -1, not chosen, is no number to plot. */
static struct cell of_field(const struct axis_field *field, const struct setting *setting)
{
	long long value = axis_get(field, setting);

	if (field->words != NULL)
		return of_text(field->words->names[value]);
	return value < 0 ? of_text("any") : of_count((unsigned long long)value);
}

static struct cell of_real(double real)
{
	return (struct cell){.kind = REAL, .real = real};
}

/* After the case and the fields of its setting. One row a column: its name, and its value. */
#define COLUMNS                                                                   \
	X(curve, of_count(row->curve))                                            \
	X(strategy, of_text(row->described->name))                                \
	X(family, of_text(family_words.names[row->described->family]))            \
	X(guarantee, of_text(guarantee_words.names[row->guarantee]))              \
	X(meets, of_count(row->meets))                                            \
	X(status, of_text(row->status))                                           \
	X(n_visits, of_count(row->n_visits))                                      \
	X(n_rounds, of_count(row->n_rounds))                                      \
	X(operation_ns, of_real(row->ns.estimate))                                \
	X(operation_ns_low, of_real(row->ns.low))                                 \
	X(operation_ns_high, of_real(row->ns.high))                               \
	X(throughput_gb_per_s, of_real(row->gbps.estimate))                       \
	X(throughput_gb_per_s_low, of_real(row->gbps.low))                        \
	X(throughput_gb_per_s_high, of_real(row->gbps.high))                      \
	X(speed_over_baseline, of_real(row->vs_baseline.estimate))                \
	X(speed_over_baseline_low, of_real(row->vs_baseline.low))                 \
	X(speed_over_baseline_high, of_real(row->vs_baseline.high))               \
	X(speed_over_best, of_real(row->vs_best.estimate))                        \
	X(speed_over_best_low, of_real(row->vs_best.low))                         \
	X(speed_over_best_high, of_real(row->vs_best.high))                       \
	X(another_run_ns_low, of_real(row->ns_another.low))                       \
	X(another_run_ns_high, of_real(row->ns_another.high))                     \
	X(another_run_over_baseline_low, of_real(row->vs_baseline_another.low))   \
	X(another_run_over_baseline_high, of_real(row->vs_baseline_another.high)) \
	X(another_run_over_best_low, of_real(row->vs_best_another.low))           \
	X(another_run_over_best_high, of_real(row->vs_best_another.high))         \
	X(roof_share, of_real(row->roof_share))                                   \
	X(visit_deviation, of_real(row->visit_deviation))                         \
	X(rank, of_text(rank_words.names[row->rank]))                             \
	X(beside_gb_per_s, of_real(row->beside_gbps))

/* A column of the table: the case, a field of its setting, or one of COLUMNS. */
struct column {
	const char *name;
	const struct axis_field *field; /* NULL: not of the setting */
	size_t at;			/* of COLUMNS */
	bool is_case;
};

static const char *const column_names[] = {
#define X(id, value) #id,
	COLUMNS
#undef X
};
#define N_COLUMNS (sizeof(column_names) / sizeof(column_names[0]))
#define MOST_COLUMNS (1 + AXIS_COUNT * AXIS_FIELDS + N_COLUMNS)

static size_t columns_of(struct column columns[MOST_COLUMNS])
{
	const struct axis_field *field;
	size_t n = 0;

	columns[n++] = (struct column){.name = "case", .is_case = true};
	for (unsigned axis = 0, f = 0; (field = axis_next(&axis, &f)) != NULL;)
		columns[n++] = (struct column){.name = field->key, .field = field};
	for (size_t at = 0; at < N_COLUMNS; at++)
		columns[n++] = (struct column){.name = column_names[at], .at = at};
	return n;
}

static struct cell measured(const struct summary_case *row, size_t column)
{
	size_t at = 0;

#define X(id, value)        \
	if (at++ == column) \
		return value;
	COLUMNS
#undef X
	return of_text("");
}

static struct cell cell(
	const struct summary_case *row, const char *name, const struct column *column)
{
	if (column->is_case)
		return of_text(name);
	return column->field != NULL ? of_field(column->field, row->setting)
				     : measured(row, column->at);
}

static void write_cell(FILE *out, struct cell value)
{
	if (value.kind == TEXT)
		fputs(value.text, out);
	else if (value.kind == COUNT)
		fprintf(out, "%llu", value.count);
	else if (isfinite(value.real))
		fprintf(out, "%.6g", value.real);
	else
		fputs("NaN", out);
}

static void write_row(FILE *out, const struct summary_case *row, char separator,
	const struct column *columns, size_t n)
{
	char name[CASE_NAME_BYTES];

	case_name(row->setting, row->described->name, row->guarantee, name);
	for (size_t column = 0; column < n; column++) {
		if (column > 0)
			fputc(separator, out);
		write_cell(out, cell(row, name, &columns[column]));
	}
	fputc('\n', out);
}

static void write_names(FILE *out, char separator, const struct column *columns, size_t n)
{
	for (size_t column = 0; column < n; column++)
		fprintf(out, "%.*s%s", column > 0, &separator, columns[column].name);
	fputc('\n', out);
}

void table_write_some(FILE *out, const struct summary *summary, char separator,
	const size_t *comparisons, size_t n, const bool *arms)
{
	const struct result *result = summary->result;
	struct column columns[MOST_COLUMNS];
	size_t n_columns = columns_of(columns);

	write_names(out, separator, columns, n_columns);
	for (size_t a = 0; a < result->n_arms; a++)
		for (size_t i = 0; arms[a] && i < n; i++)
			if (result_does(result, &result->comparisons[comparisons[i]], a))
				write_row(out, summary_at(summary, comparisons[i], a), separator,
					columns, n_columns);
}

void table_write(FILE *out, const struct summary *summary, char separator)
{
	const struct result *result = summary->result;
	struct column columns[MOST_COLUMNS];
	size_t n = columns_of(columns);

	write_names(out, separator, columns, n);
	/* Comparisons are sorted by curve, then size (result_sort). */
	for (size_t first = 0, end; first < result->n_comparisons; first = end) {
		for (end = first + 1; end < result->n_comparisons; end++)
			if (!setting_same_curve(&result->comparisons[first].setting,
				    &result->comparisons[end].setting))
				break;
		for (size_t a = 0; a < result->n_arms; a++)
			for (size_t c = first; c < end; c++)
				if (result_does(result, &result->comparisons[c], a))
					write_row(out, summary_at(summary, c, a), separator,
						columns, n);
	}
}

bool table_has(const struct summary *summary, size_t first, size_t end, const char *column)
{
	size_t n_arms = summary->result->n_arms, n;
	struct column columns[MOST_COLUMNS];

	n = columns_of(columns);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(columns[i].name, column) != 0)
			continue;
		for (size_t row = first * n_arms; row < end * n_arms; row++) {
			struct cell value = cell(&summary->cases[row], "", &columns[i]);

			if (value.kind != REAL || isfinite(value.real))
				return true;
		}
	}
	return false;
}
