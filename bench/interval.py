# SPDX-License-Identifier: MIT
"""Of the scripts here: a median and where it lies with 95 %."""
import math
import statistics


def interval(x):
    """Median, low and high: the order statistics that hold it with 95 % (binomial), of any distribution."""
    x = sorted(x)
    k, tail = 0, 0.5 ** len(x)
    while tail + math.comb(len(x), k + 1) * 0.5 ** len(x) <= 0.025 and k + 1 < len(x) // 2:
        k += 1
        tail += math.comb(len(x), k) * 0.5 ** len(x)
    return statistics.median(x), x[k], x[-1 - k]
