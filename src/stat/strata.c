// SPDX-License-Identifier: MIT
#include "stat/strata.h"

#include <math.h>

double stat_strata_degrees(size_t n)
{
	double m = (double)n;

	return 2 * (m - 1) * (m - 1) / (3 * m - 4);
}

struct stat_estimate stat_strata(const double *x, size_t n)
{
	struct stat_estimate estimate = {n > 0 ? stat_mean(x, n) : NAN, INFINITY, 1};
	double squares = 0, m = (double)n;

	if (n < 2)
		return estimate;
	for (size_t i = 1; i < n; i++)
		squares += (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
	estimate.error = sqrt(squares / (2 * m * (m - 1)));
	estimate.degrees = stat_strata_degrees(n);
	return estimate;
}
