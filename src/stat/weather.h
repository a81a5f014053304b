/* SPDX-License-Identifier: MIT */
/*
 * What another run on the same machine would show: the level about which a quantity
 * wanders, from visits of one run. The wandering ("weather") is learned from the visits
 * themselves: docs/methodology.md, "In another run".
 */
#ifndef DAXMARK_STAT_WEATHER_H
#define DAXMARK_STAT_WEATHER_H

#include <stdbool.h>
#include <stddef.h>

#include "stat/stat.h"

#define WEATHER_ENOUGH 30 /* visits: from fewer nothing is said of another run */
/* A range above this share of the run's span: the weather changed too seldom in it to tell the level. */
#define WEATHER_SLOW (1.0 / 6)
/* More probable than this, of a quantity and of all visits of the run (stat/witness.h): nothing is claimed. */
#define WEATHER_DOUBT 0.20
#define WEATHER_DOUBT_OF_ALL 0.15

#define WEATHER_RANGES 15
#define WEATHER_SHARES 5
#define WEATHER_MODELS (1 + WEATHER_RANGES * WEATHER_SHARES) /* the first: no weather */

/* What one range and share make of visits at given times: a Kalman filter's constants. */
struct weather_model {
	double range_s, share; /* of the correlation exp(-d / range), and of the variance it has */
	double log_prior;
	double log_determinant; /* of the visits' correlation matrix R */
	double information;	/* 1' R^-1 1: the level's, in units of the variance */
	double *steps;		/* [n][4]: see weather.c */
};

struct weather {
	size_t n; /* visits; 0: too few, or out of memory */
	double span_s;
	struct weather_model models[WEATHER_MODELS];
	double *room;
};

struct outlook {
	struct stat_estimate level; /* infinite error: too few visits */
	double slow;		    /* probability of weather above WEATHER_SLOW, 0 to 1 */
};

/* For n visits at ascending times in a run of span_s seconds. weather_free() also after failure. */
bool weather_init(struct weather *weather, const double *at_s, size_t n, double span_s);
void weather_free(struct weather *weather);

/*
 * The level of x, seen at those times; its interval is about the mean of x. Level and
 * scale have flat priors and are integrated out (restricted likelihood); range and share
 * are averaged over by their posterior, not chosen (Handcock and Stein, Technometrics 35
 * (1993) 403).
 */
struct outlook weather_outlook(const struct weather *weather, const double *x);

#endif
