// SPDX-License-Identifier: MIT
#include "history/history.h"

#if defined(HAVE_SQLITE)
#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SCHEMA_VERSION 2

struct history {
	sqlite3 *db;
	char path[4096];
};

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS runs(id INTEGER PRIMARY KEY, created TEXT NOT NULL, host TEXT, "
	"cpu "
	"TEXT, kernel TEXT, target TEXT, emulated INTEGER, build TEXT, seed INTEGER, command TEXT, "
	"label TEXT, commit_id TEXT, UNIQUE(created, host, seed, command));"
	"CREATE TABLE IF NOT EXISTS cases(run INTEGER NOT NULL REFERENCES runs(id), name TEXT NOT "
	"NULL, "
	"operation_ns REAL, low REAL, high REAL, gbps REAL, over_baseline REAL, over_low REAL, "
	"over_high REAL);"
	"CREATE INDEX IF NOT EXISTS cases_by_name ON cases(name, run);";

bool history_available(struct err *why_not)
{
	(void)why_not;
	return true;
}

static bool failed(struct history *history, struct err *e)
{
	return err_set(e, ERR_FAILED, "history %s: %s", history->path, sqlite3_errmsg(history->db));
}

static bool run_sql(struct history *history, const char *sql, struct err *e)
{
	return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(history, e);
}

static bool check_version(struct history *history, struct err *e)
{
	sqlite3_stmt *query;
	int version = 0;
	char sql[64];

	if (sqlite3_prepare_v2(history->db, "PRAGMA user_version", -1, &query, NULL) != SQLITE_OK)
		return failed(history, e);
	if (sqlite3_step(query) == SQLITE_ROW)
		version = sqlite3_column_int(query, 0);
	sqlite3_finalize(query);
	if (version == 1)
		return run_sql(history,
			"BEGIN IMMEDIATE; ALTER TABLE runs ADD COLUMN label TEXT; ALTER TABLE runs "
			"ADD COLUMN commit_id TEXT; ALTER TABLE cases ADD COLUMN over_low REAL; "
			"ALTER TABLE cases ADD COLUMN over_high REAL; PRAGMA user_version=2; "
			"COMMIT",
			e);
	if (version != 0 && version != SCHEMA_VERSION)
		return err_set(e, ERR_FAILED,
			"history %s: made by another version of daxmark (%d, not %d)",
			history->path, version, SCHEMA_VERSION);
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", SCHEMA_VERSION);
	return version == SCHEMA_VERSION || run_sql(history, sql, e);
}

/* An SQLite file that is somebody else's is not ours to add tables to. */
static bool is_ours_or_empty(struct history *history, struct err *e)
{
	sqlite3_stmt *query;
	int tables = 0, ours = 0;

	if (sqlite3_prepare_v2(history->db,
		    "SELECT count(*), total(name IN ('runs', 'cases')) FROM sqlite_master WHERE "
		    "type='table'",
		    -1, &query, NULL) != SQLITE_OK)
		return failed(history, e);
	if (sqlite3_step(query) == SQLITE_ROW) {
		tables = sqlite3_column_int(query, 0);
		ours = sqlite3_column_int(query, 1);
	}
	sqlite3_finalize(query);
	return tables == ours ||
	       err_set(e, ERR_FAILED, "history %s: a database of something else: it is left alone",
		       history->path);
}

/* SQLite takes an empty name for a database that is gone when it is closed. */
static bool may_open(const char *path, bool create, struct err *e)
{
	struct stat st;

	if (path[0] == '\0')
		return err_set(e, ERR_USAGE, "history: the database has an empty name");
	if (stat(path, &st) == 0)
		return S_ISREG(st.st_mode) ||
		       err_set(e, ERR_FAILED, "history %s: not a file that can hold a database",
			       path);
	if (errno != ENOENT)
		return err_errno(e, errno, "history %s", path);
	return create || err_set(e, ERR_FAILED,
				 "history %s: there is none yet: 'daxmark history add RESULT.json' "
				 "begins one",
				 path);
}

struct history *history_open(const char *path, bool create, struct err *e)
{
	struct history *history;
	char file[4100];

	if (!may_open(path, create, e))
		return NULL;
	history = calloc(1, sizeof(*history));
	if (history == NULL) {
		err_set(e, ERR_FAILED, "out of memory");
		return NULL;
	}
	snprintf(history->path, sizeof(history->path), "%s", path);
	/* A name alone could be one that SQLite takes for something else (":memory:"). */
	snprintf(file, sizeof(file), "%s%s", path[0] == '/' ? "" : "./", path);
	if (sqlite3_open_v2(file, &history->db,
		    SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), NULL) != SQLITE_OK) {
		failed(history, e);
		history_close(history);
		return NULL;
	}
	sqlite3_busy_timeout(history->db, 5000);
	if (!is_ours_or_empty(history, e) || !check_version(history, e) ||
		!run_sql(history, schema, e)) {
		history_close(history);
		return NULL;
	}
	return history;
}

void history_close(struct history *history)
{
	if (history == NULL)
		return;
	sqlite3_close(history->db);
	free(history);
}

static void bind_text(sqlite3_stmt *query, int at, const char *text)
{
	sqlite3_bind_text(query, at, text, -1, SQLITE_TRANSIENT);
}

static void bind_number(sqlite3_stmt *query, int at, double value)
{
	if (isfinite(value))
		sqlite3_bind_double(query, at, value);
	else
		sqlite3_bind_null(query, at);
}

static bool add_run(
	struct history *history, const struct result *result, bool *added, struct err *e)
{
	static const char sql[] = "INSERT OR IGNORE INTO runs(created, host, cpu, kernel, target, "
				  "emulated, build, seed, command, label, commit_id) "
				  "VALUES(?,?,?,?,?,?,?,?,?,?,?)";
	sqlite3_stmt *query;
	bool ok;

	if (sqlite3_prepare_v2(history->db, sql, -1, &query, NULL) != SQLITE_OK)
		return failed(history, e);
	bind_text(query, 1, result->created);
	bind_text(query, 2, result->facts.host);
	bind_text(query, 3, result->facts.cpu_model);
	bind_text(query, 4, result->facts.kernel);
	bind_text(query, 5, result->target.name);
	sqlite3_bind_int(query, 6, result->target.emulated);
	bind_text(query, 7, result->facts.build);
	sqlite3_bind_int64(query, 8, (sqlite3_int64)result->seed);
	bind_text(query, 9, result->command);
	bind_text(query, 10, result->label);
	bind_text(query, 11, result->commit);
	ok = sqlite3_step(query) == SQLITE_DONE;
	sqlite3_finalize(query);
	*added = sqlite3_changes(history->db) > 0;
	return ok || failed(history, e);
}

static bool add_cases(struct history *history, const struct summary *summary, struct err *e)
{
	static const char sql[] =
		"INSERT INTO cases(run, name, operation_ns, low, high, gbps, over_baseline, "
		"over_low, over_high) VALUES(?,?,?,?,?,?,?,?,?)";
	sqlite3_int64 run = sqlite3_last_insert_rowid(history->db);
	sqlite3_stmt *query;
	bool ok = true;

	if (sqlite3_prepare_v2(history->db, sql, -1, &query, NULL) != SQLITE_OK)
		return failed(history, e);
	for (size_t i = 0; ok && i < summary->n_cases; i++) {
		const struct summary_case *row = &summary->cases[i];
		char name[CASE_NAME_BYTES];

		if (!summary_measured(row))
			continue;
		case_name(row->setting, row->described->name, row->guarantee, name);
		sqlite3_bind_int64(query, 1, run);
		bind_text(query, 2, name);
		bind_number(query, 3, row->ns.estimate);
		bind_number(query, 4, row->ns.low);
		bind_number(query, 5, row->ns.high);
		bind_number(query, 6, row->gbps.estimate);
		bind_number(query, 7, row->vs_baseline.estimate);
		bind_number(query, 8, row->vs_baseline.low);
		bind_number(query, 9, row->vs_baseline.high);
		ok = sqlite3_step(query) == SQLITE_DONE;
		sqlite3_reset(query);
	}
	sqlite3_finalize(query);
	return ok || failed(history, e);
}

bool history_add(struct history *history, const struct summary *summary, bool *added, struct err *e)
{
	struct err ignored;

	if (!run_sql(history, "BEGIN IMMEDIATE", e))
		return false;
	if (add_run(history, summary->result, added, e) &&
		(!*added || add_cases(history, summary, e)) && run_sql(history, "COMMIT", e))
		return true;
	run_sql(history, "ROLLBACK", &ignored); /* all of a result or nothing */
	return false;
}

static const char *text_at(sqlite3_stmt *query, int at)
{
	const char *text = (const char *)sqlite3_column_text(query, at);

	return text != NULL ? text : "";
}

static double number_at(sqlite3_stmt *query, int at)
{
	return sqlite3_column_type(query, at) == SQLITE_NULL ? NAN
							     : sqlite3_column_double(query, at);
}

/* In every query: ?1 to ?5 are the filter; times may be of different zones. */
#define FILTER                                                                      \
	"(?1 IS NULL OR host=?1) AND (?2 IS NULL OR kernel=?2) AND (?3 IS NULL OR " \
	"target=?3) AND (?4 IS NULL OR label=?4) AND (?5 IS NULL OR commit_id=?5) "
#define FILTERS 5
#define ORDER "julianday(created), runs.id"
#define RUN_COLUMNS "runs.id, created, host, cpu, kernel, target, emulated, build, label, commit_id"
#define CASE_COLUMNS \
	RUN_COLUMNS ", name, operation_ns, low, high, gbps, over_baseline, over_low, over_high"

static void bind_filter(sqlite3_stmt *query, const struct history_filter *filter)
{
	const char *const texts[FILTERS] = {
		filter->host, filter->kernel, filter->target, filter->label, filter->commit};

	for (int i = 0; i < FILTERS; i++)
		if (texts[i] != NULL)
			bind_text(query, i + 1, texts[i]);
}

static struct history_row run_at(sqlite3_stmt *query)
{
	return (struct history_row){.id = sqlite3_column_int64(query, 0),
		.created = text_at(query, 1),
		.host = text_at(query, 2),
		.cpu = text_at(query, 3),
		.kernel = text_at(query, 4),
		.target = text_at(query, 5),
		.emulated = sqlite3_column_int(query, 6) != 0,
		.build = text_at(query, 7),
		.label = text_at(query, 8),
		.commit = text_at(query, 9),
		.cases = 1};
}

static struct history_row case_at(sqlite3_stmt *query)
{
	struct history_row row = run_at(query);

	row.name = text_at(query, 10);
	row.operation_ns = number_at(query, 11);
	row.low = number_at(query, 12);
	row.high = number_at(query, 13);
	row.gbps = number_at(query, 14);
	row.over_baseline = number_at(query, 15);
	row.over_low = number_at(query, 16);
	row.over_high = number_at(query, 17);
	return row;
}

/* A query that is ready but for the filter; `name` is ?6, where it is not NULL. */
static bool ask(struct history *history, const char *sql, const struct history_filter *filter,
	const char *name, sqlite3_stmt **query, struct err *e)
{
	if (sqlite3_prepare_v2(history->db, sql, -1, query, NULL) != SQLITE_OK)
		return failed(history, e);
	bind_filter(*query, filter);
	if (name != NULL)
		bind_text(*query, FILTERS + 1, name);
	return true;
}

bool history_runs(struct history *history, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, struct err *e)
{
	sqlite3_stmt *query;
	bool ok = true;
	int step = SQLITE_DONE;

	if (!ask(history,
		    "SELECT " RUN_COLUMNS ", (SELECT count(*) FROM cases WHERE run=id) FROM runs "
		    "WHERE " FILTER "ORDER BY " ORDER,
		    filter, NULL, &query, e))
		return false;
	while (ok && (step = sqlite3_step(query)) == SQLITE_ROW) {
		struct history_row row = run_at(query);

		row.cases = sqlite3_column_int64(query, 10);
		ok = each(arg, &row);
	}
	sqlite3_finalize(query);
	if (ok && step != SQLITE_DONE)
		return failed(history, e);
	return ok || err_set(e, ERR_FAILED, "out of memory");
}

static bool each_case(struct history *history, sqlite3_stmt *query,
	bool (*each)(void *arg, const struct history_row *row), void *arg, size_t *n, struct err *e)
{
	bool ok = true;
	int step = SQLITE_DONE;

	*n = 0;
	while (ok && (step = sqlite3_step(query)) == SQLITE_ROW) {
		const struct history_row row = case_at(query);

		ok = each(arg, &row);
		(*n)++;
	}
	sqlite3_finalize(query);
	if (ok && step != SQLITE_DONE)
		return failed(history, e);
	return ok || err_set(e, ERR_FAILED, "out of memory");
}

#define FROM_CASES "SELECT " CASE_COLUMNS " FROM cases JOIN runs ON runs.id=cases.run WHERE "

bool history_case(struct history *history, const char *name, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, size_t *n, struct err *e)
{
	sqlite3_stmt *query;

	return ask(history, FROM_CASES "name=?6 AND " FILTER "ORDER BY " ORDER, filter, name,
		       &query, e) &&
	       each_case(history, query, each, arg, n, e);
}

bool history_cases(struct history *history, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, struct err *e)
{
	sqlite3_stmt *query;
	size_t n;

	return ask(history, FROM_CASES FILTER "ORDER BY name, host, target, " ORDER, filter, NULL,
		       &query, e) &&
	       each_case(history, query, each, arg, &n, e);
}

/* Those to forget; `before` is ?6 and `keep` ?7. */
#define DOOMED                                                                             \
	"FROM (SELECT id, created, row_number() OVER (PARTITION BY host, target ORDER BY " \
	"julianday(created) DESC, id DESC) AS place FROM runs WHERE " FILTER ") "          \
	"WHERE (?6 IS NULL OR julianday(created)<julianday(?6)) AND (?7=0 OR place>?7)"

static bool count_doomed(struct history *history, const struct history_filter *filter,
	const char *before, long long keep, const char *sql, long long *n, struct err *e)
{
	sqlite3_stmt *query;
	int step;

	if (!ask(history, sql, filter, before, &query, e))
		return false;
	sqlite3_bind_int64(query, FILTERS + 2, keep);
	step = sqlite3_step(query);
	if (step == SQLITE_ROW)
		*n = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	return step == SQLITE_ROW || step == SQLITE_DONE || failed(history, e);
}

/* A day, or a minute of one; what SQLite would take besides ("now", "12:00", Julian days) is a slip. */
static bool is_time(struct history *history, const char *before, struct err *e)
{
	sqlite3_stmt *query;
	int year, month, day, used = 0;
	bool ok = sscanf(before, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && used == 10 &&
		  (before[10] == '\0' || before[10] == 'T' || before[10] == ' ');

	if (sqlite3_prepare_v2(history->db,
		    "SELECT date(julianday(?1))=date(?1,'start of day') AND "
		    "date(julianday(?1))=substr(?1,1,10)",
		    -1, &query, NULL) != SQLITE_OK)
		return failed(history, e);
	bind_text(query, 1, before);
	ok = ok && sqlite3_step(query) == SQLITE_ROW && sqlite3_column_int(query, 0) == 1;
	sqlite3_finalize(query);
	return ok ||
	       err_set(e, ERR_USAGE, "'%s' is no time: 2026-11-01, or 2026-11-01T12:00", before);
}

bool history_prune(struct history *history, const struct history_filter *filter, const char *before,
	long long keep, bool really, long long *n, struct err *e)
{
	static const char count[] = "SELECT count(*) " DOOMED;
	static const char cases[] = "DELETE FROM cases WHERE run IN (SELECT id " DOOMED ")";
	static const char runs[] = "DELETE FROM runs WHERE id IN (SELECT id " DOOMED ")";
	struct err ignored;
	long long none;

	if ((before != NULL && !is_time(history, before, e)) ||
		!count_doomed(history, filter, before, keep, count, n, e))
		return false;
	if (!really)
		return true;
	if (!run_sql(history, "BEGIN IMMEDIATE", e))
		return false;
	if (count_doomed(history, filter, before, keep, cases, &none, e) &&
		count_doomed(history, filter, before, keep, runs, &none, e) &&
		run_sql(history, "COMMIT", e))
		return true;
	run_sql(history, "ROLLBACK", &ignored); /* all of it or nothing */
	return false;
}

bool history_names(struct history *history, const char *part,
	bool (*each)(void *arg, const char *name), void *arg, struct err *e)
{
	sqlite3_stmt *query;
	bool ok = true;
	int step = SQLITE_DONE;

	if (sqlite3_prepare_v2(history->db,
		    "SELECT DISTINCT name FROM cases WHERE instr(name, ?) > 0 ORDER BY name", -1,
		    &query, NULL) != SQLITE_OK)
		return failed(history, e);
	bind_text(query, 1, part);
	while (ok && (step = sqlite3_step(query)) == SQLITE_ROW)
		ok = each(arg, text_at(query, 0));
	sqlite3_finalize(query);
	if (ok && step != SQLITE_DONE)
		return failed(history, e);
	return ok || err_set(e, ERR_FAILED, "out of memory");
}
#endif
