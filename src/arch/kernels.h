/* SPDX-License-Identifier: MIT */
/* Picks the instruction set; the only place that does (configure defines ARCH_*). */
#ifndef DAXMARK_ARCH_KERNELS_H
#define DAXMARK_ARCH_KERNELS_H

#if defined(ARCH_X86_64)
#include "arch/x86_64/kernels.h"
#endif

#endif
