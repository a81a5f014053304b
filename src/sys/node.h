/* SPDX-License-Identifier: MIT */
/*
 * NUMA nodes: which have memory and CPUs, memory taken from one, and where the
 * kernel says that pages are. Nothing is believed that the kernel was not asked.
 */
#ifndef DAXMARK_SYS_NODE_H
#define DAXMARK_SYS_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define NODE_MAX 1024

/* The node has memory that this process may use. */
bool node_has_memory(int node);

/* The node has CPUs, whether this process may use them or not. */
bool node_has_cpus(int node);

/* The node of a CPU; -1 when the kernel does not say. */
int node_of_cpu(int cpu);

/* The highest node number; 0 on a machine without NUMA. */
int node_last(void);

/*
 * False where that many bytes are more than half of what the node has, or more than nine
 * tenths of what is free or can be freed there: filling it ends in the kernel killing
 * somebody. The message goes on after "needs".
 */
bool node_fits(int node, uint64_t bytes, struct err *e);

/*
 * Pages of [base, base + bytes) come from this node only, or their fault fails:
 * no silent placement elsewhere. Call before the first touch.
 */
bool node_bind(void *base, size_t bytes, int node, struct err *e);

/*
 * The pages of this mapped and touched range are on that node, as far as a sample tells.
 * The message goes on after a name: "cannot be verified", or where they are.
 */
bool node_verify(const void *base, size_t bytes, int node, struct err *e);

/*
 * Where the kernel says pages of this mapped and touched range are, by a sample
 * of up to 1024 of them; -1 when they differ or it does not say. *failed: why it does not,
 * an errno or 0; or NULL.
 */
int node_of_range(const void *base, size_t bytes, int *failed);

#endif
