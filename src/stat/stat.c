// SPDX-License-Identifier: MIT
#include "stat/stat.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

void stat_sort(double *x, size_t n)
{
	gsl_sort(x, 1, n);
}

/* How many Walsh averages of sorted x are <= value. */
static size_t walsh_count(const double *x, size_t n, double value)
{
	size_t count = 0, j = n;

	for (size_t i = 0; i < n; i++) {
		while (j > 0 && (x[i] + x[j - 1]) / 2 > value)
			j--;
		if (j <= i)
			break;
		count += j - i;
	}
	return count;
}

/*
 * The rank-th smallest Walsh average (from 1) of sorted x, by bisection on the
 * value: 60 halvings leave less than 1e-18 of the range.
 */
static double walsh(const double *x, size_t n, size_t rank)
{
	double low = x[0], high = x[n - 1];

	if (walsh_count(x, n, low) >= rank)
		return low;
	for (int i = 0; i < 60; i++) {
		double middle = low + (high - low) / 2;

		if (middle <= low || middle >= high)
			break;
		if (walsh_count(x, n, middle) >= rank)
			high = middle;
		else
			low = middle;
	}
	return high;
}

double stat_hodges_lehmann(double *x, size_t n)
{
	size_t all = n * (n + 1) / 2;

	stat_sort(x, n);
	if (all % 2 == 1)
		return walsh(x, n, all / 2 + 1);
	return (walsh(x, n, all / 2) + walsh(x, n, all / 2 + 1)) / 2;
}

struct interval stat_signed_rank(double *x, size_t n, double confidence)
{
	double all = (double)n * (double)(n + 1) / 2;
	double deviation = sqrt((double)n * (double)(n + 1) * (double)(2 * n + 1) / 24);
	double rank = floor(all / 2 - gsl_cdf_ugaussian_Pinv((1 + confidence) / 2) * deviation);
	struct interval interval;

	if (rank < 1)
		rank = 1;
	interval.estimate = stat_hodges_lehmann(x, n);
	interval.low = walsh(x, n, (size_t)rank);
	interval.high = walsh(x, n, (size_t)(all + 1 - rank));
	return interval;
}

double stat_mean(const double *x, size_t n)
{
	return gsl_stats_mean(x, 1, n);
}

double stat_deviation(const double *x, size_t n)
{
	return n < 2 ? 0 : gsl_stats_sd(x, 1, n);
}

double stat_t_quantile(double confidence, double degrees)
{
	/* All intervals of a comparison ask for the same one, and GSL takes a microsecond. */
	static _Thread_local double last[3] = {NAN, NAN, NAN};

	if (last[0] != confidence || last[1] != degrees) {
		last[0] = confidence;
		last[1] = degrees;
		last[2] = gsl_cdf_tdist_Pinv((1 + confidence) / 2, degrees);
	}
	return last[2];
}

struct interval stat_t(const double *x, size_t n, double confidence)
{
	double mean = stat_mean(x, n), half = INFINITY;

	if (n >= 2)
		half = stat_t_quantile(confidence, (double)(n - 1)) * stat_deviation(x, n) /
		       sqrt((double)n);
	return (struct interval){mean, mean - half, mean + half};
}

struct interval stat_interval(struct stat_estimate estimate, double confidence)
{
	double half = INFINITY;

	if (isfinite(estimate.error))
		half = stat_t_quantile(confidence, estimate.degrees) * estimate.error;
	return (struct interval){estimate.mean, estimate.mean - half, estimate.mean + half};
}

/*
 * P(max of k t-variates <= q): over s, the pooled deviation as a fraction of
 * the true one (s^2 ~ chi^2 / degrees), and over z, the reference's own error.
 */
static double dunnett_probability(double q, size_t k, double degrees)
{
	enum { S_STEPS = 320, Z_STEPS = 160 };
	double spread = 6 / sqrt(2 * degrees), low = fmax(1e-3, 1 - spread), high = 1 + spread;
	double step_s = (high - low) / S_STEPS, step_z = 12.0 / Z_STEPS, total = 0, weight = 0;

	for (int i = 0; i < S_STEPS; i++) {
		double s = low + (i + 0.5) * step_s;
		double density = 2 * degrees * s * gsl_ran_chisq_pdf(degrees * s * s, degrees);
		double inner = 0;

		for (int j = 0; j < Z_STEPS; j++) {
			double z = -6 + (j + 0.5) * step_z;

			inner += gsl_ran_ugaussian_pdf(z) *
				 pow(gsl_cdf_ugaussian_P(z + M_SQRT2 * q * s), (double)k);
		}
		total += density * inner * step_z * step_s;
		weight += density * step_s;
	}
	return total / weight;
}

/* The integral takes milliseconds, and the same few constants serve all comparisons. */
#define KNOWN_MOST 128
struct known {
	size_t k;
	double degrees, confidence, value;
};

double stat_dunnett(size_t k, double degrees, double confidence)
{
	static _Thread_local struct known known[KNOWN_MOST];
	static _Thread_local size_t n_known;
	double low = 0, high = 200;

	if (k == 1)
		return gsl_cdf_tdist_Pinv(confidence, degrees);
	for (size_t i = 0; i < n_known; i++)
		if (known[i].k == k && known[i].degrees == degrees &&
			known[i].confidence == confidence)
			return known[i].value;
	for (int i = 0; i < 40; i++) {
		double middle = (low + high) / 2;

		if (dunnett_probability(middle, k, degrees) < confidence)
			low = middle;
		else
			high = middle;
	}
	if (n_known < KNOWN_MOST)
		known[n_known++] = (struct known){k, degrees, confidence, high};
	return high;
}

struct interval stat_raised(struct interval log)
{
	return (struct interval){exp(log.estimate), exp(log.low), exp(log.high)};
}

struct interval stat_widen(struct interval interval, double least)
{
	interval.low = fmin(interval.low, interval.estimate - least);
	interval.high = fmax(interval.high, interval.estimate + least);
	return interval;
}

struct interval stat_proportion(size_t hits, size_t n, double confidence)
{
	double tail = (1 - confidence) / 2, h = (double)hits, m = (double)(n - hits);
	struct interval limits = {n ? h / (double)n : 0, 0, 1};

	if (hits > 0)
		limits.low = gsl_cdf_beta_Pinv(tail, h, m + 1);
	if (hits < n)
		limits.high = gsl_cdf_beta_Qinv(tail, h + 1, m);
	return limits;
}
