#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Time and memory of a report over the number of cases, without gnuplot's share:
# time at most 3 s for 10^5 cases, memory linear in them. Results are made up from a
# real one, whose comparison is repeated at other sizes: with 3 visits each, which is
# what an hour gives 10^4 comparisons of ten strategies, and once with 10.
set -euo pipefail
daxmark=$(realpath "${1:-./daxmark}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$daxmark" run -q -f -t memfd:16M -s memcpy,memcpy+clwb,memcpy+clflushopt,nt-sse2,nt-avx,libpmem-nt,roof-nt-store,movsb+clwb,fused-clwb,nt-movnti \
	--op=write --size=4K --budget=2s --passes=10 -o one.json >/dev/null
grow() { # CASES VISITS
	/usr/bin/env python3 - "$1" "$2" <<'PY'
import json, sys
wanted = int(sys.argv[1])
result = json.load(open("one.json"))
comparison = result["comparisons"][0]
each = len(comparison["arms"])
comparison["visits"] = comparison["visits"][:int(sys.argv[2])]
grown = []
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
show() { # CASES VISITS: sets seconds, each
	local made kib
	made=$(grow "$1" "$2")
	read -r seconds kib < <(measure "$1")
	each=$((kib * 1024 / made))
	echo "$made cases of $2 visits: $seconds s, $((kib / 1024)) MiB, $each bytes a case, result of $(($(stat -c %s "$1.json") / 1048576)) MiB"
}
sizes=(10000 30000 100000)
[ "${2:-}" != short ] || sizes=(200 500 1000) # that it runs, no more
show "${sizes[2]}" 10
previous="" status=0
for cases in "${sizes[@]}"; do
	show $cases 3
	if [ -n "$previous" ] && [ "$each" -gt $((previous * 13 / 10)) ]; then
		echo "memory grows faster than the cases: short"
		status=1
	fi
	previous=$each
done
if awk "BEGIN { exit !($seconds > 3) }"; then
	echo "more than 3 s: short"
	status=1
fi
[ "${2:-}" != short ] || status=0
exit $status
