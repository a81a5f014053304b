/* SPDX-License-Identifier: MIT */
/*
 * What a workload makes of a setting's size: which bytes an operation covers and moves,
 * and what it asks of strategies and threads. Arithmetic alone; stage/work.c does it.
 */
#ifndef DAXMARK_CASE_WORKLOAD_H
#define DAXMARK_CASE_WORKLOAD_H

#include "case/setting.h"

#define WORKLOAD_COMMIT_BYTES 8ul
#define WORKLOAD_READ_PERCENT 95u /* of updates: YCSB's workload B (Cooper et al., SoCC 2010) */
#define WORKLOAD_RING_SLOTS 64ul  /* messages of a ring that are on their way at most */

/* It has such operations, threads, pages and a source that this can be done with. */
bool workload_makes_sense(const struct setting *setting);

/* Bytes from an operation's first one to its last, with what is not the data: its commit. */
uint64_t workload_span(const struct setting *setting);

/*
 * Where the commit of an operation is, in bytes past its first one: behind the data, at a
 * multiple of its own size. 0: there is none.
 */
uint64_t workload_commit_at(const struct setting *setting);

/* Bytes that an operation of every thread moves, on average: what throughput is made of. */
double workload_bytes(const struct setting *setting);

/* Some of its copies are shorter than its size. */
bool workload_mixes(const struct setting *setting);

/* Operations are at random places. */
bool workload_scatters(const struct setting *setting);

/*
 * Bytes of a value where the draw is u, from 0 to below 1: a generalised Pareto
 * distribution, scale 214.476 and shape 0.348238, which Atikoglu et al. (Workload analysis
 * of a large-scale key-value store, SIGMETRICS 2012) give for the values of Facebook's ETC
 * pool; 1 to `most`, above which it is cut.
 */
uint64_t workload_value(double u, uint64_t most);

#endif
