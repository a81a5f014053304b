/* SPDX-License-Identifier: MIT */
/*
 * The part of a report on weather: where a roof of the same rounds explains how the answer's
 * ratio wandered, the ratio at quiet, median and busy weather, as a table and a figure.
 */
#ifndef DAXMARK_REPORT_WEATHER_H
#define DAXMARK_REPORT_WEATHER_H

#include <stdbool.h>
#include <stddef.h>

#include "analyse/summary.h"
#include "base/err.h"
#include "report/document.h"
#include "report/drawing.h"

/*
 * Nothing where no comparison has a roof beside the pair. `plots` NULL: no figure. The
 * figure is FOLDER/0-weather-1.svg and .png, from weather-1.tsv; one that cannot
 * be drawn is said in the document.
 */
bool weather_write(struct document *document, const struct summary *summary,
	const struct plots *plots, const char *folder, struct err *e);

#endif
