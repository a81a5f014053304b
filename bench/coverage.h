/* SPDX-License-Identifier: MIT */
/* What the parts of bench/coverage share: simulated weather, and lines of figures. */
#ifndef DAXMARK_BENCH_COVERAGE_H
#define DAXMARK_BENCH_COVERAGE_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>

#include "stat/stat.h"

#define SPAN_S 60.0
#define GRID 3000 /* points of a path over the span */
#define STEP_S (SPAN_S / GRID)
#define MOST 200    /* visits */
#define TOGETHER 12 /* comparisons of one run */
#define NOISE 0.5   /* deviation of a visit's own noise over that of the weather */
#define SHARE (1 / (1 + NOISE * NOISE)) /* of a visit's variance that is weather */

extern gsl_rng *rng;
extern bool short_of; /* some figure fell short of its bound */
extern size_t runs;   /* of each kind */

struct kind {
	const char *name;
	void (*fill)(double *path, double parameter);
	double parameter;
	double range_s; /* of a stationary kind of one range: an oracle knows it; 0: no such */
	double tails;	/* degrees of freedom of the visits' noise; 0: normal */
	bool own_time;	/* a visit is the noisier the slower the arm is just then */
	bool level;	/* it has a level, 0, about which it wanders */
};

#define N_KINDS 17
extern const struct kind kinds[N_KINDS];

void add_range(double *path, double range_s, double weight);
void at_least(const char *name, const char *what, double value, double bound);
void at_most(const char *name, const char *what, double value, double bound);
bool covers(struct interval interval, double truth);
void look(const struct kind *kind, const double *path, const size_t *at, size_t n, double *x);
double median_of(double *x, size_t n);
void two_ranges(double *path, double range_s);
void one_range(double *path, double range_s);
void place(size_t n, size_t *at);

/* What choosing costs: best of several, crossovers, thresholds, stopping, stated weather. */
void choosing(void);

#endif
