// SPDX-License-Identifier: MIT
#include "analyse/drift.h"

#include <math.h>

#define ALPHA 0.05
#define LEAST_VARIANCE 1e-18 /* of runs that agree to the last digit that is kept */
#define PLAIN 4.0	     /* |t| of a step that nobody doubts */
#define DEGREES_MOST 1e6     /* Student's distribution is the normal one long before */

static double squares_of(const double *x, size_t n)
{
	double mean = stat_mean(x, n), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return sum;
}

/* About two levels: n - 2 degrees of freedom. */
static double variance_about(const double *logs, size_t n, size_t at)
{
	return (squares_of(logs, at) + squares_of(logs + at, n - at)) / (double)(n - 2);
}

static double step_of(const double *logs, size_t n, size_t at)
{
	return stat_mean(logs + at, n - at) - stat_mean(logs, at);
}

/* Variance of the step over that of one run. */
static double share(size_t n, size_t at)
{
	return 1 / (double)at + 1 / (double)(n - at);
}

size_t drift_split(const double *logs, size_t n)
{
	size_t best = 0;
	double most = -1;

	for (size_t at = DRIFT_LEAST_BEFORE; n >= DRIFT_LEAST_RUNS && at < n; at++) {
		double step = step_of(logs, n, at);
		double t2 = step * step /
			    (fmax(variance_about(logs, n, at), LEAST_VARIANCE) * share(n, at));

		if (t2 > most) {
			most = t2;
			best = at;
		}
	}
	return best;
}

double drift_variance(const double *logs, size_t n, double *degrees)
{
	size_t at = drift_split(logs, n);

	*degrees = (double)n - 1;
	if (n < 2)
		return NAN;
	if (at > 0 && fabs(step_of(logs, n, at)) >
			      PLAIN * sqrt(fmax(variance_about(logs, n, at), LEAST_VARIANCE) *
					      share(n, at))) {
		*degrees = (double)n - 2;
		return variance_about(logs, n, at);
	}
	return squares_of(logs, n) / *degrees;
}

struct drift drift_find(
	const double *logs, size_t n, size_t family, const struct stat_prior *prior, double least)
{
	struct drift drift = {.at = drift_split(logs, n)};
	double all, variance, error, step, splits;

	if (n < DRIFT_LEAST_RUNS || drift.at == 0)
		return drift;
	drift.known = true;
	variance = fmax(variance_about(logs, n, drift.at), LEAST_VARIANCE);
	variance = stat_moderated(prior, variance, (double)(n - 2), &all);
	all = fmin(all, DEGREES_MOST);
	error = sqrt(variance * share(n, drift.at));
	step = step_of(logs, n, drift.at);
	splits = (double)(n - DRIFT_LEAST_BEFORE);
	drift.change = stat_interval((struct stat_estimate){step, error, all}, 1 - ALPHA);
	drift.told =
		fabs(step) >= least &&
		fabs(step) > error * stat_t_quantile(1 - ALPHA / ((double)family * splits), all);
	return drift;
}
