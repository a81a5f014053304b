/* SPDX-License-Identifier: MIT */
/*
 * Sizes, durations and ranges as people write them, and numbers as people read
 * them. K/M/G/T and KiB/MiB/.. are powers of 1024, KB/MB/.. powers of 1000;
 * output always spells the unit.
 */
#ifndef DAXMARK_BASE_UNITS_H
#define DAXMARK_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define UNITS_TEXT_BYTES 32

/* "4096", "4K", "4KiB", "4KB" -> bytes. Usage error on anything else or on overflow. */
bool units_parse_bytes(const char *text, uint64_t *bytes, struct err *e);

/* "60s", "1.5m", "500ms", "2h", plain numbers are seconds; the result is > 0 and finite. */
bool units_parse_seconds(const char *text, double *seconds, struct err *e);

/*
 * Rates a second, separated by commas: "500", "100K", "1.5M", of 1000, from 1 to 1e9. At most
 * `most`, each once.
 */
bool units_parse_rates(const char *text, double *rates, size_t most, size_t *n, struct err *e);

/* 1500000 -> "1.5 M/s", 500 -> "500/s": five significant digits. */
const char *units_rate(double per_second, char text[UNITS_TEXT_BYTES]);

/* An unsigned decimal (or 0x..) number with nothing after it. */
bool units_parse_u64(const char *text, uint64_t *value, struct err *e);

/*
 * A list of sizes: items are separated by commas; an item is one size, or
 * FIRST..LAST*FACTOR (FACTOR 2 when left out). Duplicates are dropped, the
 * order is kept. At most UNITS_MAX_SIZES sizes.
 */
#define UNITS_MAX_SIZES 256
bool units_parse_sizes(const char *text, uint64_t sizes[UNITS_MAX_SIZES], size_t *n, struct err *e);

/* 4096 -> "4 KiB", 1000 -> "1000 B". Exact: a size that is no whole number of KiB stays bytes. */
const char *units_bytes(uint64_t bytes, char text[UNITS_TEXT_BYTES]);

/* ns -> "160 ns", "6.01 us", "2.5 ms", "3.2 s": three significant digits. */
const char *units_ns(double ns, char text[UNITS_TEXT_BYTES]);

/* Bytes per ns is GB/s (10^9): "12.3 GB/s", "0.385 GB/s", "1.46 MB/s": three significant digits. */
const char *units_gbps(double gigabytes_per_second, char text[UNITS_TEXT_BYTES]);

/* "0.984", "1.031", "12.3": around 1 the third decimal is what a claim is about. */
const char *units_ratio(double ratio, char text[UNITS_TEXT_BYTES]);

/*
 * "[0.961, 1.008]": the ends are rounded outward, so that none is nearer than it is and no
 * width becomes nothing; empty where it has no end.
 */
#define UNITS_SPEED_BYTES 100
const char *units_interval(double low, double high, char text[UNITS_SPEED_BYTES]);

/* A speed below it is told as how many times as long it takes. */
#define UNITS_LEAST_SPEED 0.1

/* "0.984 [0.961, 1.008]", "takes 84.1 [80.0, 88.3] times as long"; without the interval where it has no end, a dash for NAN. */
const char *units_speed(double speed, double low, double high, char text[UNITS_SPEED_BYTES]);

#endif
