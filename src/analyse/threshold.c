// SPDX-License-Identifier: MIT
#include "analyse/threshold.h"

#include "analyse/summary.h"

double threshold_confidence(size_t n)
{
	return 1 - (1 - SUMMARY_CONFIDENCE) / (double)(n ? n : 1);
}

struct threshold threshold_find(
	const uint64_t *sizes, const struct interval *log_ratio, size_t n, uint64_t usual)
{
	struct threshold found = {0, UINT64_MAX, usual};

	for (size_t i = 0; i < n; i++) {
		int sign = summary_sign(&log_ratio[i], SUMMARY_LEAST_CLAIM);

		if (sign > 0)
			found.low = i + 1 < n ? sizes[i + 1] : UINT64_MAX;
		if (sign < 0 && found.high == UINT64_MAX)
			found.high = i == 0 ? 0 : sizes[i];
	}
	if (found.low > usual)
		found.value = found.low;
	else if (found.high < usual)
		found.value = found.high > found.low ? found.high : found.low;
	return found;
}
