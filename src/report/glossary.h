/* SPDX-License-Identifier: MIT */
#ifndef DAXMARK_REPORT_GLOSSARY_H
#define DAXMARK_REPORT_GLOSSARY_H

#include "report/document.h"

/* The words that a page uses in a sense of its own, folded. */
void glossary_write(struct document *document);

#endif
