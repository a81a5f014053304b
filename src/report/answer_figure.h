/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_ANSWER_FIGURE_H
#define DAXMARK_REPORT_ANSWER_FIGURE_H

#include "report/figures.h"

/* The picture beside the answer: of the first view that is shown, those that its answers are about. */
bool answer_figure(struct writer *writer, struct err *e);

#endif
