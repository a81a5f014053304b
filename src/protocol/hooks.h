/* SPDX-License-Identifier: MIT */
/*
 * What the kernel calls the steps: its cache hooks by name, as steps, and what they
 * come to on the machines that matter. Linux 6.12; docs/dax-aliasing.md tells the story.
 */
#ifndef DAXMARK_PROTOCOL_HOOKS_H
#define DAXMARK_PROTOCOL_HOOKS_H

#include "protocol/protocol.h"

struct hook {
	const char *name;
	struct step steps[4]; /* what it must achieve where caches alias */
	const char *when;     /* who calls it */
	const char *x86_64, *arm64;
	const char
		*aliasing; /* caches indexed by virtual addresses that hardware does not resolve */
	const char *strategies[3]; /* of ours that take this step; NULL ends them */
};

extern const struct hook hooks[];
extern const size_t hooks_n;

#endif
