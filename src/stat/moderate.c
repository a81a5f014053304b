// SPDX-License-Identifier: MIT
#include "stat/moderate.h"

#include <gsl/gsl_sf_psi.h>
#include <math.h>

#include "stat/moments.h"

#define LEAST_SAMPLES 4

/* x > 0 with trigamma(x) = y > 0, by Newton's method on 1 / trigamma (Smyth, appendix). */
static double trigamma_inverse(double y)
{
	double x = 0.5 + 1 / y;

	for (int i = 0; i < 50; i++) {
		double tri = gsl_sf_psi_1(x), step = tri * (1 - tri / y) / gsl_sf_psi_n(2, x);

		x += step;
		if (!(x > 1e-8))
			x = 1e-8;
		if (-step / x < 1e-8)
			break;
	}
	return x;
}

struct stat_prior stat_prior(const double *variances, const double *degrees, size_t n)
{
	struct stat_moments of = {0};
	double tri = 0, spread;
	struct stat_prior prior = {NAN, 0};

	if (n < LEAST_SAMPLES)
		return prior;
	for (size_t i = 0; i < n; i++) {
		double e = log(variances[i]) - gsl_sf_psi(degrees[i] / 2) + log(degrees[i] / 2);

		stat_moments_add(&of, e);
		tri += gsl_sf_psi_1(degrees[i] / 2) / (double)n;
	}
	/* How much more they spread than samples of one variance would. */
	spread = of.squares / (double)(n - 1) - tri;
	if (!(spread > 0)) {
		prior.degrees = INFINITY;
		prior.variance = exp(of.mean);
		return prior;
	}
	prior.degrees = 2 * trigamma_inverse(spread);
	prior.variance = exp(of.mean + gsl_sf_psi(prior.degrees / 2) - log(prior.degrees / 2));
	return prior;
}

double stat_moderated(const struct stat_prior *prior, double variance, double degrees, double *all)
{
	*all = degrees + prior->degrees;
	if (!(prior->degrees > 0))
		return variance;
	if (isinf(prior->degrees))
		return prior->variance;
	return (prior->degrees * prior->variance + degrees * variance) / *all;
}
