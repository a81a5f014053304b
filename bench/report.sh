#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Time and memory of a report over the number of cases, without gnuplot's share:
# time at most 3 s for 10^5 cases, memory linear in them. Results are made up from a
# real one, whose comparisons are repeated at other sizes.
set -euo pipefail
daxmark=$(realpath "${1:-./daxmark}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$daxmark" run -q -f -t memfd:16M -s memcpy,memcpy+clwb,memcpy+clflushopt,nt-sse2,nt-avx,libpmem-nt,roof-nt-store,movsb+clwb,fused-clwb,nt-movnti \
	--op=write --size=4K --budget=2s --passes=10 -o one.json >/dev/null
grow() { # CASES
	/usr/bin/env python3 - "$1" <<'PY'
import json, sys
wanted = int(sys.argv[1])
result = json.load(open("one.json"))
comparison = result["comparisons"][0]
each = len(comparison["arms"])
grown = []
states = ["absent", "clean", "dirty", "dirty-elsewhere"]
for i in range(wanted // each):
    one = dict(comparison)
    one["size_bytes"] = 64 * (i % 20 + 1)
    one["dst_align_bytes"] = i // 20 % 64
    one["src_align_bytes"] = i // 1280 % 64
    grown.append(one)
result["comparisons"] = grown
result["cases"] = []
json.dump(result, open(f"{wanted}.json", "w"), separators=(",", ":"))
print(len(grown) * each)
PY
}
# A PATH without gnuplot: what is measured is ours.
mkdir bin
measure() { # CASES -> seconds, KiB
	python3 - "$daxmark" "$1" <<'PY'
import os, resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run([sys.argv[1], "report", "-q", "-f", sys.argv[2] + ".json", "-o", "out"],
               env={"PATH": os.path.abspath("bin")}, check=True, stdout=subprocess.DEVNULL)
print(round(time.monotonic() - begin, 2), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
}
previous=
status=0
for cases in 10000 30000 100000; do
	made=$(grow $cases)
	read -r seconds kib < <(measure $cases)
	echo "$made cases: $seconds s, $((kib / 1024)) MiB, $((kib * 1024 / made)) bytes a case, result of $(($(stat -c %s $cases.json) / 1048576)) MiB"
	if [ -n "$previous" ] && [ $((kib * 1024 / made)) -gt $((previous * 13 / 10)) ]; then
		echo "memory grows faster than the cases: NOT ok"
		status=1
	fi
	previous=$((kib * 1024 / made))
done
if awk "BEGIN { exit !($seconds > 3) }"; then
	echo "more than 3 s: NOT ok"
	status=1
fi
exit $status
