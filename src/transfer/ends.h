/* SPDX-License-Identifier: MIT */
/* The two files of a transfer: opened, checked as cp(1) checks them, and given their name. */
#ifndef DAXMARK_TRANSFER_ENDS_H
#define DAXMARK_TRANSFER_ENDS_H

#include <sys/stat.h>

#include "transfer/transfer.h"

#define ENDS_PATH 4096

struct ends {
	int from, to; /* -1: not open */
	struct stat from_stat;
	char path[ENDS_PATH];	/* of the destination */
	char folder[ENDS_PATH]; /* that it is in */
	char waiting[ENDS_PATH +
		     32]; /* the name that a new file waits under; empty: it has none yet */
	bool is_new;	  /* a file that has not its name yet */
	bool exists;	  /* something has that name, and may be replaced */
	bool device;
};

bool ends_open(struct ends *ends, const struct transfer_request *request, struct err *e);

/* The new file takes its name, in one step; permissions are the source's. */
bool ends_name(struct ends *ends, const struct transfer_request *request, struct err *e);

/* What has not got its name by now is gone. */
void ends_close(struct ends *ends);

#endif
