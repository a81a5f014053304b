#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# binding.sh BUILD [ALTERNATIONS [SECONDS]]: daxmark_bench and daxmark run on stages of the same kind:
# the medians of as many alternations, and the ratio with its interval, of every common case.
set -eu
build=$1 n=${2:-24} seconds=${3:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Each by itself in both: a copy that others follow in turn, as in a run of several, meets their traffic.
for i in $(seq "$n"); do
	for strategy in memcpy memcpy+clwb memcpy+clflushopt nt-sse2 nt-movnti; do
		"$build/daxmark" run -q -f --op=write --size=256,1K,4K,16K -s $strategy --state=absent --budget="${seconds}s" \
			-o "$work/run-$i-$strategy.json" >/dev/null
		"$build/daxmark_bench" --size=256,1024,4096,16384 --benchmark_filter="^write/[^/]*/${strategy/+/[+]}/(256|1024|4096|16384)/absent" \
			--benchmark_format=json --benchmark_min_time=0.1 >"$work/bench-$i-$strategy.json" 2>/dev/null
	done
done
PYTHONPATH=$(dirname "$0") PYTHONDONTWRITEBYTECODE=1 python3 - "$work" "$n" <<'PY'
import glob, json, math, sys

from interval import interval

work, n = sys.argv[1], int(sys.argv[2])
logs = {}
for path in glob.glob(f"{work}/run-*.json"):
    run = {c["name"]: c["operation_ns"]["estimate"] for c in json.load(open(path))["cases"] if c.get("operation_ns")}
    for b in json.load(open(path.replace("/run-", "/bench-")))["benchmarks"]:
        name = b["name"].removesuffix("/manual_time")
        if run.get(name):
            logs.setdefault(name, []).append(math.log(b["real_time"] / run[name]))
inside = 0
for name, x in sorted(logs.items()):
    m, low, high = (math.exp(v) for v in interval(x))
    good = 0.95 <= low and high <= 1.05
    inside += good
    print(f"{name:50} {m:6.3f} [{low:5.3f}, {high:5.3f}] {'' if good else 'outside 5 %'}")
print(f"{len(logs)} common cases, {inside} with the whole interval inside 5 % ({n} alternations)")
sys.exit(len(logs) < 10)
PY
