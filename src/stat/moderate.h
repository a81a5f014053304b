/* SPDX-License-Identifier: MIT */
/*
 * Variances of many like things, each from few samples: moderated by one another, after
 * Smyth, Stat. Appl. Genet. Mol. Biol. 3 (2004) article 3 (limma's empirical Bayes).
 */
#ifndef DAXMARK_STAT_MODERATE_H
#define DAXMARK_STAT_MODERATE_H

#include <stddef.h>

/* What all variances have in common: their prior is scaled inverse chi-squared. */
struct stat_prior {
	double variance; /* s0^2 */
	double degrees;	 /* d0, of freedom; 0: they have nothing in common, infinite: all are one */
};

/*
 * From n sample variances above 0, each with degrees[i] > 0 of freedom: the moments of
 * log s^2 (Smyth's section 6.2). Fewer than 4 tell nothing: no degrees.
 */
struct stat_prior stat_prior(const double *variances, const double *degrees, size_t n);

/* The posterior mean of a variance, and its degrees of freedom in *all. */
double stat_moderated(const struct stat_prior *prior, double variance, double degrees, double *all);

#endif
