// SPDX-License-Identifier: MIT
#include "stat/weather.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Ranges tried, as shares of the run's span, in even ratios: below the first the visits of
 * a default run cannot tell weather from noise, above the last from a slope.
 */
#define RANGE_FIRST (1.0 / 100)
#define RANGE_LAST 3.0

/* What of the variance is weather; the rest is of each visit alone. */
static const double shares[WEATHER_SHARES] = {0.3, 0.6, 0.8, 0.92, 0.98};

/*
 * Prior probabilities: that there is no weather; and of that which there is, that it is
 * slow. The faster of the others are the likelier, by the root of their range: they are
 * what the level's error is nearly proportional to. make bench-coverage has what comes of it.
 */
#define PRIOR_NONE 0.3
#define PRIOR_SLOW 0.18

#define LEAST_WEIGHT 1e-4

/* Of each visit: what the filter does with it, model by model. */
enum { GAIN, KEEP, WEIGHT, ONE, STEP_NUMBERS };

/*
 * An exponential correlation is a first-order Markov process, so a Kalman filter gives the
 * likelihood in one walk over the visits. All of it but the innovations of x is the same
 * for every x seen at these times. `one`: the innovations of a level of 1.
 */
static void fill_model(struct weather_model *model, const double *at_s, size_t n)
{
	double predicted = model->share, noise = 1 - model->share, state = 0;

	model->log_determinant = model->information = 0;
	for (size_t i = 0; i < n; i++) {
		double *step = &model->steps[STEP_NUMBERS * i], variance = predicted + noise;
		double keep = i + 1 < n ? exp(-(at_s[i + 1] - at_s[i]) / model->range_s) : 0;

		step[GAIN] = predicted / variance;
		step[KEEP] = keep;
		step[WEIGHT] = 1 / variance;
		step[ONE] = 1 - state;
		state = keep * (state + step[GAIN] * step[ONE]);
		predicted = keep * keep * predicted * noise / variance +
			    (1 - keep * keep) * model->share;
		model->log_determinant += log(variance);
		model->information += step[ONE] * step[ONE] * step[WEIGHT];
	}
}

static double range_of(const struct weather *weather, size_t r)
{
	return weather->span_s * RANGE_FIRST *
	       pow(RANGE_LAST / RANGE_FIRST, (double)r / (WEATHER_RANGES - 1));
}

static bool is_slow(const struct weather *weather, double range_s)
{
	return range_s > WEATHER_SLOW * weather->span_s;
}

/* By the root of the range, slow ones and others each among themselves. */
static double prior_of(const struct weather *weather, size_t r)
{
	double range_s = range_of(weather, r), sum = 0;
	bool slow = is_slow(weather, range_s);

	for (size_t i = 0; i < WEATHER_RANGES; i++)
		if (is_slow(weather, range_of(weather, i)) == slow)
			sum += 1 / sqrt(range_of(weather, i));
	return (1 - PRIOR_NONE) * (slow ? PRIOR_SLOW : 1 - PRIOR_SLOW) / sqrt(range_s) / sum /
	       WEATHER_SHARES;
}

bool weather_init(struct weather *weather, const double *at_s, size_t n, double span_s)
{
	memset(weather, 0, sizeof(*weather));
	weather->span_s = span_s;
	if (n < WEATHER_ENOUGH || !(span_s > 0))
		return true;
	weather->room = malloc(WEATHER_MODELS * STEP_NUMBERS * n * sizeof(weather->room[0]));
	if (weather->room == NULL)
		return false;
	weather->n = n;
	for (size_t m = 0; m < WEATHER_MODELS; m++) {
		struct weather_model *model = &weather->models[m];
		size_t r = m == 0 ? 0 : (m - 1) / WEATHER_SHARES;

		model->range_s = range_of(weather, r);
		model->share = m == 0 ? 0 : shares[(m - 1) % WEATHER_SHARES];
		model->log_prior = log(m == 0 ? PRIOR_NONE : prior_of(weather, r));
		model->steps = weather->room + m * STEP_NUMBERS * n;
		fill_model(model, at_s, n);
	}
	return true;
}

void weather_free(struct weather *weather)
{
	free(weather->room);
	weather->room = NULL;
	weather->n = 0;
}

/* What one model makes of x. */
struct fit {
	double weight; /* posterior probability */
	double level;  /* less the mean of x */
	double error;  /* standard, with n - 1 degrees of freedom */
};

static struct fit fit_model(
	const struct weather_model *model, const double *x, size_t n, double mean)
{
	double state = 0, cross = 0, squares = 0, degrees = (double)(n - 1);
	struct fit fit;

	for (size_t i = 0; i < n; i++) {
		const double *step = &model->steps[STEP_NUMBERS * i];
		double innovation = x[i] - mean - state;

		cross += step[ONE] * innovation * step[WEIGHT];
		squares += innovation * innovation * step[WEIGHT];
		state = step[KEEP] * (state + step[GAIN] * innovation);
	}
	fit.level = cross / model->information;
	squares -= cross * fit.level;
	fit.error = sqrt(squares / degrees / model->information);
	fit.weight = model->log_prior - model->log_determinant / 2 - log(model->information) / 2 -
		     degrees / 2 * log(squares);
	return fit;
}

/* P(T > t) of Student's t: Wallace, Ann. Math. Stat. 30 (1959) 1124; within 0.0003 from 19 degrees on. */
static double above(double t, double degrees)
{
	double z = (8 * degrees + 1) / (8 * degrees + 3) * sqrt(degrees * log1p(t * t / degrees));

	return erfc((t < 0 ? -z : z) * M_SQRT1_2) / 2;
}

/* Probability that the level is further than q from the mean of x. */
static double outside(const struct fit *fits, size_t n_fits, double degrees, double q)
{
	double sum = 0;

	for (size_t m = 0; m < n_fits; m++)
		sum += fits[m].weight *
		       (above((q - fits[m].level) / fits[m].error, degrees) +
			       above((q + fits[m].level) / fits[m].error, degrees));
	return sum;
}

static double distance_of(
	const struct fit *fits, size_t n_fits, double degrees, double probability, double scale)
{
	double low = 0, high = scale;

	while (outside(fits, n_fits, degrees, high) > probability)
		high *= 2;
	for (int i = 0; i < 22; i++) {
		double middle = (low + high) / 2;

		if (outside(fits, n_fits, degrees, middle) > probability)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* Student's t whose 95 and 99 % distances have this ratio. */
static double degrees_of(double ratio, double most)
{
	double low = 1, high = most;

	for (int i = 0; i < 24; i++) {
		double middle = sqrt(low * high);

		if (stat_t_quantile(0.99, middle) > ratio * stat_t_quantile(0.95, middle))
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* The mixture of what all models say, as the Student distribution of like 95 and 99 %. */
static struct stat_estimate mixture(
	const struct fit *fits, size_t n_fits, double mean, double degrees)
{
	struct stat_estimate level = {mean, 0, degrees};
	double scale = 0, q95, q99;

	for (size_t m = 0; m < n_fits; m++)
		scale += fits[m].weight * (fits[m].error + fabs(fits[m].level));
	q95 = distance_of(fits, n_fits, degrees, 0.05, 2 * scale);
	q99 = distance_of(fits, n_fits, degrees, 0.01, q95);
	level.degrees = degrees_of(q99 / q95, degrees);
	level.error = q95 / stat_t_quantile(0.95, level.degrees);
	return level;
}

struct outlook weather_outlook(const struct weather *weather, const double *x)
{
	struct outlook outlook = {{NAN, INFINITY, 1}, 1};
	struct fit fits[WEATHER_MODELS];
	double best = -INFINITY, sum = 0, kept = 0, mean;
	size_t n_fits = 0;

	if (weather->n == 0)
		return outlook;
	mean = stat_mean(x, weather->n);
	for (size_t m = 0; m < WEATHER_MODELS; m++) {
		fits[m] = fit_model(&weather->models[m], x, weather->n, mean);
		best = fmax(best, fits[m].weight);
	}
	/* No number at all: nothing is known. */
	if (!(best > -INFINITY))
		return outlook;
	outlook.slow = 0;
	/* All visits alike to the last digit: nothing wanders. */
	if (best == INFINITY) {
		outlook.level = (struct stat_estimate){mean, 0, (double)(weather->n - 1)};
		return outlook;
	}
	for (size_t m = 0; m < WEATHER_MODELS; m++)
		sum += exp(fits[m].weight - best);
	for (size_t m = 0; m < WEATHER_MODELS; m++) {
		double weight = exp(fits[m].weight - best) / sum;

		if (m > 0 && is_slow(weather, weather->models[m].range_s))
			outlook.slow += weight;
		/* What hardly counts costs as much time as the rest. */
		if (weight < LEAST_WEIGHT)
			continue;
		fits[n_fits] = fits[m];
		fits[n_fits++].weight = weight;
		kept += weight;
	}
	for (size_t m = 0; m < n_fits; m++)
		fits[m].weight /= kept;
	outlook.level = mixture(fits, n_fits, mean, (double)(weather->n - 1));
	return outlook;
}
