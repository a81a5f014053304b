// SPDX-License-Identifier: MIT
/* A build without SQLite: there is no history, and why. */
#include "history/history.h"

#if !defined(HAVE_SQLITE)
bool history_available(struct err *why_not)
{
	return err_set(why_not, ERR_FAILED,
		"this daxmark was built without SQLite (libsqlite3-dev), which history needs");
}

struct history *history_open(const char *path, bool create, struct err *e)
{
	(void)path;
	(void)create;
	history_available(e);
	return NULL;
}

void history_close(struct history *history)
{
	(void)history;
}

bool history_add(struct history *history, const struct summary *summary, bool *added, struct err *e)
{
	(void)history;
	(void)summary;
	(void)added;
	return history_available(e);
}

bool history_runs(struct history *history, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, struct err *e)
{
	(void)history;
	(void)filter;
	(void)each;
	(void)arg;
	return history_available(e);
}

bool history_case(struct history *history, const char *name, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, size_t *n, struct err *e)
{
	(void)history;
	(void)filter;
	(void)name;
	(void)each;
	(void)arg;
	(void)n;
	return history_available(e);
}

bool history_cases(struct history *history, const struct history_filter *filter,
	bool (*each)(void *arg, const struct history_row *row), void *arg, struct err *e)
{
	(void)history;
	(void)filter;
	(void)each;
	(void)arg;
	return history_available(e);
}

bool history_prune(struct history *history, const struct history_filter *filter, const char *before,
	long long keep, bool really, long long *n, struct err *e)
{
	(void)history;
	(void)filter;
	(void)before;
	(void)keep;
	(void)really;
	(void)n;
	return history_available(e);
}

bool history_names(struct history *history, const char *part,
	bool (*each)(void *arg, const char *name), void *arg, struct err *e)
{
	(void)history;
	(void)part;
	(void)each;
	(void)arg;
	return history_available(e);
}
#endif
